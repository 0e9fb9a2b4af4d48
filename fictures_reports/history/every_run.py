"""All runs of a history, past those that cannot be read."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from fictures_reports.history.run_folder import RunDamaged, snapshot
from fictures_reports.history.stores import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.errors import ReadError
    from fictures_reports.history.store import History
    from fictures_reports.run import Run


def every_run(history: History) -> Iterator[Run]:
    """Yield the runs of a history, oldest first, but those in damaged run files."""
    for run_id in history.runs()["run_id"]:
        with suppress(RunDamaged):
            yield history.run(run_id)


def failures(history: History) -> list[ReadError]:
    """Return why run files cannot be read; after `every_run` those with damaged results, too."""
    return list(snapshot(history.path).unreadable) if history.format == FILES else []
