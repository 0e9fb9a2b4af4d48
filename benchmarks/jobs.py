"""Times whole jobs against the tools that people use for them today, and prints ratios.

    make bench
    python benchmarks/jobs.py [--cases 10000] [--rounds 5]

Three jobs: two JUnit files compared to a page, against Allure 3's page of one of them; one of the
files to a page, against xunit-viewer's page, which analyses nothing; and the reference runs to a
page, against papermill and nbconvert on a notebook of two cells. The first two need npm: the newest
releases are installed into a temporary folder. Both sides run in turn, so that a busy machine
disturbs both; the ratio is the median of the rounds' own ratios. Wall time, and the CPU time of the
command and its children.
"""

from __future__ import annotations

import argparse
import compileall
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
OURS = str(BIN / "fictures-reports")
PEERS = ("allure", "xunit-viewer")
Commands = list[list[str]]


@dataclass(frozen=True)
class Job:
    """One job: our commands, a peer's, the page that each must write, the ratio to keep to."""

    name: str
    ours: Commands
    peers: Commands
    pages: tuple[Path, Path]
    limit: float
    aim: float | None = None


def junit(path: Path, n_cases: int, seed: int) -> Path:
    """Write a JUnit file as pytest does: 84 % pass, 11 % fail for one of 200 reasons, 5 % skip."""
    rng, parts = random.Random(seed), []
    for i in range(n_cases):
        kind = rng.choices(["", "failure", "skipped"], [84, 11, 5])[0]
        reason = f"AssertionError: service {rng.randrange(200)} said no"
        inner = f'<{kind} message="{reason}">at tests/file{i % 300}.py:{i}\n{reason}</{kind}>'
        parts.append(
            f'<testcase classname="tests.file{i % 300}" name="test_{i}" '
            f'time="{rng.expovariate(1):.3f}">{inner if kind else ""}</testcase>'
        )
    head = f'<testsuite name="pytest" tests="{n_cases}" timestamp="2026-01-0{seed + 1}T10:00:00">'
    path.parent.mkdir(parents=True)
    path.write_text(f"<testsuites>{head}{''.join(parts)}</testsuite></testsuites>", "utf-8")
    return path


def two_cells(path: Path) -> None:
    """Write the notebook that a report is held against: two imports and one chart."""
    cells = [
        nbformat.v4.new_code_cell("import pandas as pd\nimport altair as alt"),
        nbformat.v4.new_code_cell(
            "alt.Chart(pd.DataFrame({'a': [1, 2], 'b': [3, 4]})).mark_bar().encode(x='a', y='b')"
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)


def notebook_job(here: Path) -> Job:
    """The reference runs to a page, and two cells through papermill and nbconvert."""
    two_cells(here / "two.ipynb")
    runs = [str(ROOT / "runs" / name) for name in ("phase2-initial", "phase2-rerun")]
    page, theirs = here / "reference" / "r.html", here / "nbconvert" / "out.html"
    peers = [
        [str(BIN / "papermill"), str(here / "two.ipynb"), str(here / "out.ipynb")],
        [
            str(BIN / "jupyter"),
            "nbconvert",
            "--to=html",
            f"--output-dir={theirs.parent}",
            str(here / "out.ipynb"),
        ],
    ]
    name = "reference runs to a page / papermill + nbconvert of two cells"
    return Job(name, [[OURS, "compare", *runs, "-o", str(page)]], peers, (page, theirs), 0.55, 0.4)


def npm_jobs(here: Path, n_cases: int) -> list[Job]:
    """Install the peers and return what is held against them; nothing where npm is not there."""
    if shutil.which("npm") is None:
        print("no npm here: the jobs against Allure 3 and xunit-viewer are left out")
        return []
    install = ["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", str(here)]
    subprocess.run([*install, *PEERS], check=True, capture_output=True)
    before, after = (junit(here / f"run{i}" / "junit.xml", n_cases, i) for i in range(2))
    both, one = here / "both" / "r.html", here / "one" / "r.html"
    allure, viewer = here / "allure" / "index.html", here / "viewer" / "index.html"
    tools = here / "node_modules" / ".bin"
    generate = [str(tools / "allure"), "generate", str(after.parent), "-o", str(allure.parent)]
    view = [str(tools / "xunit-viewer"), "-r", str(after), "-o", str(viewer)]
    compare = [OURS, "compare", str(before), str(after), "-o", str(both)]
    name = f"2 × {n_cases:,} cases compared to a page / Allure 3's page of one run"
    run_name = f"{n_cases:,} cases to a page / xunit-viewer"
    return [
        Job(name, [compare], [generate], (both, allure), 0.45),
        Job(run_name, [[OURS, "run", str(after), "-o", str(one)]], [view], (one, viewer), 2.6, 1.5),
    ]


def spent(commands: Commands, page: Path) -> tuple[float, float]:
    """Run commands that write a page, in turn; return their wall and CPU seconds."""
    shutil.rmtree(page.parent, ignore_errors=True)  # Allure writes elsewhere beside an old page
    page.parent.mkdir()
    begin, cpu = time.perf_counter(), _children()
    said = [subprocess.run(c, check=False, capture_output=True, text=True) for c in commands]
    took = time.perf_counter() - begin, _children() - cpu
    if not page.is_file():
        raise SystemExit(f"{commands[0]} wrote no page: {said[-1].stdout}{said[-1].stderr}")
    return took


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(job: Job, n_rounds: int) -> None:
    """Print the median seconds of both sides, and the median of the rounds' ratios."""
    for commands, page in zip((job.ours, job.peers), job.pages, strict=True):
        spent(commands, page)  # once for what is cached: bytecode, files
    rounds = [
        (spent(job.ours, job.pages[0]), spent(job.peers, job.pages[1])) for _ in range(n_rounds)
    ]
    aim = f", aim {job.aim:.2f}" if job.aim else ""
    print(f"{job.name} (wall at most {job.limit:.2f}{aim})")
    for i, kind in enumerate(("wall", "CPU")):
        own, other = ([side[k][i] for side in rounds] for k in (0, 1))
        ratios = [a / b for a, b in zip(own, other, strict=True)]
        print(
            f"  {kind:4}  {statistics.median(ratios):5.2f}  "
            f"{statistics.median(own):.2f} s / {statistics.median(other):.2f} s"
            f"  rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}"
        )


def main() -> None:
    """Measure all jobs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    # As for users: both sides may keep their bytecode, which the first round then writes.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # An editable install, as `make bench` has none, may never get its bytecode written.
    compileall.compile_dir(ROOT / "fictures_reports", quiet=1)
    with TemporaryDirectory() as folder:
        here = Path(folder)
        for job in [*npm_jobs(here, given.cases), notebook_job(here)]:
            measure(job, given.rounds)


if __name__ == "__main__":
    main()
