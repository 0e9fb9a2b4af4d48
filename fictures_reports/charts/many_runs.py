"""Charts over many runs: trend, heat map, rates, clusters, ages, thresholds, durations.

As in `charts`: each function takes the frame that it names, and its title states the finding.
"""

from __future__ import annotations

from typing import Final

import altair as alt
import pandas as pd

from fictures_reports.analysis.limit_distance import times_off
from fictures_reports.analysis.reasons.limit_sentence import limit_missed
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
from fictures_reports.charts.run_bins import farthest_off, pooled_cells, run_axis, runs_per_column
from fictures_reports.charts.run_trend import counts, pass_rates, trend
from fictures_reports.frame_rows import rows_of
from fictures_reports.guards import need_columns, needs
from fictures_reports.history.streams import with_streams
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.line_words import in_order, words_for
from fictures_reports.schema import STATUSES

__all__ = [
    "ages", "clusters", "counts", "heat_map", "pass_rates", "rates", "slowest",
    "thresholds", "trend",
]  # fmt: skip

_STATE_COLOURS: Final = {
    "broken": "#d55e00", "flaky": "#e69f00", "not enough runs": "#7f8c99", "stable": "#009e73",
}  # fmt: skip
_AGE_COLOURS: Final = {
    "failed": "#d55e00", "skipped": "#7f8c99", "not run": "#b4bcc4", "interrupted": "#5b6570",
}  # fmt: skip
_BLUE: Final = "#0072b2"
#: Colours cannot tell more lines apart.
_MOST_LINES: Final = 8
#: Names are cut in the middle, for clusters often begin alike.
_MOST_LETTERS: Final = 46
_UTC: Final = alt.Scale(type="utc")
#: One form for all ticks: with 24 hours, and without a year that a week of runs does not need.
_TIME: Final = alt.Axis(
    format={"hours": "%H:%M", "minutes": "%H:%M", "seconds": "%H:%M:%S"}, tickCount=8,
    labelOverlap="greedy",
)  # fmt: skip
_LEGEND_PX: Final = 260


@needs("History.load", "run_id", "case_id", "status", "label", "category")
def heat_map(history: pd.DataFrame, cases: pd.DataFrame) -> alt.Chart:
    """Draw how each of some cases ended in each run of the branch that its state is told of.

    `history` as `History.load` gives it; `cases` has case_id, title and state, in the order to
    draw, and branch and stream. The runs of a branch stand beside each other, the default branch's
    first. Where runs share a column it has the worst of how they ended.
    """
    need_columns(cases, ("case_id", "title", "project", "state"), "cases", "History.flakiness")
    cells, names = _cells(with_streams(history), cases)
    n_runs, numbers = cells["run_id"].nunique(), sorted(cells["run"].unique().tolist())
    title = f"{counted(len(cases), 'unstable test')} over {counted(n_runs, 'run')}"
    if n_runs > len(numbers):
        title += f", {-(-n_runs // len(numbers))} to a column, which shows the worst"
    cells = pooled_cells(cells.drop(columns="run_id"))
    present = [s for s in STATUSES if (cells["status"] == s).any()]
    return (
        base_chart(cells, title)
        .mark_rect()
        .encode(
            x=alt.X("run:O", axis=run_axis(numbers),
                    scale=alt.Scale(domain=numbers, paddingInner=0.06)),
            y=alt.Y("test:N", sort=names, title=None, axis=NAMES,
                    scale=alt.Scale(paddingInner=0.08)),
            color=colour_scale("status", STATUS_COLOURS, present),
            tooltip=tooltips("test:N", "label:N", "line:N", "status:N", "why:N",
                             *(["of:N"] if "of" in cells else [])),
        )
        .properties(height=height_of(len(cases)) * 0.7)
    )  # fmt: skip


def _cells(history: pd.DataFrame, cases: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return a cell for each case and run of the case's line, and the names in their order."""
    runs = history.drop_duplicates("run_id")
    words, parts, lines, n = words_for(runs), [], in_order(runs), 0
    size = runs_per_column(len(runs), len(cases))
    names = pd.Series(_names(cases), index=cases.index)
    of_case = [line_of(row) for row in rows_of(cases)]
    where = pd.Series([words.where(line) for line in of_case], index=cases.index, dtype="str")
    names = names + where
    for line, ids in lines:
        is_of_line = [line == case_line for case_line in of_case]
        if not any(is_of_line):
            continue
        shown = dict(zip(cases.loc[is_of_line, "case_id"], names[is_of_line], strict=True))
        rows = history[history["run_id"].isin(ids) & history["case_id"].isin(shown)]
        number = {run: n + 1 + i // size for i, run in enumerate(ids)}
        n += -(-len(ids) // size)
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
    n_of: dict[str, int] = {}
    distinct = []
    for name in short:
        n_of[name] = n_of.get(name, 0) + 1
        distinct.append(name if n_of[name] == 1 else f"({n_of[name]}) {name}")
    return distinct


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
    rows = farthest_off(missed[missed["test"].isin(shown)])
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
