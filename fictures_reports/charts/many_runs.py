"""Charts over many runs: trend, heat map, rates, clusters, ages, thresholds, durations.

As in `charts`: each function takes the frame that it names, and its title states the finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.limit_distance import times_off
from fictures_reports.analysis.reasons.limit_sentence import limit_missed
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted, duration, percent
from fictures_reports.charts.chart_parts import (
    COUNTS,
    LOG,
    NAMES,
    base_chart,
    colour_scale,
    height_of,
    largest_of,
    layered,
    tooltips,
)
from fictures_reports.charts.palette import STATUS_COLOURS
from fictures_reports.guards import needs
from fictures_reports.history.streams import with_streams
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.line_words import in_order, words_for
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_STATE_COLOURS: Final = {
    "broken": "#d55e00", "flaky": "#e69f00", "not enough runs": "#7f8c99", "stable": "#009e73",
}  # fmt: skip
_AGE_COLOURS: Final = {
    "failed": "#d55e00", "skipped": "#7f8c99", "not run": "#b4bcc4", "interrupted": "#5b6570",
}  # fmt: skip
#: How the lines of branches are dashed, the default branch's first.
_DASHES: Final = [[1, 0], [8, 3], [4, 2], [2, 2], [8, 2, 2, 2]]
_BLUE: Final = "#0072b2"
_GOOD: Final = ("passed", "flaky", "xpassed")
#: Labels of more runs than this would cover each other.
_MOST_LABELS: Final = 40
#: Colours cannot tell more lines apart.
_MOST_LINES: Final = 8
#: Names are cut in the middle, for clusters often begin alike.
_MOST_LETTERS: Final = 46
#: The page's own text colour, dark or light.
_INK: Final = "currentColor"
_UTC: Final = alt.Scale(type="utc")
#: One form for all ticks: with 24 hours, and without a year that a week of runs does not need.
_TIME: Final = alt.Axis(
    format={"hours": "%H:%M", "minutes": "%H:%M", "seconds": "%H:%M:%S"}, tickCount=8,
    labelOverlap="greedy",
)  # fmt: skip
_LEGEND_PX: Final = 260
#: A pass rate below this lets the axis begin at 0.
_HALF: Final = 0.5


@needs("charts.frames.totals", "cases", "passed", "flaky", "xpassed")
def pass_rates(totals: pd.DataFrame) -> pd.Series[float]:
    """Return the share (0–1) of each run's cases that passed; NaN for a run without cases."""
    good = totals[list(_GOOD)].sum(axis=1)
    return (good / totals["cases"]).where(totals["cases"] > 0)


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
    rows = _marked(totals, outages)
    low = min([*rows["rate"].dropna(), 1.0 if target is None else target])
    # Every run stands at its height, an outage too; below a half nothing is cut off.
    scale = alt.Scale(domain=[round(low - 0.1, 1) if low >= _HALF else 0.0, 1])
    x = alt.X("run:O", axis=_run_axis(len(rows)))
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
        *_target(target), *_phases(rows, phases or {}),
    ]  # fmt: skip
    title = alt.Title(_trend_title(rows, target), anchor="start")
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


@needs("charts.frames.totals", "label", "cases", "passed")
def counts(totals: pd.DataFrame) -> alt.Chart:
    """Draw how many tests ended in which status, run by run; as `frames.totals` gives them."""
    present = [s for s in STATUSES if totals[s].sum()]
    order = {status: i for i, status in enumerate(STATUSES)}
    rows = totals.assign(run=range(1, len(totals) + 1))
    long = rows[["run", "label", *present]].melt(["run", "label"], var_name="status")
    long = long.assign(order=long["status"].map(order)).rename(columns={"value": "tests"})
    most = counted(int(totals["cases"].max()), "test") if len(totals) else "no tests"
    return (
        base_chart(long[long["tests"] > 0], f"Up to {most} in {counted(len(totals), 'run')}")
        .mark_bar()
        .encode(
            x=alt.X("run:O", axis=_run_axis(len(rows))),
            y=alt.Y("tests:Q", title="tests", stack="zero"),
            color=colour_scale("status", STATUS_COLOURS, present),
            order=alt.Order("order:Q"),
            tooltip=tooltips("label:N", "status:N", "tests:Q"),
        )
        .properties(height=160)
    )


