"""Runs of several suites in one history: each is a line of its own, in everything that is said."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from fictures_reports import read_run
from fictures_reports.analysis.compare import compare
from fictures_reports.cli.commands import cli
from fictures_reports.errors import NoRuns
from fictures_reports.history import History, frame_of, open_history, select
from fictures_reports.history.ci_stream import stream_in_ci
from fictures_reports.history.selectors import expanded
from fictures_reports.history_analysis.base_branch import base_of, baseline_for
from fictures_reports.history_analysis.own_branch import of_own_branch
from fictures_reports.report.history_findings import findings_of
from fictures_reports.report.history_report import as_json, as_markdown

from ..conftest import make_run

DATA = Path(__file__).parent / "data"
DAY = 86400.0
API = {"creates": "passed", "deletes": "passed"}
WEB = {"opens": "passed", "pays": "passed"}


def run_at(label, statuses, day, **info):
    return make_run(label, statuses, started_at=DAY * day, branch="main", **info)


@pytest.fixture
def two(tmp_path) -> History:
    """Fill a history in turn with five runs of api, then web; web's last fails to pay."""
    history = History(tmp_path / "h")
    for day in range(5):
        history.append(run_at(f"api-{day}", API, day, stream="api"))
        statuses = WEB | ({"pays": "failed"} if day == 4 else {})
        history.append(run_at(f"web-{day}", statuses, day + 0.5, stream="web"))
    return history


def test_only_runs_of_the_stream_are_loaded(two):
    assert two.runs(stream="api")["label"].tolist() == [f"api-{day}" for day in range(5)]
    assert set(two.load(stream="web")["title"]) == set(WEB)
    assert set(open_history(two.path, stream="web", last=2)["label"]) == {"web-3", "web-4"}


def test_an_unknown_stream_is_one_line_with_those_that_there_are(two):
    for ask in (two.runs, two.load):
        with pytest.raises(NoRuns, match="no run of stream 'ap' – streams are api, web"):
            ask(stream="ap")


@pytest.mark.parametrize(
    ("selector", "stream", "label"),
    [
        ("latest", None, "web-4"),
        ("latest~1", None, "web-3"),
        ("latest", "api", "api-4"),
        ("latest~1", "api", "api-3"),
        ("branch:main", "api", "api-4"),
        ("branch:main~2", "api", "api-2"),
        ("1970-01-03", "api", "api-2"),
        ("web-1", "api", "web-1"),
    ],
)
def test_selectors_count_within_one_stream(two, selector, stream, label):
    assert two.run(selector, stream=stream).label == label
    assert select(f"{two.path}@{selector}", stream).label == label
    assert read_run(f"{two.path}@{selector}", stream=stream).label == label


def test_a_range_holds_runs_of_one_stream(two):
    def labels(text, stream=None):
        return [select(name).label for name in expanded(f"{two.path}@{text}", stream)]

    assert labels("latest[-3:]") == ["web-2", "web-3", "web-4"]
    assert labels("branch:main[-2:]", "api") == ["api-3", "api-4"]


@pytest.mark.parametrize("given", [{"stream": "api"}, {}])
def test_the_baseline_is_of_the_stream_that_the_run_is_of_or_has_most_tests_of(two, given):
    after = run_at("pr", API | {"creates": "failed"}, 9, **given)
    before = read_run(f"{two.path}@branch:main")
    baseline = baseline_for([before], after)
    assert baseline.runs[0].label == "api-4"
    assert "of main, stream api" in baseline.base.sentence
    c = compare(baseline.runs, after, base=baseline.base)
    (row,) = [row for row in c.changes.to_dict("records") if row["standing"] == "new"]
    assert row["standing_words"] == "passed in all 5 runs on main"
    assert (c.changes["change"] != "lost").all()


def test_a_flaky_test_of_another_stream_is_no_excuse(tmp_path):
    history = History(tmp_path / "h")
    for day in range(30):
        shaky = {"pays": "failed" if day % 6 == 3 else "passed"}
        history.append(run_at(f"nightly-{day}", shaky, day, stream="nightly"))
        history.append(run_at(f"ci-{day}", {"pays": "passed"}, day + 0.5, stream="ci"))
    after = run_at("pr", {"pays": "failed"}, 40, stream="ci")
    before = history.run("branch:main", stream="ci")
    found = compare(before, after, base=base_of(history.path, "main", after)).changes.iloc[0]
    assert found["standing"] == "new"
    nightly = run_at("pr", {"pays": "failed"}, 40, stream="nightly")
    before = history.run("branch:main", stream="nightly")
    base = base_of(history.path, "main", nightly)
    assert compare(before, nightly, base=base).changes.iloc[0]["standing"] == "known_flaky"


