"""Frame → `alt.Chart`: one function a question.

Every function takes the frame that it names and returns a chart that can be changed further. The
title states the finding; a chart of nothing says so in its title.
"""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.changes import CHANGE_OF
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.counts_by_category import COLOURS
from fictures_reports.analysis.limit_distance import farthest_first
from fictures_reports.analysis.reasons.limit_sentence import limit_missed
from fictures_reports.analysis.wording import counted, duration, percent
from fictures_reports.charts.chart_parts import (
    COUNTS,
    LOG,
    MOST_BARS,
    NAMES,
    SHARE,
    TOP_AXIS,
    base_chart,
    colour_scale,
    height_of,
    largest_of,
    layered,
    leading,
    slanting,
    tooltips,
)
from fictures_reports.charts.palette import CHANGE_COLOURS, SIDE_COLOURS, STATUS_COLOURS
from fictures_reports.errors import SchemaError
from fictures_reports.guards import needs, share_or_none
from fictures_reports.schema import OUTCOMES, STATUSES


@needs("Comparison.totals")
def outcomes(totals: pd.DataFrame) -> alt.Chart:
    """Draw how many cases ended in which status, a bar for each run.

    `totals` as in `Comparison.totals`: cases and statuses in the index, a column for each run.
    """
    if "passed" not in totals.index:
        raise SchemaError("totals lacks the row passed; Comparison.totals has it")
    counts: dict[Any, dict[Any, Any]] = totals.drop(columns="change", errors="ignore").to_dict()
    runs, present = list(counts), [s for s in STATUSES if any(run[s] for run in counts.values())]
    rows = totals[totals.index.isin(present)][runs].rename_axis("status").reset_index()
    rows = rows.melt("status", var_name="run", value_name="tests")
    rows["order"] = rows["status"].map({s: i for i, s in enumerate(STATUSES)})
    passed = [f"{name} {percent(*passed_of(run))}" for name, run in counts.items()]
    return (
        base_chart(rows[rows["tests"] > 0], f"Passed: {', '.join(passed)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=COUNTS),
            y=alt.Y("run:N", sort=runs, title=None),
            color=colour_scale("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=tooltips("run:N", "status:N", "tests:Q"),
        )
        .properties(height=height_of(len(runs)), usermeta=leading("status", "before"))
    )


@needs("charts.frames.phases", "label", "rate")
def phases(runs: pd.DataFrame, target: float | None = None) -> alt.LayerChart:
    """Draw the pass rate of a sequence of runs, against a target line if there is one.

    `runs` has one row per run in order: label, rate (0–1, of all cases), cases; `target` is 0–1.
    """
    share_or_none(target, "target")
    labels, rates = list(runs["label"]), list(runs["rate"])
    title = "Pass rate of no runs"
    if rates:
        title = f"Pass rate from {percent(rates[0], 1)} to {percent(rates[-1], 1)}"
    base = alt.Chart().encode(
        x=alt.X("label:N", sort=labels, title=None, axis=slanting(labels)),
        y=alt.Y("rate:Q", title="pass rate", scale=alt.Scale(domain=[0, 1]), axis=SHARE),
        tooltip=tooltips("label:N", "rate:Q", "cases:Q"),
    )
    layers = [
        base.mark_line(color=SIDE_COLOURS["after"]),
        base.mark_point(filled=True, size=70, opacity=1, color=SIDE_COLOURS["after"]),
    ]
    rows = runs
    if target is not None:
        rows = runs.assign(target=target)
        rule = alt.Chart().mark_rule(strokeDash=[6, 4], color=STATUS_COLOURS["failed"])
        layers.append(rule.encode(y=alt.Y("target:Q")))
        title += f", target {percent(target, 1)}"
    return layered(rows, title, 220, *layers)


#: Outcomes of which a matrix still has room for the names of changes.
_MOST_NAMED_COLUMNS: Final = 3


@needs("Comparison.transitions", "passed", "failed")
def transitions(matrix: pd.DataFrame) -> alt.LayerChart:
    """Draw the matrix of outcomes before (rows) and after (columns), coloured by what it means.

    `matrix` as in `Comparison.transitions`. Outcomes that neither run has are left out.
    """
    counts: dict[Any, dict[Any, int]] = matrix.T.to_dict()
    used = [
        o for o in OUTCOMES if sum(counts[o].values()) or any(row[o] for row in counts.values())
    ]
    cells: list[dict[str, Any]] = [
        {"before": b, "after": a, "tests": counts[b][a], "change": CHANGE_OF[b, a]}
        for b in used
        for a in used
        if counts[b][a]
    ]
    moved = sum(cell["tests"] for cell in cells if cell["before"] != cell["after"])
    total = counted(sum(cell["tests"] for cell in cells), "test")
    base = alt.Chart().encode(
        x=alt.X("after:N", sort=used, scale=alt.Scale(domain=used), axis=TOP_AXIS),
        y=alt.Y("before:N", sort=used, scale=alt.Scale(domain=used)),
        tooltip=tooltips("before:N", "after:N", "change:N", "tests:Q"),
    )
    labels = list(dict.fromkeys(cell["change"] for cell in cells))
    # In more columns the names would lie over each other on a phone; the table has them.
    names = [base.mark_text(fontSize=10, dy=14, color="#111").encode(text=alt.Text("change:N"))]
    return layered(
        pd.DataFrame(cells, columns=["before", "after", "tests", "change"]),
        f"{moved} of {total} ended otherwise than before",
        46 * max(1, len(used)),
        base.mark_rect(cornerRadius=3).encode(
            color=colour_scale("change", CHANGE_COLOURS, labels, legend=False)
        ),
        base.mark_text(fontSize=13, fontWeight="bold", color="#111").encode(
            text=alt.Text("tests:Q")
        ),
        *(names if len(used) <= _MOST_NAMED_COLUMNS else []),
    ).properties(usermeta={"cases": [{"when": {}, "set": {"change": "change"}}]})


@needs("charts.frames.categories")
def categories(counts: pd.DataFrame) -> alt.Chart:
    """Draw how often each category occurs, a bar for each run.

    `counts` has categories in the index and a column for each run. Of one run, categories that
    rules added have their own colours.
    """
    runs = list(counts.columns)
    rows = counts.rename_axis("category").reset_index().melt("category", var_name="run")
    rows = rows.rename(columns={"value": "tests"})
    top = counts.index[0] if len(counts) else "nothing"
    values = " → ".join(str(v) for v in counts.iloc[0]) if len(counts) else "–"
    colours = dict(zip(runs, SIDE_COLOURS.values(), strict=False))
    colour = colour_scale("run", colours, runs, legend=len(runs) > 1)
    if colour_of := (counts.attrs.get(COLOURS) if len(runs) == 1 else None):
        bars = {name: colour_of.get(name, colours[runs[0]]) for name in counts.index}
        colour = colour_scale("category", bars, list(bars), legend=False)
    return (
        base_chart(rows, f"Most frequent: {top}, {values}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", axis=COUNTS),
            y=alt.Y("category:N", sort=list(counts.index), title=None),
            yOffset=alt.YOffset("run:N", sort=runs),
            color=colour,
            tooltip=tooltips("category:N", "run:N", "tests:Q"),
        )
        .properties(
            height=height_of(len(counts)) * (1 if len(runs) > 1 else 0.7),
            usermeta=leading("category", "category_before"),
        )
    )


