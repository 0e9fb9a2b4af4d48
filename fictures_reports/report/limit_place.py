"""Where a measurement stands beside its limit on a bar."""

from __future__ import annotations

from math import log10
from typing import Final

#: Per cent of the bar's width: where the limit stands, and what a factor of ten is worth.
LIMIT: Final = 40
_DECADE: Final = 28
_ENDS: Final = (3, 97)


def limit_place(measured: float, limit: float) -> float:
    """Return where a measurement stands, in per cent of the width; each factor of ten is as wide.

    Both are over 0.

    >>> limit_place(2000, 2000), limit_place(20_000, 2000), limit_place(1e-9, 100)
    (40.0, 68.0, 3)
    """
    place = LIMIT + _DECADE * log10(measured / limit)
    return round(min(max(place, _ENDS[0]), _ENDS[1]), 1)
