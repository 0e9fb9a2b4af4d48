"""What was measured against a limit, and which tests became slower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.durations import changed
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.reasons.limit_sentence import how_far
from fictures_reports.analysis.result_summary import known, rows_by_case
from fictures_reports.analysis.wording import duration, number, quantity
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.document_layout import aligned, section, subsection

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_MOST: Final = 10
_TIMEOUT: Final = "timeout"


def performance(d: DocumentInput) -> str:
    """Show each missed limit of either run, and tests whose duration moved by themselves."""
    return section("Performance", _limits(d), _durations(d))


def _limits(d: DocumentInput) -> str:
    after = rows_by_case(d.after.results)
    before = rows_by_case(d.before.results) if d.before else {}
    missed = [case for case, row in {**before, **after}.items()
              if _missed(after.get(case)) or _missed(before.get(case))]  # fmt: skip
    rows = [_limit(before.get(case), after.get(case), two=bool(d.before)) for case in missed]
    measured = ["before", "after"] if d.before else ["measured"]
    return aligned(["test", "limit", *measured, "ratio"], rows)


def _missed(row: Any) -> bool:
    return row is not None and row.status == "failed" and known(row.limit) is not None


def _limit(before: Any, after: Any, *, two: bool) -> tuple[str, ...]:
    row = after if _missed(after) else before
    wanted = f"{known(row.comparator) or ''} {quantity(row.limit, known(row.unit))}"
    then = (_measured(before),) if two else ()
    off = _missed(after) and known(after.comparator) not in (None, "==")
    ratio = how_far(after.measured, after.comparator, after.limit) if off else ""
    return (row.title, wanted.strip(), *then, _measured(after), ratio)


def _measured(row: Any) -> str:
    """Say what was measured, or how the test ended where nothing was."""
    if row is None:
        return "not in this run"
    if known(row.measured) is None:
        why = category_name(known(row.category))
        return f"not measured: {why}" if why else str(row.status)
    return quantity(row.measured, known(row.unit)) if known(row.unit) else number(row.measured)


def _durations(d: DocumentInput) -> str:
    if d.comparison is None:
        return ""
    rows = [
        (row.test, duration(row.before_s), duration(row.after_s), f"{row.ratio:.1f} ×")
        for row in rows_of(changed(d.comparison))
        if _TIMEOUT not in (known(row.before_category), known(row.after_category))
        and known(row.ratio) is not None
    ]
    table = aligned(["test", "before", "after", "ratio"], rows, _MOST)
    return subsection("Durations that moved, time-outs apart", table)
