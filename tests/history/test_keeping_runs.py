"""What is kept stays: runs without a test, builds of equal content, the rest beside a bad run."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from fictures_reports import read_run, read_runs
from fictures_reports.cli.commands import cli
from fictures_reports.errors import HistoryError, ReadError
from fictures_reports.history import History, select

FORMS = ("files", "delta")
SERVER = "Error: the web server did not start"


@pytest.fixture(autouse=True)
def outside_of_ci(monkeypatch, tmp_path):
    for name in ("GITHUB_ACTIONS", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_REF_NAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def junit(path: str, *, failed: int = 0, times: bool = False) -> None:
    """Write a report of three tests, of which the first fail."""
    began = ' timestamp="2026-03-02T06:00:00"' if times else ""
    cases = "".join(
        f'<testcase classname="cart" name="adds {n}" time="0.25">'
        + ("<failure message='no'>AssertionError: no</failure>" if n < failed else "")
        + "</testcase>"
        for n in range(3)
    )
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(f'<testsuite name="s" tests="3"{began}>{cases}</testsuite>')


def playwright(path: str, day: int, *, errors: tuple[str, ...] = (), n: int = 2) -> None:
    """Write a report of passing tests, or of a run in which none ran."""
    start = f"2026-03-{day:02}T06:00:00.000Z"
    specs = [
        {"title": f"pays {k}", "ok": True, "file": "pay.spec.ts", "line": k + 1, "tests": [
            {"expectedStatus": "passed", "status": "expected", "projectName": "", "results": [
                {"status": "passed", "duration": 5, "retry": 0, "startTime": start}]}]}
        for k in range(n)
    ]  # fmt: skip
    document = {
        "config": {"version": "1.56.1"}, "suites": [{"title": "", "specs": specs}] if n else [],
        "errors": [{"message": text} for text in errors],
        "stats": {"startTime": start, "duration": 9},
    }  # fmt: skip
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps(document))


def said(*words: str, code: int = 0):
    """Run a command and return what it said; its exit code must be as expected."""
    done = CliRunner().invoke(cli, list(words), standalone_mode=False)
    assert done.exception is None, done.exception
    assert (done.return_value or 0) == code, done.output
    return done


@pytest.mark.parametrize("form", [*FORMS, "raw"])
def test_a_run_in_which_no_test_ran_is_the_latest_and_says_why(form):
    for day in (1, 2):
        playwright(f"in/n-{day}/results.json", day)
    playwright("in/n-3/results.json", 3, errors=(SERVER,), n=0)
    where = "in"
    if form != "raw":
        said("ingest", *(f"in/n-{n}" for n in (1, 2, 3)), "--into", "h", "--format", form)
        where = "h"
    assert select(f"{where}@latest").label == "n-3"
    text = said("history", where).stdout
    assert text.startswith("# History: 3 runs\n")
    assert f"In the latest run, n-3, no test ran: {SERVER}." in text
    runs = json.loads(said("history", where, "--format", "json").stdout)["runs"]
    assert [(run["label"], run["cases"]) for run in runs] == [("n-1", 2), ("n-2", 2), ("n-3", 0)]
    assert said("history", where, "--last", "1").stdout.startswith("# History: 1 run\n")


def test_a_history_of_nothing_but_runs_without_a_test_is_one():
    playwright("n-1/results.json", 1, errors=(SERVER,), n=0)
    said("ingest", "n-1", "--into", "h")
    assert "no test ran" in said("history", "h").stdout


@pytest.mark.parametrize("name", ["results.json", "test-results/results.json"])
def test_a_producers_own_name_takes_its_folders(name):
    for n in (1, 2, 3):
        playwright(f"build-{n}/{name}", n)
    said("ingest", *(f"build-{n}/{name}" for n in (1, 2, 3)), "--into", "h")
    assert list(History("h").runs()["label"]) == ["build-1", "build-2", "build-3"]


def test_a_name_that_somebody_gave_is_kept():
    junit("in/nightly.xml")
    assert read_run("in/nightly.xml").label == "nightly.xml"


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("times", [True, False])
def test_equal_content_of_two_commits_is_two_runs_and_each_comes_once(form, times):
    for n in (1, 2):
        junit(f"build-{n}/junit.xml", times=times)
    for n, commit in ((1, "aaa"), (2, "bbb"), (2, "bbb"), (1, "aaa")):
        words = ("--into", "h", "--format", form, "--label", f"build-{n}", "--commit", commit)
        said("ingest", f"build-{n}/junit.xml", *words)
    history = History("h")
    assert sorted(history.runs()["label"]) == ["build-1", "build-2"]
    assert history.run("build-2").info.commit == "bbb"
    assert said("history", "h").stdout.startswith("# History: 2 runs\n")
    assert len(history.load()) == history.scan().count("*").fetchall()[0][0] == 6


@pytest.mark.parametrize("form", FORMS)
def test_each_attempt_of_a_build_is_kept_and_the_same_attempt_once(form, monkeypatch):
    junit("one/junit.xml", failed=1)
    junit("two/junit.xml")
    monkeypatch.setenv("GITHUB_RUN_ID", "1001")
    for attempt, folder in (("1", "one"), ("2", "two"), ("2", "two"), ("3", "two")):
        monkeypatch.setenv("GITHUB_RUN_ATTEMPT", attempt)
        said("ingest", folder, "--into", "h", "--format", form, "--label", "1001", "--commit", "c")
    history = History("h")
    assert sorted(history.runs()["label"]) == ["1001", "1001-attempt-2", "1001-attempt-3"]
    assert set(history.runs()["build"]) == {f"github:1001/{n}" for n in (1, 2, 3)}


def test_runs_that_are_caught_up_on_in_a_job_are_not_of_its_build(monkeypatch):
    for n in (1, 2):
        junit(f"old-{n}/junit.xml", failed=n)
    for build in ("1", "2"):
        monkeypatch.setenv("GITHUB_RUN_ID", build)
        said("ingest", "old-1", "old-2", "--into", "h")
    assert len(History("h").runs()) == 2


def test_a_folder_with_a_bad_run_gives_the_report_on_the_others_and_names_it():
    for day in (1, 2, 4):
        playwright(f"in/n-{day}/results.json", day)
    whole = Path("in/n-1/results.json").read_text()
    Path("in/n-3").mkdir()
    Path("in/n-3/results.json").write_text(whole[: len(whole) // 3])
    done = said("history", "in")
    assert done.stdout.startswith("# History: 3 runs\n")
    assert re.search(r"^Not read: in/n-3", done.stdout, re.MULTILINE)
    assert "n-3" in done.stderr
    said("history", "in", "--strict", code=1)
    said("ingest", *(f"in/n-{n}" for n in (1, 2, 3, 4)), "--into", "h", code=1)
    assert list(History("h").runs()["label"]) == ["n-1", "n-2", "n-4"]


def test_a_damaged_run_file_gives_the_report_on_the_others_and_names_it():
    for day in (1, 2):
        playwright(f"n-{day}/results.json", day)
    said("ingest", "n-1", "n-2", "--into", "h")
    Path("h/cut.parquet").write_bytes(b"PAR1")
    done = said("history", "h")
    assert done.stdout.startswith("# History: 2 runs\n")
    assert "cut.parquet" in done.stderr
    said("history", "h", "--strict", code=1)


@pytest.mark.parametrize(("one", "other"), [FORMS, FORMS[::-1]])
def test_a_history_goes_into_another_once_and_keeps_what_tells_its_runs_apart(one, other):
    for n in (1, 2):
        junit(f"build-{n}/junit.xml")
        words = ("--label", f"build-{n}", "--commit", f"c{n}", "--branch", "main")
        said("ingest", f"build-{n}/junit.xml", "--into", "a", "--format", one, *words)
    for _ in range(2):
        said("ingest", "a", "--into", "b", "--format", other)
    history = History("b")
    assert sorted(history.runs()["label"]) == ["build-1", "build-2"]
    assert set(history.runs()["commit"]) == {"c1", "c2"}
    assert history.format == other


def test_a_run_file_is_a_run_in_every_command():
    for day in (1, 2):
        playwright(f"n-{day}/results.json", day)
        read_run(f"n-{day}").save(f"n-{day}.parquet")
    assert "n-1 → n-2" in said("compare", "n-1.parquet", "n-2.parquet").stdout
    assert "pays 0" in said("results", "n-1.parquet").stdout
    said("ingest", "n-1.parquet", "n-2", "--into", "h")
    assert list(History("h").runs()["label"]) == ["n-1", "n-2"]
    assert [run.label for run in read_runs("h")] == ["n-1", "n-2"]


def test_a_folder_with_one_run_file_is_that_run_and_one_with_more_says_how_to_name_one():
    for day in (1, 2):
        playwright(f"n-{day}/results.json", day)
        said("ingest", f"n-{day}", "--into", "h")
        if day == 1:
            assert read_run("h").label == "n-1"
    with pytest.raises(ReadError, match=r"a history of 2 runs – name one of them: h@latest"):
        read_run("h")


def test_a_folder_of_raw_runs_is_read_like_a_history_and_never_changed():
    for day in (1, 2):
        playwright(f"in/n-{day}/results.json", day)
    history = History("in")
    assert list(history.runs()["label"]) == ["n-1", "n-2"]
    assert list(history.load(last=1)["label"].unique()) == ["n-2"]
    assert said("compare", "in@latest~1", "in@n-2").stdout.startswith("# n-1 → n-2")
    for change in (history.compact, history.vacuum, history.reclassify):
        with pytest.raises(HistoryError):
            change()
    with pytest.raises(HistoryError):
        history.remove("n-1")


def test_an_after_that_is_older_than_before_is_warned_of():
    playwright("new/results.json", 9)
    playwright("old/results.json", 2)
    done = said("compare", "new", "old")
    assert "The run after began 7 days before the one before." in done.stderr
    assert "The run after began 7 days before the one before." in done.stdout
