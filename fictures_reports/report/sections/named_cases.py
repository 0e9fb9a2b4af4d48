"""Cases by name, as several sections list them: what happened to each, and how each side ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known, rows_by_case
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison

#: Rows of a table that names tests; every further one is under "All cases".
MOST_ROWS: Final = 300
#: Names that Markdown lists; the rest is counted.
MOST_NAMES: Final = 50
#: What comes before the words of a standing that is no news.
_EXCUSES: Final = {
    "known_flaky": "known as flaky: ",
    "known_issue": "known issue: ",
    "failing_on_base": "",
}


@dataclass(frozen=True, eq=False)
class NamedCase:
    """One case of a comparison; the result of a side that lacks the case is None."""

    change: str
    flaky: bool
    #: whose failure it is, None where it does not fail after; and the words that prove it
    standing: str | None
    standing_words: str
    result_before: Any
    result_after: Any

    @property
    def excuse(self) -> str:
        """Whose failure it is if it is not the change's, in words; "" else."""
        named = _EXCUSES.get(self.standing or "")
        # that a test which still fails failed before, its change says already
        if named is None or (not named and self.change == "still_failing"):
            return ""
        return f"{named}{self.standing_words}"

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
        NamedCase(
            row.change,
            row.flaky,
            known(row.standing),
            known(row.standing_words) or "",
            before.get(row.case_id),
            after.get(row.case_id),
        )
        for row in rows_of(chosen)
    ]


def _state(result: Any) -> dict[str, str]:
    if result is None:
        return {"status": "absent", "category": "", "why": ""}
    category = result.category if isinstance(result.category, str) else ""
    return {"status": result.status, "category": category, "why": reason(result)}
