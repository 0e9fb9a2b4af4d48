"""Lines about failing tests: those that say the same of one file share a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import category_name, status_name
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import duration, listed
from fictures_reports.report.document.test_names import shown_title, titles
from fictures_reports.report.markdown_text import code, text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

#: Of more tests in a line, durations and places are given for all of them together.
_MOST_APART: Final = 3


def failing_lines(d: DocumentInput, rows: list[Any], shared: str) -> list[str]:
    """Say of each failing test why it fails, its cause unless `shared` is that, and what it was."""
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(_why(d, row, shared), []).append(row)
    return [f"{_tests(d, tests)}: {words}" for words, tests in groups.items()]


def named_cause(d: DocumentInput, row: Any) -> str:
    """Name the cause of a failure if it has a section of its own."""
    cause = d.cause_of.get(row.case_id, "")
    return cause if cause in d.named_causes else ""


def ended_before(d: DocumentInput, row: Any) -> str:
    """Say how the test ended before, where that was otherwise."""
    change = d.changes.get(row.case_id)
    if change is None:
        return ""
    if change.before_outcome == "absent":
        return "new"
    then, now = known(change.before_category), known(row.category)
    if change.before_status == row.status and then == now:
        return ""
    ended = f"“{category_name(then)}”" if then else status_name(change.before_status)
    return f"before: {ended}" if change.change != "broken" else f"**before: {ended}**"


def _why(d: DocumentInput, row: Any, shared: str) -> str:
    cause, why = named_cause(d, row), reason(row).rstrip(".")
    # a cause may have no other name than what its tests say
    is_in_why = cause in ("", shared) or cause.rstrip(".…") in why
    named = "" if is_in_why else f"cause: {text(cause)}"
    return "; ".join(filter(None, (text(why), named, ended_before(d, row), _standing(d, row))))


def _tests(d: DocumentInput, rows: list[Any]) -> str:
    if len(rows) <= _MOST_APART:
        return listed([f"**{shown_title(d, row)}** ({_took(row)})" for row in rows])
    took = sorted(seconds for row in rows if (seconds := known(row.duration_s)) is not None)
    places = {known(row.location) for row in rows}
    ends = list(dict.fromkeys(duration(seconds) for seconds in (took[:1] + took[-1:])))
    place = code(next(iter(places))) if len(places) == 1 and None not in places else ""
    facts = ", ".join(filter(None, (" to ".join(ends), place)))
    return titles(d, rows, bold=True) + (f" ({facts})" if facts else "")


def _took(row: Any) -> str:
    place = known(row.location)
    return duration(known(row.duration_s)) + (f", {code(place)}" if place else "")


def _standing(d: DocumentInput, row: Any) -> str:
    """Say whose failure it is, unless it is new."""
    change = d.changes.get(row.case_id)
    if change is None:
        return ""
    standing = known(change.standing)
    # Without a base branch the run before is the base: `ended_before` says that.
    explained_standings = ("known_flaky", "known_issue", *(["failing_on_base"] if d.base else []))
    return text(known(change.standing_words) or "") if standing in explained_standings else ""
