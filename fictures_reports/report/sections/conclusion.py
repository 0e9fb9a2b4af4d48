"""What a script asks first: can the sides be compared, are they whole, and what is the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


def json(report: ReportInput) -> dict[str, Any]:
    """Return how many runs each side has, what kind the verdict is, and errors of the runs."""
    c = report.comparison
    return {
        "sides": {"before": len(c.before_runs), "after": len(c.after_runs)},
        "comparable": c.comparable,
        "reason": c.why_not_comparable or None,
        "complete": all(run.is_whole for run in (*c.before_runs, *c.after_runs)),
        "verdict_kind": c.verdict_kind,
        "run_errors": {"before": _errors(c.before_runs), "after": _errors(c.after_runs)},
        "missing": {"variants": [], "sources": []},
    }


def _errors(runs: Sequence[Run]) -> list[dict[str, Any]]:
    unknown = dict.fromkeys(("category", "phase", "file"))
    return [{"message": error} | unknown for run in runs for error in run.info.errors]


_IN_WORDS: Final = LeftOut("the first screen says it in words")

conclusion: Final = Section("conclusion", as_given, _IN_WORDS, _IN_WORDS, json)
