"""Times the last 50 of 3,000 run files against the same runs in a table, and prints ratios.

    python benchmarks/run_files.py [--runs 3000] [--cases 100] [--rounds 9]

The table is one after upkeep, with a hundred runs in each of its files. The run files are those of
a folder after upkeep, too, and before it: then 3,000 files are opened only to see what they are.
Each round starts a process for either form. It loads three runs of each form first, so that no
import is timed; what it loads then is cold, and after that nothing but the disk has changed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from generate import Generated, Plan, fill

from fictures_reports.history import History


def fill_files(folder: str, made: Generated) -> None:
    """Save runs as they are, without looking for each of them in what is there."""
    Path(folder).mkdir()
    for index in range(made.plan.n_runs):
        made.run(index).save(f"{folder}/")


def timed(history: str, *small: str) -> list[tuple[float, float]]:
    """Load the last 50 runs four times; return CPU and wall seconds of each."""
    for other in small:
        History(other).load()
    times = []
    for _ in range(4):
        cpu, wall = time.process_time(), time.perf_counter()
        History(history).load(last=50)
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    return times


def rounds(folder: str, pair: tuple[str, str], n: int) -> dict[str, list[list[list[float]]]]:
    """Time two histories in turn, each in processes of its own."""
    times: dict[str, list[list[list[float]]]] = {name: [] for name in pair}
    for _ in range(n):
        for name in pair:
            few = [f"{folder}/few-{form}" for form in ("files", "packed files", "table")]
            command = [sys.executable, __file__, "--time", f"{folder}/{name}", *few]
            said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            times[name].append(json.loads(said))
    return times


def made(folder: str, plan: Plan) -> None:
    """Fill run files, packed run files, and a table whose files hold a hundred runs each."""
    for name, n_runs in (("few-", 3), ("", plan.n_runs)):
        runs = Generated(replace(plan, n_runs=n_runs))
        fill_files(f"{folder}/{name}files", runs)
        fill(f"{folder}/{name}table", runs)
        shutil.copytree(f"{folder}/{name}files", f"{folder}/{name}packed files")
        History(f"{folder}/{name}packed files").compact()


def main() -> None:
    """Print a line for cold and for warm loads, in CPU and in wall time."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("runs", 3000), ("cases", 100), ("rounds", 9)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--time", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.time:
        print(json.dumps(timed(*given.time)))
        return
    with TemporaryDirectory() as folder:
        made(folder, Plan(n_cases=given.cases, n_runs=given.runs, retries=1, n_outages=0))
        for ours in ("packed files", "files"):
            times = rounds(folder, (ours, "table"), given.rounds)
            for when, part in (("cold", slice(0, 1)), ("warm", slice(1, None))):
                for what, seconds in (("CPU", 0), ("wall", 1)):
                    files, table = (
                        statistics.median(min(one[seconds] for one in run[part]) for run in side)
                        for side in times.values()
                    )
                    print(f"{files / table:5.2f}  (at most 2.00)  last 50 of {given.runs:,} runs, "
                          f"{ours} / table, {when}, {what}: {files * 1000:.0f} ms / "
                          f"{table * 1000:.0f} ms")  # fmt: skip
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
