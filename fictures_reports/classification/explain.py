"""Show why: rule, words in context, facts, runner-up; and what other rules would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from fictures_reports.classification.classifier import classify, deciding_key, rows_of
from fictures_reports.classification.deciding_rule import matches, parts_of, texts_of
from fictures_reports.classification.failure_answer import Failure, decided
from fictures_reports.classification.rule_index import RuleIndexes, indexes_for
from fictures_reports.classification.skip_rules import skip_match

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fictures_reports.classification.deciding_rule import Match
    from fictures_reports.classification.rules import Rule

#: Characters of context on each side of the matched words.
AROUND: Final = 120
_FACTS: Final = (
    "measured", "comparator", "limit", "unit", "ratio", "timeout_s", "locator", "fixture",
    "skip_reason", "phase",
)  # fmt: skip
_COLUMNS: Final = (
    "run_id", "case_id", "status", "category", "rule", "where", "before", "matched", "after",
    "start", "end", "facts", "runner_up", "runner_up_category", "advice",
)  # fmt: skip


class Quotation(NamedTuple):
    """Matched words with what stands around them."""

    where: str | None = None
    before: str | None = None
    matched: str | None = None
    after: str | None = None
    #: where the words stand in the part `where`
    start: int | None = None
    end: int | None = None


def explain(results: pd.DataFrame, rules: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Return one row per failure and skip: what decided, in which words, and what came second.

    `before`, `matched` and `after` are the words in their context; `facts` is a dict.
    """
    indexes = indexes_for(rules)
    classified = classify(results, rules)
    rows = [
        _explained(row, answer, indexes)
        for row, answer in zip(
            rows_of(results, slice(None)), classified.itertuples(index=False), strict=True
        )
        if isinstance(answer.category, str)
    ]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _explained(row: Any, answer: Any, indexes: RuleIndexes) -> tuple[Any, ...]:
    match, second = _best_two(deciding_key(row), indexes)
    facts = {n: v for n in _FACTS if not pd.isna(v := getattr(answer, n))}
    return (
        answer.run_id, answer.case_id, answer.status, answer.category, answer.rule,
        *_quoted(match), facts,
        second.rule.id if second else None, second.rule.category if second else None,
        match.rule.advice if match else None,
    )  # fmt: skip


def _best_two(
    key: tuple[str, Any] | None, indexes: RuleIndexes
) -> tuple[Match | None, Match | None]:
    """Return what decided, and the rule that would have without it."""
    if key is None:
        return None, None
    status, about = key
    if status == "skipped":
        reason, kind, printed = about
        match, words = skip_match(reason, kind, printed, indexes.skips)
        return match, _second(
            match, matches({"reason": words or "", "annotation": kind}, indexes.skips)
        )
    if not isinstance(about, Failure):
        return None, None
    errors, found = decided(about, indexes.failures)
    error = errors[found.error]
    ranked = [
        match
        for message in texts_of(error)
        for match in matches(parts_of(error, message, about.title), indexes.failures)
    ]
    return found.match, _second(found.match, ranked)


def _second(match: Match | None, ranked: Iterable[Match]) -> Match | None:
    if match is None:
        return None
    return next(
        (other_match for other_match in ranked if other_match.rule.id != match.rule.id), None
    )


def _quoted(match: Match | None) -> Quotation:
    if match is None:
        return Quotation()
    text, start, end = match.text, match.start, match.end
    return Quotation(
        where=match.rule.where,
        before=text[max(0, start - AROUND) : start],
        matched=text[start:end],
        after=text[end : end + AROUND],
        start=start,
        end=end,
    )


def dry_run(results: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """Return what a user's rules would change, and what no rule decides with or without them.

    One row per result; `change` is "category", "rule" or "unknown".
    """
    before, after = classify(results), classify(results, rules)
    table = pd.DataFrame(
        {
            "run_id": results["run_id"],
            "case_id": results["case_id"],
            "category_before": before["category"],
            "category_after": after["category"],
            "rule_before": before["rule"],
            "rule_after": after["rule"],
            "evidence": after["evidence"],
            "message": after["message"],
        }
    )
    decided_rows = table["category_after"].notna()
    change = pd.Series("", index=table.index)
    change[decided_rows & (table["category_after"] == "unknown")] = "unknown"
    change[decided_rows & (table["rule_before"] != table["rule_after"])] = "rule"
    change[decided_rows & (table["category_before"] != table["category_after"])] = "category"
    return table.assign(change=change)[change != ""].reset_index(drop=True)