def _run_axis(n: int) -> alt.Axis:
    step = max(1, -(-n // _MOST_LABELS))
    values = list(range(1, n + 1, step))
    return alt.Axis(labelAngle=0, values=values, title="run", labelOverlap="greedy")


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


def _phases(rows: pd.DataFrame, phases: Mapping[str, str]) -> list[Any]:
    at = dict(zip(rows["label"], rows["run"], strict=True))
    starts = [{"run": at[label], "phase": name} for name, label in phases.items() if label in at]
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
    good = int(last[list(_GOOD)].sum())
    of = f" of {last['line']}" if len(set(rows["line"])) > 1 else ""
    text = f"Latest run{of}: {percent(good, last['cases'])} passed ({good} of {last['cases']})"
    if target is None or not last["cases"]:
        return text
    return f"{text}, {'above' if last['rate'] >= target else 'below'} the target"


@needs("History.load", "run_id", "case_id", "status", "label", "category")
def heat_map(history: pd.DataFrame, cases: pd.DataFrame) -> alt.Chart:
    """Draw how each of some cases ended in each run of the branch that its state is told of.

    `history` as `History.load` gives it; `cases` has case_id, title and state, in the order to
    draw, and branch and stream. The runs of a branch stand beside each other, the default branch's
    first.
    """
    cells, names = _cells(with_streams(history), cases)
    number = cells.drop_duplicates("run_id").set_index("run_id")["run"].sort_values()
    present = [s for s in STATUSES if (cells["status"] == s).any()]
    title = f"{counted(len(cases), 'unstable test')} over {counted(len(number), 'run')}"
    cells = cells.drop(columns="run_id")
    return (
        base_chart(cells, title)
        .mark_rect()
        .encode(
            x=alt.X("run:O", axis=_run_axis(len(number)),
                    scale=alt.Scale(domain=number.tolist(), paddingInner=0.06)),
            y=alt.Y("test:N", sort=names, title=None, axis=NAMES,
                    scale=alt.Scale(paddingInner=0.08)),
            color=colour_scale("status", STATUS_COLOURS, present),
            tooltip=tooltips("test:N", "label:N", "line:N", "status:N", "why:N"),
        )
        .properties(height=height_of(len(cases)) * 0.7)
    )  # fmt: skip


def _cells(history: pd.DataFrame, cases: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return a cell for each case and run of the case's line, and the names in their order."""
    runs = history.drop_duplicates("run_id")
    words, parts, lines, n = words_for(runs), [], in_order(runs), 0
    names = pd.Series(_names(cases), index=cases.index)
    of_case = [line_of(row) for row in rows_of(cases)]
    where = pd.Series([words.where(line) for line in of_case], index=cases.index, dtype="str")
    names = names + where
    for line, ids in lines:
        own = [line == one for one in of_case]
        if not any(own):
            continue
        shown = dict(zip(cases.loc[own, "case_id"], names[own], strict=True))
        rows = history[history["run_id"].isin(ids) & history["case_id"].isin(shown)]
        number = {run: n + i for i, run in enumerate(ids, 1)}
        n += len(ids)
        parts.append(pd.DataFrame({
            "run_id": rows["run_id"], "run": rows["run_id"].map(number),
            "test": rows["case_id"].map(shown), "status": rows["status"], "label": rows["label"],
            "line": words.name(line), "why": rows["category"].fillna(""),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True), names.tolist()


def _names(cases: pd.DataFrame) -> list[str]:
    """Name cases by their title, and by project where that alone is not enough."""
    twice = cases["title"].duplicated(keep=False)
    full = cases["title"] + " [" + cases["project"] + "]"
    names = full.where(twice & (cases["project"] != ""), cases["title"])
    return list(cases["case_id"].where(names.duplicated(keep=False), names))


@needs(
    "History.flakiness",
    "title",
    "case_id",
    "project",
    "state",
    "n_events",
    "n_runs",
    "rate",
    "rate_low",
    "rate_high",
)
def rates(flakiness: pd.DataFrame) -> alt.LayerChart:
    """Draw the flake rate of some cases with its 95 % interval; `flakiness` as its function's."""
    rows = flakiness.assign(test=_names(flakiness))
    title = "No test is flaky"
    if len(rows):
        worst = rows.iloc[0]
        title = (
            f"Flakiest: {worst['title']}, {worst['n_events']} of {worst['n_runs']} runs "
            f"({percent(worst['n_events'], worst['n_runs'])})"
        )
    y = alt.Y("test:N", sort=list(rows["test"]), title=None, axis=NAMES)
    colour = colour_scale("state", _STATE_COLOURS, list(_STATE_COLOURS), legend=False)
    tips = tooltips("test:N", "state:N", "n_events:Q", "n_runs:Q", "rate_low:Q", "rate_high:Q")
    share = alt.Axis(format="%")
    return layered(
        rows[["test", "state", "n_events", "n_runs", "rate", "rate_low", "rate_high"]],
        title,
        height_of(len(rows)),
        alt.Chart().mark_rule(strokeWidth=3, opacity=0.55).encode(
            x=alt.X("rate_low:Q", title="rate and 95 % interval", axis=share),
            x2="rate_high:Q", y=y, color=colour,
        ),
        alt.Chart().mark_point(filled=True, size=70, opacity=1).encode(
            x=alt.X("rate:Q"), y=y, color=colour, tooltip=tips
        ),
    )  # fmt: skip


@needs("charts.frames.clusters", "name", "n_results", "last_seen")
def clusters(sightings: pd.DataFrame) -> alt.LayerChart:
    """Draw from when to when each cluster of failures was seen; as `frames.clusters` says."""
    rows = sightings.assign(shown=_told_apart(sightings["name"])).drop(columns=["name"])
    title = f"{counted(len(rows), 'cluster')} of failures"
    y = alt.Y("shown:N", sort=list(rows["shown"]), title=None, axis=NAMES)
    tips = tooltips("shown:N", "n_results:Q", "n_runs:Q", "n_cases:Q", "first_label:N",
                 "last_label:N")  # fmt: skip
    base = alt.Chart().encode(y=y, tooltip=tips)
    counts = list(rows["n_results"])
    ends = sorted({int(n) for n in (min(counts), max(counts))}) if counts else []
    legend = alt.Legend(orient="top", values=ends)
    return layered(
        rows,
        title,
        height_of(len(rows)) + 20,
        base.mark_rule(strokeWidth=2, color="#9aa5b0").encode(
            x=alt.X("first_seen:T", title="first to last seen (UTC)", scale=_UTC, axis=_TIME),
            x2="last_seen:T",
        ),
        base.mark_point(filled=True, color="#9aa5b0", opacity=1).encode(x="first_seen:T"),
        base.mark_point(filled=True, color=STATUS_COLOURS["failed"], opacity=1).encode(
            x="last_seen:T", size=alt.Size("n_results:Q", title="failures", legend=legend)
        ),
    )


def _told_apart(names: pd.Series[str]) -> list[str]:
    """Shorten names in the middle; equal ones are numbered, for a chart draws them as one."""
    half = _MOST_LETTERS // 2
    short = [n if len(n) <= _MOST_LETTERS else f"{n[:half]}…{n[1 - half :]}" for n in names]
    seen: dict[str, int] = {}
    told = []
    for name in short:
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"({seen[name]}) {name}")
    return told


@needs("charts.frames.ages", "title", "how", "n_runs", "since")
def ages(ageing: pd.DataFrame) -> alt.Chart:
    """Draw for how many runs cases have failed or not run; as `frames.ages` says."""
    rows = ageing.assign(test=_names(ageing))
    title = "Every test passed in the latest run"
    if len(rows):
        title = f"Longest: {rows.iloc[0]['title']}, {rows.iloc[0]['how']} for " + counted(
            int(rows.iloc[0]["n_runs"]), "run"
        )
    present = [how for how in _AGE_COLOURS if (rows["how"] == how).any()]
    return (
        base_chart(rows[["test", "how", "n_runs", "since"]], title)
        .mark_bar()
        .encode(
            x=alt.X("n_runs:Q", title="runs in a row", axis=COUNTS),
            y=alt.Y("test:N", sort=list(rows["test"]), title=None, axis=NAMES),
            color=colour_scale("how", _AGE_COLOURS, present),
            tooltip=tooltips("test:N", "how:N", "n_runs:Q", "since:N"),
        )
        .properties(height=height_of(len(rows)) * 0.8)
    )


@needs("charts.frames.missed_limits", "ratio", "test")
def thresholds(measured: pd.DataFrame) -> alt.LayerChart:
    """Draw numbers that missed a limit run by run, as multiples of it, with the limit at 1.

    `measured` has test, label, run_at, measured, comparator, limit, unit and ratio (measured ÷
    limit).
    """
    measured = measured.assign(off=times_off(measured), at_limit=1.0)
    missed = measured[measured["ratio"] > 0]
    worst = measured.nlargest(1, "off").iloc[0] if measured["off"].notna().any() else None
    shown = missed.groupby("test")["off"].max().nlargest(_MOST_LINES).index
    rows = missed[missed["test"].isin(shown)]
    which = largest_of(len(shown), missed["test"].nunique(), "test")
    title = "No limit was missed" if worst is None else (
        f"{which[0].upper()}{which[1:]} that missed a limit; farthest off "
        f"{worst['test']} in {worst['label']}, "
        f"{limit_missed(*worst[['measured', 'comparator', 'limit', 'unit']])}"
    )  # fmt: skip
    scale = alt.Scale(type="log")
    base = alt.Chart().encode(x=alt.X("run_at:T", title="run (UTC)", scale=_UTC, axis=_TIME))
    legend = alt.Legend(title=None, orient="bottom", columns=2, labelLimit=_LEGEND_PX)
    # Both with one legend: two that differ stand beside each other and leave a phone no plot.
    colour, shape = alt.Color("test:N", legend=legend), alt.Shape("test:N", legend=legend)
    tips = tooltips("test:N", "label:N", "measured:Q", "limit:Q", "unit:N", "ratio:Q")
    return layered(
        rows,
        title,
        240,
        base.mark_line(opacity=0.5).encode(
            y=alt.Y("ratio:Q", title="× the limit", scale=scale, axis=LOG), color=colour
        ),
        base.mark_point(filled=True, size=50, opacity=1).encode(
            y=alt.Y("ratio:Q", scale=scale), color=colour, shape=shape, tooltip=tips
        ),
        alt.Chart().mark_rule(strokeWidth=2, color=_BLUE).encode(y="at_limit:Q"),
    )


@needs("charts.frames.slowest", "test", "median_s")
def slowest(durations: pd.DataFrame) -> alt.LayerChart:
    """Draw median and longest duration of some cases; `durations` with a column test."""
    title = "No durations are recorded"
    if len(durations):
        first = durations.iloc[0]
        title = f"Slowest: {first['test']}, {duration(float(first['median_s']))} in the median"
    y = alt.Y("test:N", sort=list(durations["test"]), title=None, axis=NAMES)
    tips = tooltips("test:N", "n:Q", "median_s:Q", "mean_s:Q", "max_s:Q")
    base = alt.Chart().encode(y=y, tooltip=tips)
    return layered(
        durations[["test", "n", "median_s", "mean_s", "max_s"]],
        title,
        height_of(len(durations)) * 0.8,
        base.mark_bar(color="#9fc5dd").encode(
            x=alt.X("median_s:Q", title="seconds: median, longest")
        ),
        base.mark_tick(thickness=3, color=_BLUE).encode(x="max_s:Q"),
    )
