"""The one run that `latest~3`, `branch:main`, a day, a label or an id means."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import NoRuns
from fictures_reports.guards import refuse
from fictures_reports.history.streams import named, rows_of_stream

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

_BACK: Final = re.compile(r"(?P<what>latest|branch:.+?)(?:~(?P<back>\d+))?")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
#: Fewer characters of a run's id could be any word.
_SHORTEST_ID: Final = 6


def row_of(runs: pa.Table, selector: str, path: str, stream: str | None = None) -> dict[str, Any]:
    """Return the row of the one run that a selector means; `runs` is oldest first.

    Raises `NoRuns` if there is none, and for a stream that there is not.
    """
    if not isinstance(selector, str):
        raise refuse(selector, "the selector", "a text such as 'latest' or a label")
    if not len(runs):
        raise NoRuns(f"{path}: holds no runs yet")
    rows = rows_of_stream(runs, stream, path).to_pylist()
    found = _by_label(rows, selector) or _by_label(runs.to_pylist(), selector)
    found = found or _counted_back(rows, selector) or _by_day(rows, selector)
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
    rows = of_newest_stream(rows)
    back = int(match["back"] or 0)
    return rows[-1 - back] if back < len(rows) else None


def known(value: Any) -> str | None:
    """Return a text of a frame, None where it is missing."""
    return value if isinstance(value, str) else None


def of_newest_stream(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Keep the runs of the stream that the newest one is of: others are another line of runs."""
    if len(named(row["stream"] for row in rows)) < 2:
        return rows
    return [row for row in rows if row["stream"] == rows[-1]["stream"]]


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
    if selector.endswith("]"):
        return "that is a range of runs, which only `compare` takes; give latest~N or branch:NAME~N"
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
