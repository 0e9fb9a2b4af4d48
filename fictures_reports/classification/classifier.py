"""Frames in, frames out: every distinct failure is decided once and written to all its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fictures_reports.classification.answer_columns import answer_columns, attempt_columns
from fictures_reports.classification.attempt_categories import with_categories
from fictures_reports.classification.failure_answer import (
    UNEXPECTED_PASS,
    Failure,
    failure_answer,
)
from fictures_reports.classification.printed_reasons import printed_reason
from fictures_reports.classification.rule_index import RuleIndexes, indexes_for
from fictures_reports.classification.rules import Rule, refuse_other_rules
from fictures_reports.classification.skip_reasons import (
    annotated_kind,
    declared_reason,
)
from fictures_reports.classification.skip_rules import skip_answer
from fictures_reports.failures.reported_errors import errors_from, reported_errors
from fictures_reports.guards import need_columns
from fictures_reports.patterns import encodable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.failures.message_parts import ReportedError

#: Statuses whose category is the status itself.
_CATEGORY_OF = {
    "not_run": "not_run",
    "interrupted": "interrupted",
    "xfailed": "expected_failure",
}
#: A skip that took longer (seconds) was no decision of the author's: the test looked first.
LATE = 0.5
#: Statuses that leave something to decide.
_UNDECIDED = ("failed", "flaky", "skipped", *_CATEGORY_OF)


class Row(NamedTuple):
    """The columns of a row that a decision can depend on."""

    status: Any
    attempts: Any
    expected_status: Any
    duration_s: Any
    message: Any
    error_type: Any
    phase: Any
    location: Any
    snippet: Any
    title: Any
    skip_reason: Any
    annotations: Any
    stdout: Any
    stderr: Any


def rows_of(results: pd.DataFrame, places: Any) -> Iterator[Row]:
    """Return some rows as far as decisions need them; lists are much faster than itertuples."""
    return map(Row, *(results[name].array[places].tolist() for name in Row._fields))


def classify(results: pd.DataFrame, rules: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Return the results with why they failed or were skipped, by which rule and words.

    `rules` are a user's own and come before the package's. Passed results stay without.
    """
    need_columns(results, Row._fields, "results", "Run.results")
    refuse_other_rules(rules)
    answers = _Answers(indexes_for(rules))
    # most results passed: nothing of them is looked at or written
    undecided = results["status"].isin(_UNDECIDED).to_numpy().nonzero()[0]
    of_row = np.full(len(results), -1)
    attempts: dict[int, list[dict[str, Any]]] = {}
    for n, row in zip(undecided.tolist(), rows_of(results, undecided), strict=True):
        of_row[n] = answers.place_of(deciding_key(row))
        if tries := _listed(row.attempts):
            attempts[n] = _categorised(row, tries, of_row[n], answers)
    of_row[of_row < 0] = len(answers.distinct)
    columns = answer_columns(results, answers.distinct, of_row)
    return results.assign(**columns, **attempt_columns(results, attempts))


class _Answers:
    """Answers to distinct questions, each decided once."""

    def __init__(self, indexes: RuleIndexes) -> None:
        self._indexes = indexes
        self._places: dict[Any, int] = {}
        self.distinct: list[dict[str, Any]] = []

    def place_of(self, key: tuple[str, Any] | None) -> int:
        """Return where the answer to a key stands among the distinct ones."""
        if key not in self._places:
            self._places[key] = len(self.distinct)
            self.distinct.append(_answer(key, self._indexes))
        return self._places[key]

    def category_of(self, key: tuple[str, Any]) -> str:
        """Return the category that answers a key."""
        category: str = self.distinct[self.place_of(key)]["category"]
        return category


def _categorised(
    row: Row, tries: Sequence[Any], place: int, answers: _Answers
) -> list[dict[str, Any]]:
    def decided(attempt: Mapping[str, Any]) -> str:
        failure = failure_from(errors_from(attempt["errors"]), _text(row.title))
        return answers.category_of(("failed", failure))

    return with_categories(tries, answers.distinct[place]["category"], decided)


def deciding_key(row: Row) -> tuple[str, Any] | None:
    """Return what decides a row, None where there is nothing to decide; equal keys, one answer."""
    status = row.status
    if status == "failed" and _passed_unexpectedly(row):
        return ("failed", UNEXPECTED_PASS)
    if status in ("failed", "flaky"):
        return (status, failure_of(row))
    if status in _CATEGORY_OF:
        return (status, (failure_of(row), declared_reason(row.skip_reason)))
    if status == "skipped":
        kind, description = annotated_kind(_listed(row.annotations))
        reason = declared_reason(row.skip_reason) or declared_reason(description)
        declared = kind or ("skip" if row.expected_status == "skipped" else "")
        if declared == "skip" and row.duration_s > LATE:
            declared = "skip at run time"
        return (status, (reason, declared, printed_reason(row.stdout, row.stderr)))
    return None


def _passed_unexpectedly(row: Row) -> bool:
    """Playwright reports `test.fail()` that passed as failed, without any error."""
    if row.expected_status != "failed":
        return False
    attempts = _listed(row.attempts)
    return bool(attempts) and attempts[-1].get("status") == "passed"


def failure_of(row: Row) -> Failure:
    """Lay out what the rules may see of a failed row."""
    return failure_from(reported_errors(row), _text(row.title))


def failure_from(errors: tuple[ReportedError, ...], title: str) -> Failure:
    """Lay out what the rules may see of some errors; the title only where it can matter."""
    compared = [e for e in errors if "xpected" in e.message or "assert" in e.message]
    return Failure(errors, encodable(title) if compared else "")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _answer(key: tuple[str, Any] | None, indexes: RuleIndexes) -> dict[str, Any]:
    if key is None:
        return {}
    status, about = key
    if status == "skipped":
        reason, kind, printed = about
        return skip_answer(reason, kind, printed, indexes.skips)
    if status not in _CATEGORY_OF:
        return failure_answer(about, indexes.failures)
    failure, reason = about
    answer = failure_answer(failure, indexes.failures) if failure.errors[0].message else {}
    texts: dict[str, Any] = {n: answer[n] for n in ("signature", "message") if n in answer}
    return {
        **texts,
        "category": _CATEGORY_OF[status],
        "rule": f"status-{status}",
        "evidence": status,
        "skip_reason": reason,
    }
