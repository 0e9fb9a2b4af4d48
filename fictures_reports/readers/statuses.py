"""From the attempts of a result to its status: one function for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from fictures_reports.readers.rows import Attempt
    from fictures_reports.schema import Status

#: What a producer calls an attempt that did not carry the test out.
_SKIPPED: Final = frozenset({"skipped", "pending", "todo", "disabled", "not_run"})
_STOPPED: Final = frozenset({"interrupted", "aborted", "unknown"})
#: What an attempt says when something else closed the browser, page or worker under it.
_CLOSED: Final = (
    "Target page, context or browser has been closed", "Target closed", "Test was interrupted",
    "Browser has been closed", "Page has been closed", "Context has been closed",
)  # fmt: skip


def status_of(
    attempts: Iterable[str], *, expected: str | None = None, if_it_passes: Status = "failed"
) -> Status:
    """Make the status of a result out of its attempts' statuses, in their order.

    The last attempt that was carried out decides: a skip after a failure proves nothing, and what
    was interrupted decides nothing. `expected` is "failed" for a test that is declared to fail;
    `if_it_passes` is what it means there when it passes. Without any attempt that was carried
    out the result is interrupted or skipped; whether it was meant to run is the reader's to say.
    """
    words = list(attempts)
    good = "failed" if expected == "failed" else "passed"
    tried = [word for word in words if word not in _SKIPPED and word not in _STOPPED]
    if not tried:
        return "interrupted" if any(word in _STOPPED for word in words) else "skipped"
    if tried[-1] != good:
        return if_it_passes if good == "failed" and tried[-1] == "passed" else "failed"
    if any(word != good for word in tried):
        return "flaky"
    return "xfailed" if good == "failed" else "passed"


def deciding_attempt(attempts: Sequence[Attempt]) -> Attempt | None:
    """Return the attempt whose errors explain a result; None if it has no attempts."""
    if len(attempts) < 2:  # as a rule
        return attempts[0] if attempts else None
    tries = [(attempt.status, [error.message for error in attempt.errors]) for attempt in attempts]
    return attempts[deciding_place(tries)]


def deciding_errors(attempts: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """List the errors of the attempt that explains a result, of attempts as the table has them."""
    tries = [
        (str(attempt.get("status")), [e.get("message") or "" for e in attempt.get("errors") or ()])
        for attempt in attempts
    ]
    return list(attempts[deciding_place(tries)].get("errors") or ()) if tries else []


def deciding_place(tries: Sequence[tuple[str, list[str]]]) -> int:
    """Tell which attempt explains a result, of their statuses and errors' messages.

    It is the last one with errors that was not cut short by something else; where all of them
    were, the last one with errors; and without any errors, the last attempt.
    """
    failed = [place for place, (_, messages) in enumerate(tries) if messages]
    by_themselves = [place for place in failed if not is_cut_short(*tries[place])]
    return next((places[-1] for places in (by_themselves, failed) if places), len(tries) - 1)


def is_cut_short(status: str, messages: list[str]) -> bool:
    """Tell whether something else ended an attempt, so that its errors are mere consequences."""
    return status in _STOPPED or all(
        any(words in message for words in _CLOSED) for message in messages
    )
