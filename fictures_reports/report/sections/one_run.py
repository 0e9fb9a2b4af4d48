"""The sections of a report: each takes a comparison or a run and fills one notebook cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.analysis import durations as time
from fictures_reports.analysis import verdict as prose
from fictures_reports.analysis.breakdown import table
from fictures_reports.analysis.causes import cluster_flow
from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.gates import NEW_FAILURES
from fictures_reports.analysis.result_summary import rows_by_case, rows_of, why
from fictures_reports.analysis.wording import counted
from fictures_reports.history_analysis.case_timelines import strips, until
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.schema import CHANGES, OUTCOME_OF, OUTCOMES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

#: What a change label means, for people who read it the first time.
MEANING = {
    "broken": "passed before, fails now",
    "arrived_failing": "new, and fails",
    "unmasked": "did not run before, fails now",
    "still_failing": "failed before, fails now",
    "masked": "failed before, is skipped or not run now – not fixed",
    "vanished": "failed before, is no longer there – not fixed",
    "fixed": "failed before, passes now",
    "gained": "did not run before, passes now",
    "arrived": "new, and passes",
    "still_passing": "passed before and passes now",
    "lost": "passed before, no longer runs",
    "still_skipped": "did not run before and does not now",
    "left": "did not run before, is no longer there",
    "arrived_skipped": "new, and does not run",
}


#: Rows of a table that names tests; every further one is under "All cases".
MOST_ROWS = 300
#: Tests that the summary names one by one: more than this is no summary.
MOST_WORSE = 50


def runs_of(subject: Comparison | Run) -> dict[str, Run]:
    """Name the runs of a subject: before and after, or its label."""
    if isinstance(subject, Comparison):
        return {"before": subject.before, "after": subject.after}
    return {subject.label: subject}


def summary(
    subject: Comparison | Run, gates: Sequence[Gate] = (), past: pd.DataFrame | None = None
) -> Fragment:
    """Show what was compared, the verdict, the counts, the gates, the doors and what broke.

    `past` is what a history knows of the tests that changed, see `analysis.past`.
    """
    runs = runs_of(subject)
    if isinstance(subject, Comparison):
        verdict, counts = subject.verdict, subject.counts
        worse = _named(subject, NEW_FAILURES)
        values = {
            "doors": prose.doors(subject),
            "rates": prose.rates(subject),
            "counts": counts,
            "worse": worse,
            "failed_before": subject.before.totals["failed"],
            "past": {row.case_id: row.words for row in rows_of(past)} if past is not None else {},
        }
    else:
        verdict, values = prose.run_verdict(subject), {"counts": {}}
    causes = " ".join([prose.causes(*runs.values()), prose.time_lost(*runs.values())])
    shown = [s for s in STATUSES if any(run.totals[s] for run in runs.values())]
    return fragment(
        "summary.html.j2", verdict, runs=runs, verdict=verdict, gates=list(gates),
        statuses=list(dict.fromkeys(("passed", "failed", "skipped", *shown))),
        causes=causes, most=MOST_WORSE, **values,
    )  # fmt: skip


def changes(c: Comparison) -> Fragment:
    """Name every case that changed or fails, by what happened to it."""
    cases = _named(c, CHANGES)
    named = {change: [case for case in cases if case["change"] == change] for change in CHANGES}
    groups = {change: rows for change, rows in named.items() if rows}
    text = ", ".join(f"{change} {len(rows)}" for change, rows in groups.items())
    return fragment("changes.html.j2", text, groups=groups, meaning=MEANING, most=MOST_ROWS)


def transitions(c: Comparison) -> Fragment:
    """Show the matrix of outcomes with margins that equal both runs' counts."""
    used = [o for o in OUTCOMES if c.transitions.loc[o].sum() + c.transitions[o].sum()]
    matrix = c.transitions.loc[used, used]
    # The list of cases knows statuses: where one outcome stands for several it cannot show a cell.
    several = [status for status, outcome in OUTCOME_OF.items() if status != outcome]
    exact = not any(run.totals[status] for run in (c.before, c.after) for status in several)
    text = f"{len(c.changes)} cases"
    return fragment("transitions.html.j2", text, matrix=matrix, used=used, exact=exact)


def categories(subject: Comparison | Run) -> Fragment:
    """Count failures and skips by category; for a comparison also from which to which."""
    counts = category_counts(subject)
    flow, causes = None, []
    if isinstance(subject, Comparison):
        flow, causes = subject.category_flow, rows_of(cluster_flow(subject))
    text = counted(len(counts), "category", "categories")
    return fragment(
        "categories.html.j2", text, counts=counts, flow=flow, causes=causes, most=MOST_ROWS
    )


def category_counts(subject: Comparison | Run) -> pd.DataFrame:
    """Count results by category: index categories, most frequent first; a column for each run."""
    import pandas as pd

    counts = pd.DataFrame({name: run.categories for name, run in runs_of(subject).items()})
    counts = counts.fillna(0).astype("int64")
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    return counts.loc[order].rename_axis("category")


def thresholds(misses: pd.DataFrame) -> Fragment:
    """List every number that missed its limit; `misses` as `threshold_misses` returns them."""
    text = counted(len(misses), "measurement")
    return fragment("thresholds.html.j2", text, misses=rows_of(misses), most=MOST_ROWS)


