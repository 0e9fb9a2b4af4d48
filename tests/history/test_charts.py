"""Charts over many runs say what their frames do."""

from __future__ import annotations

import pandas as pd
import pytest

from fictures_reports import charts
from fictures_reports.charts import many_runs as charts_history
from fictures_reports.history import frame_of
from fictures_reports.history_analysis import aggregates
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.report import history_sections as show


def rows_of(chart):
    spec = chart.to_dict()
    (rows,) = spec["datasets"].values()
    return rows


def texts(spec):
    """Yield every value in a specification."""
    if isinstance(spec, dict):
        for value in spec.values():
            yield from texts(value)
    elif isinstance(spec, list):
        for value in spec:
            yield from texts(value)
    else:
        yield spec


def test_clusters_that_begin_alike_keep_a_row_each(runs):
    import fictures_reports as fr

    rows = frame_of([fr.read_run(runs / "phase2-initial"), fr.read_run(runs / "phase2-rerun")])
    seen = aggregates.sightings(rows)
    shown = [row["shown"] for row in rows_of(charts_history.clusters(seen))]
    assert len(shown) == len(set(shown)) == len(seen)
    twice = pd.concat([seen, seen], ignore_index=True)
    shown = [row["shown"] for row in rows_of(charts_history.clusters(twice))]
    assert len(set(shown)) == len(twice)


def test_nothing_is_drawn_as_an_empty_chart():
    phases = pd.DataFrame({"label": [], "rate": [], "cases": []})
    for chart in (
        charts.phases(phases), charts.phases(phases, 0.9),
        charts_history.clusters(aggregates.sightings(frame_of([]))),
    ):  # fmt: skip
        assert rows_of(chart) == []


def test_times_are_drawn_in_utc_wherever_the_reader_is(filled):
    rows = filled.load()
    misses = show.thresholds.values(show.findings_of(rows))
    for chart in (
        charts_history.clusters(aggregates.sightings(rows)), charts_history.thresholds(misses)
    ):  # fmt: skip
        axes = [layer["encoding"].get("x", {}) for layer in chart.to_dict()["layer"]]
        times = [x for x in axes if x.get("type") == "temporal" and "title" in x]
        assert times
        assert all(x["scale"]["type"] == "utc" for x in times)


@pytest.mark.parametrize("n", [3, 40])
def test_no_more_thresholds_are_drawn_than_colours_tell_apart(n):
    misses = pd.DataFrame({
        "test": [f"t{i}" for i in range(n)], "label": "r", "measured": 100.0 + pd.RangeIndex(n),
        "run_at": pd.Timestamp(2025, 1, 1, tz="UTC"), "comparator": "<", "limit": 100.0,
        "unit": "ms",
        "ratio": 1 + pd.RangeIndex(n) / 100,
    })  # fmt: skip
    chart = charts_history.thresholds(misses)
    shown = {row["test"] for row in rows_of(chart)}
    assert len(shown) == min(n, 8)
    assert f"t{n - 1}" in shown
    title = chart.to_dict()["title"]["text"]
    assert title.startswith("3 tests" if n == 3 else "The 8 largest of 40 tests")


def test_marks_for_targets_and_phases_take_the_colour_of_the_pages_text(filled):
    rows = filled.load()
    totals = aggregates.totals(rows)
    outages = {run for one in incidents(rows) if one.is_outage for run in one.runs}
    spec = charts_history.trend(totals, outages, 0.9, {"late": "nightly-0020"}).to_dict()
    assert "currentColor" in set(map(str, texts(spec)))
    assert not {"#111", "black", "white"} & set(map(str, texts(spec)))
    legend = charts_history.trend(totals).to_dict()
    assert all(
        layer["encoding"].get("color", {}).get("legend") is None for layer in legend["layer"]
    )


def test_the_farthest_miss_is_that_on_either_side_of_its_limit():
    misses = pd.DataFrame({
        "case_id": ["a", "a", "b", "c"], "test": ["slow", "slow", "empty", "zero"],
        "label": ["r1", "r2", "r2", "r2"], "run_at": pd.to_datetime(["2026-01-01"] * 4, utc=True),
        "measured": [1071.0, 200.0, 0.01, 5.0], "comparator": ["<", "<", ">", "<"],
        "limit": [100.0, 100.0, 100.0, 0.0], "unit": ["ms"] * 4,
        "ratio": [10.71, 2.0, 0.0001, float("nan")],
    })  # fmt: skip
    html = show.thresholds.html(misses).html
    rows = html.split("<tr>")[2:]
    assert "slow" in rows[0]
    assert ">2.0 × the limit</td>" in rows[0].replace("\n", "")
    assert ">11 × the limit</td>" in rows[0].replace("\n", "")
    assert "empty" in rows[1]
    assert ">a 10,000th of it</td>" in rows[1].replace("\n", "")
    title = charts_history.thresholds(misses).to_dict()["title"]["text"]
    said = "farthest off empty in r2, 0.01 ms, must be over 100 ms: a 10,000th of it"
    assert title.endswith(said)


@pytest.mark.parametrize(("passed", "low"), [(1, 0.0), (49, 0.0), (55, 0.5), (70, 0.6), (100, 0.9)])
@pytest.mark.parametrize("is_outage", [True, False])
def test_no_run_of_the_trend_is_drawn_at_another_height_than_its_rate(
    filled, passed, low, is_outage
):
    totals = aggregates.totals(filled.load()).head(2)
    totals = totals.assign(cases=100, passed=[100, passed], flaky=0, xpassed=0)
    outages = totals["run_id"].tolist()[1:] if is_outage else []
    layers = charts_history.trend(totals, outages).to_dict()["layer"]
    scale = layers[1]["encoding"]["y"]["scale"]
    assert scale["domain"] == [low, 1]
    assert "clamp" not in scale
