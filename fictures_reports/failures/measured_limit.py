"""A number that an assertion held against a limit."""

from __future__ import annotations

import math
from typing import NamedTuple


class Measurement(NamedTuple):
    """A number that an assertion held against a limit; `measured comparator limit` was false."""

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
