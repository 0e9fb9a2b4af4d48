"""How fast and how lean the readers are, as ratios within one run.

    python benchmarks/read.py [junit] [playwright] [doubled] [memory]

junit       CPU time of JUnit files of 100,000 cases to a frame, for each shape that
            people have (see junit_shapes.py), against junitparser merely loading it and reading
            name, class, time and results of every case
playwright  CPU time of a Playwright JSON of 20,000 results to a frame, against `orjson.loads`
doubled     CPU time of twice as long a hostile text in a result, against the text once, for each
            format; 2 is linear
memory      peak memory above the finished frame, for a JUnit file of 1 GB

Imports are left out on both sides, and so is letting go of what was read. The collector of cycles
is off on both sides, as it is in the command, but for Playwright: there it is on for both, as in
any program that calls either. Both are measured in turn in every round, for the
machine's speed changes by the minute; the median of the rounds' ratios counts. Inputs are made in a
temporary folder, the same every time. CASES=20000 and HOSTILE_BYTES=10000 in the environment
make them smaller.
"""

from __future__ import annotations

import gc
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

from junit_shapes import SHAPES, write_pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 5
N_CASES = int(os.environ.get("CASES", "100000"))
#: what must hold: at most
LIMITS = {"junit": 2.5, "playwright": 1.0, "doubled": 3.0}
LIMIT_MB = 100


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


def rounds(*works: Callable[[], object], n: int = ROUNDS, collector: bool = False) -> list[Times]:
    """Measure pieces of work in turn, several times: the times of each."""
    times = [[_timed(work, collector=collector) for work in works] for _ in range(n)]
    return list(zip(*times, strict=True))


def _timed(work: Callable[[], object], *, collector: bool) -> float:
    gc.collect()
    if not collector:
        gc.disable()
    started = time.process_time()
    made = work()
    taken = time.process_time() - started
    gc.enable()
    del made
    return taken


def ratios(some: Times, others: Times) -> list[float]:
    """Divide round by round."""
    return [one / other for one, other in zip(some, others, strict=True)]


def verdict(kind: str, name: str, some: Times, others: Times, words: str) -> bool:
    """Print a ratio and whether it is within its limit."""
    each = ratios(some, others)
    ratio, limit = median(each), LIMITS[kind]
    says = "holds" if ratio <= limit else "MISSED"
    span = f"rounds {min(each):.2f} to {max(each):.2f}"
    print(f"{name:26} {ratio:5.2f}  at most {limit}: {says}  ({span}; {words})", flush=True)
    return ratio <= limit


def junit(folder: Path) -> bool:
    """Compare a frame with junitparser's bare reading, for each shape of file.

    What classifying adds is printed beside: it goes by distinct texts, of which 5,000 fail here,
    and has limits of its own in classify.py.
    """
    import junitparser

    import fictures_reports as fr
    from fictures_reports.readers.read import read

    def parse(path: Path) -> object:
        report = junitparser.JUnitXml.fromfile(str(path))
        for suite in report:
            for case in suite:
                _ = case.name, case.classname, case.time, case.result
        return report

    hold = []
    for name, write in SHAPES.items():
        path, warm = folder / f"{name}.xml", folder / "warm.xml"
        write(path, N_CASES)
        write(warm, 100)
        fr.read_run(warm)
        theirs, ours, frame = rounds(
            lambda path=path: parse(path),  # type: ignore[misc]
            lambda path=path: fr.read_run(path),  # type: ignore[misc]
            lambda path=path: read(path),  # type: ignore[misc]
        )
        words = f"{median(frame):.2f} s against {median(theirs):.2f} s"
        words += f"; {median(ratios(ours, theirs)):.2f} with classifying"
        hold.append(verdict("junit", f"junit {name}", frame, theirs, words))
        path.unlink()
    return all(hold)


def playwright(folder: Path) -> bool:
    """Compare a frame with `orjson.loads` of the same bytes."""
    import orjson

    from fictures_reports.readers.read import read

    path = folder / "results.json"
    write_playwright(path, 20_000)
    data = path.read_bytes()
    read(path)
    theirs, ours = rounds(lambda: orjson.loads(data), lambda: read(path), collector=True)
    words = f"{median(ours):.2f} s against {median(theirs):.2f} s for {len(data) >> 20} MB"
    return verdict("playwright", "playwright", ours, theirs, words)


#: what patterns that go back over a text take long for: bytes of the longer text
HOSTILE_BYTES = int(os.environ.get("HOSTILE_BYTES", "100000"))
HOSTILE = {
    "escapes": "#x1B]",
    "stack": "at a (b:1:",
    "blanks": "          ",
    "types": "a.A.",
    "tags": "<a b='",
}


