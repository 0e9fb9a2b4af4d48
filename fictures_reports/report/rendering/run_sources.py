"""What a notebook's parameters cell says of the runs that it reports on: where each was read."""

from __future__ import annotations

from itertools import chain, count
from typing import TYPE_CHECKING, Any

from fictures_reports.classification.rules import file_of
from fictures_reports.reading import is_of_a_history

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fictures_reports.run import Run


def sources_of(runs: Iterable[Run]) -> Callable[[Run], str | list[str] | dict[str, Any]]:
    """Return a function from a run to its source, as `read_run` takes it.

    Of runs that share a source, because one was changed since, the second and further ones get a
    number behind it: whoever runs the notebook again is told that there is no such source, and is
    not shown another run instead.
    """
    named: dict[str, Run] = {}
    for run in runs:
        source = _name(run) or run.run_id
        names = chain([source], (f"{source} ({n})" for n in count(2)))
        named.setdefault(next(name for name in names if named.get(name, run) is run), run)
    names_by_run = {id(run): name for name, run in named.items()}

    def source_of(run: Run) -> str | list[str] | dict[str, Any]:
        name = names_by_run[id(run)]
        return run.source if name == _name(run) else name

    return source_of


def rules_file(runs: Iterable[Run]) -> str:
    """Return the rule file that the runs were read with; "" where there is none, or no single one.

    A run out of a history is left out: it was classified when the history was filled.
    """
    read = [run for run in runs if run.rules is not None or not is_of_a_history(run)]
    files = {file_of(run.rules) for run in read}
    return files.pop() if len(files) == 1 else ""


def _name(run: Run) -> str:
    """Tell sources apart, and parts of one source."""
    return "\n".join(run.sources) + "".join(f" {dict(part)}" for part in run.parts if run.sources)
