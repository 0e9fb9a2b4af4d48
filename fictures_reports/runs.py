"""A run: its results, what is known about it as a whole, and what became of its files."""

from __future__ import annotations

import os
import pickle
from collections import Counter
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.collector import paused
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.classify import Rule
    from fictures_reports.readers.rows import RunInfo

#: Runs that `read_run` hands out instead of reading their source again.
_REUSED: ContextVar[dict[str, Run]] = ContextVar("reused", default={})  # noqa: B039
#: The same for other processes: an environment variable that names a file.
_HANDED_OVER = "FICTURES_RUNS_HANDED_OVER"


@dataclass(frozen=True, eq=False)
class Run:
    """One execution of a suite.

    `results` has one row per case and the columns of `schema.COLUMNS`; `ledger` one row per input
    file; `info` holds what the producer told about the run as a whole.
    """

    results: pd.DataFrame
    info: RunInfo
    ledger: pd.DataFrame
    #: what `read_run` was given; empty for a run that was put together otherwise
    sources: tuple[str, ...] = ()

    @property
    def source(self) -> str | list[str]:
        """What to give `read_run` to get this run; its id where there is no source."""
        return list(self.sources) if len(self.sources) > 1 else "".join(self.sources) or self.run_id

    @property
    def run_id(self) -> str:
        """Identity of the run, derived from its content."""
        return self.info.run_id

    @property
    def label(self) -> str:
        """Name of the run for people."""
        return self.info.label

    @cached_property
    def totals(self) -> dict[str, int]:
        """Rows counted: `cases`, then every status, zeros included."""
        counts = Counter(self.results["status"].tolist())
        return {"cases": len(self.results)} | {status: counts[status] for status in STATUSES}

    @cached_property
    def categories(self) -> dict[str, int]:
        """Rows counted by category, most frequent first; passed tests have none."""
        counts = Counter(self.results["category"].dropna().tolist())
        return dict(counts.most_common())

    @cached_property
    def cluster_ids(self) -> pd.Series[Any]:
        """Each result's cluster of failures; missing where it did not fail or has no text."""
        from fictures_reports.clusters import cluster_ids

        return cluster_ids(self.results)

    @property
    def doubts(self) -> list[str]:
        """Everything the ledger holds against taking the run at face value, a line each."""
        entries: list[Any] = list(self.ledger.itertuples(index=False))
        refused = [f"{e.file}: not read – {e.refused}" for e in entries if e.refused == e.refused]
        return refused + [f"{e.file}: {doubt}" for e in entries for doubt in e.doubts]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing: no file refused, cut or interrupted."""
        return not (
            self.info.incomplete
            or self.results.empty
            or self.ledger["refused"].notna().any()
            or self.ledger["salvaged"].sum()
        )

    def __repr__(self) -> str:
        """Name the run and its counts, e.g. `<Run phase2: 28 cases, 4 passed, 20 failed>`."""
        parts = [f"{n} {name}" for name, n in self.totals.items() if n or name == "cases"]
        return f"<Run {self.label}: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        """Show verdict, counts and causes in a notebook, in its own colours."""
        from fictures_reports.report.sections import summary

        return summary(self).html


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
    from fictures_reports.classify import classify
    from fictures_reports.readers import read

    with paused():
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
