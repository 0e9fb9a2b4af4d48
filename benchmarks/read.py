"""How fast and how lean the readers are, as ratios within one run.

    python benchmarks/read.py [junit] [playwright] [memory] [cores]

junit       CPU time of a pytest JUnit file of 100,000 cases to a classified frame, against
            junitparser merely loading it and reading name, class, time and results of every case
playwright  CPU time of a Playwright JSON of 20,000 results to a frame, against `orjson.loads`
memory      peak memory above the finished frame, for a JUnit file of 1 GB
cores       wall time of 1,000 small files in a folder, each of other tests, on one core against
            two; and what two processes gain that read a folder each, which no sharing exceeds

Imports are left out on both sides, and so is letting go of what was read. Both are measured in turn
in every round, for the machine's speed changes by the minute; the median of the rounds' ratios
counts. Inputs are made in a temporary folder, the same every time.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROUNDS = 9
#: what must hold: (ratio, at most or at least)
LIMITS = {"junit": (1.0, "at most"), "playwright": (2.0, "at most"), "cores": (1.6, "at least")}
LIMIT_MB = 100


def write_junit(
    path: Path, n_cases: int, output: str = "", seed: int = 1, package: str = "unit"
) -> None:
    """Write a pytest JUnit file: 5 % failures with tracebacks of 10 lines."""
    chance = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests">')
        file.write(f'<testsuite name="pytest" errors="0" failures="{n_cases // 20}" skipped="0"')
        file.write(f' tests="{n_cases}" time="100.0" timestamp="2026-01-01T00:00:00+00:00">')
        for i in range(n_cases):
            head = (
                f'classname="tests.{package}.test_part{i // 100}.TestThing" name="test_case[{i}-a]"'
            )
            file.write(f'<testcase {head} time="{chance.random():.3f}">')
            file.write(_failure(i, chance) if i % 20 == 0 else "")
            file.write(f"{output}</testcase>")
        file.write("</testsuite></testsuites>")


def _failure(i: int, chance: random.Random) -> str:
    lines = (f"    value_{k} = compute({chance.random()})  # of step {k}" for k in range(7))
    return (
        f'<failure message="AssertionError: assert {i} &lt; {i - 1}&#10; +  where {i} = f()">'
        "def test_case():\n" + "\n".join(lines) + f"\n&gt;       assert {i} &lt; {i - 1}\n"
        f"E       assert {i} &lt; {i - 1}\n\ntests/unit/test_part{i // 100}.py:{i % 90 + 1}:"
        " AssertionError</failure>"
    )


def write_playwright(path: Path, n_results: int) -> None:
    """Write a Playwright JSON report with steps, output and attachments."""
    files = [_playwright_file(f"f{n}.spec.ts", random.Random(n)) for n in range(n_results // 100)]
    config = {"rootDir": "/srv/app/tests", "version": "1.56.1", "workers": 4, "projects": []}
    stats = {"startTime": "2026-01-01T00:00:00.000Z", "duration": 1000.5}
    report = {"config": config, "suites": files, "errors": [], "stats": stats}
    path.write_text(json.dumps(report, indent=2), "utf-8")


def _playwright_file(name: str, chance: random.Random) -> dict[str, Any]:
    specs = [_playwright_spec(name, i, chance) for i in range(100)]
    group = {"title": "group", "file": name, "line": 3, "column": 1, "specs": specs}
    return {"title": name, "file": name, "line": 0, "column": 0, "specs": [], "suites": [group]}


def _playwright_spec(name: str, i: int, chance: random.Random) -> dict[str, Any]:
    place = {"file": f"/srv/app/tests/{name}", "line": 13, "column": 5}
    message = "Error: expect(received).toBe(expected)\n\nExpected: 2\nReceived: 1"
    frame = "\n".join(f"{'>' if k == 3 else ' '} {k + 10} |   step({k});" for k in range(6))
    text = f"{message}\n\n{frame}\n    at /srv/app/tests/{name}:13:5"
    step = {"title": "step", "duration": 3, "steps": [{"title": "inner", "duration": 1}]}
    shot = {"name": "screenshot", "contentType": "image/png", "path": f"/srv/out/{i}/shot.png"}
    result: dict[str, Any] = {
        "workerIndex": i % 4, "parallelIndex": i % 4, "status": "passed", "retry": 0,
        "duration": chance.randint(10, 9000), "errors": [], "stderr": [], "annotations": [],
        "stdout": [{"text": f"line {k}: {chance.random()}\n"} for k in range(4)],
        "startTime": "2026-01-01T00:00:00.000Z", "attachments": [shot], "steps": [step] * 6,
    }  # fmt: skip
    failed = i % 20 == 0
    if failed:
        error = {"message": message, "stack": text, "location": place, "snippet": frame}
        result |= {"status": "failed", "error": error}
        result["errors"] = [{"message": text, "location": place}]
    test = {"expectedStatus": "passed", "projectName": "chromium", "results": [result]}
    test["status"] = "unexpected" if failed else "expected"
    return {"title": f"does {i}", "ok": not failed, "tags": ["a"], "tests": [test], "line": i + 1}


#: seconds, one for each round
Times: TypeAlias = "Sequence[float]"


def rounds(
    *works: Callable[[], object], clock: Callable[[], float] = time.process_time
) -> list[Times]:
    """Measure pieces of work in turn, several times: the times of each."""
    times = [[_timed(work, clock) for work in works] for _ in range(ROUNDS)]
    return list(zip(*times, strict=True))


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    made = work()
    taken = clock() - started
    del made
    return taken


def ratios(some: Times, others: Times) -> list[float]:
    """Divide round by round."""
    return [one / other for one, other in zip(some, others, strict=True)]


def told(name: str, some: Times, others: Times, words: str) -> bool:
    """Print a ratio and whether it is within its limit."""
    limit, sense = LIMITS[name]
    each = ratios(some, others)
    ratio = median(each)
    holds = ratio <= limit if sense == "at most" else ratio >= limit
    verdict = "holds" if holds else "MISSED"
    span = f"rounds {min(each):.2f} to {max(each):.2f}"
    print(f"{name:11} {ratio:5.2f}  {sense} {limit}: {verdict}  ({span}; {words})", flush=True)
    return holds


def junit(folder: Path) -> bool:
    """Compare a classified frame with junitparser's bare reading."""
    import junitparser

    import fictures_reports as fr
    from fictures_reports.readers.read import read

    path = folder / "junit.xml"
    write_junit(path, 100_000)
    write_junit(folder / "warm.xml", 100)
    fr.read_run(folder / "warm.xml")

    def parse() -> object:
        report = junitparser.JUnitXml.fromfile(str(path))
        for suite in report:
            for case in suite:
                _ = case.name, case.classname, case.time, case.result
        return report

    theirs, ours, frame = rounds(parse, lambda: fr.read_run(path), lambda: read(path))
    words = f"{median(ours):.2f} s against {median(theirs):.2f} s"
    words += f"; {median(ratios(frame, theirs)):.2f} without classifying"
    return told("junit", ours, theirs, words)


