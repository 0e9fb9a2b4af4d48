"""Read a run and classify it: from files, or out of a history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fictures_reports.classification import Rule


def read_run(
    source: str | Path | Sequence[str | Path] | Run,
    *,
    label: str | None = None,
    rules: Sequence[Rule] | None = None,
    progress: Callable[[int, int, int], None] | None = None,
) -> Run:
    """Read one run from a file, several files, a folder or a zip, and classify it.

    Or take it from a history: `HISTORY@latest`, `@latest~1`, `@label`, `@branch:main`,
    `@2025-11-02`. A run that was read already is returned as it is, so that a notebook takes both.

    `label` names the run; by default the folder or file does. `rules` come before the built-in
    ones; `progress` is called with files done, files in all and results so far. Raises `ReadError`
    if nothing could be read; a part that could not be is in the ledger.
    """
    if isinstance(source, Run):
        return _as_asked(source, label, rules)
    sources = (str(source),) if isinstance(source, str | Path) else tuple(map(str, source))
    if len(sources) == 1 and "@" in sources[0] and not Path(sources[0]).exists():
        from fictures_reports.history import select

        if (run := select(sources[0])) is not None:
            return replace(run, sources=sources)
    from fictures_reports.classification import classify
    from fictures_reports.readers.read import read

    results, info, ledger = read(source, label=label, progress=progress)
    return Run(classify(results, rules), info, ledger, sources)


def _as_asked(run: Run, label: str | None, rules: Sequence[Rule] | None) -> Run:
    if label is not None:
        run = replace(run, info=msgspec.structs.replace(run.info, label=label))
    if rules is not None:
        from fictures_reports.classification import classify

        run = replace(run, results=classify(run.results, rules))
    return run