@needs("charts.frames.thresholds", "ratio", "test")
def thresholds(misses: pd.DataFrame) -> alt.LayerChart:
    """Draw each measured number as a multiple of its limit, on a log scale with the limit at 1.

    `misses` has test, ratio, measured, limit, unit and comparator. The farthest off are at the top,
    whichever side of their limit they are on; rows without a positive ratio have no place on a log
    scale and are left out.
    """
    ordered = farthest_first(misses)
    rows = ordered[ordered["ratio"] > 0].head(MOST_BARS)
    title = "No threshold was missed with a ratio"
    if len(rows):
        worst = ordered.iloc[0]
        missed = limit_missed(*worst[["measured", "comparator", "limit", "unit"]])
        title = f"Farthest off its limit: {worst['test']}, {missed}"
    names = alt.Y("test:N", sort=list(rows["test"]), title=None, axis=NAMES)
    tips = tooltips("test:N", "measured:Q", "comparator:N", "limit:Q", "unit:N", "ratio:Q")
    bars = alt.Chart().mark_bar(color=STATUS_COLOURS["failed"], height=10)
    limit = alt.Chart().mark_rule(strokeWidth=2, color="#0072b2")
    return layered(
        rows.assign(at_limit=1.0),
        title,
        height_of(len(rows)) + 10,
        bars.encode(
            x=alt.X("ratio:Q", title="× the limit", scale=alt.Scale(type="log"), axis=LOG),
            x2=alt.X2("at_limit:Q"), y=names, tooltip=tips,
        ),
        limit.encode(x=alt.X("at_limit:Q")),
    )  # fmt: skip


