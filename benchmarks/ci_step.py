"""What the CI step costs: megabytes and seconds to install, and its time against known measures.

    python benchmarks/ci_step.py [--cases 2000] [--rounds 5] [--install]

The step compares two runs of `--cases` cases and asks a gate: without a page against
`python -c "import pandas"` (limit 3), with one against papermill and nbconvert on a notebook of two
cells (limit 1). CPU time of the process and its children is what the ratio is of; wall time stands
beside it. Both sides run in turn. With `--install`, core and each extra are installed with uv into
an environment of their own: its size on disk, and the seconds (downloads are cached, so the network
is not measured; limit of core 550 MB).
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent))
from jobs import junit, two_cells

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
EXTRAS = ("", "report", "lake", "report,lake")


def cost(commands: list[list[str]], folder: Path, **environment: str) -> tuple[float, float]:
    """Run commands and return CPU and wall seconds, children included."""
    own = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"} | environment
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for words in commands:
        done = subprocess.run(words, check=False, capture_output=True, cwd=folder, env=own)
        if done.returncode not in (0, 2):
            sys.exit(f"{words}: {done.stdout.decode()}{done.stderr.decode()}")
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def measured(name: str, limit: float, ours: list, theirs: list, rounds: int, folder: Path) -> None:
    """Run both in turn and print the median of the ratios, of CPU and of wall time."""
    cpu, wall, seconds = [], [], []
    for _ in range(rounds + 1):
        one, other = cost(*ours[:1], folder, **ours[1]), cost(theirs, folder)
        cpu.append(one[0] / other[0])
        wall.append(one[1] / other[1])
        seconds.append((one[0], other[0]))
    own, peer = (statistics.median(pair[side] for pair in seconds[1:]) for side in (0, 1))
    print(
        f"{name}: {statistics.median(cpu[1:]):.2f} of CPU ({own:.2f} s / {peer:.2f} s), "
        f"{statistics.median(wall[1:]):.2f} of wall, limit {limit:g}"
    )


def installation() -> None:
    """Print size and time of core and of each extra beside it."""
    if (uv := shutil.which("uv") or shutil.which("uv", path=str(BIN))) is None:
        sys.exit("uv is not installed here")
    for extra in EXTRAS:
        with TemporaryDirectory() as folder:
            package = f"{ROOT}[{extra}]" if extra else str(ROOT)
            subprocess.run(
                [uv, "venv", "-q", "--python", sys.executable, folder + "/v"], check=True
            )
            words = [uv, "pip", "install", "-q", "--link-mode", "copy", "--python", folder + "/v"]
            start = time.perf_counter()
            subprocess.run([*words, "--constraint", str(ROOT / "ci/constraints.txt"), package],
                           check=True)  # fmt: skip
            seconds = time.perf_counter() - start
            files = (f for f in Path(folder).rglob("*") if f.is_file() and not f.is_symlink())
            size = sum(path.stat().st_blocks * 512 for path in files) / 1e6
            print(f"{extra or 'core'}: {size:.0f} MB, {seconds:.1f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--install", action="store_true")
    given = parser.parse_args()
    if given.install:
        installation()
    with TemporaryDirectory() as name:
        folder = Path(name)
        sides = [junit(folder / side / "junit.xml", given.cases, i) for i, side in enumerate("ab")]
        two_cells(folder / "two.ipynb")
        step = [str(BIN / "fictures-reports"), "ci", str(sides[1]), "--before", str(sides[0])]
        step += ["--gate", "passed >= 1"]
        pandas = [[sys.executable, "-c", "import pandas"]]
        own = [[[sys.executable, "-c", "import fictures_reports"]], {}]
        measured("import fictures_reports / import pandas", 0.1, own, pandas, given.rounds, folder)
        notebook = [
            [str(BIN / "papermill"), "two.ipynb", "out.ipynb"],
            [str(BIN / "jupyter"), "nbconvert", "--to=html", "out.ipynb"],
        ]
        name = f"step for 2 × {given.cases:,} cases"
        ours = [[[*step, "--format", "none"]], {"GITHUB_ACTIONS": "true"}]
        measured(f"{name} without a page / import pandas", 3, ours, pandas, given.rounds, folder)
        ours = [[step], {"GITHUB_ACTIONS": "true"}]
        measured(f"{name} with a page / notebook", 1, ours, notebook, given.rounds, folder)


if __name__ == "__main__":
    main()