def test_each_stream_is_judged_by_itself_and_it_is_said(two):
    found = findings_of(two.load())
    document = json.loads(as_json(found))
    assert document["streams"] == ["api", "web"]
    assert document["notes"][0].startswith("2 streams (api, web): each is judged by itself")
    assert "gone" not in {row["state"] for row in document["flakiness"]}
    assert "In the latest run in api 2 of 2 tests passed" in document["verdict"]
    assert "In the latest run in web 1 of 2 tests passed" in document["verdict"]
    (age,) = document["ageing"]
    assert (age["title"], age["stream"], age["n_runs"]) == ("pays", "web", 1)
    assert "2 streams" in as_markdown(found)


def test_the_same_test_in_two_streams_has_a_state_in_each(tmp_path):
    runs = []
    for day in range(12):
        broken = {"pays": "failed" if day > 7 else "passed"}
        runs.append(run_at(f"linux-{day}", {"pays": "passed"}, day, stream="linux"))
        runs.append(run_at(f"windows-{day}", broken, day + 0.5, stream="windows"))
    found = findings_of(frame_of(runs))
    states = dict(zip(found.flakiness["stream"], found.flakiness["state"], strict=True))
    assert states["windows"] == "broken"
    assert states["linux"] != "broken"
    assert "windows-8 in windows" in as_markdown(found)


def test_a_run_is_seen_beside_the_runs_of_its_stream(two):
    rows = two.load()
    own = of_own_branch(rows, run_at("pr", WEB, 9, stream="web"))
    assert set(own["stream"]) == {"web"}


def test_labels_tell_runs_apart_within_a_stream(tmp_path):
    history = History(tmp_path / "h")
    history.append(run_at("api", API, 0, stream="api"), label="1001")
    history.append(run_at("web", WEB, 0, stream="web"), label="1001")
    assert history.run("1001", stream="api").run_id == "api"
    assert history.run("1001", stream="web").run_id == "web"
    history.append(run_at("other", WEB, 1, stream="web"), label="1001")
    assert sum(history.runs(stream="web")["label"] == "1001") == 1


def test_a_history_that_was_written_before_there_were_streams_goes_on(tmp_path):
    history = History(shutil.copytree(DATA / "without-streams", tmp_path / "h"))
    assert history.runs()["stream"].isna().all()
    assert history.load()["stream"].isna().all()
    with pytest.raises(NoRuns, match="streams are not recorded"):
        history.runs(stream="web")
    old = history.run("latest")
    after = make_run("new", {"pays": "passed"}, branch="main", stream="web", started_at=2e9)
    assert history.append(after)
    assert len(history.runs(stream="web")) == 3  # what has no stream is of the only one
    assert set(findings_of(history.load()).rows["stream"]) == {"web"}
    history.compact()
    history.vacuum()
    history.reclassify()
    assert history.runs()["label"].tolist() == ["main-0", "main-1", "new"]
    assert history.run("main-1").results["case_id"].tolist() == old.results["case_id"].tolist()
    assert history.scan().aggregate("count(stream)").fetchall() == [(1,)]


def test_runs_without_a_stream_are_their_own_line_where_several_are_named(two):
    two.append(make_run("old", {"opens": "passed"}, started_at=0.0, branch="main"))
    document = json.loads(as_json(findings_of(two.load())))
    assert document["streams"] == ["api", "web"]
    assert "none given" in document["notes"][0]


@pytest.mark.parametrize(
    ("environment", "stream"),
    [
        ({"GITHUB_WORKFLOW": "CI", "GITHUB_JOB": "e2e"}, "CI / e2e"),
        ({"GITHUB_WORKFLOW": "CI"}, "CI"),
        ({"CI_JOB_NAME": "e2e"}, "e2e"),
        ({"CI_JOB_NAME": "e2e 2/5"}, "e2e"),
        ({"CI_JOB_NAME": "e2e tests"}, "e2e tests"),
        ({"CI_JOB_NAME": "e2e: [chromium, linux]"}, "e2e"),
        ({"CI_JOB_NAME": "e2e: [a]", "CI_JOB_GROUP_NAME": "e2e"}, "e2e"),
        ({"JOB_NAME": "shop/e2e"}, "shop/e2e"),
        ({"JOB_NAME": "shop/feature%2Fpay", "BRANCH_NAME": "feature/pay"}, "shop"),
        ({"JOB_NAME": "shop/PR-12", "BRANCH_NAME": "PR-12"}, "shop"),
        ({"SYSTEM_DEFINITIONNAME": "Nightly", "SYSTEM_JOBNAME": "web"}, "Nightly / web"),
        ({"SYSTEM_DEFINITIONNAME": "Nightly", "SYSTEM_JOBNAME": "__default"}, "Nightly"),
        ({"GITHUB_WORKFLOW": " "}, None),
        ({}, None),
    ],
)
def test_a_job_of_ci_names_its_stream(environment, stream):
    assert stream_in_ci(environment) == stream


