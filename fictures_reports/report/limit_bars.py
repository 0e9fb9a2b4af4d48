"""Measured numbers and the limits that they missed, as places on one logarithmic scale."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    import pandas as pd

#: Where the limit stands, in percent, and how far from it the farthest number may be.
_AT: Final = 50
_REACH: Final = 45
#: Numbers farther off than so many powers of ten stand at the end of the scale.
_MOST_POWERS: Final = 4


@dataclass(frozen=True)
class LimitBar:
    """A number beside its limit: places in percent, None where a ratio has no logarithm."""

    row: Any
    to: float | None
    #: what was measured before, where that missed the limit, too, and its place
    before: float | None
    was: float | None

    @property
    def at(self) -> int:
        """Where the limit stands."""
        return _AT

    @property
    def is_least(self) -> bool:
        """Whether the limit is from below: smaller is worse."""
        return str(known(self.row.comparator) or "").startswith(">")


def limit_bars(misses: pd.DataFrame, last: str) -> list[LimitBar]:
    """Return a bar for each miss of the `last` run, as `Thresholds.misses` orders them."""
    rows = rows_of(misses)
    scale = max((abs(power) for row in rows if (power := _power(row.ratio)) is not None), default=1)
    old = {(r.case_id, r.comparator, r.limit): r for r in rows if r.run != last}
    bars = []
    for row in rows:
        if row.run != last:
            continue
        was = old.get((row.case_id, row.comparator, row.limit))
        bars.append(
            LimitBar(
                row,
                _place(row.ratio, scale),
                known(was.measured) if was else None,
                _place(was.ratio, scale) if was else None,
            )
        )
    return bars


def _power(ratio: Any) -> float | None:
    value = known(ratio)
    if value is None or not 0 < value < math.inf:
        return None
    return max(-_MOST_POWERS, min(_MOST_POWERS, math.log10(value)))


def _place(ratio: Any, scale: float) -> float | None:
    power = _power(ratio)
    return None if power is None else round(_AT + _REACH * power / (scale or 1), 1)
