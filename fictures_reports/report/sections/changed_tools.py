"""The tools and settings that changed between two runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.tool_versions import drift, reworded
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class ChangedTools:
    """What changed, as `drift` returns it, and how many failures only say other words since."""

    drift: pd.DataFrame
    n_reworded: int


def values(report: ReportInput) -> ChangedTools:
    """Compare what both runs recorded of their tools."""
    c = report.comparison
    return ChangedTools(drift(c), len(reworded(c)))


def html(v: ChangedTools) -> Fragment:
    """List the tools that changed; nothing where none did."""
    return fragment(
        "tool_versions.html.j2", counted(len(v.drift), "tool or setting", "tools and settings"),
        drift=rows_of(v.drift), n_reworded=v.n_reworded,
    )  # fmt: skip


def markdown(v: ChangedTools) -> str:
    """List what changed; nothing where nothing did."""
    lines = [f"- {text(words)}" for words in v.drift["words"]]
    title = f"Changed between the runs: {len(lines)}"
    return listing(title, shortened(lines[:MOST_ROWS], len(lines)))


def json(v: ChangedTools) -> dict[str, Any]:
    """Return what changed, before and after."""
    return {"drift": plain_rows(v.drift.drop(columns="words"))}


tool_versions: Final = Section("tool_versions", values, html, markdown, json)
