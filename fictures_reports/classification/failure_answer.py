"""Why a test failed: what decides it, and the answer with its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.classification.deciding_rule import Decision, decide
from fictures_reports.classification.facts import (
    fixture_defined_in,
    fixture_in,
    limit_facts,
    phase_in,
    waiting_facts,
)
from fictures_reports.classification.group_facts import group_facts
from fictures_reports.failures.message_parts import Error, ReportedError, errors_in
from fictures_reports.failures.signature import Raised, signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.classification.rule_index import RuleIndex


class Failure(NamedTuple):
    """Everything that decides a failure: equal failures get equal answers."""

    #: of the deciding attempt
    errors: tuple[ReportedError, ...]
    title: str = ""


#: Playwright has no words for a test that was declared to fail and passed.
UNEXPECTED_PASS: Final = Failure((ReportedError("Expected to fail, but passed."),))


def decided(failure: Failure, index: RuleIndex) -> tuple[tuple[Error, ...], Decision]:
    """Return the errors of a failure and what was decided over them."""
    errors = errors_in(failure.errors)
    return errors, decide(errors, index, failure.title)


def failure_answer(failure: Failure, index: RuleIndex) -> dict[str, Any]:
    """Decide a failure and take the facts out of its text."""
    errors, decision = decided(failure, index)
    match, error = decision.match, errors[decision.error]
    # the deciding error first: a report shows the top of it
    ordered = [error, *(e for e in errors if e is not error)]
    message = "\n\n".join(part for e in ordered for part in e.chain if part)
    category = match.rule.category if match else "unknown"
    fixture = fixture_in(message) if category in ("fixture_error", "timeout") else None
    phase = error.phase or (phase_in(message) if fixture else None)
    if fixture is None and phase in ("setup", "teardown"):
        fixture = fixture_defined_in(failure.errors[error.source].stack)
    return {
        "category": category,
        "rule": match.rule.id if match else "no-rule",
        "evidence": evidence_of(decision, error),
        "message": message or None,
        "phase": phase or None,
        "error_type": error.error_type or None,
        "fixture": fixture,
        "location": failure.errors[error.source].location or None,
        "signature": signature(_naming_text(error, ordered), _raised(failure, error)),
        **waiting_facts(category, message),
        **limit_facts(category, _compared(category, ordered), error.code, failure.title),
        **group_facts(category, ordered, failure.title),
    }


def _naming_text(error: Error, ordered: Sequence[Error]) -> str:
    """A bare 'Test timeout of 30000ms exceeded.' says nothing without the call that it blocked."""
    bare = "\n" not in error.chain[0] and error.chain[0].startswith("Test timeout")
    return "\n".join(
        naming_error.chain[0] for naming_error in (ordered[:2] if bare else ordered[:1])
    )


def _compared(category: str, ordered: Sequence[Error]) -> list[str]:
    """Return the texts whose comparisons count: of the deciding error, and of a poll behind it."""
    polls = [e for e in ordered[1:] if category == "timeout" and "imeout" in e.chain[0]]
    return [part for error in (ordered[0], *polls) for part in error.chain]


def _raised(failure: Failure, error: Error) -> Raised:
    """Say where an error was raised; a time-out has no place, the call that it ended has one."""
    reported = failure.errors[error.source]
    places = (
        raised_error.location
        for raised_error in (reported, *failure.errors)
        if raised_error.location
    )
    stack = reported.stack or reported.message
    return Raised(error.code, next(places, ""), stack)


def evidence_of(decision: Decision, error: Error) -> str | None:
    """Quote the words that decided; where the phase did, with the words of the error."""
    if decision.match is None:
        return None
    if decision.match.rule.where != "phase":
        return decision.match.evidence
    return f"{decision.match.evidence}: {error.chain[0].partition(chr(10))[0]}"[:300]
