"""Frames in, frames out: every distinct failure is decided once and written to all its rows."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from fictures_reports.classify.reasons import (
    annotated_kind,
    declared_reason,
    has_words,
    printed_reason,
)
from fictures_reports.classify.rules import Rule, default_rules
from fictures_reports.classify.texts import Error, errors_in
from fictures_reports.classify.verdict import Match, Verdict, first_match, verdict
from fictures_reports.measurements import is_budget, measurements, timeout_facts
from fictures_reports.signature import failing_line, signature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Statuses whose category is the status itself.
_AS_THEY_ARE = {
    "not_run": "not_run",
    "interrupted": "interrupted",
    "xfailed": "expected_failure",
}
#: A skip that took longer (seconds) was no decision of the author's: the test looked first.
LATE = 0.5
UNEXPECTED_PASS = ("Expected to fail, but passed.", "", "", "", "", "")
_ADJUSTED = ("phase", "error_type", "location", "message")
_DERIVED = (
    "category", "rule", "evidence", "signature", "measured", "comparator", "limit", "unit",
    "ratio", "timeout_s", "locator", "fixture", "skip_reason",
)  # fmt: skip


class Cause(NamedTuple):
    """Everything that decides a failure: equal causes get equal answers."""

    #: per error of the deciding attempt: message, type, phase, location, stack, code frame
    errors: tuple[tuple[str, str, str, str, str, str], ...]
    title: str = ""


class Seen(NamedTuple):
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


def seen_in(results: pd.DataFrame) -> Iterator[Seen]:
    """Return the rows as far as decisions need them; lists are much faster than itertuples."""
    return map(Seen, *(results[name].tolist() for name in Seen._fields))


def failure_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules about failures."""
    return tuple(rule for rule in rules if rule.where not in ("reason", "annotation"))


