"""Causes as a report shows them: a card for each, or for small ones that are alike together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.result_summary import known, rows_by_case, test_of
from fictures_reports.analysis.wording import counted
from fictures_reports.failures.cause_names import names_by_id
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.failing_since import new_failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from fictures_reports.report.report_input import ReportInput

#: Causes that get a card on a page; the others are a line each.
MOST_CARDS: Final = 50
#: A cause of at most so many tests may share a card with others like it.
SMALL: Final = 4
#: Facts that a card says by itself: where its tests are and were stopped.
_SAID: Final = ("in ", "raised at ")
#: Reasons that a card names.
_MOST_REASONS: Final = 3
#: Causes of these categories differ in a number or a name, wherever they are.
_ALIKE_ANYWHERE: Final = ("threshold_miss", "skipped_ui", "skipped_data", "skipped_declared")


@dataclass(frozen=True)
class CauseTest:
    """A test of a cause: its result, the one before, what happened to it, whether it is new."""

    row: Any
    old: Any
    change: str
    is_new: bool

    @cached_property
    def why(self) -> str:
        """Why it did not pass, in words."""
        return reason(self.row)

    @property
    def before(self) -> str:
        """What it said before, where that was something else; "" where it was not."""
        old_reason = reason(self.old) if self.old is not None else ""
        return "" if old_reason == self.why else old_reason


@dataclass(frozen=True)
class Card:
    """One cause, or several small ones: what they are called, and the tests that they hold."""

    ids: tuple[str, ...]
    name: str
    category: str
    #: cases before and after; before is None in a report on one run
    before: int | None
    tests: Sequence[CauseTest]
    advice: str = ""
    owners: Sequence[str] = ()
    #: most runs in a row that one of its tests has failed, as far as a history says
    age: int | None = None
    #: what all its tests have in common, in words
    common: Sequence[str] = field(default=())

    @property
    def is_skip(self) -> bool:
        """Whether its tests did not run."""
        return bool(self.tests[0].row.status != "failed")

    @property
    def new(self) -> int:
        """How many of its tests fail newly."""
        return sum(test.is_new for test in self.tests)

    @property
    def state(self) -> str:
        """Whether the cause is new or stayed; "" where there is nothing to compare with."""
        if self.before is None:
            return ""
        return "stayed" if self.before else "new"

    @cached_property
    def reasons(self) -> str:
        """What its tests say, the most frequent first, with how many say it."""
        reasons = Counter(test.why for test in self.tests if test.why)
        if len(reasons) == 1:
            return next(iter(reasons))
        most = reasons.most_common(_MOST_REASONS)
        parts = [f"{words} ({n:,})" if n > 1 else words for words, n in most]
        n_more = len(reasons) - len(parts)
        return "; ".join(parts) + (f"; {counted(n_more, 'other message')}" if n_more else "")

    @property
    def says_the_same(self) -> bool:
        """Whether all its tests say the same."""
        return len({test.why for test in self.tests}) == 1

    @property
    def lines(self) -> list[list[CauseTest]]:
        """Its tests, those together that are one test in several projects and say the same."""
        groups: dict[Any, list[CauseTest]] = {}
        for test in self.tests:
            name = test_of(test.row)
            groups.setdefault((name, test.why, test.before, test.change), []).append(test)
        return list(groups.values())

    @property
    def n_files(self) -> int:
        """How many files its tests are in."""
        return len({test.row.file for test in self.tests})

    @property
    def places(self) -> list[str]:
        """Where its tests were stopped, or else the files they are in; each once."""
        places = [known(t.row.location) or str(t.row.file) for t in self.tests]
        return list(dict.fromkeys(filter(None, places)))

    @property
    def shown(self) -> Any:
        """The result whose message and picture stand for all: one that is new, or the first."""
        return next((test.row for test in self.tests if test.is_new), self.tests[0].row)


def cards_of(report: ReportInput) -> list[Card]:
    """Return a card for each cause of the judged run: failures first, new ones before all."""
    ids = _ids(report)
    if not len(ids):
        return []
    groups: dict[str, list[Any]] = {}
    results = report.last.results.loc[ids.index]
    for row, cause in zip(rows_of(results), ids.tolist(), strict=True):
        groups.setdefault(cause, []).append(row)
    names, before = _names(report), _before(report)
    found = _known(report, results["case_id"])
    cards = [
        _card(found, causes, [row for cause in causes for row in groups[cause]], names, before)
        for causes in _together(groups)
    ]
    return sorted(cards, key=lambda c: (c.is_skip, not c.new, -len(c.tests)))


def _ids(report: ReportInput) -> pd.Series[Any]:
    """Return the cause of each failed or skipped result; one without a text has its category."""
    results = report.last.results
    rows = results[results["status"].isin(["failed", "skipped"])]
    ids = report.causes.after if report.is_comparison else report.last.cause_ids
    ids = ids.reindex(rows.index)
    return ids.where(ids.notna(), "without-text-" + rows["category"].fillna("unknown").astype(str))


def _names(report: ReportInput) -> dict[str, str]:
    return names_by_id(report.causes.flow if report.is_comparison else report.last.causes)


def _before(report: ReportInput) -> dict[str, int] | None:
    if not report.is_comparison:
        return None
    flow = report.causes.flow
    return dict(zip(flow["cluster"], flow["before"].tolist(), strict=True))


def _together(groups: Mapping[str, Sequence[Any]]) -> list[list[str]]:
    """Put small causes of one category together that are in one file, or alike anywhere."""
    found: dict[Any, list[str]] = {}
    for cause, rows in groups.items():
        category, files = known(rows[0].category) or "", {row.file for row in rows}
        place = "" if category in _ALIKE_ANYWHERE else files.pop() if len(files) == 1 else None
        small = len(rows) <= SMALL and place is not None
        found.setdefault((category, place) if small else cause, []).append(cause)
    return list(found.values())


@dataclass(frozen=True)
class _Known:
    """What is known beside the results: the run before, changes, what is new, what blocks."""

    old: Mapping[str, Any]
    changes: Mapping[str, str]
    new: set[str]
    #: group → row of `readiness.blockers`, and the group of each case
    blockers: Mapping[str, Any]
    group_of: Mapping[str, Any]

    def test(self, row: Any) -> CauseTest:
        case = row.case_id
        return CauseTest(row, self.old.get(case), self.changes.get(case, ""), case in self.new)

    def blocking(self, rows: Iterable[Any]) -> list[Any]:
        groups = dict.fromkeys(known(self.group_of.get(row.case_id)) or row.case_id for row in rows)
        return [self.blockers[group] for group in groups if group in self.blockers]


def _known(report: ReportInput, cases: pd.Series[str]) -> _Known:
    """Gather what is known of the cases on cards."""
    run, c = report.last, report.comparison if report.is_comparison else None
    old = c.before.results if c else run.results[:0]
    return _Known(
        rows_by_case(old[old["case_id"].isin(cases.tolist())]),
        c.labels if c else {},
        new_failures(report),
        {row.group: row for row in rows_of(report.blockers)},
        dict(zip(run.results["case_id"].tolist(), run.cause_ids.tolist(), strict=True)),
    )


def _card(
    found: _Known, ids: Sequence[str], rows: Sequence[Any], names: Mapping[str, str],
    before: Mapping[str, int] | None,
) -> Card:  # fmt: skip
    blocking, category = found.blocking(rows), known(rows[0].category) or ""
    return Card(
        tuple(ids),
        _name(ids, rows, names, category),
        category,
        None if before is None else sum(before.get(cause, 0) for cause in ids),
        sorted(map(found.test, rows), key=lambda test: not test.is_new),
        next((b.advice for b in blocking if b.advice), ""),
        list(dict.fromkeys(owner for b in blocking for owner in b.owners)),
        max((b.age for b in blocking if b.age), default=None),
        [fact for fact in blocking[0].common if not fact.startswith(_SAID)]
        if len(blocking) == 1
        else (),
    )


def _name(
    ids: Sequence[str], rows: Sequence[Any], names: Mapping[str, str], category: str
) -> str:  # fmt: skip
    """Name a card: as its cause, or as what several have in common and where."""
    words = category_name(category) or "failed, and no message says why"
    words = words[:1].upper() + words[1:]
    if len(ids) == 1:
        return names.get(ids[0], words)
    files = list(dict.fromkeys(str(row.file) for row in rows))
    return f"{words}: {files[0]}" if len(files) == 1 and files[0] else words


def notes_for(card: Card, notes: Mapping[str, str]) -> str:
    """Return what an author wrote about a card, below its name or the id of one of its causes."""
    wanted = {card.name.casefold(), *card.ids}
    return "\n\n".join(text for name, text in notes.items() if name.casefold() in wanted)


def gone_of(report: ReportInput) -> list[str]:
    """Name the causes that are gone since the run before, with how many tests they had."""
    if not report.is_comparison:
        return []
    flow = report.causes.flow
    gone = rows_of(flow[flow["state"] == "gone"])
    return [f"{row.name} ({counted(row.before, 'test')})" for row in gone]
