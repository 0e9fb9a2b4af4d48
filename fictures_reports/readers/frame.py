"""Rows → the results frame: everything that follows from the attempts is derived here, once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.rows import Attempt, Row, case_id, deciding_attempt
from fictures_reports.schema import results_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

#: What every reader fills, in the order of `_cells`.
_FILLED = (
    "case_id", "project", "file", "line", "suite", "title", "tags",
    "status", "phase", "n_attempts", "attempts", "expected_status",
    "started_at", "duration_s", "worker", "shard",
    "message", "error_type", "location", "snippet", "skip_reason",
    "stdout", "stderr", "annotations", "attachments", "source",
)  # fmt: skip


def frame(rows: Iterable[Row], run_id: str) -> pd.DataFrame:
    """Lay rows out as a results frame, one row each, in their order.

    The why and facts columns stay missing for `classify`, but for message, error_type, location,
    snippet, phase and skip_reason. Cases that occur again get " #2", " #3" … behind their id.
    """
    cells = [_cells(row) for row in rows]
    columns = dict(zip(_FILLED, zip(*cells, strict=True), strict=True)) if cells else {}
    ids = columns.get("case_id", ())
    columns["case_id"] = tuple(numbered(ids))
    columns["attempts"] = msgspec.to_builtins(columns.get("attempts", ()))
    columns["attachments"] = msgspec.to_builtins(columns.get("attachments", ()))
    return results_frame({"run_id": [run_id] * len(cells), **columns})


def numbered(ids: Sequence[str]) -> Iterable[str]:
    """Tell repeated ids apart: the second becomes "… #2", the third "… #3"."""
    if len(set(ids)) == len(ids):
        return ids
    seen: Counter[str] = Counter()
    taken = set(ids)
    return [_next_free(name, seen, taken) for name in ids]


def _next_free(name: str, seen: Counter[str], taken: set[str]) -> str:
    seen[name] += 1
    if seen[name] == 1:
        return name
    while (candidate := f"{name} #{seen[name]}") in taken:
        seen[name] += 1
    taken.add(candidate)
    return candidate


def _cells(row: Row) -> tuple[Any, ...]:
    attempts = row.attempts
    last = deciding_attempt(row)
    first = attempts[0] if attempts else None
    return (
        case_id(row), row.project, row.file, row.line, row.suite, row.title, row.tags,
        row.status, *_why(last), *_shape(row),
        row.started_at if first is None or first.started_at is None else first.started_at,
        _duration(row), None if last is None else last.worker, row.shard,
        *_texts(last), row.skip_reason,
        *_output(attempts, last), row.annotations, _attachments(attempts), row.source,
    )  # fmt: skip


def _why(attempt: Attempt | None) -> tuple[str | None]:
    if attempt is None or not attempt.errors:
        return (None,)
    return (next((error.phase for error in attempt.errors if error.phase), None),)


def _shape(row: Row) -> tuple[int, list[Attempt], str | None]:
    tried = 0
    if row.status != "not_run":
        tried = sum(a.status != "skipped" or bool(a.duration_s) for a in row.attempts)
    return tried, row.attempts, row.expected_status


def _duration(row: Row) -> float | None:
    if row.status == "not_run":
        return None
    if row.duration_s is not None:
        return row.duration_s
    known = [a.duration_s for a in row.attempts if a.duration_s is not None]
    return sum(known) if known else None


def _texts(attempt: Attempt | None) -> tuple[str | None, ...]:
    if attempt is None or not attempt.errors:
        return None, None, None, None
    errors = attempt.errors
    first = errors[0]
    message = first.message if len(errors) == 1 else "\n\n".join(e.message for e in errors)
    snippet = next((error.snippet for error in errors if error.snippet), None)
    return message or None, first.error_type, first.location, snippet


def _output(attempts: list[Attempt], last: Attempt | None) -> tuple[str | None, str | None]:
    """Take what the deciding attempt printed; what any other printed only if that one is silent."""
    if last is None:
        return None, None
    stdout, stderr = last.stdout, last.stderr
    for attempt in attempts if len(attempts) > 1 else ():
        stdout, stderr = stdout or attempt.stdout, stderr or attempt.stderr
    return stdout, stderr


def _attachments(attempts: list[Attempt]) -> list[Any]:
    if len(attempts) == 1:
        return attempts[0].attachments
    return [item for attempt in attempts for item in attempt.attachments]
