"""A number that an assertion compared with a limit."""

from __future__ import annotations

import math
from typing import NamedTuple


class Measurement(NamedTuple):
    """A number that an assertion compared with a limit; `measured comparator limit` was false."""

    measured: float
    comparator: str
    limit: float
    unit: str | None = None
    #: measured divided by limit; NaN against a limit of zero
    ratio: float = math.nan
    evidence: str = ""


def measurement(
    measured: float, comparator: str, limit: float, unit: str | None, evidence: str
) -> Measurement:
    """Put a measurement together, with its ratio."""
    ratio = measured / limit if limit else math.nan
    return Measurement(measured, comparator, limit, unit, ratio, evidence)


def is_budget(m: Measurement) -> bool:
    """Zero where at least one was expected is an empty list; 503 against < 500 is a status."""
    if m.comparator in (">", ">=") and m.limit in (0, 1) and m.measured <= 0:
        return False
    status = m.unit is None and m.limit in (200, 300, 400, 500, 600) and 100 <= m.measured <= 599
    return not (status and m.measured == int(m.measured) and m.comparator in ("<", "<="))


def times_missed(measured: float, comparator: str, limit: float) -> float:
    """Return how many times too large or too small a measured number was; 1 is just at its limit.

    measured ÷ limit where the limit bounds from above, limit ÷ measured where it bounds from below
    (`>=` and `>`); NaN for closeness (`==`), for zero and for numbers of unequal sign.

    >>> times_missed(5, ">=", 50), times_missed(30, "<", 10)
    (10.0, 3.0)
    """
    if comparator not in ("<", "<=", ">", ">=") or not measured * limit > 0:
        return math.nan
    times = limit / measured if comparator.startswith(">") else measured / limit
    # of two numbers below zero, the one further from zero is the smaller
    return times if measured > 0 else 1 / times
