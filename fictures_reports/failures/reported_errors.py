"""The errors that explain a row of a results frame, as its file reported them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.failures.error_groups import members_of
from fictures_reports.failures.message_parts import ReportedError
from fictures_reports.readers.statuses import deciding_errors

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def reported_errors(row: Any) -> tuple[ReportedError, ...]:
    """Return the errors of the attempt that explains a row, or what the row itself says.

    `row` has the attributes attempts, message, error_type, phase, location and snippet.
    """
    errors = errors_from(deciding_errors(row.attempts if isinstance(row.attempts, list) else []))
    if any(error.message or error.stack or error.error_type for error in errors):
        return errors
    fields = (row.message, row.error_type, row.phase, row.location, "", row.snippet)
    return (ReportedError(*(value if isinstance(value, str) else "" for value in fields)),)


def texts_of(row: Any) -> list[tuple[str, str]]:
    """Return text and code frame of the errors that explain a row; of a group, of each member."""
    return [
        (text, error.snippet)
        for error in reported_errors(row)
        for text in members_of(error.message, error.stack) or [error.message]
    ]


def errors_from(errors: Iterable[Mapping[str, Any]]) -> tuple[ReportedError, ...]:
    """Return errors as the rules read them, of errors as the table has them."""
    # by name: this is done for every error there is
    return tuple(
        ReportedError(
            error.get("message") or "",
            error.get("error_type") or "",
            error.get("phase") or "",
            error.get("location") or "",
            error.get("stack") or "",
            error.get("snippet") or "",
        )
        for error in errors
    )
