"""Measurements of tests that passed, where they print them, as a series over runs.

[Benchmark] Cache hit latency: 88ms   → measured 88, unit ms, what "Cache hit latency"
"""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import re2

from fictures_reports.errors import SchemaError
from fictures_reports.failures.quantities import number
from fictures_reports.patterns import encodable

#: Finds "name: number unit" behind a mark; a user's own pattern has the same groups.
PATTERN: Final = (
    r"\[(?i:bench(?:mark)?|perf(?:ormance)?|metric|measure(?:ment)?)\]\s*(?P<what>[^:=\n]{1,120}?)"
    r"\s*[:=]\s*(?P<measured>-?[0-9][0-9_,]*(?:\.[0-9]+)?)\s?(?P<unit>[A-Za-zµ%/]+)?"
)


def printed_measurements(results: pd.DataFrame, pattern: str = PATTERN) -> pd.DataFrame:
    """Return the measurements that tests print, passed or not, one row each.

    `pattern` is RE2 with the groups `measured` and, if it can, `what` and `unit`; what it finds
    as `measured` and is no number is left out.
    """
    try:
        compiled = re2.compile(pattern)
    except re2.error as error:
        raise SchemaError(f"measurement pattern is broken: {error}: {pattern}") from error
    if "measured" not in compiled.groupindex:
        raise SchemaError(f"measurement pattern needs a group (?P<measured>…): {pattern}")
    printed = results[results["stdout"].notna()]
    rows = [
        (row.run_id, row.case_id, row.started_at, row.status, *found)
        for row in printed.itertuples(index=False)
        for found in _found(compiled, str(row.stdout))
    ]
    names = ["run_id", "case_id", "started_at", "status", "what", "measured", "unit"]
    return pd.DataFrame(rows, columns=names)


def _found(compiled: Any, text: str) -> list[tuple[str | None, float, str | None]]:
    names = compiled.groupindex
    return [
        (
            found["what"].strip() if "what" in names and found["what"] else None,
            measured,
            found["unit"] if "unit" in names else None,
        )
        for found in compiled.finditer(encodable(text[:200_000]))
        if (measured := number(found["measured"] or "")) is not None
    ]
