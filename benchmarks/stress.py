"""Many writers, killed writers, a full disk, a bucket: does the history hold every run once?

    python benchmarks/stress.py [writers] [kills] [disk] [bucket] [--times 1.0]

Without names all are run; HISTORY_FORM=delta does so with tables.
"""

from __future__ import annotations

import argparse
import os
import random
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from typing import TYPE_CHECKING

from generate import Generated, Plan
from warm_processes import start

from fictures_reports.errors import HistoryError
from fictures_reports.history import History

if TYPE_CHECKING:
    from collections.abc import Iterator

    from warm_processes import Started

PLAN = Plan(n_cases=30, n_runs=3000, n_files=3, n_outages=0)
CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
}  # fmt: skip


def opened(path: str) -> History:
    """Open a history; a new one has the form that HISTORY_FORM names."""
    return History(path, format=os.environ.get("HISTORY_FORM"))


def write(path: str, first: int, last: int) -> None:
    """Append runs one by one and print each label once it is acknowledged."""
    made, history = Generated(PLAN), opened(path)
    for index in range(first, last):
        run = made.run(index)
        history.append(run)
        print(run.label, flush=True)


def writer(path: str, first: int, last: int) -> Started:
    """Start a process that appends runs first … last − 1."""
    return start(write, path, first, last)


def at_once(path: str, n_writers: int, n_runs: int) -> list[str]:
    """Let processes write at once, each its own runs; return what was acknowledged."""
    started = [writer(path, i * n_runs, (i + 1) * n_runs) for i in range(n_writers)]
    return [label for one in started for label in one.end().split()]


def torn(history: History) -> list[str]:
    """Return the labels of runs that are not there exactly once and whole."""
    runs, rows = history.runs(), history.load(columns=["label", "case_id"])
    n_rows, n_runs = Counter(rows["label"]), Counter(runs["label"])
    n_cases = rows.drop_duplicates().groupby("label").size()
    return [
        label for label, n in zip(runs["label"], runs["n_results"], strict=True)
        if n_rows[label] != n or n_cases[label] != n or n_runs[label] != 1
    ]  # fmt: skip


def writers(path: str, n_writers: int = 8, n_runs: int = 200) -> str:
    """Append from many processes at once."""
    begin = time.perf_counter()
    said = at_once(path, n_writers, n_runs)
    seconds = time.perf_counter() - begin
    history = History(path)
    kept = set(history.runs()["label"])
    wanted = n_writers * n_runs
    ok = len(said) == wanted and kept == set(said) and not torn(history)
    return f"{verdict(ok)} {n_writers} × {n_runs} runs: {len(kept)} of {wanted} in {seconds:.0f} s"


def kills(path: str, n_kills: int = 200) -> str:
    """Kill a writer with SIGKILL at random moments and look at the table after each."""
    acknowledged: set[str] = set()
    bad, first, chance = 0, 0, random.Random(1)
    while n_kills:
        started = writer(path, first, first + 500)
        said = [started.printed.readline()]  # beginning takes a while: kill it while it writes
        time.sleep(chance.uniform(0, 0.15))
        started.process.kill()
        said += started.end().splitlines()
        # a line that was cut off was not acknowledged
        acknowledged |= {line.strip() for line in said if len(line.strip()) == len("nightly-0000")}
        history = History(path)
        missing = acknowledged - set(history.runs()["label"])
        bad += bool(missing or torn(history))
        first, n_kills = first + len(said) % 3 + 1, n_kills - 1
        first = first if first < 2400 else 0
    return f"{verdict(not bad)} killed writers: {bad} times torn or lost, {len(acknowledged)} runs"


def disk(folder: str) -> str:
    """Fill a small file system until an append fails: after some twenty runs in either form."""
    size = "1m" if os.environ.get("HISTORY_FORM") == "delta" else "160k"
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        return "skipped full disk: cannot mount a tmpfs here"
    try:
        return _filled(f"{folder}/history")
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def _filled(path: str) -> str:
    made, history, added, said = Generated(PLAN), opened(path), [], ""
    for index in range(500):
        try:
            history.append(made.run(index))
        except HistoryError as error:
            said = str(error)
            break
        added.append(made.label(index))
    ok = "disk is full" in said and set(history.runs()["label"]) == set(added)
    return f"{verdict(ok and not torn(history))} full disk after {len(added)} runs: {said}"


def bucket(n_writers: int = 4, n_runs: int = 50) -> str:
    """Write to an S3 server on loopback from many processes at once."""
    with s3_server() as environment:
        os.environ.update(environment)
        return "bucket: " + writers("s3://reports/history", n_writers, n_runs)


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Start moto's S3 server with a bucket "reports"; give the environment that reaches it.

    In a process of its own: deltalake holds the interpreter while it waits for a bucket.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _make_bucket(f"http://127.0.0.1:{port}/reports")
        yield CREDENTIALS | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    finally:
        server.terminate()
        server.wait()


def _make_bucket(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(urllib.request.Request(url, method="PUT"), timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(url)


def verdict(ok: bool) -> str:  # noqa: FBT001
    """Write whether a check held."""
    return "held   " if ok else "FAILED "


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=["writers", "kills", "disk", "bucket"])
    parser.add_argument("--times", type=float, default=1.0, help="do so many times as much")
    given = parser.parse_args()
    for name in given.names:
        with TemporaryDirectory() as folder:
            checks = {
                "writers": lambda f=folder: writers(f"{f}/h", 8, int(200 * given.times)),
                "kills": lambda f=folder: kills(f"{f}/h", int(200 * given.times)),
                "disk": lambda f=folder: disk(f),
                "bucket": lambda: bucket(4, int(50 * given.times)),
            }
            print(checks[name](), flush=True)


if __name__ == "__main__":
    main()
