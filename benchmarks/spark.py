"""Asks a history of 2 million rows everything in pandas, DuckDB and Spark, and compares.

python benchmarks/spark.py [--runs 1000] [--cases 2000] [--format delta|files]

Every other run file has durations finer than milliseconds, which are stored otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from generate import Generated, Plan, fill

from fictures_reports.history import History
from fictures_reports.history_analysis import aggregates

ASK = (aggregates.totals, aggregates.stability, aggregates.categories, aggregates.durations,
       aggregates.sightings)  # fmt: skip
COLUMNS = ("run_id", "run_at", "label", "commit", "branch", "stream", "case_id", "status",
           "category", "signature", "duration_s")  # fmt: skip


def fill_files(folder: str, made: Generated) -> None:
    """Save runs as they are, without looking for each of them in what is there."""
    for index in range(made.plan.n_runs):
        run = made.run(index)
        if index % 2:
            run.results["duration_s"] *= 1.0001
        run.save(f"{folder}/")


def main() -> None:
    """Print a line for each question."""
    from pyspark.sql import SparkSession

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--format", choices=["delta", "files"], default="delta")
    given = parser.parse_args()
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = builder.getOrCreate()
    with TemporaryDirectory() as folder:
        filled = fill if given.format == "delta" else fill_files
        filled(folder, Generated(Plan(n_cases=given.cases, n_runs=given.runs, retries=1)))
        history = History(folder)
        engines = {
            "pandas": history.load(columns=COLUMNS),
            "DuckDB": history.scan(),
            "Spark": history.to_spark(session),
        }
        print(f"{len(engines['pandas']):,} rows")
        for ask in ASK:
            answers, took = [], []
            for rows in engines.values():
                begin = time.perf_counter()
                answers.append(ask(rows))
                took.append(time.perf_counter() - begin)
            for other in answers[1:]:
                pd.testing.assert_frame_equal(other, answers[0], rtol=1e-9, atol=0)
            times = ", ".join(f"{n} {s:.1f} s" for n, s in zip(engines, took, strict=True))
            print(f"equal  {ask.__name__}: {len(answers[0]):,} rows; {times}", flush=True)
    session.stop()


if __name__ == "__main__":
    main()