def one_result(text: str) -> dict[str, str]:
    """Write one failed result with a text in message, type and output, in each format."""
    error = {"message": text, "stack": text}
    xml = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    failure = f'<failure message="{xml}" type="{xml}">{xml}</failure><system-out>{xml}</system-out>'
    case = f'<testcase classname="tests.test_a" name="t" time="1">{failure}</testcase>'
    attributes = 'tests="1" failures="1" skipped="0" errors="0" time="1"'
    spec = {"title": "t", "line": 1, "tests": [{"results": [
        {"status": "failed", "error": error, "errors": [error], "stdout": [{"text": text}]}
    ]}]}  # fmt: skip
    call = {"outcome": "failed", "longrepr": text, "crash": {"message": text}, "stdout": text}
    node, test = "tests/test_a.py::t", {"name": "t", "status": "failed", "duration": 1}
    lines = [
        {"$report_type": "SessionStart", "pytest_version": "9"},
        {"$report_type": "TestReport", "nodeid": node, "when": "call", "outcome": "failed",
         "longrepr": text, "sections": [["Captured stdout call", text]]},
    ]  # fmt: skip
    documents = {
        "playwright-json": {"config": {}, "suites": [{"file": "a.ts", "specs": [spec]}]},
        "pytest-json-report": {
            "created": 1, "exitcode": 1, "root": "/", "summary": {},
            "tests": [{"nodeid": node, "outcome": "failed", "call": call}],
        },
        "ctrf": {"results": {"tool": {"name": "x"}, "summary": {}, "tests": [
            test | {"message": text, "trace": text, "stdout": [text]}
        ]}},
        "allure-results": {
            "uuid": "1", "historyId": "1", "fullName": "a#t", "name": "t", "status": "failed",
            "statusDetails": {"message": text, "trace": text}, "stage": "finished", "labels": [],
        },
    }  # fmt: skip
    return {name: json.dumps(document) for name, document in documents.items()} | {
        "pytest-reportlog": "\n".join(map(json.dumps, lines)),
        "pytest-junit": f'<testsuite name="pytest">{case}</testsuite>',
        "playwright-junit": (
            f'<testsuites id="" name="" {attributes}><testsuite name="a.spec.ts" timestamp=""'
            f' hostname="" {attributes}>{case}</testsuite></testsuites>'
        ),
        "junit": f'<testsuite name="x">{case}</testsuite>',
    }


def doubled(folder: Path) -> bool:
    """Compare reading a hostile text with reading it twice as long."""
    from fictures_reports.readers.read import read

    def read_all(paths: Sequence[Path]) -> None:
        for path in paths:
            read(path)

    def written(name: str, n_bytes: int) -> list[Path]:
        paths = []
        for kind, piece in HOSTILE.items():
            paths.append(folder / f"{name}-{kind}-{n_bytes}")
            text = one_result(piece * (n_bytes // len(piece)))[name]
            paths[-1].write_text(text, encoding="utf-8")
        return paths

    hold = []
    for name in one_result(""):
        short, long = written(name, HOSTILE_BYTES // 2), written(name, HOSTILE_BYTES)
        read_all(short)
        once, twice = rounds(
            lambda paths=short: read_all(paths),  # type: ignore[misc]
            lambda paths=long: read_all(paths),  # type: ignore[misc]
            n=3,
        )
        words = f"{median(twice):.3f} s for {len(HOSTILE)} texts of {HOSTILE_BYTES // 1000} kB"
        hold.append(verdict("doubled", f"doubled {name}", twice, once, words))
    return all(hold)


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
    write_pytest(path, 1_000_000, f"<system-out>{printed}</system-out>")
    size = path.stat().st_size >> 20
    command = [sys.executable, "-c", MEASURE, str(path)]
    n_rows, frame, above = map(int, subprocess.check_output(command, text=True).split())
    path.unlink()
    says = "holds" if above < LIMIT_MB else "MISSED"
    words = f"{size} MB, {n_rows:,} results, frame of {frame} MB"
    print(f"memory      {above} MB  under {LIMIT_MB} MB: {says}  ({words})", flush=True)
    return above < LIMIT_MB


def main(names: list[str]) -> int:
    """Run the measurements named, or all."""
    measures = {"junit": junit, "playwright": playwright, "doubled": doubled, "memory": memory}
    with tempfile.TemporaryDirectory() as folder:
        held = [measures[name](Path(folder)) for name in names or measures]
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
