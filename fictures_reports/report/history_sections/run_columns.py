"""The columns that trend and rows share: the last runs, their days, cells as SVG paths."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted, listed
from fictures_reports.history_analysis.run_grid import CODES, runs_of
from fictures_reports.report.history_sections.run_dates import dates_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

#: So many runs stand beside each other.
MOST: Final = 40
#: A column's width, of which one is the gap to the next, and the height of a row of cells.
STEP: Final = 10
HEIGHT: Final = 18
#: At most so many days are named: more labels would cover each other on a phone.
_MOST_DAYS: Final = 6
#: How a cell looks: its class, and from where down to where it goes.
_LOOKS: Final = {
    "passed": ("passed", 0, HEIGHT), "xpassed": ("passed", 0, HEIGHT),
    "xfailed": ("passed", 0, HEIGHT), "failed": ("failed", 0, HEIGHT),
    "flaky": ("flaky", HEIGHT // 3, HEIGHT), "skipped": ("skipped", 8, 10),
    "not_run": ("skipped", 8, 10), "interrupted": ("skipped", 8, 10),
}  # fmt: skip
_SAID: Final = {
    "failed": ("failed",), "passed only on a retry": ("flaky",),
    "was skipped or not run": ("skipped", "not_run", "interrupted"), "was not there": ("absent",),
}  # fmt: skip


@dataclass(frozen=True)
class DayLabel:
    """A day above the columns: the first column that it stands over, and over how many."""

    text: str
    first: int
    span: int


def shown(runs: pd.DataFrame) -> pd.DataFrame:
    """Return the runs that have a column."""
    return runs.tail(MOST).reset_index(drop=True)


def day_labels(runs: pd.DataFrame) -> list[DayLabel]:
    """Name the days of the columns, as many as there is room for; none where days are unknown."""
    dates = dates_of(runs)
    days = [dates.day(moment) for moment in runs["run_at"]]
    starts = [next(i for i, _ in group) for _, group in groupby(enumerate(days), lambda d: d[1])]
    room = -(-len(days) // _MOST_DAYS)
    labelled: list[int] = []
    for start in starts:
        if days[start] and (not labelled or start - labelled[-1] >= room):
            labelled.append(start)
    ends = [*labelled[1:], len(days)]
    return [
        DayLabel(days[first], first + 1, end - first)
        for first, end in zip(labelled, ends, strict=True)
        if end - first >= min(room, 3) or len(labelled) == 1
    ]


def cell_paths(
    codes: Sequence[int], outages: Collection[int] = (), beside: Collection[int] = ()
) -> list[tuple[str, str]]:
    """Draw what a test did run by run: a class and a path for each look; see `CODES`.

    `outages` are the columns whose runs lie in one: a failure there is hollow. Faded is what the
    test did in `beside`, the columns of other branches than the one that its standing is of.
    """
    paths: dict[str, list[str]] = {}
    for i, code in enumerate(codes):
        look = _LOOKS.get(CODES[code])
        if look is None:
            continue
        name, top, bottom = look
        name = "outage" if name == "failed" and i in outages else name
        draw = hollow if name == "outage" else _column
        name = f"{name} beside" if i in beside else name
        paths.setdefault(name, []).append(draw(i, top, bottom))
    return [(name, "".join(pieces)) for name, pieces in paths.items()]


def _column(i: int, top: int, bottom: int) -> str:
    return f"M{i * STEP} {top}h{STEP - 1}v{bottom - top}h-{STEP - 1}z"


def hollow(i: int, top: int, bottom: int) -> str:
    """Draw a frame in a column: its inner edge runs the other way round, which leaves a hole."""
    height, width = bottom - top - 4, STEP - 5
    return f"{_column(i, top, bottom)}M{i * STEP + 2} {top + 2}v{height}h{width}v-{height}z"


def cells_in_words(codes: Sequence[int]) -> str:
    """Say in words what cells show.

    >>> cells_in_words([0, 1, 2, 0])
    'the last 4 runs: failed in 1 and passed only on a retry in 1'
    """
    counts = [(words, runs_of(codes, *names)) for words, names in _SAID.items()]
    parts = [f"{words} in {n}" for words, n in counts if n]
    return f"the last {counted(len(codes), 'run')}: {listed(parts) or 'passed in all'}"
