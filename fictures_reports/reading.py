"""Read a run and classify it: from files, or out of a history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.errors import ReadError
from fictures_reports.guards import refuse, text_or_none
from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from fictures_reports.classification import Rule


def read_run(
    source: str | Path | Sequence[str | Path] | Mapping[str, Any] | Run,
    *,
    label: str | None = None,
    stream: str | None = None,
    variant: str = "",
    rules: Sequence[Rule] | None = None,
    causes: Mapping[str, Sequence[str]] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Run:
    """Read one run from a file, several files, a folder or a zip, and classify it.

    What `run.save` wrote is a run as it was; only rules that are given classify it again.

    `{variant}` and `{attempt}` in a path stand for parts of the run: "artifacts/{variant}";
    `variant` names where all of the files were made. Among several, "!PATTERN" leaves files out.

    Or take it from a history: `HISTORY@latest`, `@latest~1`, `@label`, `@branch:main`,
    `@2025-11-02`. A run that was read already is returned as it is, so that a notebook takes both.
    A part of a run is a table: {"source": "runs/x", "where": [{"project": "chromium"}]}.

    `label` names the run; by default the folder or file does. `stream` is the line of runs that it
    belongs to; out of a history only a run of that stream is taken. `rules` come before the
    built-in ones; a run out of a history stays as it was classified there. `causes` are groups of
    causes that people named, name → patterns, as the setting of that name has them; `progress` is
    called with files done, files in all and results so far. Raises `ReadError` if nothing could be
    read; a part that could not be is in the ledger.
    """
    text_or_none(label=label, stream=stream, variant=variant)
    _refuse_how(causes, progress, rules)
    if causes:
        plain = read_run(source, label=label, stream=stream, rules=rules, progress=progress)
        return replace(plain, groups=causes)
    if isinstance(source, Run):
        return _as_asked(source, label, stream, None if is_of_a_history(source) else rules)
    if isinstance(source, Mapping):
        steps = source.get("where")
        is_part = isinstance(steps, Sequence) and all(isinstance(step, Mapping) for step in steps)
        if source.keys() != {"source", "where"} or not is_part:
            raise refuse(dict(source), "a part of a run", "a table with source and where")
        whole = read_run(
            source["source"], label=label, stream=stream, rules=rules, progress=progress
        )
        return reduce(lambda run, where: run.where(**where), source["where"], whole)
    _refuse_others(source)
    sources = (str(source),) if isinstance(source, str | Path) else tuple(map(str, source))
    if _selects(sources):
        from fictures_reports.history import select

        if (run := select(sources[0], stream)) is not None:
            return replace(run, sources=sources)
    if len(sources) == 1 and (saved := _saved(sources[0])) is not None:
        return _as_asked(saved, label, stream, rules)
    from fictures_reports.classification import classify, with_categories_of
    from fictures_reports.readers.read import read

    results, info, ledger = read(source, label=label, variant=variant, progress=progress)
    if stream is not None:
        info = msgspec.structs.replace(info, stream=stream)
    info = with_categories_of(info, rules)
    return Run(classify(results, rules), info, ledger, sources, rules=rules)


def is_of_a_history(run: Run) -> bool:
    """Say whether a run was taken out of a history: it was classified when that was filled."""
    return _selects(run.sources)


def _selects(sources: Sequence[str]) -> bool:
    return len(sources) == 1 and "@" in sources[0] and not Path(sources[0]).exists()


def _saved(source: str) -> Run | None:
    """Read a run file, or the only run of a history; None for what producers wrote.

    Raises `ReadError` for a history of several runs.
    """
    from fictures_reports.history import History
    from fictures_reports.history.saved_runs import is_run_file, read_saved

    if is_run_file(source):
        return read_saved(source)
    history = History(source)
    if history.is_remote or not Path(source).is_dir() or not history.exists:
        return None
    ids = list(history.runs()["run_id"])
    if len(ids) == 1:
        return replace(history.run(ids[0]), sources=(source,))
    raise ReadError(source, f"a history of {len(ids)} runs", f"name one of them: {source}@latest")


class Runs(list[Run]):
    """Runs, oldest first, and what could not be read beside them."""

    def __init__(self, runs: Iterable[Run], failures: Iterable[ReadError] = ()) -> None:
        super().__init__(runs)
        #: why a run is not among them, one for each
        self.failures = list(failures)

    def __repr__(self) -> str:
        """Name the runs, and what could not be read."""
        lost = [f"not read: {error}" for error in self.failures]
        return "\n".join(map(str, [*self, *lost]))

    @property
    def frame(self) -> pd.DataFrame:
        """All results in one frame, as `History.load` gives it: label, run_at … beside each."""
        from fictures_reports.history import frame_of

        return frame_of(self)


def read_runs(
    source: str | Path | Sequence[str | Path], *, rules: Sequence[Rule] | None = None
) -> Runs:
    """Read many runs: those of a history or folder (a subfolder or file each), or of a list.

    The runs are a list, oldest first, those of a list in its order; `.frame` has their results
    and `.failures` what could not be read. Raises `ReadError` if none could be.
    """
    from fictures_reports.history import History
    from fictures_reports.history.every_run import every_run
    from fictures_reports.history.every_run import failures as failures_of

    failures: list[ReadError] = []
    runs: list[Run] = []
    if isinstance(source, str | Path) and History(source).exists:
        history = History(source)
        return Runs(every_run(history), failures_of(history))
    for place in _places(source):
        try:
            runs.append(read_run(place, rules=rules))
        except ReadError as error:
            failures.append(error)
    if not runs:
        raise failures[0] if failures else ReadError(str(source), "holds no runs")
    if isinstance(source, str | Path):
        runs.sort(key=lambda run: run.info.started_at or 0.0)
    return Runs(runs, failures)


def _refuse_how(causes: Any, progress: Any, rules: Any) -> None:
    """Raise `SchemaError` for what says nothing of how to read a run."""
    if causes is not None and not isinstance(causes, Mapping):
        raise refuse(causes, "causes", "a table from names to patterns")
    if progress is not None and not callable(progress):
        raise refuse(progress, "progress", "a function of three numbers")
    if rules is not None:
        from fictures_reports.classification.rules import refuse_other_rules

        refuse_other_rules(rules)


def _refuse_others(source: Any) -> None:
    """Raise `SchemaError` for what is no source."""
    if isinstance(source, str) and not source:
        raise refuse(source, "the source", "a path")
    several = isinstance(source, Sequence) and all(isinstance(s, str | Path) for s in source)
    if not isinstance(source, str | Path) and not several:
        raise refuse(source, "the source", "a path, a list of paths or a run")


def _places(source: str | Path | Sequence[str | Path]) -> list[str | Path]:
    if not isinstance(source, str | Path):
        if not isinstance(source, list | tuple):
            raise refuse(source, "the source", "a folder of runs, or a list of paths")
        return list(source)
    from fictures_reports.readers.run_folders import places

    return list(places(Path(source)))


def _as_asked(run: Run, label: str | None, stream: str | None, rules: Sequence[Rule] | None) -> Run:
    given = {"label": label, "stream": stream}
    facts = {name: value for name, value in given.items() if value is not None}
    if facts:
        run = replace(run, info=msgspec.structs.replace(run.info, **facts))
    if rules is not None and (run.rules is None or list(rules) != list(run.rules)):
        from fictures_reports.classification import classify, with_categories_of

        results, info = classify(run.results, rules), with_categories_of(run.info, rules)
        run = replace(run, results=results, info=info, rules=rules)
    return run
