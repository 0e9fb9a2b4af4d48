"""Numbers out of failure texts: what was measured against which limit.

Expected: < 100 / Received: 1047          → Measurement(1047, "<", 100)
assert 1.83 <= 1.5                        → Measurement(1.83, "<=", 1.5)
P95 420 ms exceeds budget of 300 ms       → Measurement(420, "<=", 300, "ms")
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from fictures_reports.failures.compared_limits import compared_limits
from fictures_reports.failures.limits_in_words import limits_in_words
from fictures_reports.failures.measured_limit import Measurement, is_budget
from fictures_reports.failures.plain_text import failing_line, plain
from fictures_reports.failures.quantities import (
    SECONDS,
    quantities_with_units,
    unit_in_names,
    unit_in_words,
)
from fictures_reports.failures.reported_errors import texts_of
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    import pandas as pd


def measurements(text: str, title: str = "", code: str = "") -> list[Measurement]:
    r"""Return the measurements in a failure text, in order.

    The test's title and its failing source line can supply a unit that the text lacks.

    >>> limit = "Expected: < 100\nReceived:   1047"
    >>> measurements(limit, title="Cache hit latency < 100ms")[0].unit
    'ms'
    """
    text = plain(text)
    return compared(text, title, code) or list(limits_in_words(text))


def compared(text: str, title: str = "", code: str = "") -> list[Measurement]:
    """Return only what assertions compared, not numbers in prose; `text` is plain."""
    return [_with_unit(m, text, title, code) for m in compared_limits(text)]


def _with_unit(m: Measurement, text: str, title: str, code: str) -> Measurement:
    unit = m.unit or _unit_beside(m, text) or _unit_in_title(m, title) or _unit_by_words(text, code)
    return m._replace(unit=unit) if unit else m


def _unit_by_words(text: str, code: str) -> str | None:
    return (
        (unit_in_names(text[:2000]) if "where" in text else None)
        or unit_in_names(code[:2000])
        or unit_in_words(text[:2000])
    )


def _unit_beside(m: Measurement, text: str) -> str | None:
    """'saving is slow: 612.70ms (max: 400ms)' above 'assert 612.7012 <= 400'."""
    for value, unit in quantities_with_units(text[:2000]):
        if math.isclose(value, m.limit) or math.isclose(value, m.measured, rel_tol=0.002):
            return unit
    return None


def _unit_in_title(m: Measurement, title: str) -> str | None:
    """'Page load < 2s' over a limit of 2000 means that it was measured in ms."""
    for value, unit in quantities_with_units(title):
        if math.isclose(value, m.limit):
            return unit
        for scaled_unit, scale in SECONDS.items():
            if unit in SECONDS and math.isclose(value * SECONDS[unit], m.limit * scale):
                return scaled_unit
    return None


def all_measurements(results: pd.DataFrame) -> pd.DataFrame:
    """Return one row per measurement that missed its limit, also where a test holds several."""
    import pandas as pd

    names = ["run_id", "case_id", *Measurement._fields]
    rows = [
        (row.run_id, row.case_id, *measurement)
        for row in rows_of(results[results["status"].isin(["failed", "flaky"])])
        for text, frame in texts_of(row)
        for measurement in _missed(row, text, frame)
    ]
    return pd.DataFrame(rows, columns=names)


def _missed(row: Any, text: str, frame: str) -> list[Measurement]:
    title = row.title if isinstance(row.title, str) else ""
    code = failing_line(text) or failing_line(frame)
    # prose counts where a rule has read it as a budget
    read = measurements if row.category == "threshold_miss" else compared
    return [m for m in read(plain(text), title, code) if is_budget(m)]
