"""Charts over many runs say what their frames do."""

from __future__ import annotations

import pandas as pd
import pytest

from fictures_reports import charts
from fictures_reports.charts import many_runs as charts_history
from fictures_reports.charts import run_bins
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
    rows = html.split("<li")[1:]
    assert "slow" in rows[0]
    assert "2.0 × the limit, in <bdi>r2</bdi>; farthest 1,071 ms, 11 × the limit<" in rows[0]
    assert "empty" in rows[1]
    assert 'class="limit least"' in f"<li{rows[1]}"
    assert "a 10,000th of it, in <bdi>r2</bdi><" in rows[1]
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


def test_a_thousand_runs_are_drawn_in_columns_of_neighbours(generate):
    plan = generate.Plan(n_cases=60, n_runs=1000, n_files=6, retries=1, broken=0.1)
    made = generate.Generated(plan)
    totals = aggregates.totals(made.table(0, 1000).to_pandas())
    trend = rows_of(charts_history.trend(totals))
    assert len(trend) <= 2 * run_bins.MOST_RUNS
    assert sum(row["n"] for row in trend) == 1000
    assert sum(row["cases"] for row in trend) == totals["cases"].sum()
    assert trend[0]["label"].startswith(totals["label"].iloc[0])
    assert trend[-1]["label"].endswith(totals["label"].iloc[-1])
    bars = pd.DataFrame(rows_of(charts_history.counts(totals)))
    assert len(bars) <= run_bins.MOST_CELLS
    assert bars.groupby("run")["tests"].sum().max() <= 61


def test_an_outage_is_never_pooled_with_usual_runs(generate):
    made = generate.Generated(generate.Plan(n_cases=60, n_runs=1000, n_files=6))
    totals = aggregates.totals(made.table(0, 1000).to_pandas())
    [outage] = [totals["run_id"].iloc[500]]
    shown = [row for row in rows_of(charts_history.trend(totals, [outage]))
             if row["kind"] == "outage"]  # fmt: skip
    assert [(row["n"], row["label"]) for row in shown] == [(1, totals["label"].iloc[500])]


def test_a_column_of_a_heat_map_shows_the_worst_of_its_runs():
    n = 1000
    rows = pd.DataFrame({
        "run_id": [f"r{i:04}" for i in range(n)], "case_id": "a",
        "label": [f"r{i}" for i in range(n)],
        "status": ["failed" if i in (501, 503) else "passed" for i in range(n)], "category": "x",
        "branch": "main", "stream": None,
        "run_at": pd.date_range("2026-01-01", periods=n, tz="UTC"),
    })  # fmt: skip
    cases = pd.DataFrame({"case_id": ["a"], "title": ["a"], "project": [""], "state": ["flaky"],
                          "branch": ["main"], "stream": [None]})  # fmt: skip
    chart = charts_history.heat_map(rows, cases)
    cells = rows_of(chart)
    assert len(cells) == 200
    assert [(c["label"], c["of"]) for c in cells if c["status"] == "failed"] == [
        ("r501", "2 of 5 runs")
    ]
    assert "over 1,000 runs, 5 to a column" in chart.to_dict()["title"]["text"]


def test_few_runs_keep_a_column_each(made):
    totals = aggregates.totals(made.table(0, 40).to_pandas())
    assert [row["n"] for row in rows_of(charts_history.trend(totals))] == [1] * 40
    assert "point is of" not in charts_history.trend(totals).to_dict()["title"]["text"]


def test_numbers_off_their_limit_keep_the_farthest_of_neighbours():
    n = 3000
    measured = pd.DataFrame({
        "test": ["a", "b"] * n, "off": [1.0 + (i == 777) * 9 for i in range(2 * n)],
    })  # fmt: skip
    kept = run_bins.farthest_off(measured)
    assert len(kept) <= run_bins.MOST_CELLS
    assert kept["off"].max() == 10.0
    assert set(kept["test"]) == {"a", "b"}
