"""How each test of a history stands, worst first: the rows that a report on many runs lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import changed_duration, counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.failures_by_case import Failures, failures_by_case
from fictures_reports.history_analysis.last_steps import LastStep, last_steps
from fictures_reports.history_analysis.line_words import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Line

#: How a test can stand, worst first, and what a list calls those that do.
STANDINGS: Final = {
    "broken": "broken", "failing": "failed when last run", "flaky": "flaky",
    "mended": "broken for a while", "slower": "slower", "skipped": "skipped for long",
    "gone": "gone", "unsure": "not enough runs", "stable": "stable",
}  # fmt: skip
#: Standings that somebody has to look at.
NEED_ATTENTION: Final = ("broken", "failing", "flaky", "mended", "slower", "skipped")
#: From so many runs on a test that does not run is listed.
LONG: Final = 5
_NONE: Final = Failures((), 0)


@dataclass(frozen=True, eq=False)
class HistoryTest:
    """One test in one stream: how it stands and what that rests on."""

    #: its row of `flakiness`
    row: Any
    #: a key of `STANDINGS`
    standing: str
    line: Line
    #: "" where there is only one
    variant: str
    failures: Failures
    step: LastStep | None = None
    #: its last change of duration (a row of `since_when`), if that made it slower
    slower: Any = None
    #: its row of `ageing`, if the latest run did not run it or it failed there
    age: Any = None

    @property
    def needs_attention(self) -> bool:
        """Whether somebody has to look at it."""
        return self.standing in NEED_ATTENTION

    @property
    def short(self) -> str:
        """Say how it stands in a few words."""
        say: Callable[[HistoryTest], str] = _SHORT[self.standing]
        return say(self)

    @property
    def why(self) -> str:
        """Say why, as its newest failure does, or as what skipped it says; "" where unknown."""
        if self.standing == "skipped":
            return known(self.age.why) or ""
        if self.standing == "slower":
            return f"since {self.slower.since}"
        return next(
            (failure.why for failure in self.failures.newest if not failure.is_in_outage), ""
        )


def _streak(test: HistoryTest) -> str:
    return counted(test.step.n_runs, "run") if test.step else ""


_SHORT: Final = {
    "broken": lambda test: f"broken, {_streak(test)}" if test.step else "broken",
    "failing": lambda test: "failed when it last ran" if not test.step or test.step.n_runs < 2
    else f"failed in its last {_streak(test)}",
    "flaky": lambda test: f"{test.row.n_events:,} of {counted(test.row.n_runs, 'run')}",
    "mended": lambda test: f"works again, {_streak(test)}" if test.step and not test.step.is_bad
    else f"was broken in {counted(test.row.n_broken, 'run')}",
    "slower": lambda test: changed_duration(test.slower.before, test.slower.after),
    "skipped": lambda test: f"{test.age.how}, {counted(test.age.n_runs, 'run')}",
    "gone": lambda test: f"gone, last in {test.row.last_seen}",
    "unsure": lambda _: "too few runs to tell",
    "stable": lambda _: "stable",
}  # fmt: skip


def standings(
    rows: pd.DataFrame,
    flakiness: pd.DataFrame,
    changes: pd.DataFrame,
    ageing: pd.DataFrame,
    outages: Collection[str] = (),
) -> list[HistoryTest]:
    """Say how each test stands, worst first; the frames as the functions of these names give them.

    `outages` are the ids of runs that lie in one: what failed there says nothing of a test.
    """
    failures = failures_by_case(rows, outages)
    slower = {
        (row.name, line_of(row)): row
        for row in rows_of(changes[(changes["what"] == "case takes") & changes["is_last"]])
        if row.after > row.before
    }
    ages = {(row.case_id, line_of(row)): row for row in rows_of(ageing)}
    variants = _variants(rows)
    found = []
    for row in rows_of(flakiness):
        key = (row.case_id, line_of(row))
        standing = _standing(row, ages.get(key), slower.get(key))
        found.append(HistoryTest(
            row, standing, key[1], variants.get(row.case_id, ""),
            failures.get((row.case_id, known(row.stream)), _NONE), None,
            slower.get(key), ages.get(key),
        ))  # fmt: skip
    lines = [line for line, _ in in_order(rows.drop_duplicates("run_id"))]
    return _ordered(_with_steps(found, rows, outages), lines[0] if lines else None)


def _standing(row: Any, age: Any, slower: Any) -> str:
    if row.state in ("broken", "flaky", "gone"):
        return str(row.state)
    if age is not None and age.how == "failed":
        return "failing"
    if age is not None and age.n_runs >= LONG:
        return "skipped"
    if row.n_broken:
        return "mended"
    if slower is not None:
        return "slower"
    return "stable" if row.state == "stable" else "unsure"


def _with_steps(
    found: list[HistoryTest], rows: pd.DataFrame, outages: Collection[str]
) -> list[HistoryTest]:
    from dataclasses import replace

    changed = ("broken", "failing", "mended")
    wanted = [(test.row.case_id, test.line) for test in found if test.standing in changed]
    steps = last_steps(rows, wanted, outages)
    return [
        replace(test, step=steps.get((test.row.case_id, test.line)))
        if test.standing in changed
        else test
        for test in found
    ]


def _ordered(found: list[HistoryTest], first: Line | None) -> list[HistoryTest]:
    """Sort by standing; what is broken on the default branch comes before what is elsewhere."""
    rank = {name: i for i, name in enumerate(STANDINGS)}
    return sorted(
        found,
        key=lambda test: (
            rank[test.standing], test.standing == "broken" and test.line != first, _weight(test),
            test.row.title,
        ),
    )  # fmt: skip


def _weight(test: HistoryTest) -> float:
    """Return what comes first among those that stand alike, the smallest first."""
    if test.step:
        # The longest failing, and what works again since the fewest runs.
        return -test.step.n_runs if test.step.is_bad else test.step.n_runs
    if test.standing == "flaky":
        return -float(test.row.rate)
    if test.standing == "slower":
        return -float(test.slower.after / test.slower.before)
    return -float(test.age.n_runs) if test.standing == "skipped" else 0


def _variants(rows: pd.DataFrame) -> dict[str, str]:
    if "variant" not in rows or not any(map(known, rows["variant"].unique())):
        return {}
    last = rows.drop_duplicates("case_id", keep="last")
    pairs = zip(last["case_id"], last["variant"], strict=True)
    return {case: known(variant) or "" for case, variant in pairs}
