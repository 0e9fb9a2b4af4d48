"""Frames in, frames out: every distinct failure is decided once and written to all its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from fictures_reports.classification.answer_columns import answer_columns
from fictures_reports.classification.failure_answer import (
    UNEXPECTED_PASS,
    Failure,
    failure_answer,
)
from fictures_reports.classification.printed_reasons import printed_reason
from fictures_reports.classification.rule_index import RuleIndexes, indexes_for
from fictures_reports.classification.skip_reasons import (
    annotated_kind,
    declared_reason,
)
from fictures_reports.classification.skip_rules import skip_answer
from fictures_reports.failures.message_parts import ReportedError
from fictures_reports.patterns import encodable
from fictures_reports.readers.statuses import deciding_errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.classification.rules import Rule

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


def rows_of(results: pd.DataFrame) -> Iterator[Row]:
    """Return the rows as far as decisions need them; lists are much faster than itertuples."""
    return map(Row, *(results[name].tolist() for name in Row._fields))


def classify(results: pd.DataFrame, rules: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Return the results with why they failed or were skipped, by which rule and words.

    `rules` are a user's own and come before the package's. Passed results stay without.
    """
    indexes = indexes_for(rules)
    places: dict[Any, int] = {}
    answers: list[dict[str, Any]] = []
    # most results passed: nothing of them is looked at or written
    undecided = results["status"].isin(_UNDECIDED).to_numpy().nonzero()[0]
    of_row = np.full(len(results), -1)
    for n, row in zip(undecided, rows_of(results.iloc[undecided]), strict=True):
        key = deciding_key(row)
        if key not in places:
            places[key] = len(answers)
            answers.append(_answer(key, indexes))
        of_row[n] = places[key]
    of_row[of_row < 0] = len(answers)
    return results.assign(**answer_columns(results, answers, of_row))


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
    errors = [_reported(error) for error in deciding_errors(_listed(row.attempts))]
    if not errors:
        errors = [ReportedError(_text(row.message), _text(row.error_type), _text(row.phase),
                       _text(row.location), "", _text(row.snippet))]  # fmt: skip
    compared = [e for e in errors if "xpected" in e.message or "assert" in e.message]
    return Failure(tuple(errors), encodable(_text(row.title)) if compared else "")


def _reported(error: Mapping[str, Any]) -> ReportedError:
    # by name: this is done for every error there is
    get = error.get
    return ReportedError(
        get("message") or "",
        get("error_type") or "",
        get("phase") or "",
        get("location") or "",
        get("stack") or "",
        get("snippet") or "",
    )


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
    kept: dict[str, Any] = {n: answer[n] for n in ("signature", "message") if n in answer}
    return {
        **kept,
        "category": _CATEGORY_OF[status],
        "rule": f"status-{status}",
        "evidence": status,
        "skip_reason": reason,
    }
