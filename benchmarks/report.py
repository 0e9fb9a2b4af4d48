"""Times our commands against bare tools in the same environment and prints ratios.

    python benchmarks/report.py [--runs 7]

Each pair is run alternately, so that a busy machine disturbs both; medians are compared.
"""

from __future__ import annotations

import argparse
import compileall
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
RUNS = [str(ROOT / "runs" / "phase2-initial"), str(ROOT / "runs" / "phase2-rerun")]
OURS = [str(BIN / "fictures-reports")]


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


def seconds(*commands: list[str]) -> float:
    """Run commands one after the other and return their wall time."""
    begin = time.perf_counter()
    for command in commands:
        subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    """Print a line for each pair: both medians, their ratio and what is aimed at."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    n_runs = parser.parse_args().runs
    # As an installed wheel is; an editable install may never get its bytecode written.
    compileall.compile_dir(ROOT / "fictures_reports", quiet=1)
    with TemporaryDirectory() as folder:
        here = Path(folder)
        two_cells(here / "two.ipynb")
        report = [*OURS, "compare", *RUNS]
        pandas = [[sys.executable, "-c", "import pandas"]]
        papermill = [
            [str(BIN / "papermill"), str(here / "two.ipynb"), str(here / "out.ipynb")],
            [str(BIN / "jupyter"), "nbconvert", "--to", "html", str(here / "out.ipynb")],
        ]
        pairs = [
            ("--help / import pandas", [[*OURS, "--help"]], pandas, 1 / 3),
            (
                "compare to markdown / import pandas",
                [[*report, "--format", "markdown"]],
                pandas,
                1.5,
            ),
            (
                "compare to HTML / papermill + nbconvert of two cells",
                [[*report, "-o", str(here / "r.html")]],
                papermill,
                0.6,
            ),
        ]
        for name, ours, theirs, limit in pairs:
            seconds(*ours), seconds(*theirs)
            times = [(seconds(*ours), seconds(*theirs)) for _ in range(n_runs)]
            own, other = (statistics.median(side) for side in zip(*times, strict=True))
            print(f"{own / other:5.2f}  (at most {limit:.2f})  {name}: {own:.2f} s / {other:.2f} s")


if __name__ == "__main__":
    main()
