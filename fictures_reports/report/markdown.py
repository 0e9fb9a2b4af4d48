"""A report as Markdown: for a job summary, a merge request, a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.report.report_input import ReportInput
from fictures_reports.report.section import markdown_of
from fictures_reports.report.sections import sections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run


def markdown(
    subject: Comparison | Run,
    gates: Sequence[Gate] = (),
    past: pd.DataFrame | None = None,
    **beside: Any,
) -> str:
    """Write a comparison or a run as Markdown; `beside` are further fields of `ReportInput`."""
    report = ReportInput(subject, gates, past, **beside)
    return markdown_of(sections_of(report), report)
