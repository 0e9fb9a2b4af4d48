"""Attempts of one run in files of their own: joined by case, the earlier ones first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from fictures_reports.patterns import Pattern
from fictures_reports.readers.rows import Reading, Row, case_id
from fictures_reports.readers.statuses import status_of
from fictures_reports.schema import Status

_FOLDER: Final = Pattern(r"(?:^|[-_. ])attempt[-_. ]?(?P<number>\d{1,4})$", "ttempt")
#: What a row's status says of its attempts.
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "flaky": ("failed", "passed"), "xfailed": ("passed",), "xpassed": ("passed",),
}  # fmt: skip
_NOT_RUN: Final = ("skipped", "not_run", "interrupted")


def attempt_in(folders: Sequence[str]) -> int | None:
    """Read the number of an attempt off a folder's name, as in results-attempt-2.

    >>> attempt_in(["artifacts", "linux-attempt-2"]), attempt_in(["artifacts"])
    (2, None)
    """
    for folder in reversed(folders):
        if found := _FOLDER.search(folder.lower()):
            return int(found["number"])
    return None


def join_attempts(tries: Sequence[Sequence[Reading]]) -> None:
    """Move the attempts of each case to where it was first, in the order of `tries`.

    Every member of `tries` is the files of one go. What a later file says of a case counts: it has
    the place of the first, and the attempts of both. The ledger says how many were joined.
    """
    first: dict[str, tuple[list[Row], int]] = {}
    for number, readings in enumerate(tries):
        for reading in readings:
            _join(reading, first, is_first=number == 0)
        for reading in readings:
            for place, row in enumerate(rows_of(reading)):
                first.setdefault(case_id(row), (rows_of(reading), place))
    for readings in tries[:-1]:
        for reading in readings:  # what broke the first go did not break the run
            reading.info = msgspec.structs.replace(reading.info, errors=[])


def _join(reading: Reading, first: dict[str, tuple[list[Row], int]], *, is_first: bool) -> None:
    kept_rows: list[Row] = []
    for row in rows_of(reading):
        if is_first or case_id(row) not in first:
            kept_rows.append(row)
            continue
        rows, place = first[case_id(row)]
        rows[place] = _joined(rows[place], row)
    if n := len(rows_of(reading)) - len(kept_rows):
        reading.rows = kept_rows
        reading.entry.read -= n
        reading.entry.doubts.append(f"{n} results are further attempts of tests in an earlier file")


def _joined(earlier: Row, later: Row) -> Row:
    """Join two results of a case; what the later one declares counts."""
    return msgspec.structs.replace(
        later if later.status not in _NOT_RUN else earlier,
        status=_status(earlier.status, later.status),
        attempts=[*earlier.attempts, *later.attempts],
        started_at=earlier.started_at,
        duration_s=None
        if earlier.duration_s is None or later.duration_s is None
        else earlier.duration_s + later.duration_s,
    )


def _status(earlier: Status, later: Status) -> Status:
    ran = [status for status in (earlier, later) if status not in _NOT_RUN]
    if not ran or ran[-1] in ("xfailed", "xpassed"):
        return ran[-1] if ran else later
    return status_of(word for status in (earlier, later) for word in _WORDS.get(status, (status,)))


def rows_of(reading: Reading) -> list[Row]:
    """Return the rows of a file as a list, which the file then has."""
    if not isinstance(reading.rows, list):
        reading.rows = list(reading.rows)
    return reading.rows
