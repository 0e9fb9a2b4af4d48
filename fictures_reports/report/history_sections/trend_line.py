"""The pass rate over the columns of the last runs, drawn in the range in which it moves."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import percent
from fictures_reports.history_analysis.line_words import in_order, words_for
from fictures_reports.history_analysis.pass_rate import pass_rate_of_runs
from fictures_reports.report.history_sections.run_columns import STEP

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

#: Height of the drawing; its width is `STEP` per run.
HEIGHT: Final = 60
#: Steps of the axis, as shares: the range is the narrowest in whole steps that holds all.
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0)
_MOST_LINES: Final = 4


@dataclass(frozen=True)
class TrendLine:
    """What the drawing of a trend consists of; all places are in its own units."""

    low: float
    high: float
    #: a name and a path for each line of runs, the default branch's first
    lines: Sequence[tuple[str, str]]
    #: runs of a line with no other beside them, which no path can show
    dots: Sequence[tuple[float, float]]
    #: columns (from 0) of outages, with the rate there
    outages: Sequence[tuple[int, str]]
    target: float | None
    #: names of phases, with the column (from 0) in which each begins
    phases: Sequence[tuple[str, int]]
    now: str

    @property
    def is_drawn(self) -> bool:
        """Whether there are two runs whose rates a line joins."""
        return any(path for _, path in self.lines) or len(self.dots) > 1

    def y(self, rate: float) -> float:
        """Return the height at which a rate (0–1) is drawn."""
        return round((HEIGHT - 4) * (self.high - rate) / (self.high - self.low) + 2, 1)


def trend_line(
    runs: pd.DataFrame,
    outages: Collection[str],
    target: float | None = None,
    phases: Mapping[str, str] | None = None,
) -> TrendLine:
    """Lay out the pass rates of runs; outages are gaps with their value beside them.

    `runs` as `totals` gives them, oldest first; `outages` are ids of runs; `target` is a share
    (0–1); `phases` maps a name to the label of its first run.
    """
    rates = pass_rate_of_runs(runs).tolist()
    out = [run in outages for run in runs["run_id"]]
    usual = [r for r, is_out in zip(rates, out, strict=True) if not is_out and not math.isnan(r)]
    low, high = _range([*usual, *([] if target is None else [target])])
    empty = TrendLine(low, high, [], [], [], target, [], "")
    paths, dots = _paths(runs, rates, out, empty)
    labels = runs["label"].tolist()
    begun = [(name, labels.index(label)) for name, label in (phases or {}).items()
             if label in labels]  # fmt: skip
    return TrendLine(
        low, high, paths, dots,
        [(i, percent(rates[i], 1)) for i, is_out in enumerate(out) if is_out],
        target, begun, percent(rates[-1], 1) if rates else "",
    )  # fmt: skip


def _range(rates: Sequence[float]) -> tuple[float, float]:
    """Return the limits of the axis; it ends at 1 at most and begins at 0 at least."""
    least, most = (min(rates), max(rates)) if rates else (0.0, 1.0)
    step = next(s for s in _STEPS if s * 5 >= most - least)
    low = math.floor(round(least / step, 6)) * step
    high = math.ceil(round(most / step, 6)) * step
    if high - low < step / 2:
        low, high = (low - step, high) if low > 0 else (low, high + step)
    return round(max(low, 0.0), 4), round(min(high, 1.0), 4)


def _paths(
    runs: pd.DataFrame, rates: Sequence[float], out: Sequence[bool], axis: TrendLine
) -> tuple[list[tuple[str, str]], list[tuple[float, float]]]:
    words = words_for(runs)
    column = {run: i for i, run in enumerate(runs["run_id"])}
    paths, dots = [], []
    for line, ids in in_order(runs)[:_MOST_LINES]:
        pieces: list[list[tuple[float, float]]] = [[]]
        for i in map(column.__getitem__, ids):
            if out[i] or math.isnan(rates[i]):
                pieces.append([])
            else:
                pieces[-1].append((i * STEP + (STEP - 1) / 2, axis.y(rates[i])))
        dots += [piece[0] for piece in pieces if len(piece) == 1]
        lines = ["M" + "L".join(f"{x} {y}" for x, y in piece) for piece in pieces if len(piece) > 1]
        paths.append((words.name(line), "".join(lines)))
    return paths, dots
