"""Failures that say the same: a row per cause with how many tests failed for it in each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.aggregates import clusters_of
from fictures_reports.report.evidence import anchor
from fictures_reports.report.fragment import fragment
from fictures_reports.report.history_sections import run_columns
from fictures_reports.report.history_sections.attention_list import columns_of, drawing
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

#: The page lists so many causes, the most frequent first.
MOST: Final = 50
#: Of a cause so many tests are listed.
MOST_TESTS: Final = 30
_WRONG: Final = ("failed", "flaky")


@dataclass(frozen=True)
class CauseRow:
    """What a row says of a cause; `path` draws its failures run by run."""

    name: str
    category: str
    often: str
    span: str
    path: str
    label: str
    #: titles of its tests, each with its address, as many as are listed; and how many more
    tests: Sequence[tuple[str, str]]
    n_more: int


def values(findings: Findings) -> Findings:
    """Return the findings: rows are drawn only where a page is made."""
    return findings


def html(findings: Findings) -> Fragment:
    """List the causes, the most frequent first."""
    rows = _rows(findings) if len(findings.clusters) else []
    n = len(findings.clusters)
    return fragment(
        "history_causes.html.j2", counted(n, "cause"), rows=rows, n_more=n - len(rows),
        c=columns_of(findings),
        colours={category.id: category.colour for category in findings.own_categories},
        **drawing(),
    )  # fmt: skip


def _rows(findings: Findings) -> list[CauseRow]:
    dates, runs = dates_of(findings.totals), run_columns.shown(findings.grid.runs)
    wrong = _with_cluster(findings)
    counts, members = _by_run(wrong, runs), _members(wrong)
    rows = []
    for row in rows_of(findings.clusters.head(MOST)):
        counts_by_run = counts.get(row.cluster, [0] * len(runs))
        first = dates.run(row.first_label, row.first_seen)
        last = dates.run(row.last_label, row.last_seen)
        often = f"{counted(row.n_results, 'failure')} in {counted(row.n_runs, 'run')}"
        tests = members.get(row.cluster, [])
        n = sum(count > 0 for count in counts_by_run)
        rows.append(CauseRow(
            row.name, row.category, often,
            first if first == last else f"{first} to {last}",
            _path(counts_by_run), f"the last {counted(len(runs), 'run')}: seen in {n}, "
            f"at most {counted(max(counts_by_run, default=0), 'failure')} in one",
            tests[:MOST_TESTS], max(0, len(tests) - MOST_TESTS),
        ))  # fmt: skip
    return rows


def _with_cluster(findings: Findings) -> pd.DataFrame:
    """Return the failures that say why, each with its cluster."""
    rows = findings.rows
    wrong = rows[rows["status"].isin(_WRONG) & rows["signature"].notna()]
    return wrong.assign(cluster=wrong["signature"].map(clusters_of(wrong, wrong)))


def _members(wrong: pd.DataFrame) -> dict[str, list[tuple[str, str]]]:
    """Return title and address of the tests of each cluster, the most frequent first."""
    cases = wrong.groupby(["cluster", "case_id"], sort=False)
    names = cases.agg(title=("title", "last"), n=("title", "size")).reset_index()
    found: dict[str, list[tuple[str, str]]] = {}
    for row in rows_of(names.sort_values("n", ascending=False, kind="stable")):
        found.setdefault(row.cluster, []).append((row.title, anchor(row.case_id)))
    return found


def _by_run(wrong: pd.DataFrame, runs: pd.DataFrame) -> dict[str, list[int]]:
    """Count the failures of each cluster in each of the runs that have a column."""
    column = {run: i for i, run in enumerate(runs["run_id"])}
    counts: dict[str, list[int]] = {}
    sizes = wrong.groupby(["cluster", "run_id"]).size()
    for row in rows_of(sizes.reset_index(name="n")):
        if row.run_id in column:
            counts.setdefault(row.cluster, [0] * len(column))[column[row.run_id]] = row.n
    return counts


def _path(counts: Sequence[int]) -> str:
    """Draw a bar per run; the highest is the row's own largest, one failure is still seen."""
    most, height, step = max(counts, default=0), run_columns.HEIGHT, run_columns.STEP
    bars = ((i, max(3, round(height * n / most))) for i, n in enumerate(counts) if n)
    return "".join(f"M{i * step} {height - h}h{step - 1}v{h}h-{step - 1}z" for i, h in bars)


def json(findings: Findings) -> dict[str, Any]:
    """Return every cluster."""
    return {"clusters": history_rows(findings.clusters)}


clusters: Final = Section("clusters", values, html, LeftOut("the events say what began when"), json)
