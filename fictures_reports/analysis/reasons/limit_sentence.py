"""A number that missed its limit, in words that say in which direction and how far.

15,962 ms against a limit of 2,000 ms: 8.0 × the limit
0.01 ms, must be over 100 ms: a 10,000th of it
"""

from __future__ import annotations

import math
from typing import Final

from fictures_reports.analysis.wording import number, quantity

_FROM_BELOW: Final = {">": "must be over", ">=": "must be at least"}
_BEYOND: Final = {"<": "under", "<=": "at most", ">": "over", ">=": "at least"}
#: From here on a miss downwards is said as a part: "a 12th of it".
_A_PART: Final = 10


def limit_missed(measured: float, comparator: str, limit: float, unit: str | None) -> str:
    """Say what was measured, what was asked for, and how far apart they are.

    >>> limit_missed(15962, "<", 2000, "ms")
    '15,962 ms against a limit of 2,000 ms: 8.0 × the limit'
    >>> limit_missed(5, ">=", 50, None)
    '5, must be at least 50: a 10th of it'
    """
    if comparator == "==":
        return f"{quantity(measured, unit)}, wanted {quantity(limit, unit)}"
    if measured == limit:
        return f"exactly the limit of {quantity(limit, unit)}, must be {_BEYOND[comparator]} it"
    comma = "," if comparator in _FROM_BELOW else ""
    return f"{quantity(measured, unit)}{comma} {limit_behind(measured, comparator, limit, unit)}"


def limit_behind(measured: float, comparator: str, limit: float, unit: str | None) -> str:
    """Say what a measurement is compared with and how far off it is.

    >>> limit_behind(3, "<", 2, "s"), limit_behind(29, ">=", 30, None)
    ('against a limit of 2 s: 1.5 × the limit', 'must be at least 30: 0.97 of it')
    """
    words = _FROM_BELOW.get(comparator, "against a limit of")
    distance = how_far(measured, comparator, limit)
    sentence = f"{words} {quantity(limit, unit)}"
    return f"{sentence}: {distance}" if distance else sentence


def how_far(measured: float, comparator: str, limit: float) -> str:
    """Say how far a measurement is from its limit in its own direction; "" without a ratio.

    >>> how_far(1.04, "<", 1), how_far(29, ">=", 30), how_far(-1, "<", 0)
    ('1.04 × the limit', '0.97 of it', '')
    """
    if measured == limit or measured <= 0 or limit <= 0:
        return ""
    if comparator not in _FROM_BELOW:
        return f"{times(measured / limit)} × the limit"
    part = limit / measured
    if part >= _A_PART:
        return f"a {_ordinal(float(f'{part:.2g}'))} of it"
    return f"{times(measured / limit)} of it"


def times(ratio: float) -> str:
    """Write a ratio with two digits, more where two would read as no difference.

    >>> times(7.981), times(15.3), times(1.004), times(0.97), times(1543)
    ('8.0', '15', '1.004', '0.97', '1,500')
    """
    rounded = float(f"{ratio:.2g}")
    if rounded == 1:
        return number(ratio)
    digits = max(0, 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{digits}f}"


def _ordinal(part: float) -> str:
    n = round(part)
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"
