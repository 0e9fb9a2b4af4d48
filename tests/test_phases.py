"""Three runs or more without `--` are phases: the last two are compared, every form shows all."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.verdict import verdict
from fictures_reports.report import sections as show
from fictures_reports.report.json_report import payload
from fictures_reports.report.markdown import markdown

from .conftest import make_run


def phase(label, n_failed, n=12):
    statuses = {f"t{i}": "failed" if i < n_failed else "passed" for i in range(n)}
    texts = {"signature": ["no" if s == "failed" else None for s in statuses.values()]}
    return make_run(label, statuses, texts, started_at=1_772_431_200.0)


def told(*n_failed, n=12):
    runs = [phase(f"week {i}", k, n) for i, k in enumerate(n_failed, 1)]
    return compare(runs[-2], runs[-1]), runs[:-2]


def test_every_form_holds_label_and_counts_of_every_phase():
    c, earlier = told(6, 3, 4)
    document = payload(c, phases=earlier)
    assert [(p["label"], p["totals"]["failed"]) for p in document["phases"]] == [
        ("week 1", 6), ("week 2", 3), ("week 3", 4),
    ]  # fmt: skip
    assert document["phases"][0]["started"] == "2026-03-02T06:00:00+00:00"
    assert document["phases"][2]["pass_rate"] == pytest.approx(8 / 12)
    text = markdown(c, phases=earlier)
    assert "| week 1 | 2026-03-02 06:00 UTC | 12 | 6 | 6 | 50.0 % | 60.0 s |" in text
    assert "| week 3 | 2026-03-02 06:00 UTC | 12 | 8 | 4 |" in text
    report = show.ReportInput(c, phases=earlier)
    assert [label in show.phases(report).html for label in ("week 1", "week 2")] == [True, True]
    assert document["verdict"] == show.summary.values(report).verdict


def test_more_phases_than_a_table_has_rows_elsewhere_are_all_in_markdown():
    c, earlier = told(*range(20, 0, -1), n=20)
    text = markdown(c, phases=earlier)
    assert all(f"| week {i} |" in text for i in range(1, 21))


@pytest.mark.parametrize(
    ("failed", "words"),
    [
        ((6, 3, 4), ("Worse (week 2 → week 3): 1 test that passed now fails. From week 2 to week 3 "
         "failures went up by 1 (3 → 4); since week 1 failures went down by 2 (6 → 4).")),
        ((2, 5, 5, 2), ("Better (week 3 → week 4): 3 tests were fixed. From week 3 to week 4 "
         "failures went down by 3 (5 → 2); since week 1 failures stayed at 2.")),
    ],
)  # fmt: skip
def test_the_sentence_says_from_where_to_where_it_speaks(failed, words):
    c, earlier = told(*failed)
    assert verdict(c, earlier) == words


def test_a_first_phase_that_has_no_test_in_common_is_not_measured_against():
    first = make_run("week 0", {"other": "failed"})
    c, _ = told(3, 4)
    assert "since" not in verdict(c, [first])


def test_two_runs_have_no_phases():
    c, _ = told(3, 4)
    assert payload(c)["phases"] == []
    assert "Phases" not in markdown(c)
    assert show.phases(show.ReportInput(c)) is None
