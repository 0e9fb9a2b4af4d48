"""Frame → `alt.Chart`: one function a question, one palette for statuses, changes and categories.

Every function takes the frame that it names and returns a chart that can be changed further. The
title states the finding; a chart of nothing says so in its title.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.compare import CHANGE_OF
from fictures_reports.analysis.wording import counted, duration, percent, times_limit
from fictures_reports.schema import OUTCOMES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

# Okabe and Ito's colours, told apart with every common colour vision deficiency
# (https://jfly.uni-koeln.de/color/), greys for what did not run.
STATUS_COLOURS: Final = {
    "passed": "#009e73", "flaky": "#e69f00", "failed": "#d55e00", "xpassed": "#56b4e9",
    "xfailed": "#cc79a7", "skipped": "#7f8c99", "not_run": "#b4bcc4", "interrupted": "#5b6570",
    "absent": "#d8dde2",
}  # fmt: skip
CHANGE_COLOURS: Final = {
    "broken": "#d55e00", "arrived_failing": "#d55e00", "unmasked": "#d55e00",
    "still_failing": "#b07050", "masked": "#e69f00", "vanished": "#e69f00", "lost": "#e69f00",
    "fixed": "#009e73", "gained": "#009e73", "arrived": "#56b4e9", "still_passing": "#7fb8a4",
    "still_skipped": "#9aa5b0", "left": "#c3cad1", "arrived_skipped": "#c3cad1",
}  # fmt: skip
SIDE_COLOURS: Final = {"before": "#9aa5b0", "after": "#0072b2"}
_ROW_PX: Final = 26
_LABEL_PX: Final = 300


#: The output type that JupyterLab and our page draw. Altair's own "mimetype" renderer writes
#: "….v6.json", which nbformat does not accept as JSON.
VEGA_LITE: Final = "application/vnd.vegalite.v6+json"


def enable() -> None:
    """Show charts in this session as data that needs no network: for notebooks that are reports."""

    def bundle(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
        title = spec.get("title") or spec.get("layer", [{}])[0].get("title") or {}
        return {VEGA_LITE: spec, "text/plain": f"<chart: {title.get('text', 'untitled')}>"}

    alt.renderers.register("fictures", bundle)
    alt.renderers.enable("fictures")


def outcomes(totals: pd.DataFrame) -> alt.Chart:
    """Draw how many cases ended in which status, a bar for each run.

    `totals` as in `Comparison.totals`: cases and statuses in the index, a column for each run.
    """
    runs = [name for name in totals.columns if name != "change"]
    present = [s for s in STATUSES if (totals.loc[s, runs] > 0).any()]
    rows = totals.loc[present, runs].rename_axis("status").reset_index()
    rows = rows.melt("status", var_name="run", value_name="tests")
    rows["order"] = rows["status"].map({s: i for i, s in enumerate(STATUSES)})
    passed = [
        f"{run} {percent(totals.loc['passed', run], totals.loc['cases', run])}" for run in runs
    ]
    return (
        _chart(rows[rows["tests"] > 0], f"Passed: {', '.join(passed)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=_COUNTS),
            y=alt.Y("run:N", sort=runs, title=None),
            color=_colour("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=["run", "status", "tests"],
        )
        .properties(height=_height(len(runs)))
    )


def transitions(matrix: pd.DataFrame) -> alt.LayerChart:
    """Draw the matrix of outcomes before (rows) and after (columns), coloured by what it means.

    `matrix` as in `Comparison.transitions`. Outcomes that neither run has are left out.
    """
    cells = matrix.reset_index().melt("before", var_name="after", value_name="tests")
    cells["change"] = [
        CHANGE_OF[b, a] for b, a in zip(cells["before"], cells["after"], strict=True)
    ]
    used = [o for o in OUTCOMES if matrix.loc[o].sum() + matrix[o].sum()]
    shown = cells[cells["before"].isin(used) & cells["after"].isin(used) & (cells["tests"] > 0)]
    moved = int(shown.loc[shown["before"] != shown["after"], "tests"].sum())
    title = f"{moved} of {counted(int(shown['tests'].sum()), 'test')} ended otherwise than before"
    base = _chart(shown, title).encode(
        x=alt.X("after:N", sort=used, scale=alt.Scale(domain=used), axis=_TOP_AXIS),
        y=alt.Y("before:N", sort=used, scale=alt.Scale(domain=used)),
        tooltip=["before", "after", "change", "tests"],
    )
    labels = list(dict.fromkeys(shown["change"]))
    squares = base.mark_rect(cornerRadius=3).encode(
        color=_colour("change", CHANGE_COLOURS, labels, legend=False)
    )
    text = base.mark_text(fontSize=13, fontWeight="bold", color="#111").encode(text="tests:Q")
    named = base.mark_text(fontSize=10, dy=14, color="#111").encode(text="change:N")
    return (squares + text + named).properties(height=46 * max(1, len(used)))


def categories(counts: pd.DataFrame) -> alt.Chart:
    """Draw how often each category occurs, a bar for each run.

    `counts` has categories in the index and a column for each run.
    """
    runs = list(counts.columns)
    rows = counts.rename_axis("category").reset_index().melt("category", var_name="run")
    rows = rows.rename(columns={"value": "tests"})
    top = counts.index[0] if len(counts) else "nothing"
    values = " → ".join(str(v) for v in counts.iloc[0]) if len(counts) else "–"
    colours = dict(zip(runs, SIDE_COLOURS.values(), strict=False))
    return (
        _chart(rows, f"Most frequent: {top}, {values}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", axis=_COUNTS),
            y=alt.Y("category:N", sort=list(counts.index), title=None),
            yOffset=alt.YOffset("run:N", sort=runs),
            color=_colour("run", colours, runs, legend=len(runs) > 1),
            tooltip=["category", "run", "tests"],
        )
        .properties(height=_height(len(counts)) * (1 if len(runs) > 1 else 0.7))
    )


def thresholds(misses: pd.DataFrame) -> alt.LayerChart:
    """Draw each measured number as a multiple of its limit, on a log scale with the limit at 1.

    `misses` has test, ratio, measured, limit, unit and comparator; rows without a positive ratio
    have no place on a log scale and are left out.
    """
    rows = misses[misses["ratio"] > 0].sort_values("ratio", ascending=False)
    title = "No threshold was missed with a ratio"
    if len(rows):
        worst = rows.iloc[0]
        title = f"Farthest above its limit: {worst['test']}, {times_limit(worst['ratio'])}"
    rows = rows.assign(at_limit=1.0)
    base = _chart(rows, title).encode(
        y=alt.Y("test:N", sort=list(rows["test"]), title=None, axis=_NAMES)
    )
    bars = base.mark_bar(color=STATUS_COLOURS["failed"], height=10).encode(
        x=alt.X("ratio:Q", title="× the limit", scale=alt.Scale(type="log")),
        x2="at_limit:Q",
        tooltip=[
            "test",
            "measured",
            "comparator",
            "limit",
            "unit",
            alt.Tooltip("ratio", format=".3~r"),
        ],
    )
    limit = alt.Chart(pd.DataFrame({"x": [1.0]})).mark_rule(strokeWidth=2, color="#0072b2")
    return (bars + limit.encode(x="x:Q")).properties(height=_height(len(rows)) + 10)


def durations(changed: pd.DataFrame) -> alt.LayerChart:
    """Draw the duration of each test before and after, joined by a line, on a log scale.

    `changed` has test, before_s and after_s, both above 0.
    """
    rows = changed[(changed["before_s"] > 0) & (changed["after_s"] > 0)]
    slower = int((rows["after_s"] > rows["before_s"]).sum())
    title = f"{slower} slower, {len(rows) - slower} faster"
    base = _chart(rows, title).encode(
        y=alt.Y("test:N", sort=list(rows["test"]), title=None, axis=_NAMES)
    )
    scale, tips = alt.Scale(type="log"), ["test", "before_s", "after_s"]
    line = base.mark_rule(strokeWidth=2, color="#9aa5b0").encode(
        x=alt.X("before_s:Q", title="seconds", scale=scale), x2="after_s:Q", tooltip=tips
    )
    points = base.transform_fold(["before_s", "after_s"], as_=["key", "seconds"])
    points = points.transform_calculate(run="slice(datum.key, 0, -2)")
    dots = points.mark_point(filled=True, size=70, opacity=1).encode(
        x=alt.X("seconds:Q", scale=scale),
        color=_colour("run", SIDE_COLOURS, list(SIDE_COLOURS)),
        shape=alt.Shape(
            "run:N", scale=alt.Scale(domain=list(SIDE_COLOURS), range=["circle", "diamond"])
        ),
        tooltip=tips,
    )
    return (line + dots).properties(height=_height(len(rows)) + 10)


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
        _chart(rows, f"{name and name + ': '}{counted(n_workers, 'worker')} busy for {end}")
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("start_s:Q", title="seconds since the first test began"),
            x2="end_s:Q",
            y=alt.Y("worker:O", title="worker"),
            color=_colour("status", STATUS_COLOURS, present),
            tooltip=["test", "status", "category", "took", "worker"],
        )
        .properties(height=_height(n_workers))
    )


def files(breakdown: pd.DataFrame, name: str = "file") -> alt.Chart:
    """Draw the statuses within each file (or area), a bar for each run.

    `breakdown` is long: a column `name`, run, status, tests.
    """
    present = [s for s in STATUSES if (breakdown["status"] == s).any()]
    groups, runs = list(dict.fromkeys(breakdown[name])), list(dict.fromkeys(breakdown["run"]))
    rows = breakdown.assign(order=breakdown["status"].map({s: i for i, s in enumerate(STATUSES)}))
    return (
        _chart(rows, f"Tests by status in {counted(len(groups), name)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=_COUNTS),
            y=alt.Y(f"{name}:N", sort=groups, title=None, axis=_NAMES),
            yOffset=alt.YOffset("run:N", sort=runs),
            color=_colour("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=[name, "run", "status", "tests"],
        )
        .properties(height=_height(len(groups)) * (1.4 if len(runs) > 1 else 0.8))
    )


_COUNTS: Final = alt.Axis(tickMinStep=1, format="d", tickCount=10)
_NAMES: Final = alt.Axis(labelLimit=_LABEL_PX)
_TOP_AXIS: Final = alt.Axis(orient="top", labelAngle=0)


def _chart(data: pd.DataFrame, title: str) -> alt.Chart:
    return alt.Chart(data, title=alt.Title(title, anchor="start"), width="container")


def _height(n_rows: int) -> int:
    return max(1, n_rows) * _ROW_PX


def _colour(
    field: str, palette: dict[str, str], domain: Sequence[str], *, legend: bool = True
) -> alt.Color:
    return alt.Color(
        f"{field}:N",
        scale=alt.Scale(domain=list(domain), range=[palette[name] for name in domain]),
        legend=alt.Legend(title=None, orient="top") if legend else None,
    )
