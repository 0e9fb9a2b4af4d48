"""Times reading a folder in which few files are results, against those alone and a listing.

    python benchmarks/folders.py [--files 5000] [--results 60] [--rounds 7]

What a CI job leaves behind: sources, logs, pictures, settings, coverage and traces, and among them
JUnit and Playwright results. CPU time; the median of the rounds' ratios, both measured in turn.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import sys
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from junit_shapes import write_pytest
from read import write_playwright

from fictures_reports.readers.read import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMIT = 1.5
#: Cases in each file of results.
N_CASES = 100


def _log(chance: random.Random) -> bytes:
    lines = (f"{k} INFO request {chance.random()} answered" for k in range(100))
    return "\n".join(lines).encode()


def _picture(chance: random.Random) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chance.randbytes(20_000)


def _source(chance: random.Random) -> bytes:
    return f"import os\n\n\ndef f():\n    return {chance.random()}\n".encode() * 20


def _page(chance: random.Random) -> bytes:
    return f"<!DOCTYPE html><html><body><p>{chance.random()}</p></body></html>".encode() * 10


def _settings(chance: random.Random) -> bytes:
    document = {"compilerOptions": {"strict": True}, "n": [chance.random() for _ in range(50)]}
    return json.dumps(document, indent=2).encode()


def _data(chance: random.Random) -> bytes:
    rows = [{"id": k, "price": chance.random(), "name": f"thing {k}"} for k in range(100)]
    return json.dumps({"rows": rows}).encode()


def _coverage(chance: random.Random) -> bytes:
    lines = "".join(f'<line number="{k}" hits="{chance.randrange(9)}"/>' for k in range(200))
    return f'<?xml version="1.0"?><coverage line-rate="0.9">{lines}</coverage>'.encode()


#: What lies beside results: the ending of its name, and what is in it.
OTHERS: tuple[tuple[str, Callable[[random.Random], bytes]], ...] = (
    ("log", _log), ("png", _picture), ("py", _source), ("html", _page),
    ("settings.json", _settings), ("data.json", _data), ("coverage.xml", _coverage),
)  # fmt: skip


def write_results(folder: Path, n_files: int) -> list[Path]:
    """Write files of results, JUnit and Playwright's in turn."""
    paths = []
    for i in range(n_files):
        paths.append(folder / f"part{i % 20}" / (f"junit-{i}.xml" if i % 2 else f"pw-{i}.json"))
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        (write_pytest if i % 2 else write_playwright)(paths[-1], N_CASES)
        text = paths[-1].read_text("utf-8")  # each file has tests of its own, as parts of a run do
        text = text.replace("tests.unit", f"tests.unit{i}").replace("f0.spec", f"f{i}.spec")
        paths[-1].write_text(text, "utf-8")
    return paths


def write_others(folder: Path, n_files: int) -> None:
    """Write what is no result: seven kinds in turn, and a trace for every hundredth file."""
    chance = random.Random(1)
    for i in range(n_files):
        here = folder / f"part{i % 20}" / f"group{i % 200}"
        here.mkdir(parents=True, exist_ok=True)
        if i % 100 == 0:
            with zipfile.ZipFile(here / f"trace-{i}.zip", "w") as trace:
                trace.writestr("trace.trace", _log(chance))
                trace.writestr("resources/1.png", _picture(chance))
            continue
        ending, write = OTHERS[i % len(OTHERS)]
        (here / f"file-{i}.{ending}").write_bytes(write(chance))


def listing(folder: Path) -> Iterator[int]:
    """Walk a folder and ask for the size of each file."""
    for parent, _, names in os.walk(folder):
        yield from (os.lstat(os.path.join(parent, name)).st_size for name in names)  # noqa: PTH118


def spent(work: Callable[[], object]) -> float:
    """Return the CPU seconds of a piece of work."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> int:
    """Print the ratio, and exit 1 if it is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--results", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    ratios = []
    with TemporaryDirectory() as place:
        alone, mixed = Path(place, "alone"), Path(place, "mixed")
        for folder in (alone, mixed):
            write_results(folder, given.results)
        write_others(mixed, given.files - given.results)
        n_files = sum(1 for _ in listing(mixed))
        n_cases = {len(read(folder)[0]) for folder in (alone, mixed)}
        if len(n_cases) != 1:
            raise SystemExit(f"the same results read apart and among other files: {n_cases} cases")
        for _ in range(given.rounds):
            mine = spent(lambda: read(mixed))
            both = spent(lambda: read(alone)), spent(lambda: list(listing(mixed)))
            ratios.append(mine / sum(both))
    ratio = statistics.median(ratios)
    says = "holds" if ratio <= LIMIT else "MISSED"
    print(f"{n_files:,} files, {given.results} of them results ({n_cases.pop():,} cases)")
    print(
        f"{ratio:.2f} × (results alone + listing), at most {LIMIT}: {says}"
        f"  (rounds {min(ratios):.2f} to {max(ratios):.2f}; last {mine:.2f} s"
        f" against {both[0]:.2f} + {both[1]:.2f} s)"
    )
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