@pytest.fixture
def junit(tmp_path, monkeypatch):
    """Work in a folder without CI's environment; return what writes a JUnit file of one suite."""
    for name in list(os.environ):
        if name.startswith(("GITHUB_", "CI_", "SYSTEM_")) or name in ("JOB_NAME", "BRANCH_NAME"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def written(name: str, titles: str, failed: str = "", day: int = 1) -> str:
        cases = "".join(
            f'<testcase classname="t.test_{name[:3]}" name="{title}" time="1">'
            + ('<failure message="no">no</failure>' if title in failed.split() else "")
            + "</testcase>"
            for title in titles.split()
        )
        n, m = len(titles.split()), len(failed.split())
        Path(f"{name}.xml").write_text(
            f'<testsuite name="pytest" tests="{n}" failures="{m}" errors="0" skipped="0"'
            f' timestamp="2026-03-{day:02}T06:00:00+00:00" time="9">{cases}</testsuite>'
        )
        return f"{name}.xml"

    return written


def asked(*words):
    done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert done.exception is None, done.exception
    return done.stdout


def failing(*words):
    """Return the one line that a command ends with."""
    done = CliRunner().invoke(cli, [str(word) for word in words], standalone_mode=False)
    assert isinstance(done.exception, NoRuns)
    return str(done.exception)


def test_commands_stay_in_the_stream_of_the_job(junit, monkeypatch):
    for day in range(1, 4):
        for name, titles in (("api", "creates deletes"), ("web", "opens pays")):
            monkeypatch.setenv("GITHUB_WORKFLOW", "CI")
            monkeypatch.setenv("GITHUB_JOB", name)
            file = junit(f"{name}-{day}", titles, day=day)
            asked("ingest", file, "--into", "h", "--branch", "main")
    assert History("h").runs()["stream"].tolist().count("CI / api") == 3
    monkeypatch.setenv("GITHUB_JOB", "api")
    pr = junit("api-pr", "creates deletes", "creates", day=9)
    document = json.loads(asked("compare", "h@branch:main", pr, "--format", "json"))
    assert document["before"]["label"] == "api-3.xml"
    assert document["comparable"]
    latest = json.loads(asked("compare", "h@latest", pr, "--format", "json"))
    assert latest["before"]["label"] == "api-3.xml"
    assert json.loads(asked("history", "h", "--format", "json"))["streams"] == ["CI / api"]
    monkeypatch.setenv("GITHUB_JOB", "report")  # a job of another name looks at all of them
    assert len(json.loads(asked("history", "h", "--format", "json"))["streams"]) == 2
    named = asked("history", "h", "--stream", "CI / web", "--format", "json")
    assert json.loads(named)["streams"] == ["CI / web"]


def test_an_unknown_stream_ends_a_command_with_one_line(junit):
    asked("ingest", junit("api-1", "creates"), "--into", "h", "--stream", "api")
    pr = junit("api-2", "creates")
    for words in (
        ("history", "h"), ("compare", "h@latest", pr), ("run", "h@latest"),
        ("compare", "api-1.xml", pr, "--history", "h"),
    ):  # fmt: skip
        said = failing(*words, "--stream", "nope")
        assert "no run of stream 'nope' – streams are api" in said
        assert len(said.strip().splitlines()) == 1


def test_settings_name_the_stream_of_a_project(junit):
    Path("fictures-reports.toml").write_text('stream = "shop"\n')
    asked("ingest", junit("api-1", "creates"), "--into", "h")
    assert History("h").runs()["stream"].tolist() == ["shop"]


def test_runs_of_a_folder_are_of_the_stream_that_is_given(junit):
    Path("runs").mkdir()
    for day in (1, 2):
        Path(junit(f"api-{day}", "creates", day=day)).rename(f"runs/api-{day}.xml")
    named = json.loads(asked("history", "runs", "--stream", "api", "--format", "json"))
    assert {run["stream"] for run in named["runs"]} == {"api"}
    plain = json.loads(asked("history", "runs", "--format", "json"))
    assert {run["stream"] for run in plain["runs"]} == {None}
