"""Why a test was skipped: the rule for its reason, declared or printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.classification.deciding_rule import first_match
from fictures_reports.classification.skip_reasons import has_words
from fictures_reports.failures.signature import signature
from fictures_reports.failures.skip_words import skip_cause

if TYPE_CHECKING:
    from fictures_reports.classification.deciding_rule import Match
    from fictures_reports.classification.rule_index import RuleIndex


def skip_match(
    reason: str | None, kind: str, printed: str | None, index: RuleIndex
) -> tuple[Match | None, str | None]:
    """Find the rule for a skip, and the words that it goes by.

    The test's own output speaks where nothing was declared, or nothing that a rule knows.
    """
    words = reason if has_words(reason) else printed or reason
    match = first_match({"reason": words or "", "annotation": kind}, index)
    vague = match is None or match.rule.id == "skip-reason-given"
    if vague and printed and words is not printed:
        printed_match = first_match({"reason": printed}, index)
        if printed_match and printed_match.rule.id != "skip-reason-given":
            return printed_match, words
    return match, words


def skip_answer(
    reason: str | None, kind: str, printed: str | None, index: RuleIndex
) -> dict[str, Any]:
    """Decide a skip by its reason."""
    match, words = skip_match(reason, kind, printed, index)
    if match is None:
        return {"category": "skipped", "rule": "no-reason", "skip_reason": words}
    return {
        "category": match.rule.category,
        "rule": match.rule.id,
        "evidence": match.evidence,
        "skip_reason": words,
        "signature": signature(skip_cause(words)) if words else None,
    }