def skip_rules(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """Return the rules about skips."""
    return tuple(rule for rule in rules if rule.where in ("reason", "annotation"))


def with_defaults(rules: Sequence[Rule] | None) -> tuple[Rule, ...]:
    """Put a user's rules before ours; a rule of ours with the same id gives way."""
    own = tuple(rules or ())
    taken = {rule.id for rule in own}
    return own + tuple(rule for rule in default_rules() if rule.id not in taken)


def classify(results: pd.DataFrame, rules: Sequence[Rule] | None = None) -> pd.DataFrame:
    """Return the results with why they failed or were skipped, by which rule and words.

    `rules` are a user's own and come before the package's. Passed results stay without.
    """
    ordered = with_defaults(rules)
    known: dict[Any, dict[str, Any]] = {}
    answers: list[dict[str, Any]] = []
    for row in seen_in(results):
        key = decides(row)
        if key is not None and key not in known:
            known[key] = _answer(key, ordered)
        answers.append(known[key] if key is not None else {})
    return _written(results, answers)


def decides(row: Seen) -> tuple[str, Any] | None:
    """Return what decides a row, None where there is nothing to decide."""
    status = row.status
    if status == "failed" and _passed_unexpectedly(row):
        return ("unexpected pass", None)
    if status in ("failed", "flaky"):
        return (status, cause_of(row))
    if status in _AS_THEY_ARE:
        return (status, (cause_of(row), declared_reason(row.skip_reason)))
    if status == "skipped":
        kind, description = annotated_kind(_listed(row.annotations))
        reason = declared_reason(row.skip_reason) or declared_reason(description)
        declared = kind or ("skip" if row.expected_status == "skipped" else "")
        if declared == "skip" and row.duration_s > LATE:
            declared = "skip at run time"
        return (status, (reason, declared, printed_reason(_text(row.stdout))))
    return None


def _passed_unexpectedly(row: Seen) -> bool:
    """Playwright reports `test.fail()` that passed as failed, without any error."""
    attempts = _listed(row.attempts)
    return (
        row.expected_status == "failed"
        and bool(attempts)
        and attempts[-1].get("status") == "passed"
    )


def cause_of(row: Seen) -> Cause:
    """Lay out what the rules may see of a failed row."""
    errors = []
    for attempt in reversed(_listed(row.attempts)):
        errors = [
            (
                error.get("message") or "",
                error.get("error_type") or "",
                error.get("phase") or "",
                error.get("location") or "",
                error.get("stack") or "",
                error.get("snippet") or "",
            )
            for error in attempt.get("errors") or []
        ]
        if errors:
            break
    if not errors:
        errors = [(_text(row.message), _text(row.error_type), _text(row.phase),
                   _text(row.location), "", _text(row.snippet))]  # fmt: skip
    title = _text(row.title) if any("xpected" in e[0] or "assert" in e[0] for e in errors) else ""
    return Cause(tuple(errors), title)


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _answer(key: tuple[str, Any], rules: Sequence[Rule]) -> dict[str, Any]:
    status, about = key
    if status == "unexpected pass":
        return failure_answer(Cause((UNEXPECTED_PASS,)), failure_rules(rules))
    if status == "skipped":
        reason, kind, printed = about
        return skip_answer(reason, kind, printed, skip_rules(rules))
    if status in _AS_THEY_ARE:
        cause, reason = about
        answer = failure_answer(cause, failure_rules(rules)) if cause.errors[0][0] else {}
        kept: dict[str, Any] = {n: answer[n] for n in ("signature", "message") if n in answer}
        return {
            **kept,
            "category": _AS_THEY_ARE[status],
            "rule": f"status-{status}",
            "evidence": status,
            "skip_reason": reason,
        }
    return failure_answer(about, failure_rules(rules))


def skip_match(
    reason: str | None, kind: str, printed: str | None, rules: Sequence[Rule]
) -> tuple[Match | None, str | None]:
    """Find the rule for a skip, and the words that it goes by.

    The test's own output speaks where nothing was declared, or nothing that a rule knows.
    """
    words = reason if has_words(reason) else printed or reason
    match = first_match({"reason": words or "", "annotation": kind}, rules)
    vague = match is None or match.rule.id == "skip-reason-given"
    if vague and printed and words is not printed:
        said = first_match({"reason": printed}, rules)
        if said and said.rule.id != "skip-reason-given":
            return said, words
    return match, words


def skip_answer(
    reason: str | None, kind: str, printed: str | None, rules: Sequence[Rule]
) -> dict[str, Any]:
    """Decide a skip by its reason."""
    match, words = skip_match(reason, kind, printed, rules)
    if match is None:
        return {"category": "skipped", "rule": "no-reason", "skip_reason": words}
    return {
        "category": match.rule.category,
        "rule": match.rule.id,
        "evidence": match.evidence,
        "skip_reason": words,
        "signature": signature(words) if words else None,
    }


def errors_of(cause: Cause) -> tuple[Error, ...]:
    """Take the errors of a cause apart; a text may hold several."""
    errors: list[Error] = []
    for message, error_type, phase, location, stack, snippet in cause.errors:
        for error in errors_in(message, error_type, phase, stack):
            code = error.code or failing_line(snippet)
            errors.append(error._replace(location=location, code=code))
    return tuple(errors)


def decided(cause: Cause, rules: Sequence[Rule]) -> tuple[tuple[Error, ...], Verdict]:
    """Return the errors of a cause and the verdict over them."""
    errors = errors_of(cause)
    return errors, verdict(errors, rules, cause.title)


def failure_answer(cause: Cause, rules: Sequence[Rule]) -> dict[str, Any]:
    """Decide a failure and take the facts out of its text."""
    errors, found = decided(cause, rules)
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
    return {**answer, **_facts(answer["category"], error, message, cause)}


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


def _facts(category: str, error: Error, message: str, cause: Cause) -> dict[str, Any]:
    facts = _time_facts(category, message)
    if category == "threshold_miss":
        found = [m for part in error.chain for m in measurements(part, cause.title, error.code)]
        found = [m for m in found if is_budget(m)] or found
        if found:
            facts |= dict(zip(("measured", "comparator", "limit", "unit", "ratio"), found[0][:5],
                              strict=True))  # fmt: skip
    fixture = fixture_in(message) if category in ("fixture_error", "timeout") else None
    if fixture:
        facts["fixture"] = fixture
        facts["phase"] = error.phase or phase_in(message)
    return facts


_WAITING = ("timeout", "element", "assertion", "crash", "snapshot", "environment", "auth")
# "Expect … with timeout 5000ms" in a call log is no sign: strict mode fails at once
_WAITED = ("Timed out", "Timeout: ", "Assertions.to_", "Locator expected to ", "URL expected to ")


def _time_facts(category: str, message: str) -> dict[str, Any]:
    """A web-first assertion that failed has waited for its whole time, too."""
    if category not in _WAITING:
        return {}
    facts = timeout_facts(message)
    waited = category == "timeout" or any(word in message for word in _WAITED)
    what = facts.waited_for if category == "timeout" else facts.locator
    return {"timeout_s": facts.timeout_s if waited else None, "locator": what}


@lru_cache(maxsize=1)
def _fixture_patterns() -> tuple[Any, ...]:
    import re2

    return tuple(
        re2.compile(pattern)
        for pattern in (
            r"(fixture@\d+)",
            r"fixture '([^']+)' not found",
            r'unknown parameter "([^"]+)"',
            r'[Ff]ixture "([^"]+)"',
            r'(?:setting up|[Tt]earing down|while running) "([^"]+)"',
            r'"((?:before|after) ?(?:All|Each|all|each))" hook',
            r"Fixture '?\"?(\w+)'?\"? called directly",
        )
    )


def fixture_in(text: str) -> str | None:
    """Return the fixture or hook that a failure text names."""
    for pattern in _fixture_patterns():
        found = pattern.search(text)
        if found:
            return str(found.group(1))
    return None


def phase_in(text: str) -> str | None:
    """Return the phase that a failure text names: 'while setting up', '"afterEach" hook'."""
    head = text[:400].lower()
    if any(word in head for word in ("tearing down", "teardown", '"after')):
        return "teardown"
    if any(word in head for word in ("setting up", "during setup", '"before', "not found\navail")):
        return "setup"
    return None


def _written(results: pd.DataFrame, answers: list[dict[str, Any]]) -> pd.DataFrame:
    """Copy the frame with the answers in it; what an answer does not say stays as it was."""
    columns: dict[str, Any] = {}
    for name in (*_DERIVED, *_ADJUSTED):
        old = results[name] if name in results else pd.Series([None] * len(results))
        kept = name in _ADJUSTED
        # an answer without a reason takes away one that was no more than a log
        values = [
            answer.get(name) if answer.get(name) is not None or not kept else was
            for answer, was in zip(answers, old.tolist(), strict=True)
        ]
        columns[name] = pd.Series(values, index=results.index, dtype=_dtype(name))
    return results.assign(**columns)


def _dtype(name: str) -> str:
    return "float64" if name in ("measured", "limit", "ratio", "timeout_s") else "str"