@needs("charts.frames.durations", "before_s", "after_s", "test")
def durations(changed: pd.DataFrame) -> alt.LayerChart:
    """Draw the duration of each test before and after, joined by a line, on a log scale.

    `changed` has test, before_s and after_s, both above 0.
    """
    rows = changed[(changed["before_s"] > 0) & (changed["after_s"] > 0)].head(MOST_BARS)
    slower = int((rows["after_s"] > rows["before_s"]).sum())
    sides, scale = list(SIDE_COLOURS), alt.Scale(type="log")
    base = alt.Chart().encode(
        y=alt.Y("test:N", sort=list(rows["test"]), title=None, axis=NAMES),
        tooltip=tooltips("test:N", "before_s:Q", "after_s:Q"),
    )
    points = base.transform_fold(["before_s", "after_s"], as_=["key", "seconds"])
    shapes = alt.Scale(domain=sides, range=["circle", "diamond"])
    return layered(
        rows,
        f"{slower} slower, {len(rows) - slower} faster",
        height_of(len(rows)) + 10,
        base.mark_rule(strokeWidth=2, color="#9aa5b0").encode(
            x=alt.X("before_s:Q", title="seconds", scale=scale, axis=LOG), x2=alt.X2("after_s:Q")
        ),
        points.transform_calculate(run="slice(datum.key, 0, -2)")
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=alt.X("seconds:Q", scale=scale),
            color=colour_scale("run", SIDE_COLOURS, sides),
            shape=alt.Shape("run:N", scale=shapes, legend=None),
        ),
    )


@needs("Run.results", "worker", "started_at", "duration_s", "status", "title", "category")
def workers(results: pd.DataFrame, name: str = "") -> alt.Chart:
    """Draw which worker ran what, when; time-outs are named by their category.

    `results` as in `Run.results`; rows without worker, start or duration are left out. `name`
    begins the title.
    """
    rows = results[results[["worker", "started_at", "duration_s"]].notna().all(axis=1)]
    start = (rows["started_at"] - rows["started_at"].min()).dt.total_seconds()
    rows = pd.DataFrame({
        "worker": rows["worker"].astype("int64"), "start_s": start,
        "end_s": start + rows["duration_s"], "status": rows["status"], "test": rows["title"],
        "category": rows["category"].fillna(""), "took": rows["duration_s"].map(duration),
    })  # fmt: skip
    n_workers = rows["worker"].nunique()
    end = duration(rows["end_s"].max()) if len(rows) else "–"
    present = [s for s in STATUSES if (rows["status"] == s).any()]
    return (
        base_chart(rows, f"{name and name + ': '}{counted(n_workers, 'worker')} busy for {end}")
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("start_s:Q", title="seconds since the first test began"),
            x2=alt.X2("end_s:Q"),
            y=alt.Y("worker:O", title="worker"),
            color=colour_scale("status", STATUS_COLOURS, present),
            tooltip=tooltips("test:N", "status:N", "category:N", "took:N", "worker:O"),
        )
        .properties(height=height_of(n_workers))
    )


@needs("charts.frames.files", "run", "status", "tests")
def files(breakdown: pd.DataFrame, name: str = "file") -> alt.Chart:
    """Draw the statuses within each file (or area), a bar for each run.

    `breakdown` is long: a column `name`, run, status, tests.
    """
    largest = breakdown.groupby(name)["tests"].sum().nlargest(MOST_BARS).index
    n_groups = breakdown[name].nunique()
    breakdown = breakdown[breakdown[name].isin(largest)]
    present = [s for s in STATUSES if (breakdown["status"] == s).any()]
    groups, runs = list(dict.fromkeys(breakdown[name])), list(dict.fromkeys(breakdown["run"]))
    rows = breakdown.assign(order=breakdown["status"].map({s: i for i, s in enumerate(STATUSES)}))
    return (
        base_chart(rows, f"Tests by status in {largest_of(len(groups), n_groups, name)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=COUNTS),
            y=alt.Y(f"{name}:N", sort=groups, title=None, axis=NAMES),
            yOffset=alt.YOffset("run:N", sort=runs),
            color=colour_scale("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=tooltips(f"{name}:N", "run:N", "status:N", "tests:Q"),
        )
        .properties(height=height_of(len(groups)) * (1.4 if len(runs) > 1 else 0.8))
    )
