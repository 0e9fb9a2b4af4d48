"""Read a run and classify it: from files, or out of a history."""

from __future__ import annotations

import os
import pickle
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from functools import cache
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING

from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from fictures_reports.classification import Rule

#: Runs that `read_run` hands out instead of reading their source again.
_REUSED: ContextVar[dict[str, Run]] = ContextVar("reused", default={})  # noqa: B039
#: The same for other processes: an environment variable that names a file.
_HANDED_OVER = "FICTURES_RUNS_HANDED_OVER"


def read_run(
    source: str | Path | Sequence[str | Path],
    *,
    label: str | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Run:
    """Read one run from a file, several files, a folder or a zip, and classify it.

    Or take it from a history: `HISTORY@latest`, `@latest~1`, `@label`, `@branch:main`,
    `@2025-11-02`.

    `label` names the run; by default the folder or file does. `rules` come before the built-in
    ones; `progress` is called with files done, files in all and results so far. Raises `ReadError`
    if nothing could be read; a part that could not be is in the ledger.
    """
    sources = (str(source),) if isinstance(source, str | Path) else tuple(map(str, source))
    name = "\n".join(sources)
    if (run := _REUSED.get().get(name) or _handed_over().get(name)) is not None:
        return run
    if len(sources) == 1 and "@" in sources[0] and not Path(sources[0]).exists():
        from fictures_reports.history import select

        if (run := select(sources[0])) is not None:
            return replace(run, sources=sources)
    from fictures_reports.classification import classify
    from fictures_reports.readers.read import read

    results, info, ledger = read(source, label=label, progress=progress)
    return Run(classify(results, rules), info, ledger, sources)


def names_of(runs: Iterable[Run]) -> dict[str, Run]:
    """Name runs by their sources, and those that share these with a number behind them."""
    named: dict[str, Run] = {}
    for run in runs:
        source = "\n".join(run.sources) or run.run_id
        names = chain([source], (f"{source} ({n})" for n in count(2)))
        named.setdefault(next(name for name in names if named.get(name, run) is run), run)
    return named


@contextmanager
def reusing(named: Mapping[str, Run]) -> Iterator[None]:
    """Let `read_run` hand out these runs while the context lasts, so that none is read twice."""
    token = _REUSED.set(dict(named))
    try:
        yield
    finally:
        _REUSED.reset(token)


@contextmanager
def handing_over(named: Mapping[str, Run], folder: Path) -> Iterator[None]:
    """Let `read_run` hand out these runs in the processes that are started meanwhile."""
    path = folder / "runs.pickle"
    path.write_bytes(pickle.dumps(dict(named)))
    before = os.environ.get(_HANDED_OVER)
    os.environ[_HANDED_OVER] = str(path)
    try:
        yield
    finally:
        os.environ.pop(_HANDED_OVER)
        if before is not None:
            os.environ[_HANDED_OVER] = before


@cache
def _handed_over() -> dict[str, Run]:
    path = os.environ.get(_HANDED_OVER)
    # our own, written by the process that started this one
    return pickle.loads(Path(path).read_bytes()) if path else {}  # noqa: S301
