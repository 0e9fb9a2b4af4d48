"""The numbers of a report as one JSON object; `SCHEMA_VERSION` grows when a key changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.report_input import ReportInput
from fictures_reports.report.section import both_of, json_of
from fictures_reports.report.sections import sections_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

SCHEMA_VERSION: Final = 2


def payload(subject: Comparison | Run, gates: Sequence[Gate] = (), **beside: Any) -> dict[str, Any]:
    """Return everything that a script needs of a comparison or a run; missing values are None.

    `beside` are further fields of `ReportInput`.
    """
    report = ReportInput(subject, gates, **beside)
    return {"schema_version": SCHEMA_VERSION, **json_of(sections_of(report), report)}


def payload_and_markdown(
    subject: Comparison | Run, gates: Sequence[Gate] = (), **beside: Any
) -> tuple[dict[str, Any], str]:
    """Return `payload` and what `markdown.markdown` returns, worked out together."""
    report = ReportInput(subject, gates, **beside)
    words, numbers = both_of(sections_of(report), report)
    return {"schema_version": SCHEMA_VERSION, **numbers}, words
