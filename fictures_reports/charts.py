"""Frame → `alt.Chart`: one function a question, one palette for statuses, changes and categories.

Every function takes the frame that it names and returns a chart that can be changed further. The
title states the finding; a chart of nothing says so in its title.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.compare import CHANGE_OF
from fictures_reports.analysis.gates import passed_of
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
#: A chart with more bars than this is no longer read; the tables hold them all.
_MOST_BARS: Final = 40
_LABEL_PX: Final = 300


#: The output type of what altair writes, which our page draws.
VEGA_LITE: Final = "application/vnd.vegalite.v6+json"
#: The newest that JupyterLab (4.6) draws by itself; our charts hold nothing that it does not know.
VEGA_LITE_5: Final = "application/vnd.vegalite.v5+json"
_LAB_WIDTH: Final = 720


def enable() -> None:
    """Show charts in this IPython session as data that needs no network: for report notebooks.

    Altair's own "mimetype" renderer writes "….v6.json", which nbformat does not take for JSON, and
    checks every chart against the whole schema, which takes longer than drawing it.
    """
    from IPython.core.getipython import get_ipython

    formatter = get_ipython().display_formatter.mimebundle_formatter
    formatter.for_type(alt.TopLevelMixin, _bundle)


def _bundle(chart: Any, **_: Any) -> dict[str, Any]:
    spec = chart.to_dict(validate=False)
    title = spec.get("title") or spec.get("layer", [{}])[0].get("title") or {}
    text = f"<chart: {title.get('text', 'untitled')}>"
    # JupyterLab never stops fitting a chart into an output that grows with it.
    width = {"width": _LAB_WIDTH} if spec.get("width") == "container" else {}
    schema = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    return {VEGA_LITE: spec, VEGA_LITE_5: spec | schema | width, "text/plain": text}


def outcomes(totals: pd.DataFrame) -> alt.Chart:
    """Draw how many cases ended in which status, a bar for each run.

    `totals` as in `Comparison.totals`: cases and statuses in the index, a column for each run.
    """
    counts: dict[Any, dict[Any, Any]] = totals.drop(columns="change", errors="ignore").to_dict()
    runs, present = list(counts), [s for s in STATUSES if any(run[s] for run in counts.values())]
    rows = totals[totals.index.isin(present)][runs].rename_axis("status").reset_index()
    rows = rows.melt("status", var_name="run", value_name="tests")
    rows["order"] = rows["status"].map({s: i for i, s in enumerate(STATUSES)})
    passed = [f"{name} {percent(*passed_of(run))}" for name, run in counts.items()]
    return (
        _chart(rows[rows["tests"] > 0], f"Passed: {', '.join(passed)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=_COUNTS),
            y=alt.Y("run:N", sort=runs, title=None),
            color=_colour("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=_tips("run:N", "status:N", "tests:Q"),
        )
        .properties(height=_height(len(runs)), usermeta=_leading("status", "before"))
    )


def phases(runs: pd.DataFrame, target: float | None = None) -> alt.LayerChart:
    """Draw the pass rate of a sequence of runs, against a target line if there is one.

    `runs` has one row per run in order: label, rate (0–1, of all cases), cases; `target` is 0–1.
    """
    labels, rates = list(runs["label"]), list(runs["rate"])
    title = "Pass rate of no runs"
    if rates:
        title = f"Pass rate from {percent(rates[0], 1)} to {percent(rates[-1], 1)}"
    base = alt.Chart().encode(
        x=alt.X("label:N", sort=labels, title=None, axis=_slanting(labels)),
        y=alt.Y("rate:Q", title="pass rate", scale=alt.Scale(domain=[0, 1]), axis=_SHARE),
        tooltip=_tips("label:N", "rate:Q", "cases:Q"),
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
    return _layers(rows, title, 220, *layers)


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
        x=alt.X("after:N", sort=used, scale=alt.Scale(domain=used), axis=_TOP_AXIS),
        y=alt.Y("before:N", sort=used, scale=alt.Scale(domain=used)),
        tooltip=_tips("before:N", "after:N", "change:N", "tests:Q"),
    )
    labels = list(dict.fromkeys(cell["change"] for cell in cells))
    return _layers(
        pd.DataFrame(cells, columns=["before", "after", "tests", "change"]),
        f"{moved} of {total} ended otherwise than before",
        46 * max(1, len(used)),
        base.mark_rect(cornerRadius=3).encode(
            color=_colour("change", CHANGE_COLOURS, labels, legend=False)
        ),
        base.mark_text(fontSize=13, fontWeight="bold", color="#111").encode(
            text=alt.Text("tests:Q")
        ),
        base.mark_text(fontSize=10, dy=14, color="#111").encode(text=alt.Text("change:N")),
    ).properties(usermeta={"cases": [{"when": {}, "set": {"change": "change"}}]})


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
            tooltip=_tips("category:N", "run:N", "tests:Q"),
        )
        .properties(
            height=_height(len(counts)) * (1 if len(runs) > 1 else 0.7),
            usermeta=_leading("category", "category_before"),
        )
    )


def thresholds(misses: pd.DataFrame) -> alt.LayerChart:
    """Draw each measured number as a multiple of its limit, on a log scale with the limit at 1.

    `misses` has test, ratio, measured, limit, unit and comparator; rows without a positive ratio
    have no place on a log scale and are left out.
    """
    rows = misses[misses["ratio"] > 0].sort_values("ratio", ascending=False).head(_MOST_BARS)
    title = "No threshold was missed with a ratio"
    if len(rows):
        worst = rows.iloc[0]
        title = f"Farthest above its limit: {worst['test']}, {times_limit(worst['ratio'])}"
    names = alt.Y("test:N", sort=list(rows["test"]), title=None, axis=_NAMES)
    tips = _tips("test:N", "measured:Q", "comparator:N", "limit:Q", "unit:N", "ratio:Q")
    bars = alt.Chart().mark_bar(color=STATUS_COLOURS["failed"], height=10)
    limit = alt.Chart().mark_rule(strokeWidth=2, color="#0072b2")
    return _layers(
        rows.assign(at_limit=1.0),
        title,
        _height(len(rows)) + 10,
        bars.encode(
            x=alt.X("ratio:Q", title="× the limit", scale=alt.Scale(type="log"), axis=_LOG),
            x2=alt.X2("at_limit:Q"), y=names, tooltip=tips,
        ),
        limit.encode(x=alt.X("at_limit:Q")),
    )  # fmt: skip


def durations(changed: pd.DataFrame) -> alt.LayerChart:
    """Draw the duration of each test before and after, joined by a line, on a log scale.

    `changed` has test, before_s and after_s, both above 0.
    """
    rows = changed[(changed["before_s"] > 0) & (changed["after_s"] > 0)].head(_MOST_BARS)
    slower = int((rows["after_s"] > rows["before_s"]).sum())
    sides, scale = list(SIDE_COLOURS), alt.Scale(type="log")
    base = alt.Chart().encode(
        y=alt.Y("test:N", sort=list(rows["test"]), title=None, axis=_NAMES),
        tooltip=_tips("test:N", "before_s:Q", "after_s:Q"),
    )
    points = base.transform_fold(["before_s", "after_s"], as_=["key", "seconds"])
    shapes = alt.Scale(domain=sides, range=["circle", "diamond"])
    return _layers(
        rows,
        f"{slower} slower, {len(rows) - slower} faster",
        _height(len(rows)) + 10,
        base.mark_rule(strokeWidth=2, color="#9aa5b0").encode(
            x=alt.X("before_s:Q", title="seconds", scale=scale, axis=_LOG), x2=alt.X2("after_s:Q")
        ),
        points.transform_calculate(run="slice(datum.key, 0, -2)")
        .mark_point(filled=True, size=70, opacity=1)
        .encode(
            x=alt.X("seconds:Q", scale=scale),
            color=_colour("run", SIDE_COLOURS, sides),
            shape=alt.Shape("run:N", scale=shapes, legend=None),
        ),
    )


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
            x2=alt.X2("end_s:Q"),
            y=alt.Y("worker:O", title="worker"),
            color=_colour("status", STATUS_COLOURS, present),
            tooltip=_tips("test:N", "status:N", "category:N", "took:N", "worker:O"),
        )
        .properties(height=_height(n_workers))
    )


def files(breakdown: pd.DataFrame, name: str = "file") -> alt.Chart:
    """Draw the statuses within each file (or area), a bar for each run.

    `breakdown` is long: a column `name`, run, status, tests.
    """
    largest = breakdown.groupby(name)["tests"].sum().nlargest(_MOST_BARS).index
    n_groups = breakdown[name].nunique()
    breakdown = breakdown[breakdown[name].isin(largest)]
    present = [s for s in STATUSES if (breakdown["status"] == s).any()]
    groups, runs = list(dict.fromkeys(breakdown[name])), list(dict.fromkeys(breakdown["run"]))
    rows = breakdown.assign(order=breakdown["status"].map({s: i for i, s in enumerate(STATUSES)}))
    return (
        _chart(rows, f"Tests by status in {_of(len(groups), n_groups, name)}")
        .mark_bar()
        .encode(
            x=alt.X("tests:Q", title="tests", stack="zero", axis=_COUNTS),
            y=alt.Y(f"{name}:N", sort=groups, title=None, axis=_NAMES),
            yOffset=alt.YOffset("run:N", sort=runs),
            color=_colour("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=_tips(f"{name}:N", "run:N", "status:N", "tests:Q"),
        )
        .properties(height=_height(len(groups)) * (1.4 if len(runs) > 1 else 0.8))
    )


_SHARE: Final = alt.Axis(format=".0%")
_LOG: Final = alt.Axis(tickCount=6)
_COUNTS: Final = alt.Axis(tickMinStep=1, format="d", tickCount=10)
_NAMES: Final = alt.Axis(labelLimit=_LABEL_PX)
_TOP_AXIS: Final = alt.Axis(orient="top", labelAngle=0)


def _chart(data: pd.DataFrame, title: str) -> alt.Chart:
    return alt.Chart(data, title=alt.Title(title, anchor="start"), width="container")


def _layers(data: pd.DataFrame, title: str, height: float, *layers: alt.Chart) -> Any:
    # The data stands once above the layers, which altair would else compare and merge.
    text = alt.Title(title, anchor="start")
    chart = alt.layer(*layers, data=data)
    return chart.properties(title=text, width="container", height=height)


def _leading(now: str, before: str) -> dict[str, Any]:
    """Say by which filter of a page's case list a bar's cases are found: that of its side."""
    rules = [{"when": {"run": "before"}, "set": {before: now}}, {"when": {}, "set": {now: now}}]
    return {"cases": rules}


def _slanting(labels: Sequence[str]) -> alt.Axis:
    """Write labels level where they have room, else aslant: on a phone they would overlap."""
    needed = len(labels) * (7 * max(map(len, labels), default=0) + 8)
    return alt.Axis(labelAngle=alt.ExprRef(f"width < {needed} ? -35 : 0"))


def _tips(*fields: str) -> list[alt.Tooltip]:
    # As objects: altair looks every bare name up in its schema, which takes longer than the rest.
    return [alt.Tooltip(field) for field in fields]


def _of(n_shown: int, n_all: int, name: str) -> str:
    all_of_them = counted(n_all, name)
    return all_of_them if n_shown == n_all else f"the {n_shown} largest of {all_of_them}"


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


def __getattr__(name: str) -> Any:
    """Find the charts over many runs here too: `charts.trend`, `charts.heat_map` …"""
    from fictures_reports import charts_history

    if name.startswith("_") or not hasattr(charts_history, name):
        raise AttributeError(f"module {__name__!r} has no chart {name!r}")
    return getattr(charts_history, name)
