"""Times the history against itself and against hand-written SQL, and prints ratios.

    python benchmarks/history.py HISTORY [--cases 2000]

HISTORY is one that benchmarks/generate.py filled, at best with 10,000 runs of 2,000 cases.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parent))
from generate import Generated, Plan

from fictures_reports.history import History
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history_analysis import aggregates

if TYPE_CHECKING:
    from collections.abc import Callable

SQL = """
with ran as (
  select case_id, run_at, status in ('passed','flaky','failed','xpassed') as ran,
         status = 'failed' as failed, status = 'flaky' as flaky,
         lag(status = 'failed') over (
           partition by case_id, status in ('passed','flaky','failed','xpassed')
           order by run_at, run_id) as before
  from rows)
select case_id, count(*), sum(ran::int), sum(flaky::int), sum(failed::int),
       sum((ran and before is not null and before <> failed)::int), min(run_at), max(run_at)
from ran group by case_id"""


def seconds(action: Callable[[], Any]) -> float:
    """Return how long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def append(path: str, cases: int) -> None:
    """Time appends to the long history, to empty ones, and to those of one run, in turn.

    The first append to an empty history makes its tables as well; the ratio to the second leaves
    that out.
    """
    made = Generated(Plan(n_cases=cases, n_runs=16, seed=int(time.time()), retries=1))
    long, times = History(path), []
    for index in range(1, 16):
        run, label = made.run(index), f"bench-{time.time_ns()}"
        with TemporaryDirectory() as folder:
            empty = History(folder, format="delta")
            first, again = (seconds(lambda r=r, e=empty: e.append(r)) for r in (made.run(0), run))
        times.append((seconds(lambda r=run, n=label: long.append(r, label=n)), first, again))
    ours, *others = (statistics.median(side) for side in zip(*times, strict=True))
    for name, theirs in zip(("an empty one", "one of one run"), others, strict=True):
        print(f"{ours / theirs:5.2f}  (at most 1.50)  append to {len(long.runs()):,} runs / "
              f"to {name}: {ours * 1000:.0f} ms / {theirs * 1000:.0f} ms")  # fmt: skip


def last(path: str) -> None:
    """Count the bytes of the files that loading the last 50 runs opens."""
    history = History(path)
    target = log.table(f"{history.path}/results", {})
    names = files.holding(target, list(history.runs(last=50)["ingest_id"]))
    size, whole = (sum(Path(n).stat().st_size for n in of) for of in (names, history.files()))
    took = seconds(lambda: history.load(last=50))
    print(f"load(last=50): {took:.1f} s, opens {len(names):,} of {len(history.files()):,} files, "
          f"{size / 1e6:.1f} of {whole / 1e6:.0f} MB")  # fmt: skip


def stability(path: str) -> None:
    """Time `aggregates.stability` against the same question in SQL, both on DuckDB."""
    ours, sql = History(path).scan(), History(path).scan()
    n = sql.count("*").fetchall()[0][0]
    times = []
    for _ in range(2):
        hand = seconds(lambda: sql.query("rows", SQL).to_arrow_table())
        times.append((seconds(lambda: aggregates.stability(ours)), hand))
    own, hand = (min(side) for side in zip(*times, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{own / hand:5.2f}  (at most 1.30)  stability of {n:,} rows / hand-written SQL: "
          f"{own:.1f} s / {hand:.1f} s; peak {peak:.1f} GB (at most 4)")  # fmt: skip


def size(path: str) -> None:
    """Say how much a million rows take."""
    history = History(path)
    n = files.n_rows(log.table(f"{history.path}/results", {}))
    whole = sum(Path(name).stat().st_size for name in history.files())
    print(f"{whole / n:5.1f}  (at most 25)    MB per million rows, {n:,} rows")


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--only", choices=["append", "last", "stability", "size"])
    given = parser.parse_args()
    if given.only in (None, "append"):
        append(given.history, given.cases)
    for ask in (last, size, stability):
        if given.only in (None, ask.__name__):
            ask(given.history)


if __name__ == "__main__":
    main()
