"""Known issues that somebody should look at: expired, passing now, or matching nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.known_issues import issues, review, without_texts
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.known_issues import KnownIssue


def ended_issues(c: Comparison) -> list[Any]:
    """Return the rows of `review` for all issues of a comparison that are not simply open.

    A test that the base branch knows as flaky passes most of the time: that it passes in this run
    ends no issue.
    """
    given = issues(c.known_issues) if c.known_issues else []
    reviewed = rows_of(review(c.after, given))
    still_flaky = [_is_flaky(c, issue) for issue in given]
    return [
        row
        for row, flaky in zip(reviewed, still_flaky, strict=True)
        if row.state != "open" and not (flaky and row.state == "passes now")
    ]


def _is_flaky(c: Comparison, issue: KnownIssue) -> bool:
    """Tell whether the base branch knows a case that an issue names as flaky."""
    if c.base is None:
        return False
    flaky = c.base.cases.index[c.base.cases["state"] == "flaky"]
    cases = review(c.after, [without_texts(issue)])["cases"].iloc[0]
    return bool(set(flaky) & set(cases))
