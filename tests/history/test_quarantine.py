"""Flaky tests are put aside for a while, with what proves it, and the list is kept short."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from datetime import date, timedelta

import pandas as pd
import pytest

from fictures_reports.analysis.known_issues import issue, known_failures
from fictures_reports.history import frame_of
from fictures_reports.history_analysis.flakiness import flakiness
from fictures_reports.history_analysis.quarantine import NOBODY, proposals
from fictures_reports.history_analysis.quarantine_life import life
from fictures_reports.reading import read_run
from fictures_reports.report.deselection import for_playwright, for_pytest
from fictures_reports.report.quarantine_output import as_toml

from ..conftest import make_run

DAY = date(2026, 11, 29)


def runs_of(n_runs: int, **patterns: str):
    """Make runs of tests by patterns, a letter for each run: F failed, R flaky, P passed."""
    words = {"F": "failed", "P": "passed", "R": "flaky"}
    made = []
    for i in range(n_runs):
        statuses = {test: words[pattern[i]] for test, pattern in patterns.items()}
        texts = [None if s == "passed" else f"{t} is slow" for t, s in statuses.items()]
        made.append(make_run(f"r{i:02}", statuses, {"signature": texts}))
    return made


RUNS = runs_of(30, shaky="PPFPPPRPPF" * 3, odd="PPPPPPRPPP" * 3, gone_bad="P" * 20 + "F" * 10,
               good="P" * 30)  # fmt: skip


@pytest.fixture
def run(command, tmp_path):
    """Run a command in the test's folder that has to end well."""

    def call(*words: str):
        done = command(*words, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done

    return call


def test_flaky_tests_are_proposed_the_worst_first_and_broken_ones_are_not():
    found = proposals(frame_of(RUNS), DAY)
    assert found["title"].tolist() == ["shaky", "odd"]
    assert (found["expires"] == DAY + timedelta(days=14)).all()
    assert found["owner"].unique().tolist() == [NOBODY]


def test_a_reason_has_the_counts_that_prove_it():
    reason = proposals(frame_of(RUNS), DAY)["reason"].iloc[0]
    assert "9 of 30 runs (30.0 %, 95 % interval" in reason
    assert "passed on a retry 3 times" in reason
    assert reason.endswith("last in r29: shaky is slow")


@pytest.mark.parametrize("pattern", ["*shaky", "shaky", "a.spec.ts › shaky", "sh*"])
def test_what_is_excluded_is_never_proposed(pattern):
    found = proposals(frame_of(RUNS), DAY, excluded=[pattern])
    assert found["title"].tolist() == ["odd"]


def test_a_test_with_an_open_issue_is_not_proposed_again_but_one_that_expired_is():
    given = {"case": "*shaky", "owner": "kim", "reason": "#1"}
    for expires, n in ((DAY, 1), (DAY - timedelta(days=1), 2)):
        known = issue(given | {"expires": expires})
        assert len(proposals(frame_of(RUNS), DAY, issues=[known])) == n


def test_what_is_written_can_be_read_as_settings_and_fits_each_failure():
    tables = tomllib.loads(as_toml(proposals(frame_of(RUNS), DAY)))["known_issues"]
    issues = [issue(table) for table in tables]
    for one in RUNS:
        failed = one.results.query("status == 'failed' and title == 'shaky'")["case_id"]
        assert set(failed) <= set(known_failures(one, issues))


def test_a_failure_by_another_cause_than_ever_before_stays_unknown():
    issues = [
        issue(t) for t in tomllib.loads(as_toml(proposals(frame_of(RUNS), DAY)))["known_issues"]
    ]
    new = make_run("new", {"shaky": "failed"}, {"signature": ["TypeError: x is undefined"]})
    assert known_failures(new, issues) == {}


@pytest.mark.parametrize("name", ['a "quoted" \\ name', "tab\tand\x7fdel", "ö › ü", "two\nlines"])
def test_any_title_makes_readable_settings(name):
    frame = frame_of(runs_of(30, **{name: "PPFPPPRPPF" * 3}))
    table = tomllib.loads(as_toml(proposals(frame, DAY)))["known_issues"][0]
    assert table["case"] == f"a.spec.ts › {name}"


def test_only_what_a_real_history_calls_flaky_is_proposed(filled):
    rows = filled.load()
    found = proposals(rows, DAY, days=30)
    judged = flakiness(rows).set_index("case_id")["state"]
    assert len(found)
    assert set(judged[found["case_id"]]) == {"flaky"}
    assert (found["expires"] == DAY + timedelta(days=30)).all()


@pytest.mark.parametrize(
    ("aim", "expires", "state", "n_failed"),
    [
        ({"case": "*shaky"}, DAY, "used", 3),
        ({"case": "*shaky"}, DAY - timedelta(days=1), "expired", 3),
        ({"case": "*good"}, DAY, "passing now", 0),
        ({"case": "*good", "cause": "123456789abc"}, DAY, "passing now", 0),
        ({"case": "*no such"}, DAY, "matches nothing", 0),
        ({"signature": "gone_bad*"}, DAY, "used", 10),
    ],
)
def test_each_issue_is_told_what_the_last_runs_show(aim, expires, state, n_failed):
    one = issue({"owner": "kim", "reason": "#1", "expires": expires, **aim})
    row = life(RUNS[-10:], [one], DAY).iloc[0]
    assert (row["state"], row["n_failed"]) == (state, n_failed)


TESTS = """
import pytest

def test_pay(): pass
def test_pay_twice(): pass
class TestCart:
    @pytest.mark.parametrize("what", ["a b", "it's $5 [x]", "ü", "a::b"])
    def test_add(self, what): pass
def test_list(): pass
"""


def test_pytest_leaves_out_just_the_listed_tests(tmp_path):
    suite = tmp_path / "tests"
    suite.mkdir()
    (suite / "test_shop.py").write_text(TESTS, encoding="utf-8")
    pytest_run = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", "--rootdir=."]
    subprocess.run([*pytest_run, "--junitxml=all.xml"], cwd=tmp_path, check=True)
    rows = read_run(tmp_path / "all.xml").results
    names = ["test_list", *(title for title in rows["title"] if title.startswith("test_add"))]
    wanted = rows[rows["title"].isin(names)]
    arguments, refused = for_pytest(wanted, rows.drop(wanted.index))
    assert (len(arguments), refused) == (5, [])
    (tmp_path / "quarantine.txt").write_text("".join(f"{a}\n" for a in arguments), "utf-8")
    subprocess.run(
        [*pytest_run, "--junitxml=some.xml", "@quarantine.txt"], cwd=tmp_path, check=True
    )
    left = read_run(tmp_path / "some.xml").results["title"]
    assert sorted(left) == ["test_pay", "test_pay_twice"]


def test_a_test_whose_id_begins_anothers_is_not_deselected_for_pytest_would_take_both():
    rows = pd.DataFrame({"file": "t.py", "suite": None, "title": ["test_pay", "test_pay_twice"]})
    assert for_pytest(rows.head(1), rows.tail(1)) == (
        [],
        [("t.py::test_pay", "t.py::test_pay_twice")],
    )
    assert for_pytest(rows, rows.head(0))[0] == [
        "--deselect=t.py::test_pay", "--deselect=t.py::test_pay_twice",
    ]  # fmt: skip


def test_a_pattern_for_playwright_means_only_whole_titles_and_no_list_means_no_test():
    rows = pd.DataFrame({
        "project": ["chromium"], "file": ["shop.spec.ts"], "suite": ["cart › sums"],
        "title": ["costs $5 (net) [a|b]"],
    })  # fmt: skip
    assert for_playwright(rows) == (
        r"/^\s*(?:chromium\s+shop\.spec\.ts\s+cart\s+sums\s+costs\s+\$5\s+\(net\)\s+\[a\|b\])"
        r"(?:\s+@\S+)*$/"
    )
    assert for_playwright(rows.head(0)) == "/(?!)/"


def test_the_commands_propose_what_the_settings_allow_and_list_it(filled, run, tmp_path):
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "CODEOWNERS").write_text("* @everyone\n*.spec.ts @e2e @qa\n")
    settings = tmp_path / "fictures-reports.toml"
    settings.write_text("[quarantine]\nexclude = ['search/*']\nmost = 2\ndays = 7\n")
    said = run("quarantine", "propose", filled.path)
    tables = tomllib.loads(said.stdout)["known_issues"]
    assert len(tables) == 2
    assert {table["owner"] for table in tables} == {"@e2e @qa"}
    assert not any(table["case"].startswith("search/") for table in tables)
    assert "not proposed: at most 2" in said.stderr
    settings.write_text(said.stdout, encoding="utf-8")
    listed = json.loads(run("quarantine", "list", filled.path, "--format", "json").stdout)
    assert [row["case"] for row in listed["known_issues"]] == [table["case"] for table in tables]
    pattern = run("quarantine", "list", filled.path, "--for", "playwright").stdout
    assert pattern.count("|") == 1
    table = run("quarantine", "propose", filled.path, "--format", "table", "--most", "1")
    assert len(table.stdout.splitlines()) == 2
    assert not {one["case"] for one in tables} & set(table.stdout.splitlines()[1].split("  "))


def test_a_quarantined_test_that_passes_just_now_is_not_said_to_be_mended(run, tmp_path):
    case = '<testcase classname="tests.test_a" name="{}" time="1">{}</testcase>'
    failure = '<failure message="ouch">E   AssertionError: ouch</failure>'
    for night in range(20):
        cases = case.format("test_shaky", failure if night % 5 == 2 else "") + "".join(
            case.format(f"test_{k}", "") for k in range(4)
        )
        (tmp_path / f"{night:02}.xml").write_text(
            f'<testsuites><testsuite name="pytest" timestamp="2026-03-{night + 1:02}T06:00:00Z">'
            f"{cases}</testsuite></testsuites>"
        )
    runs = [f"{night:02}.xml" for night in range(20)]
    run("ingest", *runs, "--into", "h", "--branch", "main")
    proposed = run("quarantine", "propose", "h").stdout
    (tmp_path / "fictures-reports.toml").write_text(proposed, encoding="utf-8")
    said = run("compare", "h@latest~1", "h@latest").stdout
    assert "test_shaky" in proposed
    assert "Known issues" not in said
