"""The same numbers from pandas, DuckDB and Spark."""

from __future__ import annotations

import pandas as pd
import pytest

from fictures_reports.history_analysis import aggregates

QUESTIONS = [aggregates.totals, aggregates.stability, aggregates.categories,
             aggregates.durations, aggregates.sightings]  # fmt: skip


def equal(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Hold counts to the last digit and floats to 1e-9."""
    pd.testing.assert_frame_equal(one, other, rtol=1e-9, atol=0)


@pytest.mark.parametrize("ask", QUESTIONS)
def test_duckdb_answers_as_pandas_does(filled, ask):
    answer = ask(filled.load())
    assert len(answer)
    equal(ask(filled.scan()), answer)


@pytest.fixture(scope="module")
def spark(spark_installed):
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.config("spark.sql.session.timeZone", "Europe/Berlin").getOrCreate()
    yield session
    session.stop()


@pytest.mark.spark
# pyspark 4 warns of pandas 3 and of what it forks; neither is ours to mend.
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("ask", QUESTIONS)
def test_spark_answers_as_pandas_does(filled, spark, ask):
    equal(ask(filled.to_spark(spark)), ask(filled.load()))


def test_totals_count_rows(filled, made):
    totals = aggregates.totals(filled.load())
    assert list(totals["label"]) == [made.label(i) for i in range(40)]
    assert (totals["cases"] == 60).all()
    first = made.run(0)
    assert {s: int(totals.iloc[0][s]) for s in ("passed", "failed", "flaky", "skipped")} == {
        s: first.totals[s] for s in ("passed", "failed", "flaky", "skipped")
    }


def test_flips_are_counted_between_runs_in_which_a_case_ran(run_of):
    from fictures_reports.history import frame_of

    ends = ["passed", "failed", "skipped", "failed", "passed", "flaky", "failed"]
    runs = [run_of(f"r{i}", {"a": end}, started_at=1e9 + i) for i, end in enumerate(ends)]
    row = aggregates.stability(frame_of(runs)).iloc[0]
    assert (row["n_runs"], row["n_ran"], row["n_flips"]) == (7, 6, 3)
    assert (row["passed"], row["flaky"], row["failed"]) == (2, 1, 3)


def test_a_clusters_sightings_are_first_last_runs_and_cases(filled, made):
    seen = aggregates.sightings(filled.load()).set_index("category").loc["network"]
    (outage,) = made.outages
    assert seen["first_label"] == seen["last_label"] == made.label(outage)
    assert seen["n_runs"] == 1
    assert seen["n_results"] == seen["n_cases"] > 30


def test_a_cluster_keeps_its_id_while_the_history_grows(filled):
    early, all_ = (aggregates.sightings(f) for f in (filled.load()[:1200], filled.load()))
    assert set(early["cluster"]) <= set(all_["cluster"])


def test_nothing_gives_nothing(filled):
    for ask in QUESTIONS:
        assert ask(filled.load()[:0]).empty
        assert list(ask(filled.load()[:0])) == list(ask(filled.load()))