def playwright(folder: Path) -> bool:
    """Compare a frame with `orjson.loads` of the same bytes."""
    import orjson

    from fictures_reports.readers.read import read

    path = folder / "results.json"
    write_playwright(path, 20_000)
    data = path.read_bytes()
    read(path)
    theirs, ours = rounds(lambda: orjson.loads(data), lambda: read(path))
    words = f"{median(ours):.2f} s against {median(theirs):.2f} s for {len(data) >> 20} MB"
    return told("playwright", ours, theirs, words)


def cores(folder: Path) -> bool:
    """Compare one core with two on many small files."""
    if not hasattr(os, "sched_setaffinity") or (os.cpu_count() or 1) < 2:
        print("cores: needs two cores and a system where a process can be bound to one")
        return True
    from fictures_reports.readers.read import read

    many = folder / "many"
    many.mkdir()
    for number in range(1000):
        write_junit(many / f"{number:04}.xml", 100, seed=number, package=f"unit{number:04}")
    read(many / "0000.xml")
    here = os.sched_getaffinity(0)
    two = set(sorted(here)[:2])

    def read_on(cores: set[int]) -> object:
        os.sched_setaffinity(0, cores)
        return read(many)

    one_core, two_cores = rounds(
        lambda: read_on({min(two)}), lambda: read_on(two), clock=time.perf_counter
    )
    os.sched_setaffinity(0, here)
    words = f"{median(one_core):.2f} s on one, {median(two_cores):.2f} s on two"
    gain = _gain_of_free_processes(many, sorted(two))
    return told("cores", one_core, two_cores, f"{words}; free processes gain {gain:.2f}")


ALONE = """
import os, sys, time
from fictures_reports.readers.read import read
os.sched_setaffinity(0, {int(sys.argv[2])})
read(sys.argv[1] + "/0000.xml")
print("ready", flush=True)
sys.stdin.readline()
started = time.perf_counter()
read(sys.argv[1])
print(time.perf_counter() - started)
"""


def _gain_of_free_processes(many: Path, cores: list[int]) -> float:
    """Measure what two processes gain that share no work: more cannot be had on this machine."""

    def together(on: list[int]) -> float:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", ALONE, str(many), str(core)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for core in on
        ]
        for one in running:
            assert one.stdout is not None
            one.stdout.readline()
        return max(float(said) for said in _answers(running))

    return median(2 * together(cores[:1]) / together(cores) for _ in range(ROUNDS))


def _answers(running: list[subprocess.Popen[str]]) -> Iterator[str]:
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in running:
        yield one.communicate()[0]


MEASURE = """
import resource, sys
import pandas, pyarrow
from fictures_reports.readers.read import read
def now():
    lines = open("/proc/self/status").readlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
frame, info, ledger = read(sys.argv[1])
pyarrow.default_memory_pool().release_unused()
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(len(frame), round(now()), round(peak - now()))
"""


def memory(folder: Path) -> bool:
    """Measure the peak above the finished frame, in a process of its own."""
    path = folder / "large.xml"
    printed = "\n".join(f"{k} INFO request {k} answered in {k * 7} ms" for k in range(25))
    write_junit(path, 1_000_000, f"<system-out>{printed}</system-out>")
    size = path.stat().st_size >> 20
    command = [sys.executable, "-c", MEASURE, str(path)]
    n_rows, frame, above = map(int, subprocess.check_output(command, text=True).split())
    path.unlink()
    verdict = "holds" if above < LIMIT_MB else "MISSED"
    words = f"{size} MB, {n_rows:,} results, frame of {frame} MB"
    print(f"memory      {above} MB  under {LIMIT_MB} MB: {verdict}  ({words})", flush=True)
    return above < LIMIT_MB


def main(names: list[str]) -> int:
    """Run the measurements named, or all."""
    measures = {"junit": junit, "playwright": playwright, "memory": memory, "cores": cores}
    with tempfile.TemporaryDirectory() as folder:
        held = [measures[name](Path(folder)) for name in names or measures]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
