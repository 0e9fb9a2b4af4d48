"""What another checkout reads otherwise: every column, info and ledger of files and folders.

    python benchmarks/same_results.py --old CHECKOUT [--python PYTHON] FOLDER…

Each folder named, each folder below that holds files, and each file is read as a run, by the code
of the other checkout in a process of its own and by this one's; what differs is printed. The exit
code is 1 if anything does.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
#: what both checkouts run: `classify` is part of it, for the frame is what people see
READ = """
import pickle, sys
sys.path.insert(0, sys.argv[1])
import fictures_reports as fr
from fictures_reports.errors import ReadError
outcomes = {}
for line in sys.stdin.read().splitlines():
    try:
        run = fr.read_run(line)
        frames = [f.astype(object).where(f.notna(), None) for f in (run.results, run.ledger)]
        columns = [{n: f[n].tolist() for n in f.columns} for f in frames]
        info = {n: getattr(run.info, n) for n in run.info.__struct_fields__}
        dtypes = {n: str(d) for n, d in run.results.dtypes.items()}
        outcomes[line] = (*columns, info, dtypes)
    except ReadError as error:
        outcomes[line] = "refused: " + str(error)
    except Exception as error:
        outcomes[line] = "traceback: " + type(error).__name__
with open(sys.argv[2], "wb") as file:
    pickle.dump(outcomes, file)
"""
PARTS = ("results", "ledger", "info", "dtypes")


def inputs(folders: list[Path]) -> Iterator[str]:
    """Name the folders, those below them, and all files."""
    for folder in folders:
        yield str(folder.resolve())
        for path in sorted(folder.resolve().rglob("*")):
            if path.is_file() or any(child.is_file() for child in path.iterdir()):
                yield str(path)


def outcomes(python: str, checkout: Path, names: list[str], target: Path) -> dict[str, Any]:
    """Read all inputs by the code of a checkout."""
    # nothing of the folder that this is called in gets onto the path
    command = [python, "-P", "-c", READ, str(checkout), str(target)]
    subprocess.run(command, input="\n".join(names), text=True, check=True, env=dict(os.environ))
    return pickle.loads(target.read_bytes())


def differences(old: Any, new: Any) -> Iterator[str]:
    """Say what differs between two outcomes of one input."""
    if isinstance(old, str) or isinstance(new, str):
        if old != new:
            yield f"{_short(old)} → {_short(new)}"
        return
    for part, before, after in zip(PARTS, old, new, strict=True):
        for name in dict.fromkeys([*before, *after]):
            if not _same(before.get(name), after.get(name)):
                yield f"{part}.{name}: {_first(before.get(name), after.get(name))}"


def _same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)  # NaN is itself here


def _first(before: Any, after: Any) -> str:
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = [(a, b) for a, b in zip(before, after, strict=True) if not _same(a, b)]
        return f"{len(pairs)} of {len(before)} rows, first {_short(pairs[0][0])} → " + _short(
            pairs[0][1]
        )
    return f"{_short(before)} → {_short(after)}"


def _short(value: Any) -> str:
    if isinstance(value, tuple):
        return f"{len(value[0]['case_id'])} results"
    if isinstance(value, list) and len(value) > 3:
        return f"{len(value)} values"
    return str(value) if len(str(value)) < 200 else f"{str(value)[:200]}…"


def main() -> int:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--old", type=Path, required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("folders", type=Path, nargs="+")
    options = parser.parse_args()
    names = list(inputs(options.folders))
    with tempfile.TemporaryDirectory() as folder:
        old = outcomes(options.python, options.old.resolve(), names, Path(folder, "old"))
        new = outcomes(sys.executable, ROOT, names, Path(folder, "new"))
    kinds: Counter[str] = Counter()
    for name in names:
        found = list(differences(old[name], new[name]))
        for one in found:
            kinds[one.partition(":")[0]] += 1
            print(f"{name}\n    {one}")
    n_differ = sum(any(True for _ in differences(old[n], new[n])) for n in names)
    print(f"{len(names)} inputs, {n_differ} differ: {dict(kinds)}")
    return int(n_differ > 0)


if __name__ == "__main__":
    raise SystemExit(main())
