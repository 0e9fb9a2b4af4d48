"""Rows → columns: everything that follows from a row's attempts is derived here, once."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import msgspec

from fictures_reports.readers.rows import Attempt, Row, case_of, id_of_test
from fictures_reports.readers.statuses import deciding_attempt

#: Columns that stand in the row as they are; the others follow from its attempts.
_OF_ROW = (
    "project", "variant", "file", "line", "suite", "title", "tags", "status", "expected_status",
    "shard", "skip_reason", "annotations", "source",
)  # fmt: skip
_OF_ERRORS = ("phase", "message", "error_type", "location", "snippet")


def columns_of(rows: list[Row]) -> dict[str, list[Any]]:
    """Derive the columns of some rows, one list each; objects are plain dicts and lists.

    `run_id` and the columns that `classify` fills in are left out.
    """
    columns: dict[str, list[Any]] = {n: list(map(attrgetter(n), rows)) for n in _OF_ROW}
    tests = list(map(id_of_test, rows))
    parts = zip(tests, columns["project"], columns["variant"], strict=True)
    attempts = [row.attempts for row in rows]
    # most rows have one attempt, which saves them the calls below
    alone = [tries[0] if len(tries) == 1 else None for tries in attempts]
    pairs = list(zip(rows, alone, strict=True))
    deciding = [a or deciding_attempt(row.attempts) for row, a in pairs]
    texts = [_texts(a) if a is not None and a.errors else _NO_TEXTS for a in deciding]
    return columns | {
        **dict(zip(_OF_ERRORS, map(list, zip(*texts, strict=True)), strict=True)),
        "case_id": [case_of(*part) if part[1] or part[2] else part[0] for part in parts],
        "test_id": tests,
        "attempts": msgspec.to_builtins(attempts),
        "n_attempts": [
            1 if a and a.status == row.status in ("passed", "failed") else _n_tries(row)
            for row, a in pairs
        ],
        "started_at": [a.started_at or row.started_at if a else start_of(row) for row, a in pairs],
        "duration_s": [
            a.duration_s
            if a and row.duration_s is None and row.status != "not_run"
            else duration_of(row)
            for row, a in pairs
        ],
        "worker": [None if a is None else a.worker for a in deciding],
        "stdout": [a.stdout if a else _printed(row, "stdout") for row, a in pairs],
        "stderr": [a.stderr if a else _printed(row, "stderr") for row, a in pairs],
        "attachments": [[] if a and not a.attachments else _attachments(row) for row, a in pairs],
    }


_NO_TEXTS = (None, None, None, None, None)


def _texts(attempt: Attempt) -> tuple[str | None, ...]:
    """Read phase, message, error type, location and snippet off an attempt that has errors."""
    errors = attempt.errors
    first = errors[0]
    if len(errors) == 1:  # as a rule, so it is spared the searches below
        return (
            first.phase or None,
            first.message or None,
            first.error_type,
            first.location or None,
            first.snippet or None,
        )
    message = "\n\n".join(e.message for e in errors)
    phase = next((error.phase for error in errors if error.phase), None)
    snippet = next((error.snippet for error in errors if error.snippet), None)
    # a test's time-out has no place; the call that it cut short, behind it, has
    location = next((error.location for error in errors if error.location), None)
    return phase, message or None, first.error_type, location, snippet


def _printed(row: Row, stream: str) -> str | None:
    """Take what the deciding attempt printed; what any other printed only if that one is silent."""
    last = deciding_attempt(row.attempts)
    texts = [getattr(attempt, stream) for attempt in row.attempts]
    of_last = getattr(last, stream) if last is not None else None
    return of_last or next((text for text in texts if text), None)


def _n_tries(row: Row) -> int:
    if row.status == "passed" and len(row.attempts) == 1:
        return 1
    if row.status == "not_run":
        return 0
    # a skip counts where it took time, or where a try went before it
    tried = [a.status != "skipped" or bool(a.duration_s) for a in row.attempts]
    return len(tried) - tried.index(True) if True in tried else 0


def start_of(row: Row) -> float | None:
    """Tell when the first attempt of a row began, or the row where that does not tell."""
    first = row.attempts[0].started_at if row.attempts else None
    return row.started_at if first is None else first


def duration_of(row: Row) -> float | None:
    """Add up what the attempts of a row took; missing where none is known, or it never ran."""
    if row.duration_s is not None or row.status == "not_run":
        return row.duration_s if row.status != "not_run" else None
    if len(row.attempts) == 1:
        return row.attempts[0].duration_s
    known = [a.duration_s for a in row.attempts if a.duration_s is not None]
    return sum(known) if known else None


def _attachments(row: Row) -> list[Any]:
    items = [item for attempt in row.attempts for item in attempt.attachments]
    plain: list[Any] = msgspec.to_builtins(items)
    return plain
