"""Why a test failed: what decides it, the verdict over its errors, and the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.classification.deciding_rule import Verdict, verdict
from fictures_reports.classification.facts import fixture_in, limit_facts, phase_in, waiting_words
from fictures_reports.failures.message_parts import Error, Told, errors_in, read_told
from fictures_reports.failures.signature import signed, worded
from fictures_reports.failures.timeouts import seconds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.classification.rule_index import Book


class Cause(NamedTuple):
    """Everything that decides a failure: equal causes get equal answers."""

    #: of the deciding attempt
    errors: tuple[Told, ...]
    title: str = ""


#: Playwright has no words for a test that was declared to fail and passed.
UNEXPECTED_PASS: Final = Cause((Told("Expected to fail, but passed."),))


def decided(cause: Cause, book: Book) -> tuple[tuple[Error, ...], Verdict]:
    """Return the errors of a cause and the verdict over them."""
    errors = errors_in(map(read_told, cause.errors))
    return errors, verdict(errors, book, cause.title)


def failure_answer(cause: Cause, book: Book) -> dict[str, Any]:
    """Decide a failure and take the facts out of its text."""
    return answer_of(words_of(*decided(cause, book)), cause)


class Words(NamedTuple):
    """What an answer is made of. No number has been read yet, and no value compared with another.

    Given the rule, the words stand at the same places in all texts of a shape.
    """

    category: str
    rule: str
    evidence: str | None
    message: str | None
    phase: str | None
    error_type: str | None
    locator: str | None
    fixture: str | None
    #: number and unit of the time that ran out
    budget: tuple[str, str] | None
    #: what the signature is made of
    worded: str
    #: of the deciding error
    chain: tuple[str, ...]
    code: str
    told: int


#: The words that are part of the answer as they are.
QUOTED: Final = Words._fields[:8]


def words_of(errors: Sequence[Error], found: Verdict) -> Words:
    """Put together what the answer tells."""
    error = errors[found.error]
    # the deciding error first: a report shows the top of it
    ordered = [error, *(e for e in errors if e is not error)]
    message = "\n\n".join(part for e in ordered for part in e.chain if part)
    category = found.match.rule.category if found.match else "unknown"
    fixture = fixture_in(message) if category in ("fixture_error", "timeout") else None
    phase = error.phase or (phase_in(message) if fixture else None)
    budget, locator = waiting_words(category, message)
    return Words(
        category=category,
        rule=found.match.rule.id if found.match else "no-rule",
        evidence=evidence_of(found, error),
        message=message or None,
        phase=phase or None,
        error_type=error.error_type or None,
        locator=locator,
        fixture=fixture,
        budget=budget,
        worded=worded(_told(error, ordered)),
        chain=error.chain,
        code=error.code,
        told=error.told,
    )


def answer_of(words: Words, cause: Cause) -> dict[str, Any]:
    """Sign the words and read the numbers in them."""
    return {
        **dict(zip(QUOTED, words, strict=False)),
        "location": cause.errors[words.told].location or None,
        "signature": signed(words.worded),
        "timeout_s": seconds(words.budget) if words.budget else None,
        **limit_facts(words.category, words.chain, words.code, cause.title),
    }


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
