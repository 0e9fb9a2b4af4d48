"""All cases of a report as compact data for the page's search, and as a table without it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import known, rows_by_case, rows_of, why
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.report.evidence import anchor
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.runs import Run

#: What a reader can narrow the list by; each value stands once and is referred to by its place.
FACETS: Final = (
    "status", "before", "change", "category", "category_before", "file", "project",
)  # fmt: skip
#: More cases than this make a file too large to send; what changed or did not pass comes first.
MOST_CASES: Final = 50_000
#: The cases that are left out first, and how they are called.
_QUIET: Final = {
    "still_passing": "passed in both runs", "still_skipped": "ran in neither",
    "passed": "passed", "skipped": "were skipped",
}  # fmt: skip


def cases(subject: Comparison | Run, table: str = "") -> Fragment:
    """Show every case with search and filters; without JavaScript a note where else they are.

    Of more than `MOST_CASES` those that passed (in both runs) are left out first, then those that
    did not run. `table` is the path of a file with all of them, as seen from the page.
    """
    rows = _rows(subject)
    kept, left_out = _chosen(rows)
    said = {"of": len(rows), "table": table, "link": quote(table)}
    return fragment(
        "cases.html.j2", counted(len(rows), "case"), data=_encoded(kept, said), n=len(kept),
        left_out=left_out, **said,
    )  # fmt: skip


def _chosen(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Return the rows that the page holds, in their order, and in words what the others are."""
    if len(rows) <= MOST_CASES:
        return rows, ""
    order = sorted(range(len(rows)), key=lambda i: _quietness(rows[i]))
    others = Counter(_kind(rows[i]) for i in order[MOST_CASES:])
    words = [f"{n:,} {_QUIET.get(kind, _plain(kind))}" for kind, n in others.most_common()]
    return [rows[i] for i in sorted(order[:MOST_CASES])], listed(words)


def _quietness(row: dict[str, Any]) -> int:
    if "flaky" in (row["status"], row["before"]) or _kind(row) not in _QUIET:
        return 0
    return len(_QUIET) - list(_QUIET).index(_kind(row))


def _kind(row: dict[str, Any]) -> str:
    return str(row["change"] or row["status"])


def _plain(kind: str) -> str:
    return f"counted as {kind.replace('_', ' ')}"


def _rows(subject: Comparison | Run) -> list[dict[str, Any]]:
    if not isinstance(subject, Comparison):
        results = rows_by_case(subject.results)
        return [_row(result, result.status, "", "") for result in results.values()]
    before, after = rows_by_case(subject.before.results), rows_by_case(subject.after.results)
    rows = []
    for case in rows_of(subject.changes[["case_id", "change"]]):
        old, new = before.get(case.case_id), after.get(case.case_id)
        now, then = (row.status if row else "absent" for row in (new, old))
        row = _row(new or old, now, then, case.change)
        row["category"] = (known(new.category) or "") if new else ""
        row["category_before"] = (known(old.category) or "") if old else ""
        rows.append(row)
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
        "category_before": "",
        "file": result.file,
        "project": result.project,
        "seconds": known(result.duration_s),
        "why": why(result),
        "id": anchor(result.case_id),
    }


def _encoded(rows: list[dict[str, Any]], said: Mapping[str, Any]) -> str:
    """Write rows as JSON in which every facet's value stands once, with what is said of them."""
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
    document = json.dumps({"facets": facets, "columns": columns, **said}, separators=(",", ":"))
    return document.replace("<", "\\u003c")


def _tagged(row: dict[str, Any]) -> str:
    missing = [f"@{tag.lstrip('@')}" for tag in row["tags"]]
    return " ".join([row["title"], *(tag for tag in missing if tag not in row["title"])])
