"""All cases of a report as compact data for the page's search, and as a table without it."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import known, rows_by_case, why
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.history_analysis.case_timelines import strips, until
from fictures_reports.report.case_list_payload import packed
from fictures_reports.report.evidence import anchor, proven
from fictures_reports.report.evidence_excerpts import Excerpts
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.schema import CHANGES, STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run

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


def cases(
    subject: Comparison | Run, table: str = "", history: pd.DataFrame | None = None
) -> Fragment:
    """Show every case with search and filters; without JavaScript a note where else they are.

    Of more than `MOST_CASES` those that passed (in both runs) are left out first, then those that
    did not run. `table` is the path of a file with all of them, as seen from the page. With a
    `history`, as `past.rows_in` or `strips.rows_in` loads it, also what each did in the last runs.
    """
    shown = set(proven(subject)[0])
    rows = _rows(subject, Excerpts(shown))
    kept, left_out = _chosen(rows)
    said = {"of": len(rows), "table": table, "link": quote(table)}
    past = _past(subject, kept, shown, history) if history is not None else {}
    return fragment(
        "cases.html.j2", counted(len(rows), "case"), data=packed(kept, said | past), n=len(kept),
        left_out=left_out, **said,
    )  # fmt: skip


def _past(
    subject: Comparison | Run, rows: list[dict[str, Any]], shown: set[str], history: pd.DataFrame
) -> dict[str, Any]:
    """Add to rows what they did in the last runs; return those runs and the words that tell it.

    Those whose proof is `shown` have it there. A row has a digit for each run, its place in `PAST`,
    and the places of its two phrases in words.
    """
    run = subject.after if isinstance(subject, Comparison) else subject
    cases = [row["case_id"] for row in rows if row["case_id"] not in shown]
    told = strips(until(history, run), cases)
    # Cases that did the same share one strip.
    different = {id(strip): strip for strip in told.values()}
    phrases = {key: (strip.often, strip.last) for key, strip in different.items()}
    place = {text: i for i, text in enumerate(dict.fromkeys(chain(*phrases.values())))}
    said = {
        key: ("".join(_DIGIT[mark.status] for mark in strip.marks), *map(place.get, phrases[key]))
        for key, strip in different.items()
    }
    for row in rows:
        row["strip"] = said[id(told[row["case_id"]])] if row["case_id"] in told else ""
    runs = [(mark.label, mark.day) for mark in next(iter(told.values())).marks] if told else []
    return {"runs": runs, "words": list(place)}


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


def _rows(subject: Comparison | Run, excerpts: Excerpts) -> list[dict[str, Any]]:
    if not isinstance(subject, Comparison):
        results = rows_by_case(subject.results)
        return [_row(result, None, "", excerpts) for result in results.values()]
    before, after = rows_by_case(subject.before.results), rows_by_case(subject.after.results)
    order = {change: i for i, change in enumerate(CHANGES)}
    cases = sorted(subject.labels.items(), key=lambda case: order[case[1]])
    return [_row(after.get(case), before.get(case), change, excerpts) for case, change in cases]


def _row(new: Any, old: Any, change: str, excerpts: Excerpts) -> dict[str, Any]:
    """Tell of one case what it is and how it ended on each side; None for a side that lacks it."""
    case = new or old
    return {
        "title": _tagged(case),
        "suite": case.suite,
        "tags": " ".join(_tags(case)),
        "file": case.file,
        "line": known(case.line),
        "project": case.project,
        "change": change,
        "status": new.status if new else "absent",
        "before": (old.status if old else "absent") if change else "",
        "case_id": case.case_id,
        "id": anchor(case.case_id),
        "strip": "",
        **_side(new, "", excerpts),
        **_side(old, "_before", excerpts),
    }


def _side(result: Any, end: str, excerpts: Excerpts) -> dict[str, Any]:
    """Tell how a case ended on one side, in names with an end that says which."""
    told: dict[str, Any] = dict.fromkeys(("seconds", "worker", "shard"))
    told |= dict.fromkeys(("category", "why", "tries", "excerpt"), "")
    if result:
        told = {
            "seconds": _rounded(known(result.duration_s)),
            "worker": known(result.worker),
            "shard": known(result.shard),
            "category": known(result.category) or "",
            "why": why(result),
            "tries": result.n_attempts if result.n_attempts > 1 else "",
            "excerpt": excerpts.of(result),
        }
    return {f"{name}{end}": value for name, value in told.items()}


def _rounded(seconds: float | None) -> float | None:
    """Keep as much of a duration as the page says of it."""
    if seconds is None:
        return None
    return round(seconds, 3) if seconds < 1 else round(seconds, 1)


def _tags(case: Any) -> list[str]:
    return [f"@{tag.lstrip('@')}" for tag in case.tags]


def _tagged(case: Any) -> str:
    return " ".join([case.title, *(tag for tag in _tags(case) if tag not in case.title)])
