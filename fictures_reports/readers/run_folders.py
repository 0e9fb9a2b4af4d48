"""Folders of runs: one run per subfolder or archive, oldest first."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import ReadError, SeveralRuns
from fictures_reports.readers.rows import RunInfo

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.readers.read import Progress

#: Shards of one run may wait for a machine; runs of every night lie further apart.
_LONGEST_WAIT: Final = timedelta(hours=12)


def read_many(
    folder: str | Path,
    *,
    failures: list[ReadError] | None = None,
    progress: Progress | None = None,
) -> list[tuple[pd.DataFrame, RunInfo, pd.DataFrame]]:
    """Read a folder of runs: each subfolder is one, labelled by its name, and each file beside it.

    Without subfolders the files are runs of their own, unless they hold one run together (shards,
    or one run in several formats); files that begin half a day after the others do not. Oldest
    first; runs without a start are sorted by name. What cannot be read goes into `failures`;
    without that list, or if nothing can, it is raised.
    """
    from fictures_reports.readers.read import read

    runs = []
    problems: list[ReadError] = []
    for place in places(Path(folder)):
        try:
            runs.append(read(place, progress=progress))
        except ReadError as error:
            problems.append(error)
    if failures is not None:
        failures += problems
    elif problems:
        raise problems[0]
    if not runs:
        raise problems[0] if problems else ReadError(folder, "holds no runs")
    return sorted(runs, key=lambda run: run[1].started_at or 0.0)


def places(folder: Path) -> Iterator[Path]:
    """List what holds a run each: subfolders with files in them, and files of results."""
    from fictures_reports.readers.files.find_files import walk
    from fictures_reports.readers.read import holds_results

    if not folder.is_dir():
        raise ReadError(folder, "no such folder", "expected one folder per run")
    entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    below = [Path(e.path) for e in entries if e.is_dir(follow_symlinks=False)]
    with_runs = [place for place in below if any(map(holds_results, walk(place)))]
    files = [Path(e.path) for e in entries if e.is_file(follow_symlinks=False)]
    files = [path for path in files if holds_results(path)]
    if not with_runs and len(files) > 1 and _is_one_run(folder):
        yield folder
        return
    yield from sorted([*with_runs, *files])


def _is_one_run(folder: Path) -> bool:
    """Tell whether the files of a folder fit together, so that none had to be left out."""
    from fictures_reports.readers.read import read

    try:
        results, _, ledger = read(folder)
    except SeveralRuns:
        return False
    if len(set(results["variant"])) > 1:
        return False
    if _breaks_off(results):
        return False
    return not ledger["refused"].str.startswith("holds another run").any()


def _breaks_off(results: pd.DataFrame) -> bool:
    """Tell whether a file begins so long after the others' last result that it is another run."""
    times = results.dropna(subset=["started_at"]).groupby("source")["started_at"]
    first, last = times.min().sort_values(), times.max()
    until = last[first.index].cummax().shift()
    return bool((first - until > _LONGEST_WAIT).any())
