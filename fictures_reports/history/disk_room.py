"""What deltalake needs of the disk before it writes: the right to, and room."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history.table_files import is_local, root_of

if TYPE_CHECKING:
    from deltalake import DeltaTable

#: More than the entry of a commit and a checkpoint of a few hundred files take, in bytes.
_ROOM_FOR_LOG: Final = 250_000


def refuse_disk(target: DeltaTable, n_bytes: int) -> None:
    """Refuse a folder that cannot be written, or may not have room for so many bytes.

    deltalake would find out itself, but one of its threads then writes a panic to stderr.
    """
    import shutil

    if not is_local(target):
        return
    folder = root_of(target)
    if not os.access(folder, os.W_OK):
        raise HistoryError(f"{folder}: cannot be written; nothing was changed")
    if shutil.disk_usage(folder).free < n_bytes + _ROOM_FOR_LOG:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
