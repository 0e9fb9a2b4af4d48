"""Why a test failed: what decides it, the verdict over its errors, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.classify.facts import facts_of
from fictures_reports.classify.texts import Error, errors_in
from fictures_reports.classify.verdict import Verdict, verdict
from fictures_reports.signature import failing_line, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.classify.book import Book


class Told(NamedTuple):
    """What a result file says of an error; empty where it says nothing."""

    message: str
    error_type: str = ""
    phase: str = ""
    location: str = ""
    stack: str = ""
    snippet: str = ""


class Cause(NamedTuple):
    """Everything that decides a failure: equal causes get equal answers."""

    #: of the deciding attempt
    errors: tuple[Told, ...]
    title: str = ""


#: Playwright has no words for a test that was declared to fail and passed.
UNEXPECTED_PASS: Final = Cause((Told("Expected to fail, but passed."),))


def errors_of(cause: Cause) -> tuple[Error, ...]:
    """Take the errors of a cause apart; a text may hold several."""
    errors: list[Error] = []
    for told in cause.errors:
        for e in errors_in(told.message, told.error_type, told.phase, told.stack):
            code = e.code or failing_line(told.snippet)
            errors.append(Error(e.chain, e.error_type, e.phase, told.location, code))
    return tuple(errors)


def decided(cause: Cause, book: Book) -> tuple[tuple[Error, ...], Verdict]:
    """Return the errors of a cause and the verdict over them."""
    errors = errors_of(cause)
    return errors, verdict(errors, book, cause.title)


def failure_answer(cause: Cause, book: Book) -> dict[str, Any]:
    """Decide a failure and take the facts out of its text."""
    errors, found = decided(cause, book)
    error = errors[found.error]
    # the deciding error first: a report shows the top of it
    ordered = [error, *(e for e in errors if e is not error)]
    message = "\n\n".join(part for e in ordered for part in e.chain if part)
    answer: dict[str, Any] = {
        "category": found.match.rule.category if found.match else "unknown",
        "rule": found.match.rule.id if found.match else "no-rule",
        "evidence": evidence_of(found, error),
        "message": message or None,
        "phase": error.phase or None,
        "error_type": error.error_type or None,
        "location": error.location or None,
        "signature": signature(_told(error, ordered)),
    }
    return {**answer, **facts_of(answer["category"], error, message, cause.title)}


def _told(error: Error, ordered: Sequence[Error]) -> str:
    """A bare 'Test timeout of 30000ms exceeded.' says nothing without the call that it blocked."""
    bare = "\n" not in error.chain[0] and error.chain[0].startswith("Test timeout")
    told = ordered[:2] if bare else ordered[:1]
    return "\n".join(one.chain[0] for one in told)


def evidence_of(found: Verdict, error: Error) -> str | None:
    """Quote the words that decided; where the phase did, with the words of the error."""
    if found.match is None:
        return None
    if found.match.rule.where != "phase":
        return found.match.evidence
    return f"{found.match.evidence}: {error.chain[0].partition(chr(10))[0]}"[:300]
