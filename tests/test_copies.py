"""Tests of one id within a run are a bag: how many of how many fail, never which."""

from __future__ import annotations

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.copies import copies
from fictures_reports.report.sections import ReportInput
from fictures_reports.report.sections import copies as section

from .conftest import make_run


def run(label, *statuses, case="a.ts › opens"):
    """Draw a run with a case for each status, all of one id."""
    ids = [case, *(f"{case} #{n}" for n in range(2, len(statuses) + 1))]
    return make_run(label, {f"t{i}": s for i, s in enumerate(statuses)}, {"case_id": ids})


def words(before, after):
    return copies(compare(before, after))["words"].tolist()


def test_more_failing_copies_are_counted_and_none_is_named():
    assert words(
        run("b", "failed", "passed", "passed"), run("a", "failed", "failed", "passed")
    ) == ["2 of 3 copies fail, before 1 of 3; which cannot be told"]


def test_a_copy_that_is_gone_is_said():
    assert words(run("b", "passed", "passed"), run("a", "passed")) == [
        "0 of 1 copies fail, before 0 of 2; which cannot be told"
    ]


def test_equal_bags_have_nothing_to_say():
    assert words(run("b", "failed", "passed"), run("a", "failed", "passed")) == []


def test_a_title_that_ends_in_a_number_is_no_copy():
    one, two = (
        run("b", "passed", case="a.ts › issue #7"),
        run("a", "failed", case="a.ts › issue #7"),
    )
    assert words(one, two) == []


def test_each_form_of_a_report_says_it():
    before, after = run("b", "failed", "passed"), run("a", "failed", "failed")
    report = ReportInput(compare(before, after))
    words = "2 of 2 copies fail, before 1 of 2; which cannot be told"
    assert section.as_markdown(report).splitlines()[-1] == f"- `a.ts › opens`: {words}"
    assert words in section(report).html
    assert section.as_json(report)["copies"][0]["words"] == words


def test_a_copy_that_came_or_went_takes_none_of_the_others_outcomes():
    """Two copies, one failing: then one that passes, or two that fail and one that passes."""
    before = run("b", "failed", "passed")
    fewer = compare(before, run("a", "passed"))
    assert (fewer.counts["still_passing"], fewer.counts["vanished"]) == (1, 1)
    more = compare(before, run("a", "failed", "failed", "passed"))
    counts = more.counts["still_passing"], more.counts["still_failing"]
    assert (*counts, more.counts["arrived_failing"]) == (1, 1, 1)
    assert more.counts["broken"] == 0
