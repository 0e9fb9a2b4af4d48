"""All cases of a report as compact data for the page's search."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fictures_reports.analysis.reasons.human_names import (
    CATEGORY_NAMES,
    CHANGE_NAMES,
    STATUS_NAMES,
)
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.history_analysis.case_timelines import strips, until
from fictures_reports.report.case_list_payload import packed
from fictures_reports.report.evidence import proven
from fictures_reports.report.evidence_excerpts import Excerpts
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.case_rows import case_rows
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from fictures_reports.history_analysis.case_timelines import Strip
    from fictures_reports.report.report_input import ReportInput

#: More cases than this make a file too large to send; what changed or did not pass comes first.
MOST_CASES: Final = 50_000
#: The cases that are left out first, and how they are called.
_QUIET: Final = {
    "still_passing": "passed in both runs", "still_skipped": "ran in neither",
    "passed": "passed", "skipped": "were skipped",
}  # fmt: skip
#: What a case can have done in a run of a history, in the order that the page's script knows.
PAST: Final = (*STATUSES, "absent")
_DIGIT: Final = {status: str(i) for i, status in enumerate(PAST)}

Row = dict[str, Any]


#: What the list's filters and rows call the values of each kind.
_NAMES: Final = {"status": STATUS_NAMES, "change": CHANGE_NAMES, "category": CATEGORY_NAMES}


def html(report: ReportInput) -> Fragment:
    """Show every case with search and filters; without JavaScript a note where else they are.

    Of more than `MOST_CASES` those that passed (in both runs) are left out first, then those that
    did not run. With the rows of the last runs also what each case did in them.
    """
    shown = set(proven(report.subject)[0])
    rows = case_rows(report.subject, Excerpts(shown))
    kept, left_out = _chosen(rows)
    facts = {"of": len(rows), "table": report.table, "link": quote(report.table)}
    data = packed(kept, facts | {"names": _NAMES} | _last_runs(report, kept, shown))
    text = counted(len(rows), "case")
    return fragment("cases.html.j2", text, data=data, n=len(kept), left_out=left_out, **facts)


def _chosen(rows: list[Row]) -> tuple[list[Row], str]:
    """Return the rows that the page holds, in their order, and in words what the others are."""
    if len(rows) <= MOST_CASES:
        return rows, ""
    order = sorted(range(len(rows)), key=lambda i: _quietness(rows[i]))
    others = Counter(_kind(rows[i]) for i in order[MOST_CASES:])
    words = [f"{n:,} {_QUIET.get(kind, _plain(kind))}" for kind, n in others.most_common()]
    return [rows[i] for i in sorted(order[:MOST_CASES])], listed(words)


def _quietness(row: Row) -> int:
    if "flaky" in (row["status"], row["before"]) or _kind(row) not in _QUIET:
        return 0
    return len(_QUIET) - list(_QUIET).index(_kind(row))


def _kind(row: Row) -> str:
    return str(row["change"] or row["status"])


def _plain(kind: str) -> str:
    return f"counted as {kind.replace('_', ' ')}"


def _last_runs(report: ReportInput, rows: list[Row], shown: set[str]) -> dict[str, Any]:
    """Add to rows what they did in the last runs; return those runs and the phrases about them.

    Cases whose evidence is `shown` have it there. A row gets a digit for each run, its place in
    `PAST`, and the places of its two phrases among all phrases.
    """
    if report.last_runs is None:
        return {}
    cases = [row["case_id"] for row in rows if row["case_id"] not in shown]
    timelines = strips(until(report.last_runs, report.last), cases)
    codes, phrases = _coded(timelines)
    for row in rows:
        timeline = timelines.get(row["case_id"])
        row["strip"] = "" if timeline is None else codes[id(timeline)]
    marks = next(iter(timelines.values())).marks if timelines else ()
    return {"runs": [(mark.label, mark.day) for mark in marks], "words": phrases}


def _coded(timelines: dict[str, Strip]) -> tuple[dict[int, tuple[Any, ...]], list[str]]:
    # Cases that did the same share one strip.
    different = {id(strip): strip for strip in timelines.values()}
    phrases = {key: (strip.often, strip.last) for key, strip in different.items()}
    place = {text: i for i, text in enumerate(dict.fromkeys(chain(*phrases.values())))}
    codes = {
        key: ("".join(_DIGIT[mark.status] for mark in strip.marks), *map(place.get, phrases[key]))
        for key, strip in different.items()
    }
    return codes, list(place)


cases: Final = Section(
    "cases", as_given, html,
    markdown=LeftOut("what changed or did not pass is named already; `--table` writes them all"),
    json=LeftOut("every case of a comparison stands under its change; a run's rows come from "
                 "`results --format json`"),
)  # fmt: skip
