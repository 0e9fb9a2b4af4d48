"""The one run that `latest~3`, `branch:main`, a day, a label or an id means."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import NoRuns

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_BACK: Final = re.compile(r"(?P<what>latest|branch:.+?)(?:~(?P<back>\d+))?")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: Fewer characters of a run's id could be any word.
_SHORTEST_ID: Final = 6


def row_of(runs: pa.Table, selector: str, path: str) -> dict[str, Any]:
    """Return the row of the one run that a selector means; `runs` is oldest first."""
    rows = runs.to_pylist()
    if not rows:
        raise NoRuns(f"{path}: holds no runs yet")
    found = _by_label(rows, selector) or _counted_back(rows, selector) or _by_day(rows, selector)
    if found is None:
        raise NoRuns(f"{path}: no run {selector!r} – {_hint(rows, selector)}")
    return found


def _by_label(rows: list[dict[str, Any]], selector: str) -> dict[str, Any] | None:
    named = [row for row in rows if selector in (row["label"], row["run_id"])]
    if not named and len(selector) >= _SHORTEST_ID:
        named = [row for row in rows if row["run_id"].startswith(selector)]
    return named[-1] if named else None


def _counted_back(rows: list[dict[str, Any]], selector: str) -> dict[str, Any] | None:
    match = _BACK.fullmatch(selector)
    if match is None:
        return None
    branch = match["what"].removeprefix("branch:")
    if branch != match["what"]:
        rows = [row for row in rows if row["branch"] == branch]
    back = int(match["back"] or 0)
    return rows[-1 - back] if back < len(rows) else None


def _by_day(rows: list[dict[str, Any]], selector: str) -> dict[str, Any] | None:
    if not _DAY.fullmatch(selector):
        return None
    on_day = [row for row in rows if f"{row['run_at']:%Y-%m-%d}" == selector]
    return on_day[-1] if on_day else None


def _hint(rows: list[dict[str, Any]], selector: str) -> str:
    if _DAY.fullmatch(selector):
        days = sorted({f"{row['run_at']:%Y-%m-%d}" for row in rows})
        near = sorted(days, key=lambda day: abs(_ordinal(day) - _ordinal(selector)))[:2]
        return f"the nearest runs are of {' and '.join(sorted(near))}"
    if selector.startswith("branch:"):
        branches = sorted({row["branch"] for row in rows if row["branch"]})
        return f"branches are {', '.join(branches) or 'not recorded'}"
    if selector.startswith("latest"):
        return f"it holds {len(rows)}"
    close = get_close_matches(selector, [row["label"] for row in rows], n=2)
    return (
        f"did you mean {' or '.join(map(repr, close))}?"
        if close
        else (f"the latest is {rows[-1]['label']!r}; give a label, latest~N, branch:NAME or a day")
    )


def _ordinal(day: str) -> int:
    year, month, date = map(int, day.split("-"))
    return year * 372 + month * 31 + date
