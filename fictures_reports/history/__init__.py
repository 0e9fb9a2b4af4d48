"""Many runs in one table: append, select, load, scan.

    history = History("history")          # a folder, or a bucket: s3://reports/history
    history.append(read_run("results"))
    frame = history.load(last=50)

Two Delta tables stand in the folder: `results`, one row per case and run, and `runs`, one row per
run. A run counts once its row in `runs` is committed; rows of results without one are left over
from a writer that died, are never shown, and go with `vacuum`.
"""

from __future__ import annotations

from fictures_reports.history.raw_runs import frame_of, open_history
from fictures_reports.history.selectors import select
from fictures_reports.history.store import History
from fictures_reports.history.tables import HISTORY_COLUMNS, RUN_COLUMNS, SCHEMA_VERSION

__all__ = [
    "HISTORY_COLUMNS", "RUN_COLUMNS", "SCHEMA_VERSION", "History", "frame_of", "open_history",
    "select",
]  # fmt: skip
