"""From the attempts of a result to its status: one function for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from fictures_reports.readers.text.linear import linear

if TYPE_CHECKING:
    from fictures_reports.readers.rows import Attempt
    from fictures_reports.schema import Status

#: What a producer calls an attempt that did not carry the test out.
_SKIPPED: Final = frozenset({"skipped", "pending", "todo", "disabled", "not_run"})
_STOPPED: Final = frozenset({"interrupted", "aborted", "unknown"})
#: What an attempt says when something else closed the browser, page or worker under it.
_CLOSED: Final = linear(
    r"Target page, context or browser has been closed|Target closed|Test was interrupted"
    r"|(?:Page|Browser|Context|Target) (?:was|has been) closed"
)


def status_of(
    attempts: Iterable[str], *, expected: str | None = None, unexpected_pass: Status = "failed"
) -> Status:
    """Make the status of a result out of its attempts' statuses, in their order.

    The last attempt that was carried out decides: a skip after a failure proves nothing, and what
    was interrupted decides nothing. `expected` is "failed" for a test that is declared to fail;
    `unexpected_pass` is what it means there when it passes. Without any attempt that was carried
    out the result is interrupted or skipped; whether it was meant to run is the reader's to say.
    """
    words = list(attempts)
    good = "failed" if expected == "failed" else "passed"
    tried = [word for word in words if word not in _SKIPPED and word not in _STOPPED]
    if not tried:
        return "interrupted" if any(word in _STOPPED for word in words) else "skipped"
    if tried[-1] != good:
        return unexpected_pass if good == "failed" and tried[-1] == "passed" else "failed"
    if any(word != good for word in tried):
        return "flaky"
    return "xfailed" if good == "failed" else "passed"


def deciding_attempt(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt whose errors explain a result; None if it has no attempts.

    It is the last one with errors that was not cut short by something else; where all of them
    were, the last one with errors; and without any errors, the last attempt.
    """
    if len(attempts) == 1:  # as a rule
        return attempts[0]
    failed = [attempt for attempt in attempts if attempt.errors]
    own = [attempt for attempt in failed if not _is_cut_short(attempt)]
    return next((group[-1] for group in (own, failed, attempts) if group), None)


def _is_cut_short(attempt: Attempt) -> bool:
    return attempt.status in _STOPPED or all(
        _CLOSED.search(error.message) for error in attempt.errors
    )
