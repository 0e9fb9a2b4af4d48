"""The overview of a page: the verdict, where the tests went, why some do not pass, the gates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import verdict as sentences
from fictures_reports.analysis.change_phrases import is_matrix, noun_of
from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.confidence import paired
from fictures_reports.analysis.count_sentences import time_lost
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.result_summary import place_of, test_of
from fictures_reports.analysis.wording import duration
from fictures_reports.frame_rows import rows_of
from fictures_reports.report import flow
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.gate_bars import gate_bars
from fictures_reports.report.history_words import without_judged
from fictures_reports.report.placed_notes import placed
from fictures_reports.report.sections.headline import headline_of, without_the_same
from fictures_reports.report.sections.named_cases import named_cases
from fictures_reports.report.sections.standing_lists import how_often
from fictures_reports.report.sections.written_notes import note_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.cause_cards import Card
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

#: Causes that the overview shows; the others are counted.
MOST_CAUSES: Final = 5
#: Tests that the line below the headline names; the others are counted.
MOST_NAMED: Final = 4
#: Projects or variants that stand behind a test's name; the others are counted.
_MOST_PLACES: Final = 6
#: A test that failed before is news where it fails for another cause.
_CAN_BE_NEW: Final = (*NEW_FAILURES, "still_failing")
#: The word, and the status whose icon it has.
KINDS: Final = {
    "no_test_ran": ("Nothing ran", "failed"), "nothing_in_common": ("Not compared", "skipped"),
    "incomplete": ("Incomplete", "warning"), "worse": ("Worse", "failed"),
    "mixed": ("Mixed", "mixed"), "less_stable": ("Less stable", "flaky"),
    "better": ("Better", "passed"), "as_before": ("As before", "same"),
    "failing": ("Failing", "failed"), "passed": ("Passed", "passed"),
    "not_run": ("Nothing passed", "skipped"),
}  # fmt: skip


@dataclass(frozen=True)
class Named:
    """A test that the overview names: its row, why, whose failure it is, what its past was."""

    row: Any
    why: str
    standing: str
    often: str
    history_words: str
    #: the projects or variants in which it says so, as many as are named, where a run has several
    places: Sequence[str] = ()
    #: how many more there are
    more_places: int = 0


def overview(report: ReportInput, verdict: str, errors: Sequence[tuple[Run, str]]) -> Fragment:
    """Fill the overview; `errors` are those of the runs that belong to no test."""
    c = report.comparison if report.is_comparison else None
    kind = sentences.kind_of(c) if c else _kind(report.last)
    rows = report.last.results
    shown = _together(_new(report) if c else _failing(report), several=is_matrix(rows))
    headline, remark = headline_of(c) if c else (verdict, "")
    cards = _shown(report)
    sides = _sides(report)
    return fragment(
        "overview.html.j2", verdict, runs=report.runs, last=report.last, kind=KINDS[kind],
        headline=_capital(headline),
        remarks=[remark, *sentences.remarks(c, report.phases)] if c else [report.baseline],
        named=shown[:MOST_NAMED], n_more=_n_more(shown), comparison=c, noun=noun_of(rows),
        errors=without_the_same(errors, headline),
        sides=sides, ribbons=_ribbons(report, sides), flow_words=flow.words,
        counts={name: n for name, n in c.counts.items() if n} if c and c.comparable else {},
        rates={name: passed_of(run.totals) for name, run in report.runs.items()},
        cards=cards[:MOST_CAUSES], more=cards[MOST_CAUSES:],
        pictures=[report.pictures.get(card.ids) for card in cards[:MOST_CAUSES]],
        n_idle=sum(len(card.tests) for card in report.cards),
        gates=gate_bars(report), note=note_html(placed(report.notes).overview),
        time=_time(report), quiet=_quiet(report), duration=duration,
        sure=_sure(c),
    )  # fmt: skip


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _kind(run: Run) -> str:
    """Tell how a run alone ended."""
    if run.results.empty:
        return "no_test_ran"
    if not run.is_whole:
        return "incomplete"
    if run.totals["failed"] or run.info.errors:
        return "failing"
    return "passed" if passed_of(run.totals)[0] else "not_run"


def _new(report: ReportInput) -> list[Named]:
    """Name the tests that fail newly."""
    c = report.comparison
    history_words = {}
    if report.past is not None:
        history_words = {row.case_id: row.words for row in rows_of(without_judged(c, report.past))}
    often = {row.case_id: how_often(row, c) for row in rows_of(c.changes)}
    found = [
        Named(case.row, case.after["why"], case.standing_words,
              often.get(case.row.case_id, ""), history_words.get(case.row.case_id, ""))
        for case in named_cases(c, _CAN_BE_NEW)
        if case.standing == "new"
    ]  # fmt: skip
    # what passed before is news before what failed for another cause
    return sorted(found, key=lambda named: c.labels[named.row.case_id] == "still_failing")


def _failing(report: ReportInput) -> list[Named]:
    """Name the tests of a run that fail: of each cause one before the second of any."""
    turns = zip_longest(*(card.tests for card in report.cards if not card.is_skip))
    ordered = [test for turn in turns for test in turn if test is not None]
    return [Named(test.row, test.why, "", "", "") for test in ordered]


def _together(named: Sequence[Named], *, several: bool) -> list[Named]:
    """Make one line of what a test says alike in several projects or variants."""
    if not several:
        return list(named)
    groups: dict[Any, list[Named]] = {}
    for test in named:
        key = (test_of(test.row), test.why, test.standing, test.often, test.history_words)
        groups.setdefault(key, []).append(test)
    return [_placed(tests) for tests in groups.values()]


def _placed(tests: Sequence[Named]) -> Named:
    places = [place for test in tests if (place := place_of(test.row))]
    return replace(tests[0], places=places[:_MOST_PLACES], more_places=len(places[_MOST_PLACES:]))


def _n_more(shown: Sequence[Named]) -> int:
    """Count the tests that are not named; one that says two things is one test."""
    named = {test_of(test.row) for test in shown[:MOST_NAMED]}
    return len({test_of(test.row) for test in shown} - named)


def _shown(report: ReportInput) -> list[Card]:
    """Return the causes of the overview: of a change against a base those that it brought."""
    if report.is_comparison and report.comparison.base:
        return [card for card in report.cards if card.new]
    return report.cards


def _sure(c: Comparison | None) -> str:
    """Say how much chance there is in what changed; "" where nothing moved one of both ways."""
    if c is None or not c.comparable or not (c.counts["broken"] and c.counts["fixed"]):
        return ""
    return paired(c).sentence


def _sides(report: ReportInput) -> list[Any]:
    most = max((run.totals["cases"] for run in report.runs.values()), default=0)
    return [flow.bar(run.totals, most) if most else [] for run in report.runs.values()]


def _ribbons(report: ReportInput, sides: list[Any]) -> list[flow.Ribbon]:
    if not report.is_comparison or not report.comparison.comparable:
        return []
    return flow.ribbons(report.comparison.changes, sides)


def _time(report: ReportInput) -> str:
    """Say how long the runs took, on how many workers, and what time-outs took of it."""
    if report.last.results.empty:
        return ""
    times = [duration(run.info.duration_s) for run in report.runs.values() if run.info.duration_s]
    lost = time_lost(*report.runs.values())
    if not times:
        return lost
    workers = report.last.info.n_workers
    on = f" on {workers:,} worker{'s' if workers > 1 else ''}" if workers else ""
    before = f", {times[0]} before" if len(times) > 1 else ""
    return f"{times[-1]}{on}{before}. {lost}".strip()


def _quiet(report: ReportInput) -> list[str]:
    """Name what was looked for and not found."""
    last, c = report.last, report.comparison if report.is_comparison else None
    if last.results.empty:
        return []
    categories = last.categories
    counts = {
        "new failures": int((c.changes["standing"] == "new").sum()) if c else 1,
        "failures": last.totals["failed"], "flaky tests": last.totals["flaky"],
        "skips": last.totals["skipped"] + last.totals["not_run"],
        "time-outs": categories.get("timeout", 0),
        "missed limits": categories.get("threshold_miss", 0),
    }  # fmt: skip
    return [name for name, n in counts.items() if not n]
