"""What runs, comparisons and histories can be asked and written as."""

from __future__ import annotations

from pathlib import Path

import junitparser
import pytest

import fictures_reports as fr

ISSUE = {
    "case": "*Page load with cache*", "owner": "kim", "reason": "scene by scene",
    "expires": "2999-01-01",
}  # fmt: skip


@pytest.fixture(scope="module")
def c(runs: Path) -> fr.Comparison:
    return fr.compare(fr.read_run(runs / "phase2-initial"), fr.read_run(runs / "phase2-rerun"))


def test_the_version_is_that_of_the_package():
    from importlib.metadata import version

    assert fr.__version__ == version("fictures-reports")


def test_a_check_is_false_when_one_gate_is_missed_and_says_which(c):
    checked = fr.check(c, ["passed >= 1", "passed >= 24"])
    assert not checked
    assert repr(checked).splitlines() == [
        "passed >= 1: met, reads 8", "passed >= 24: not met, 8 is 16 short",
    ]  # fmt: skip
    assert "❌" in checked._repr_html_()


def test_a_check_takes_one_gate_and_is_true_when_it_is_met(c):
    assert fr.check(c, "passed >= 8")
    assert [gate.reading for gate in fr.check(c, "passed >= 8")] == [8]


def test_missed_gates_are_said_in_markdown(c):
    assert "16 short" in c.to_markdown("passed >= 24")
    assert "No gates were set" not in c.to_markdown("passed >= 24")


def test_changes_say_whose_failure_it_is_and_what_is_unsure(c):
    assert {"standing", "unsure"} <= set(c.changes.columns)


def test_standings_are_the_failures_of_the_side_after_with_whose_they_are(c):
    assert c.standings["standing"].value_counts().to_dict() == {"failing_on_base": 8, "new": 4}
    assert c.standings["standing_words"].notna().all()
    assert len(c.standings) == c.after.totals["failed"]


def test_junit_of_a_run_is_read_again_as_the_same_run(c, tmp_path):
    run = c.after
    again = fr.read_run(run.to_junit(tmp_path / "verdict.xml"))
    ours, theirs = (one.results.set_index("case_id")["status"] for one in (run, again))
    same = {"not_run": "skipped", "xfailed": "skipped"}
    assert ours.replace(same).to_dict() == theirs.to_dict()
    assert again.is_whole


def test_a_missed_gate_is_a_failure_in_junit(c, tmp_path):
    path = c.after.to_junit(tmp_path / "v.xml", gates=["passed >= 24", "passed >= 1"])
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(path))}
    gates = {case.name: case.result for case in suites["gates"]}
    assert gates["passed >= 1"] == []
    assert gates["passed >= 24"][0].message == "passed >= 24: not met, 8 is 16 short"


def test_a_known_issue_is_skipped_in_junit_with_its_reason(c, tmp_path):
    path = c.after.to_junit(tmp_path / "v.xml", known_issues=[ISSUE])
    document = junitparser.JUnitXml.fromfile(str(path))
    case = next(k for suite in document for k in suite if "Page load with cache" in k.name)
    assert case.is_skipped
    assert "kim" in case.result[0].message
    assert "scene by scene" in case.result[0].message
    assert document.failures == c.after.totals["failed"] - 1


def test_junit_of_a_comparison_fails_only_for_what_is_new(c, tmp_path):
    document = junitparser.JUnitXml.fromfile(str(c.to_junit(tmp_path / "v.xml")))
    assert document.failures == (c.changes["standing"] == "new").sum() > 0
    assert document.tests == len(c.after.results)


def test_what_xml_cannot_hold_and_retries_are_written(run_of, tmp_path):
    columns = {"message": ["Error: \x00\x1b odd", None, "Error: first"]}
    run = run_of("a", {"bad": "failed", "good": "passed", "again": "flaky"}, columns)
    again = fr.read_run(run.to_junit(tmp_path / "v.xml"))
    assert again.results["status"].tolist() == ["failed", "passed", "flaky"]


def test_run_errors_are_errors_in_junit(run_of, tmp_path):
    run = run_of("a", {"good": "passed"}, errors=["Error: no server\nat line 3"])
    document = junitparser.JUnitXml.fromfile(str(run.to_junit(tmp_path / "v.xml")))
    assert document.errors == 1


def test_a_comparison_and_a_part_are_written_as_pages(c, tmp_path):
    page = c.to_html(tmp_path / "c.html", gates="passed >= 24").read_text(encoding="utf-8")
    assert "16 short" in page
    part = c.after.where(file="cache-performance.spec.ts")
    assert part.label in part.to_html(tmp_path / "p.html").read_text(encoding="utf-8")


def test_many_runs_are_a_list_and_a_frame_and_bad_ones_are_named(runs, tmp_path):
    found = fr.read_runs([runs / "phase2-initial", tmp_path / "none", runs / "phase2-rerun"])
    assert [run.label for run in found] == ["phase2-initial", "phase2-rerun"]
    assert len(found.frame) == 56
    assert "none: no such file or folder" in repr(found)
    assert len(fr.flakiness(found.frame)) == 28


def test_a_history_answers_by_its_methods(runs, tmp_path):
    history = fr.History(tmp_path / "h")
    for run in fr.read_runs([runs / "phase2-initial", runs / "phase2-rerun"]):
        history.append(run, branch="main")
    assert len(history.flakiness(branch="main")) == 28
    assert isinstance(history.incidents(), list)
    assert history.timeline("Page load with cache < 2s")["status"].tolist() == ["passed", "failed"]
    assert "28" in history.render(tmp_path / "h.md").read_text(encoding="utf-8")
