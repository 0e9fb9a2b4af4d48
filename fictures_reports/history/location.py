"""Where a history lies, and its two tables there."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from fictures_reports.extras import require


@dataclass(frozen=True)
class Location:
    """A folder or bucket that holds a history; `options` are deltalake's storage options."""

    path: str
    options: dict[str, str] = field(default_factory=dict)

    @property
    def results(self) -> str:
        """Address of the table with one row per case and run."""
        return f"{self.path}/results"

    @property
    def runs(self) -> str:
        """Address of the table with one row per run."""
        return f"{self.path}/runs"

    @property
    def is_remote(self) -> bool:
        """Whether it is in a bucket."""
        return "://" in self.path

    @property
    def exists(self) -> bool:
        """Whether there is a history; raises `HistoryError` for a bucket that cannot be asked."""
        if not self.is_remote:  # deltalake would list the whole log, which takes a while
            return _has_version(Path(self.runs, "_delta_log"))
        require("lake", "a history in a bucket or as a Delta table")
        from fictures_reports.history.delta_errors import explained
        from fictures_reports.history.delta_log import is_table

        with explained(self.path):
            return is_table(self.runs, self.options)


def _has_version(log: Path) -> bool:
    """Tell whether a folder holds an entry of a table's log: a file that begins with a number."""
    try:
        with os.scandir(log) as files:
            return any(file.name[:20].isdecimal() for file in files)
    except OSError:
        return False