def threshold_misses(subject: Comparison | Run) -> pd.DataFrame:
    """Return the measurements of results in the category threshold_miss, farthest off first.

    Columns: run, case_id, test, measured, comparator, limit, unit, ratio (measured ÷ limit).
    """
    import pandas as pd

    from fictures_reports.failures.measurements import all_measurements

    parts = []
    for name, run in runs_of(subject).items():
        missed = run.results[run.results["category"] == "threshold_miss"]
        titles = missed.set_index("case_id")["title"]
        found = all_measurements(missed)
        parts.append(found.assign(run=name, test=found["case_id"].map(titles)))
    rows = pd.concat(parts, ignore_index=True)
    columns = ["run", "case_id", "test", "measured", "comparator", "limit", "unit", "ratio"]
    ordered = rows.sort_values("ratio", ascending=False, kind="stable", ignore_index=True)
    return ordered[columns]


def timeouts(subject: Comparison | Run) -> Fragment:
    """List what timed out, what it waited for, and how much worker time that took."""
    from fictures_reports.failures.timeouts import timeouts as facts

    sides = {}
    for name, run in runs_of(subject).items():
        timed_out = run.results[run.results["category"] == "timeout"]
        titles = timed_out.set_index("case_id")["title"]
        rows = facts(timed_out)
        sides[name] = (time.worker_time(run), rows.assign(test=rows["case_id"].map(titles)))
    text = ", ".join(f"{name} {len(rows)}" for name, (_, rows) in sides.items())
    return fragment("timeouts.html.j2", text, sides=sides, most=MOST_ROWS)


def skips(subject: Comparison | Run) -> Fragment:
    """List what did not run, with the reason and whether that is new."""
    run = subject.after if isinstance(subject, Comparison) else subject
    idle = run.results[run.results["status"].isin(["skipped", "not_run", "xfailed", "interrupted"])]
    change = subject.labels if isinstance(subject, Comparison) else {}
    rows = [(row, change.get(row.case_id, "")) for row in rows_of(idle)]
    return fragment("skips.html.j2", counted(len(rows), "test"), rows=rows, most=MOST_ROWS)


def breakdowns(*counts: pd.DataFrame, owners: Mapping[str, str] | None = None) -> Fragment:
    """Show counts per file, area …, each as `breakdown` returns them; each table adds up.

    `owners` maps an area to who answers for it.
    """
    tables = {str(part.columns[0]): table(part) for part in counts}
    runs = list(dict.fromkeys(run for part in counts for run in part["run"]))
    return fragment(
        "breakdowns.html.j2", ", ".join(tables), tables=tables, runs=runs, owners=owners or {}
    )


def slow(subject: Comparison | Run) -> Fragment:
    """List the slowest tests, and for a comparison those whose duration moved."""
    run = subject.after if isinstance(subject, Comparison) else subject
    moved = time.changed(subject) if isinstance(subject, Comparison) else None
    rows, files = rows_of(time.slowest(run)), rows_of(time.files(run).head(10))
    return fragment(
        "slow.html.j2",
        counted(len(rows), "test"),
        rows=rows,
        moved=moved,
        time=time,
        files=files,
        spent=time.worker_time(run),
    )


def evidence(subject: Comparison | Run, history: pd.DataFrame | None = None) -> Fragment:
    """Show for every test that did not pass its message, source lines, output and pictures.

    With a `history`, as `past.rows_in` or `strips.rows_in` loads it, also what each did in the
    last runs.
    """
    from fictures_reports.report.evidence import collect

    items, n_left_out = collect(subject)
    told = {}
    if history is not None:
        run = subject.after if isinstance(subject, Comparison) else subject
        told = strips(until(history, run), [item.row.case_id for item in items])
    text = counted(len(items), "test")
    return fragment("evidence.html.j2", text, items=items, n_left_out=n_left_out, strips=told)


def facts(subject: Comparison | Run) -> Fragment:
    """State what is known about each run: producer, version, workers, environment, errors."""
    runs = runs_of(subject)
    return fragment("facts.html.j2", ", ".join(runs), runs=runs)


def ledger(subject: Comparison | Run) -> Fragment:
    """List per input file what was read, salvaged, repeated, doubted and refused."""
    runs = runs_of(subject)
    n_files = sum(len(run.ledger) for run in runs.values())
    return fragment("ledger.html.j2", counted(n_files, "file"), runs=runs)


def _named(c: Comparison, labels: Sequence[str]) -> list[dict[str, Any]]:
    sides = {name: rows_by_case(run.results) for name, run in runs_of(c).items()}
    chosen = c.changes[c.changes["change"].isin(labels)]
    return [
        {
            "change": row.change,
            "flaky": row.flaky,
            "row": sides["after"].get(row.case_id) or sides["before"].get(row.case_id),
            **{side: _state(sides[side].get(row.case_id)) for side in sides},
        }
        for row in rows_of(chosen)
    ]


def _state(result: Any) -> dict[str, str]:
    if result is None:
        return {"status": "absent", "category": "", "why": ""}
    category = result.category if isinstance(result.category, str) else ""
    return {"status": result.status, "category": category, "why": why(result)}
