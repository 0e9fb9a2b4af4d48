"""Entries of a table's log that no reader or writer needs any more."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fictures_reports.history.delta_log import table
from fictures_reports.history.table_files import is_local, root_of

if TYPE_CHECKING:
    from deltalake import DeltaTable

#: A writer may be about to read an entry that it found in the log.
_NEWEST: Final = timedelta(minutes=1)
_DIGITS: Final = 20


def drop_old_entries(uri: str, options: dict[str, str], keep: timedelta) -> None:
    """Sum a table's log up, and delete what is older than `keep` or than the table's own time.

    deltalake knows the latter only. In a bucket that is all: nobody lists its log.
    """
    target = table(uri, options)
    target.create_checkpoint()
    target.cleanup_metadata()
    if is_local(target):
        _delete(target, datetime.now(UTC) - max(keep, _NEWEST))


def _delete(target: DeltaTable, before: datetime) -> None:
    version = target.version()
    for file in Path(root_of(target), "_delta_log").iterdir():
        number = file.name[:_DIGITS]
        if not number.isdecimal() or int(number) >= version:
            continue
        with suppress(FileNotFoundError):  # another process was faster
            if file.stat().st_mtime < before.timestamp():
                file.unlink()
