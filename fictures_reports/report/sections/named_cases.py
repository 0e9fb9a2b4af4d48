"""Cases by name, as several sections list them: what happened to each, and how each side ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import rows_by_case, rows_of
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison

#: Rows of a table that names tests; every further one is under "All cases".
MOST_ROWS: Final = 300
#: Names that Markdown lists; the rest is counted.
MOST_NAMES: Final = 50


@dataclass(frozen=True, eq=False)
class NamedCase:
    """One case of a comparison; the result of a side that lacks the case is None."""

    change: str
    flaky: bool
    result_before: Any
    result_after: Any

    @property
    def row(self) -> Any:
        """The newer result of the case."""
        return self.result_after or self.result_before

    @property
    def before(self) -> dict[str, str]:
        """How the case ended before."""
        return _state(self.result_before)

    @property
    def after(self) -> dict[str, str]:
        """How the case ended after."""
        return _state(self.result_after)


def named_cases(c: Comparison, labels: Sequence[str]) -> list[NamedCase]:
    """Return the cases with one of these change labels, in the order of `c.changes`."""
    chosen = c.changes[c.changes["change"].isin(labels)]
    before, after = (
        rows_by_case(run.results[run.results["case_id"].isin(chosen["case_id"])])
        for run in (c.before, c.after)
    )
    return [
        NamedCase(row.change, row.flaky, before.get(row.case_id), after.get(row.case_id))
        for row in rows_of(chosen)
    ]


def in_markdown(result: Any) -> str:
    """Write a result as an item of a Markdown list: title, file and reason."""
    name, why = f"- **{text(result.title)}** ({text(result.file)})", reason(result)
    return f"{name}: {text(why)}" if why else name


def _state(result: Any) -> dict[str, str]:
    if result is None:
        return {"status": "absent", "category": "", "why": ""}
    category = result.category if isinstance(result.category, str) else ""
    return {"status": result.status, "category": category, "why": reason(result)}
