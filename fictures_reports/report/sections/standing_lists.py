"""Whose failure is it: what this change caused, and what is somebody else's, list by list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.change_phrases import is_matrix
from fictures_reports.analysis.ended_issues import ended_issues
from fictures_reports.analysis.reasons.human_names import STANDING_TITLES as TITLES
from fictures_reports.analysis.result_summary import known, test_of, where_it_ran
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_conclusion import conclusion
from fictures_reports.report.markdown_entries import Listed, cause_names, entries
from fictures_reports.report.markdown_layout import blocks, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.report_input import ReportInput

#: Names in a list; the rest is counted.
MOST: Final = 30


@dataclass(frozen=True, eq=False)
class StandingLists:
    """The failing cases by standing, what else the comparison has to say, and the issues' end."""

    comparison: Comparison
    groups: dict[str, list[Any]]
    gone: list[Any]
    newly_flaky: list[Any]
    #: known issues that are not simply open: they pass, have expired or match nothing
    issues: list[Any]


def values(report: ReportInput) -> StandingLists:
    """Group the failures by standing."""
    c = report.comparison
    rows = rows_of(c.changes)
    groups = {name: [row for row in rows if known(row.standing) == name] for name in TITLES}
    return StandingLists(
        c,
        {name: rows for name, rows in groups.items() if rows},
        [row for row in rows if row.change in ("lost", "vanished") and not row.waived
         and row.after_outcome == "absent"],
        [row for row in rows if row.newly_flaky],
        ended_issues(c),
    )  # fmt: skip


def how_often(row: Any, c: Comparison) -> str:
    """Say in how many of a side's runs a case failed, where a side has several; "" else."""
    if len(c.before_runs) == len(c.after_runs) == 1:
        return ""
    before, after = (
        f"{n_failed} of {n}"
        for n_failed, n in ((row.failed_before, row.n_before), (row.failed_after, row.n_after))
    )
    if not row.unsure:
        return f"{before} → {after}"
    needed = counted(int(row.runs_needed), "run")
    return f"{before} → {after}, which may be chance: {needed} a side would tell"


def html(v: StandingLists) -> Fragment:
    """Show each list that holds something; what fails as before is news only against a base."""
    shown = {
        name: _by_test(rows, v.comparison)[:MOST]
        for name, rows in v.groups.items()
        if name != "new" and (name != "failing_on_base" or v.comparison.base)
    }
    sizes = {name: len(rows) for name, rows in v.groups.items()}
    words = ", ".join(f"{TITLES[name]}: {n}" for name, n in sizes.items()) or "no failure"
    return fragment(
        "standings.html.j2", words, titles=TITLES, shown=shown, sizes=sizes,
        gone=_by_test(v.gone, v.comparison)[:MOST],
        n_gone=len(v.gone), newly_flaky=_by_test(v.newly_flaky, v.comparison)[:MOST],
        issues=v.issues, several=is_matrix(v.comparison.after.results), most=MOST,
        sentence=v.comparison.base.sentence if v.comparison.base else "",
    )  # fmt: skip


def _by_test(rows: Sequence[Any], c: Comparison) -> list[tuple[list[Any], str]]:
    """Put the cases together that are one test and of which the same is said, and how often."""
    groups: dict[Any, list[Any]] = {}
    for row in rows:
        key = (test_of(row), known(row.standing_words), how_often(row, c))
        groups.setdefault(key, []).append(row)
    return [(cases, key[2]) for key, cases in groups.items()]


def markdown(v: StandingLists) -> str:
    """Write a list for each standing, then what is gone, newly flaky, and issues that can go."""
    results = {row.case_id: row for row in rows_of(v.comparison.after.results)}
    causes = cause_names(v.comparison.after)
    lists = [
        _entries(TITLES[name], rows, results, causes, v.comparison)
        for name, rows in v.groups.items()
    ]
    gone = _listed("Gone", [f"- {_named(row)}" for row in v.gone])
    flaky = _listed("Newly flaky", [f"- {_named(row)}" for row in v.newly_flaky])
    ended = _listed("Known issues to look at", [_issue(issue) for issue in v.issues])
    return blocks(*lists, gone, flaky, ended)


def _listed(title: str, lines: list[str]) -> str:
    return listing(f"{title}: {len(lines)}", shortened(lines[:MOST], len(lines)))


def _named(row: Any) -> str:
    name = f"{row.title}{where_it_ran(row)}"
    return text(f"{name}, {row.file}" if row.file else name)


def _entries(
    title: str,
    rows: list[Any],
    results: Mapping[str, Any],
    causes: Mapping[str, str],
    c: Comparison,
) -> str:
    """List the cases of one standing, those of one cause together."""
    cases = [
        Listed(
            results[row.case_id],
            causes.get(row.case_id, ""),
            row.standing_words + (f" ({often})" if (often := how_often(row, c)) else ""),
        )
        for row in rows
    ]
    return listing(f"{title}: {len(rows):,}", entries(cases, MOST))


def _issue(issue: Any) -> str:
    aim = issue.case or issue.test or issue.signature or issue.cause
    state_words = {
        "expired": f"expired on {issue.expires}",
        "passes now": "passes now: take it out",
        "not run": "did not run",
        "another cause": "fails for another cause",
        "matches nothing": "matches nothing: take it out",
    }[issue.state]
    return f"- {text(aim)} ({text(issue.owner)}, {text(issue.reason)}): {state_words}"


def json(v: StandingLists) -> dict[str, Any]:
    """Return what a script asks first, how many cases have each standing, and the base."""
    base = v.comparison.base
    return conclusion(v.comparison) | {
        "standings": {name: len(v.groups.get(name, ())) for name in TITLES},
        "baseline": base.sentence if base else None,
    }


standings: Final = Section("standings", values, html, markdown, json)
