"""Times the history against itself and against hand-written SQL, and prints ratios.

    python benchmarks/history.py HISTORY [--cases 2000]
    python benchmarks/history.py --only upkeep

HISTORY is one that benchmarks/generate.py filled, at best with 10,000 runs of 2,000 cases. `upkeep`
appends 3,000 runs to a table of its own, which takes some minutes, and says what that leaves.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from datetime import timedelta
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


def both(action: Callable[[], Any]) -> tuple[float, float]:
    """Return how long an action takes, and how long the processor works on it."""
    begin, used = time.perf_counter(), time.process_time()
    action()
    return time.perf_counter() - begin, time.process_time() - used


def append(path: str, cases: int, n: int = 25) -> None:
    """Time appends to the long history, to empty ones, and to those of one run, in turn.

    The first append to an empty history makes its tables as well; the ratio to the second leaves
    that out. The processor's time is counted, too: it says the same on a machine with other work.
    """
    made = Generated(Plan(n_cases=cases, n_runs=n + 1, seed=int(time.time()), retries=1))
    long, times = History(path), []
    long.append(made.run(0), label=f"bench-{time.time_ns()}")  # what a process loads once
    for index in range(1, n + 1):
        run, label = made.run(index), f"bench-{time.time_ns()}"
        with TemporaryDirectory() as folder:
            empty = History(folder, format="delta")
            first, again = (both(lambda r=r, e=empty: e.append(r)) for r in (made.run(0), run))
        times.append((both(lambda r=run, n=label: long.append(r, label=n)), first, again))
    for unit, which in (("", 0), (" of processor time", 1)):
        sides = ([took[which] for took in side] for side in zip(*times, strict=True))
        ours, *others = (statistics.median(side) for side in sides)
        for name, theirs in zip(("an empty one", "one of one run"), others, strict=True):
            print(f"{ours / theirs:5.2f}  (at most 1.50)  append to {len(long.runs()):,} runs / "
                  f"to {name}: {ours * 1000:.0f} ms / {theirs * 1000:.0f} ms{unit}")  # fmt: skip


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


def upkeep(n_runs: int = 3000, cases: int = 50) -> None:
    """Say how much room a table of runs that were appended one by one takes on the disk."""
    made = Generated(Plan(n_cases=cases, n_runs=n_runs, retries=1))
    with TemporaryDirectory() as folder:
        history = History(folder, format="delta")
        for index in range(n_runs):
            history.append(made.run(index))
        before = on_disk(folder)
        history.compact()
        history.vacuum(keep=timedelta(0))
        after, n = on_disk(folder), len(history.runs())
        print(f"{after / 1e6:5.1f}  (at most 60)    MB on disk after upkeep, {before / 1e6:.0f} "
              f"before: {n:,} appended runs of {cases} cases")  # fmt: skip


def on_disk(folder: str) -> int:
    """Count the bytes that a folder takes, in whole blocks, as `du` does."""
    return sum(path.lstat().st_blocks * 512 for path in Path(folder).rglob("*"))


def main() -> None:
    """Print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history", nargs="?")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--only", choices=["append", "last", "stability", "size", "upkeep"])
    given = parser.parse_args()
    if given.only == "upkeep":
        upkeep()
        return
    if given.history is None:
        parser.error("name a history")
    if given.only in (None, "append"):
        append(given.history, given.cases)
    for ask in (last, size, stability):
        if given.only in (None, ask.__name__):
            ask(given.history)


if __name__ == "__main__":
    main()
