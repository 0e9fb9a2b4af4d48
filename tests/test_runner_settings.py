"""Retries and time limits that changed between runs are listed and said beside the tests."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.runner_settings import changed_settings
from fictures_reports.analysis.tool_versions import drift
from fictures_reports.report import sections as show
from fictures_reports.report.json_report import payload
from fictures_reports.report.markdown import markdown

from .conftest import make_run


def run(label, statuses, **settings):
    return make_run(label, statuses, environment=settings)


def pair(before, after, statuses=("flaky", "failed")):
    return compare(
        run("b", {"pay": statuses[0], "list": "passed"}, **before),
        run("a", {"pay": statuses[1], "list": "passed"}, **after),
    )


def test_every_form_lists_retries_and_time_limits_that_changed():
    c = pair({"retries": 2, "timeout_s": 30.0}, {"retries": 0, "timeout_s": 5.0})
    assert payload(c)["drift"] == [
        {"what": "retries", "before": 2, "after": 0},
        {"what": "timeout_s", "before": 30.0, "after": 5.0},
    ]
    for text in (markdown(c), show.tool_versions(show.ReportInput(c)).html):
        assert "retries 2 → 0" in text
        assert "time-out 30 → 5 s" in text
    assert c.verdict.endswith("Changed settings: retries 2 → 0 and time-out 30 → 5 s.")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (2, 0, "passed only on a retry before, and there are none now"),
        (3, 1, "passed only on a retry before, and there are fewer now (3 → 1)"),
        (1, 1, "passed only on a retry before"),
        (0, 2, "passed only on a retry before"),
    ],
)
def test_beside_a_test_stands_that_it_passed_only_on_a_retry(before, after, words):
    c = pair({"retries": before}, {"retries": after})
    row = c.changes.set_index("case_id").loc["a.spec.ts › pay"]
    assert (row["standing"], row["standing_words"]) == ("new", words)


def test_what_passed_only_on_a_retry_is_no_plain_break():
    c = pair({"retries": 2}, {"retries": 0})
    assert c.verdict.startswith("Worse: 1 test that passed only on a retry now fails.")
    assert "that passed now" not in c.verdict


def test_settings_that_are_the_same_or_that_one_run_does_not_record_are_no_change():
    assert changed_settings(run("b", {}, retries=1), run("a", {}, retries=1)) == []
    assert changed_settings(run("b", {}, retries=1), run("a", {})) == []


def test_other_workers_are_listed_but_no_part_of_the_verdict():
    c = pair({"workers": 4}, {"workers": 1})
    assert payload(c)["drift"] == [{"what": "workers", "before": 4, "after": 1}]
    assert "- workers 4 → 1" in markdown(c)
    assert "workers" not in c.verdict


def test_projects_with_settings_of_their_own_are_compared_one_by_one():
    def of(**retries):
        return {"projects": [{"name": name, "retries": n} for name, n in retries.items()]}

    c = pair(of(chromium=2, webkit=1), of(chromium=0, webkit=1, firefox=3))
    assert drift(c)["words"].tolist() == ["retries of chromium 2 → 0"]
    same = pair(of(chromium=2, webkit=2), of(chromium=1, webkit=1))
    assert drift(same)["words"].tolist() == ["retries 2 → 1"]


def test_a_limit_that_was_taken_away_is_said():
    c = pair({"timeout_s": 30.0}, {"timeout_s": None}, ("passed", "passed"))
    assert drift(c)["words"].tolist() == ["time-out 30 → none"]
