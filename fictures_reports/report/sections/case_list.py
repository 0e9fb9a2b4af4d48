"""All cases of a report as compact data for the page's search."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fictures_reports.analysis.reasons.human_names import (
    CATEGORY_NAMES,
    CHANGE_NAMES,
    STANDING_TITLES,
    STATUS_NAMES,
    category_name,
    own_category_names,
)
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.failures.cause_names import causes_by_case, names_by_id
from fictures_reports.history_analysis.case_timelines import timelines_of, until
from fictures_reports.report.case_list_payload import packed
from fictures_reports.report.evidence import collect
from fictures_reports.report.evidence_excerpts import Excerpts
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.case_rows import Known, case_rows
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.history_analysis.case_timelines import Timeline
    from fictures_reports.report.evidence import Item
    from fictures_reports.report.report_input import ReportInput

#: More cases than this make a file too large to send; what changed or did not pass comes first.
MOST_CASES: Final = 200_000
#: Rows that are listed where there is no script.
MOST_PLAIN: Final = 200
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
_NAMES: Final[dict[str, Mapping[str, str]]] = {
    "status": STATUS_NAMES, "change": CHANGE_NAMES, "category": CATEGORY_NAMES,
    "standing": STANDING_TITLES,
}  # fmt: skip


def _names(report: ReportInput) -> dict[str, Mapping[str, str]]:
    names = own_category_names(report.runs.values())
    return _NAMES | {"category": CATEGORY_NAMES | _id_names(report) | names}


def _id_names(report: ReportInput) -> dict[str, str]:
    """Name the categories that occur, also those of which only the id is known."""
    return {name: category_name(name) for run in report.runs.values() for name in run.categories}


def html(report: ReportInput) -> Fragment | None:
    """Show every case in one list with search, filters and a panel; without a script as they come.

    Nothing where there is no case.

    Of more than `MOST_CASES` those that passed (in both runs) are left out first, then those that
    did not run. With the rows of the last runs also what each case did in them.
    """
    beside = Known(_causes(report), _standings(report))
    items, n_left_out = collect(
        report.subject,
        {case: cause for case, (cause, _) in beside.causes.items()},
        report.assets,
    )
    shown = {item.anchor: item.row.case_id for item in items}
    rows = case_rows(report.subject, Excerpts(shown.values()), beside)
    if not rows:
        return None
    chosen, left_out = _chosen(rows)
    facts = {"of": len(rows), "table": report.table, "link": quote(report.table)}
    beside_rows = facts | {"names": _names(report)}
    data = packed(chosen, beside_rows | _last_runs(report, chosen, set(shown.values())))
    listed = _listed(rows)
    return fragment(
        "cases.html.j2", counted(len(rows), "case"), data=data, n=len(chosen), left_out=left_out,
        items=items, n_left_out=n_left_out, anchors=set(shown), listed=listed,
        n_not_listed=len(rows) - len(listed), timelines=_timelines(report, items),
        statuses=PAST, **facts,
    )  # fmt: skip


def _listed(rows: list[Row]) -> list[Row]:
    """Return what is listed where there is no script: of many only those that are not quiet."""
    if len(rows) <= MOST_PLAIN:
        return rows
    return [row for row in rows if not _quietness(row)][:MOST_PLAIN]


def _causes(report: ReportInput) -> dict[str, tuple[str, str]]:
    """Return the id and the name of each case's cause: after, or of one that is mended before.

    A cause that shares a card with others is called what the card is.
    """
    cards = {
        test.row.case_id: (card.ids[0], card.name) for card in report.cards for test in card.tests
    }
    return _own_causes(report) | cards


def _own_causes(report: ReportInput) -> dict[str, tuple[str, str]]:
    if not report.is_comparison:
        run = report.last
        return causes_by_case(run.results, run.cause_ids, names_by_id(run.causes))
    found, c = report.causes, report.comparison
    names = names_by_id(found.flow)
    before = causes_by_case(c.before.results, found.before, names)
    return before | causes_by_case(c.after.results, found.after, names)


def _standings(report: ReportInput) -> dict[str, str]:
    """Return whose failure each failing case is.

    Without a base branch that says no more than its change, unless it is a known issue.
    """
    if not report.is_comparison:
        return {}
    c = report.comparison
    judged = c.changes[c.changes["standing"].notna()]
    if c.base is None:
        judged = judged[judged["standing"] == "known_issue"]
    return dict(zip(judged["case_id"], judged["standing"], strict=True))


def _timelines(report: ReportInput, items: list[Item]) -> dict[str, Timeline]:
    if report.last_runs is None:
        return {}
    return timelines_of(until(report.last_runs, report.last), [item.row.case_id for item in items])


def _chosen(rows: list[Row]) -> tuple[list[Row], str]:
    """Return the rows that the page holds, in their order, and in words what the others are."""
    if len(rows) <= MOST_CASES:
        return rows, ""
    order = sorted(range(len(rows)), key=lambda i: _quietness(rows[i]))
    left_out = Counter(_kind(rows[i]) for i in order[MOST_CASES:])
    words = [f"{n:,} {_QUIET.get(kind, _plain(kind))}" for kind, n in left_out.most_common()]
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
    timelines = timelines_of(until(report.last_runs, report.last), cases)
    codes, phrases = _coded(timelines)
    for row in rows:
        timeline = timelines.get(row["case_id"])
        row["strip"] = "" if timeline is None else codes[id(timeline)]
    marks = next(iter(timelines.values())).marks if timelines else ()
    return {"runs": [(mark.label, mark.day) for mark in marks], "words": phrases}


def _coded(timelines: dict[str, Timeline]) -> tuple[dict[int, tuple[Any, ...]], list[str]]:
    # Cases that did the same share one strip.
    different = {id(timeline): timeline for timeline in timelines.values()}
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
