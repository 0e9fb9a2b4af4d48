"""All cases of a report as compact data for the page's search, and as a table without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import known, rows_by_case, rows_of, why
from fictures_reports.analysis.wording import counted
from fictures_reports.report.evidence import anchor
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.runs import Run

#: What a reader can narrow the list by; each value stands once and is referred to by its place.
FACETS: Final = ("status", "before", "change", "category", "file", "project")
#: More cases than this are left to the rows (`fictures-reports results`).
MOST_CASES: Final = 100_000


def cases(subject: Comparison | Run) -> Fragment:
    """Show every case with search and filters; without JavaScript a note where else they are."""
    rows = _rows(subject)
    n_left_out = max(0, len(rows) - MOST_CASES)
    data = _encoded(rows[:MOST_CASES])
    text = counted(len(rows), "case")
    return fragment("cases.html.j2", text, data=data, n=len(rows), n_left_out=n_left_out)


def _rows(subject: Comparison | Run) -> list[dict[str, Any]]:
    if not isinstance(subject, Comparison):
        results = rows_by_case(subject.results)
        return [_row(result, result.status, "", "") for result in results.values()]
    before, after = rows_by_case(subject.before.results), rows_by_case(subject.after.results)
    rows = []
    for case in rows_of(subject.changes[["case_id", "change"]]):
        old, new = before.get(case.case_id), after.get(case.case_id)
        now, then = (row.status if row else "absent" for row in (new, old))
        rows.append(_row(new or old, now, then, case.change))
    order = {change: i for i, change in enumerate(CHANGES)}
    return sorted(rows, key=lambda row: order[row["change"]])


def _row(result: Any, status: str, before: str, change: str) -> dict[str, Any]:
    return {
        "title": result.title,
        "tags": result.tags,
        "status": status,
        "before": before,
        "change": change,
        "category": known(result.category) or "",
        "file": result.file,
        "project": result.project,
        "seconds": known(result.duration_s),
        "why": why(result),
        "id": anchor(result.case_id),
    }


def _encoded(rows: list[dict[str, Any]]) -> str:
    """Write rows as JSON in which every facet's value stands once."""
    facets: dict[str, list[str]] = {}
    columns: dict[str, Any] = {}
    for name in FACETS:
        places: Mapping[str, int] = {
            v: i for i, v in enumerate(dict.fromkeys(r[name] for r in rows))
        }
        facets[name] = list(places)
        columns[name] = [places[row[name]] for row in rows]
    columns["title"] = [_tagged(row) for row in rows]
    columns["seconds"] = [
        None if row["seconds"] is None else round(row["seconds"], 3) for row in rows
    ]
    # Only what did not pass has a reason; the anchors of those with evidence are links.
    columns["why"] = {i: row["why"] for i, row in enumerate(rows) if row["why"]}
    columns["id"] = [row["id"][5:] for row in rows]
    document = json.dumps({"facets": facets, "columns": columns}, separators=(",", ":"))
    return document.replace("<", "\\u003c")


def _tagged(row: dict[str, Any]) -> str:
    missing = [f"@{tag.lstrip('@')}" for tag in row["tags"]]
    return " ".join([row["title"], *(tag for tag in missing if tag not in row["title"])])
