"""What a history knows of the tests that changed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.cli import commands as cli
from fictures_reports.errors import ReportsError
from fictures_reports.history import History, frame_of
from fictures_reports.history_analysis.change_in_history import of_history, past
from fictures_reports.report import sections as show
from fictures_reports.report.markdown import markdown

from .conftest import RUNS as REFERENCE
from .conftest import make_run

START = datetime(2026, 1, 1, tzinfo=UTC)
#: title → its status in 20 runs; "often" fails now and then, "dead" since the tenth run
SERIES = {
    "often": ["failed" if i in (2, 7, 12, 16) else "passed" for i in range(20)],
    "never": ["passed"] * 20,
    "dead": ["passed"] * 10 + ["failed"] * 10,
    "twin": ["failed" if i in (3, 8, 13) else "passed" for i in range(20)],
    "rock": ["passed"] * 20,
}
#: one file holds enough that a run with three failures is nothing unusual
OTHERS = {f"other {i}": "passed" for i in range(30)}


def began(day: int) -> float:
    return (START + timedelta(days=day)).timestamp()


RUNS = [
    make_run(
        f"r{day:02}",
        {name: series[day] for name, series in SERIES.items()} | OTHERS,
        started_at=began(day),
    )
    for day in range(20)
]
FAILING = {
    "often": "failed",
    "never": "failed",
    "dead": "failed",
    "twin": "passed",
    "new": "failed",
}
ENDED = dict.fromkeys(SERIES, "passed") | {"twin": "failed"}
BEFORE = make_run("before", ENDED, started_at=began(5))
AFTER = make_run("after", FAILING | {"rock": "passed"}, started_at=began(30))


@pytest.fixture(scope="module")
def told():
    rows = past(compare(BEFORE, AFTER), frame_of(RUNS))
    return {row.title: row for row in rows.itertuples()}


def test_a_failure_of_a_test_known_as_flaky_is_not_news(told):
    assert told["often"].weight == "not news"
    assert told["often"].words.startswith("known as flaky: failed or was retried in 4 of 20 runs")


def test_a_failure_of_a_test_that_never_failed_is_news(told):
    assert (told["never"].weight, told["never"].n_events, told["never"].n_runs) == ("news", 0, 20)


def test_a_test_that_was_broken_already_is_no_news_and_says_since_when(told):
    assert told["dead"].words == "has failed since r10"
    assert told["dead"].weight == "not news"


@pytest.mark.parametrize("start", [began(25), None])
def test_a_test_that_passed_in_the_run_before_has_not_failed_since(start):
    before = make_run("before", ENDED, started_at=start)
    rows = past(compare(before, AFTER), frame_of(RUNS)).set_index("title")
    assert rows.loc["dead", "words"] == "failed from r10 to r19, the last runs that count"


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (began(10), "has failed since r10"),
        (began(10) + 1, "failed from r10 to r19, the last runs that count"),
    ],
)
def test_a_run_before_ends_failures_only_if_it_began_later_than_they_did(start, words):
    before = make_run("before", ENDED, started_at=start)
    rows = past(compare(before, AFTER), frame_of(RUNS)).set_index("title")
    assert rows.loc["dead", "words"] == words
    assert rows.loc["dead", "weight"] == "not news"


@pytest.mark.parametrize(
    ("dead", "words"),
    [
        ("passed", "failed or was retried in 0 of 11 runs before: the failure was the exception"),
        ("failed", "has failed since r10; this pass is news"),
    ],
)
def test_a_pass_during_an_outage_ends_a_streak_of_failures(dead, words):
    outage = make_run("r20", dict.fromkeys(OTHERS, "failed") | {"dead": dead}, started_at=began(20))
    before = make_run("before", {"dead": "failed"}, started_at=began(21))
    after = make_run("after", {"dead": "passed"}, started_at=began(30))
    rows = past(compare(before, after), frame_of([*RUNS, outage]))
    assert rows["words"].tolist() == [words]


def test_a_test_that_did_not_run_before_has_failed_since_it_did():
    before = make_run("before", {"dead": "skipped"}, started_at=began(25))
    rows = past(compare(before, AFTER), frame_of(RUNS)).set_index("title")
    assert rows.loc["dead", "words"] == "has failed since r10"


def test_one_pass_of_a_flaky_test_proves_little(told):
    assert told["twin"].weight == "not news"
    assert told["twin"].words.endswith("one pass proves little")


def test_a_test_without_a_past_is_not_judged(told):
    assert (told["new"].weight, told["new"].words) == ("not known", "never ran before")


def test_what_did_not_change_is_not_listed(told):
    assert "rock" not in told


def test_runs_that_began_later_and_the_run_itself_are_left_out():
    early = make_run("after", dict(FAILING), started_at=began(3))
    rows = past(compare(BEFORE, early), frame_of([*RUNS, early]))
    assert set(rows["n_runs"].dropna()) == {3}


def test_a_gate_on_new_failures_that_are_not_flaky_fails_closed_without_a_history():
    rows = past(compare(BEFORE, AFTER), frame_of(RUNS))
    assert set(rows.loc[rows["state"] == "flaky", "case_id"]) == {
        "a.spec.ts › often",
        "a.spec.ts › twin",
    }
    closed = check(compare(BEFORE, AFTER), ["new_failures_not_flaky <= 3"])[0]
    assert not closed.holds
    assert "not known without a history" in closed.sentence


def test_the_report_says_it_beside_the_test_and_in_a_table():
    c = compare(BEFORE, AFTER)
    rows = past(c, frame_of(RUNS))
    words = "in its history: known as flaky"
    report = show.ReportInput(c, past=rows)
    assert words in show.summary(report).html
    assert words in markdown(c, past=rows)
    assert words not in markdown(c)
    assert "one pass proves little" in show.changes_in_history(report).html


def test_the_command_takes_the_history_that_a_side_comes_from(tmp_path, capsys):
    history = History(tmp_path / "history")
    for run in RUNS:
        history.append(run)
    selected = f"{history.path}@r19"
    folder = tmp_path / "after"
    folder.mkdir()
    suite = "".join(
        f'<testcase classname="a.spec.ts" name="{name}" time="1">'
        + ("<failure message='Error: no'/>" if name in ("often", "never") else "")
        + "</testcase>"
        for name in SERIES
    )
    (folder / "junit.xml").write_text(
        f"<testsuites><testsuite name='a'>{suite}</testsuite></testsuites>"
    )
    arguments = ["compare", selected, str(folder), "--format", "json"]
    said = _json(arguments, capsys)
    assert {row["title"] for row in said["history"]} >= {"often", "never"}
    assert (
        _json(["compare", str(folder), str(folder), "--format", "json"], capsys)["history"] is None
    )


def _json(arguments, capsys):
    with pytest.raises(SystemExit):
        cli.main(arguments)
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("output", ["r.html", "r.md", "r.json"])
def test_a_history_that_is_not_there_is_said_before_anything_is_written(tmp_path, capsys, output):
    with pytest.raises(SystemExit) as exited:
        cli.main([
            "compare", str(REFERENCE / "api-initial"), str(REFERENCE / "api-rerun"),
            "--history", str(tmp_path / "h"), "-o", str(tmp_path / output),
            "--table", str(tmp_path / "t.parquet"),
        ])  # fmt: skip
    assert exited.value.code == 1
    assert capsys.readouterr().err == (
        f"fictures-reports: {tmp_path / 'h'}: no such history – expected what `ingest` filled,"
        " or a folder with one run per subfolder\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_history_that_is_not_there_is_said_in_one_line(tmp_path):
    with pytest.raises(ReportsError, match="nothing"):
        of_history(compare(BEFORE, AFTER), str(tmp_path / "nothing"))
