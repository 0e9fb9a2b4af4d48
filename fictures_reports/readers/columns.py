"""Rows → columns: everything that follows from a row's attempts is derived here, once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

import msgspec

from fictures_reports.readers.rows import Attempt, Row, case_id, deciding_attempt

#: Columns that stand in the row as they are.
_PLAIN = (
    "project", "file", "line", "suite", "title", "tags", "status", "expected_status", "shard",
    "skip_reason", "annotations", "source",
)  # fmt: skip


def columns_of(batch: list[Row]) -> dict[str, Sequence[Any]]:
    """Derive the columns of some rows, one list each; objects are plain dicts and lists."""
    columns: dict[str, Sequence[Any]] = {n: list(map(attrgetter(n), batch)) for n in _PLAIN}
    attempts = [row.attempts for row in batch]
    deciding = [a[0] if len(a) == 1 else deciding_attempt(r) for a, r in zip(attempts, batch)]  # noqa: B905
    texts = [_NO_TEXTS if a is None or not a.errors else _texts(a) for a in deciding]
    output = [_output(tries, a) for tries, a in zip(attempts, deciding, strict=True)]
    derived: dict[str, Sequence[Any]] = {
        "case_id": list(map(case_id, batch)),
        "attempts": msgspec.to_builtins(attempts),
        "n_attempts": list(map(_n_tries, batch)),
        "started_at": list(map(_start, batch)),
        "duration_s": list(map(_duration, batch)),
        "worker": [None if attempt is None else attempt.worker for attempt in deciding],
        "attachments": [_attachments(tries) for tries in attempts],
    }
    named = ("phase", "message", "error_type", "location", "snippet")
    derived |= dict(zip(named, zip(*texts, strict=True), strict=True))
    derived |= dict(zip(("stdout", "stderr"), zip(*output, strict=True), strict=True))
    return columns | derived


_NO_TEXTS = (None, None, None, None, None)


def _texts(attempt: Attempt) -> tuple[str | None, ...]:
    """Read phase, message, error type, location and snippet off an attempt that has errors."""
    errors = attempt.errors
    first = errors[0]
    message = first.message if len(errors) == 1 else "\n\n".join(e.message for e in errors)
    phase = next((error.phase for error in errors if error.phase), None)
    snippet = next((error.snippet for error in errors if error.snippet), None)
    return phase, message or None, first.error_type, first.location, snippet


_SILENT = (None, None)


def _output(attempts: list[Attempt], last: Attempt | None) -> tuple[str | None, str | None]:
    """Take what the deciding attempt printed; what any other printed only if that one is silent."""
    if last is None:
        return _SILENT
    stdout, stderr = last.stdout, last.stderr
    if len(attempts) > 1:
        for attempt in attempts:
            stdout, stderr = stdout or attempt.stdout, stderr or attempt.stderr
    return stdout, stderr


def _n_tries(row: Row) -> int:
    if row.status == "passed" and len(row.attempts) == 1:
        return 1
    if row.status == "not_run":
        return 0
    return sum(a.status != "skipped" or bool(a.duration_s) for a in row.attempts)


def _start(row: Row) -> float | None:
    first = row.attempts[0].started_at if row.attempts else None
    return row.started_at if first is None else first


def _duration(row: Row) -> float | None:
    if row.duration_s is not None or row.status == "not_run":
        return row.duration_s if row.status != "not_run" else None
    if len(row.attempts) == 1:
        return row.attempts[0].duration_s
    known = [a.duration_s for a in row.attempts if a.duration_s is not None]
    return sum(known) if known else None


def _attachments(attempts: list[Attempt]) -> list[Any]:
    if len(attempts) == 1:
        items = attempts[0].attachments
    else:
        items = [item for attempt in attempts for item in attempt.attachments]
    return msgspec.to_builtins(items) if items else []


class Block(msgspec.Struct):
    """Rows that were made columns already, in another process; iterating makes rows again."""

    columns: dict[str, list[Any]]

    def __len__(self) -> int:
        return len(self.columns["case_id"])

    def __iter__(self) -> Iterator[Row]:
        attempts = msgspec.convert(self.columns["attempts"], list[list[Attempt]])
        plain = zip(*(self.columns[name] for name in _PLAIN), strict=True)
        whole = zip(self.columns["started_at"], self.columns["duration_s"], strict=True)
        for values, tries, (start, duration) in zip(plain, attempts, whole, strict=True):
            row = dict(zip(_PLAIN, values, strict=True))
            yield Row(**row, attempts=tries, started_at=start, duration_s=duration)

    def cases(self) -> dict[str, str]:
        """Map case ids to statuses."""
        return dict(zip(self.columns["case_id"], self.columns["status"], strict=True))
