"""Files that no version of a table needs any more: deleted, and named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.history.table_files import root_of

if TYPE_CHECKING:
    from deltalake import DeltaTable


def delete_unused(target: DeltaTable, hours: int) -> list[str]:
    """Delete files that were replaced longer ago, and return the names of those that went.

    deltalake names those that went earlier, too, as long as its log remembers them.
    """
    before = _stored(target)
    target.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True)
    return [f"{root_of(target)}/{path}" for path in sorted(before - _stored(target))]


def _stored(target: DeltaTable) -> set[str]:
    """Return the files that lie in a table's folder or bucket, without those of its log."""
    from deltalake.fs import DeltaStorageHandler
    from pyarrow.fs import FileSelector, FileType  # type: ignore[import-untyped]

    place = DeltaStorageHandler.from_table(target._table)  # noqa: SLF001
    found = place.get_file_info_selector(FileSelector("", recursive=True))
    names = {str(file.path) for file in found if file.type != FileType.Directory}
    return {name for name in names if not name.startswith("_delta_log/")}
