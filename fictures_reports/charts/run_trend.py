"""Charts of whole runs, oldest first: the pass rate, and how many tests ended in which status."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.wording import counted, percent
from fictures_reports.charts.chart_parts import base_chart, colour_scale, tooltips
from fictures_reports.charts.palette import STATUS_COLOURS
from fictures_reports.charts.run_bins import pooled_totals, run_axis, runs_per_column
from fictures_reports.guards import needs, share_or_none
from fictures_reports.history_analysis.line_words import in_order, words_for
from fictures_reports.history_analysis.pass_rate import PASSES, pass_rate_of_runs
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: How the lines of branches are dashed, the default branch's first.
_DASHES: Final = [[1, 0], [8, 3], [4, 2], [2, 2], [8, 2, 2, 2]]
#: The page's own text colour, dark or light.
_INK: Final = "currentColor"
#: A pass rate below this lets the axis begin at 0.
_HALF: Final = 0.5
_BLUE: Final = "#0072b2"


@needs("charts.frames.totals", "cases", "passed", "flaky", "xpassed")
def pass_rates(totals: pd.DataFrame) -> pd.Series[float]:
    """Return the share (0–1) of each run's cases that passed; NaN for a run without cases.

    `totals` as `frames.totals` gives them.
    """
    return pass_rate_of_runs(totals)


@needs("charts.frames.totals", "run_id", "run_at", "label", "cases", "passed")
def trend(
    totals: pd.DataFrame,
    outages: Collection[str] = (),
    target: float | None = None,
    phases: Mapping[str, str] | None = None,
) -> alt.LayerChart:
    """Draw the pass rate run by run, with a target line and named phases; a line for each branch.

    `totals` as `frames.totals` gives them; `outages` are the ids of runs that lie in one, which
    stand apart; `target` is a share (0–1); `phases` maps a name to the label of its first run.
    """
    share_or_none(target, "target")
    runs = _marked(totals, outages)
    rows = _pooled(runs)
    low = min([*rows["rate"].dropna(), 1.0 if target is None else target])
    # Every run stands at its height, an outage too; below a half nothing is cut off.
    scale = alt.Scale(domain=[round(low - 0.1, 1) if low >= _HALF else 0.0, 1])
    x = alt.X("run:O", axis=run_axis(rows["run"]))
    y = alt.Y("rate:Q", title="pass rate", axis=alt.Axis(format="%"), scale=scale)
    tips = tooltips("label:N", "line:N", "day:N", "kind:N", "passed:Q", "failed:Q", "flaky:Q",
                    "skipped:Q")  # fmt: skip
    kinds = ["usual", "outage"]
    shapes = alt.Scale(domain=kinds, range=["circle", "triangle-down"])
    fills = alt.Scale(domain=kinds, range=[_BLUE, STATUS_COLOURS["failed"]])
    has_outage = (rows["kind"] == "outage").any()
    legend = alt.Legend(title=None, orient="top") if has_outage else None
    base = alt.Chart(rows)
    usual = base.transform_filter("datum.kind == 'usual'")
    layers = [
        _rate_line(usual, rows).encode(x=x, y=y),
        base.mark_point(filled=True, size=45, opacity=1).encode(
            x=x, y=y, tooltip=tips, color=alt.Color("kind:N", scale=fills, legend=legend),
            shape=alt.Shape("kind:N", scale=shapes, legend=legend),
        ),
        *_target(target), *_phases(runs, rows, phases or {}),
    ]  # fmt: skip
    title = alt.Title(_trend_title(runs, target) + _shared(runs, rows), anchor="start")
    chart: Any = alt.layer(*layers)
    return chart.properties(title=title, width="container", height=220)


def _rate_line(usual: Any, rows: pd.DataFrame) -> Any:
    """Draw a line for each branch and stream: what happens on one is no trend of another.

    The default branch has the full line, further ones are dashed; what is beyond the legend is dim.
    """
    lines = list(dict.fromkeys(rows.sort_values("rank", kind="stable")["line"]))
    if len(lines) < 2:
        return usual.mark_line(color=_BLUE, strokeWidth=2)
    named = lines[: len(_DASHES)]
    scale = alt.Scale(domain=named, range=_DASHES[: len(named)])
    return usual.mark_line(color=_BLUE, strokeWidth=2).encode(
        detail="line:N",
        strokeDash=alt.StrokeDash(
            "line:N", scale=scale, legend=alt.Legend(title=None, orient="top")
        ),
        opacity=alt.condition(
            alt.FieldOneOfPredicate("line", named), alt.value(1), alt.value(0.25)
        ),
    )


def _marked(totals: pd.DataFrame, outages: Collection[str]) -> pd.DataFrame:
    words = words_for(totals)
    at: dict[str, tuple[int, str]] = {}
    for rank, (line, runs) in enumerate(in_order(totals)):
        at |= dict.fromkeys(runs, (rank, words.name(line)))
    return totals.assign(
        run=range(1, len(totals) + 1),
        rank=[at[run][0] for run in totals["run_id"]],
        line=[at[run][1] for run in totals["run_id"]],
        rate=pass_rates(totals),
        day=totals["run_at"].dt.strftime("%Y-%m-%d"),
        kind=["outage" if run in outages else "usual" for run in totals["run_id"]],
    ).drop(columns=["run_at"])


def _pooled(rows: pd.DataFrame) -> pd.DataFrame:
    """Put neighbouring runs of a line together where they are too many; outages stay apart."""
    pooled = pooled_totals(rows, ["line", "rank", "kind"], runs_per_column(len(rows)))
    return pooled.assign(rate=pass_rates(pooled))


def _shared(runs: pd.DataFrame, columns: pd.DataFrame) -> str:
    """Say that a point is of several runs; "" where each has its own."""
    if not len(columns) or columns["n"].max() == 1:
        return ""
    return f"; each point is of up to {columns['n'].max()} of {counted(len(runs), 'run')}"


@needs("charts.frames.totals", "label", "cases", "passed")
def counts(totals: pd.DataFrame) -> alt.Chart:
    """Draw how many tests ended in which status, run by run; as `frames.totals` gives them.

    Where runs share a column it shows how many there were in a run on average.
    """
    present = [s for s in STATUSES if totals[s].sum()]
    order = {status: i for i, status in enumerate(STATUSES)}
    numbered = totals.assign(run=range(1, len(totals) + 1), line="", day="")
    rows = pooled_totals(numbered, ["line"], runs_per_column(len(totals), len(present)))
    shares = rows[present].div(rows["n"], axis=0) if rows["n"].gt(1).any() else rows[present]
    rows = rows[["run", "label"]].join(shares.round(1))
    long = rows.melt(["run", "label"], var_name="status")
    long = long.assign(order=long["status"].map(order)).rename(columns={"value": "tests"})
    most = counted(int(totals["cases"].max()), "test") if len(totals) else "no tests"
    return (
        base_chart(long[long["tests"] > 0], f"Up to {most} in {counted(len(totals), 'run')}")
        .mark_bar()
        .encode(
            x=alt.X("run:O", axis=run_axis(rows["run"])),
            y=alt.Y("tests:Q", title="tests", stack="zero"),
            color=colour_scale("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=tooltips("label:N", "status:N", "tests:Q"),
        )
        .properties(height=160)
    )


def _target(target: float | None) -> list[Any]:
    if target is None:
        return []
    line = pd.DataFrame({"rate": [target], "text": [f"target {percent(target, 1)}"]})
    base = alt.Chart(line)
    return [
        base.mark_rule(strokeDash=[6, 4], strokeWidth=2, color=_INK).encode(y="rate:Q"),
        base.mark_text(align="right", dy=9, x="width", color=_INK).encode(
            y="rate:Q", text="text:N"
        ),
    ]


def _phases(runs: pd.DataFrame, columns: pd.DataFrame, phases: Mapping[str, str]) -> list[Any]:
    """Mark where phases begin: at the first column that stands there or behind it."""
    at = dict(zip(runs["label"], runs["run"], strict=True))
    starts = [
        {"run": min(run for run in columns["run"] if run >= at[label]), "phase": name}
        for name, label in phases.items() if label in at
    ]  # fmt: skip
    if not starts:
        return []
    base = alt.Chart(pd.DataFrame(starts))
    return [
        base.mark_rule(strokeWidth=1.5, color=_INK).encode(x="run:O"),
        base.mark_text(align="left", dx=4, y=-6, fontWeight="bold", color=_INK).encode(
            x="run:O", text="phase:N"
        ),
    ]


def _trend_title(rows: pd.DataFrame, target: float | None) -> str:
    if rows.empty:
        return "No runs"
    last = rows.iloc[-1]
    good = int(last[list(PASSES)].sum())
    of = f" of {last['line']}" if len(set(rows["line"])) > 1 else ""
    text = f"Latest run{of}: {percent(good, last['cases'])} passed ({good} of {last['cases']})"
    if target is None or not last["cases"]:
        return text
    return f"{text}, {'above' if last['rate'] >= target else 'below'} the target"
