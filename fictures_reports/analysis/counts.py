"""What is counted as passed, as run, and as a new failure: once, for all who count."""

from __future__ import annotations

import math


def pass_rate(totals: dict[str, int], *, executed: bool = False) -> float:
    """Return passed ÷ cases (0–1), where flaky and unexpected passes count as passed.

    With `executed`, over the cases that ran to an end: not skipped, not_run, interrupted or
    xfailed. NaN over nothing.
    """
    good, whole = passed_of(totals, executed=executed)
    return good / whole if whole else math.nan


def passed_of(totals: dict[str, int], *, executed: bool = False) -> tuple[int, int]:
    """Return the two counts that `pass_rate` divides."""
    good = totals["passed"] + totals["flaky"] + totals["xpassed"]
    return good, good + totals["failed"] if executed else totals["cases"]
