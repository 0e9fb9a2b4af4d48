"""What changes a folder of run files: append, amend, remove, take away old copies."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from time import time
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history.append_ids import new_id
from fictures_reports.history.appended import Appended
from fictures_reports.history.result_rows import results_table
from fictures_reports.history.run_file_rows import stored_rows
from fictures_reports.history.run_files import (
    REMOVED,
    first_id,
    name_of,
    write,
)
from fictures_reports.history.run_folder import FILE, Snapshot, snapshot
from fictures_reports.history.run_identity import (
    CONTENT,
    IS_LATER,
    free_label,
    is_same,
    labels_of_stream,
)
from fictures_reports.history.tables import RESULTS, RUNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.run import Run

_PART: Final = ".fictures-reports-"
#: A file that somebody stopped writing this long ago is not finished any more.
_ABANDONED_S: Final = 24 * 3600


def append(folder: str, run: Run, row: dict[str, Any]) -> Appended:
    """Add a run, whose facts are `row`, unless it was there before."""
    found = snapshot(folder)
    live = found.rows().to_pylist()
    as_read = ((live_row, live_row | {"run_id": live_row[CONTENT]}) for live_row in live)
    if present := next((live_row for live_row, read in as_read if is_same(read, row)), None):
        return Appended(present["label"], is_new=False)
    label = free_label(row, labels_of_stream(live, row["stream"]))
    # What was removed comes back under an id that is greater than that of the removal.
    was_there = any(is_same(copy.row, row) for copy in found.copies)
    first = first_id(row["run_id"], row["build"], row["first_commit"])
    named = row | {
        "label": label, "ingested_at": None, "ingest_id": new_id() if was_there else first,
        IS_LATER: any(copy.row["run_id"] == row["run_id"] for copy in found.counting),
    }  # fmt: skip
    if was_there:
        named[IS_LATER] = next(c.row.get(IS_LATER) for c in found.copies if is_same(c.row, row))
    return Appended(label, is_new=add(folder, results_table(run, named), named))


def add(folder: str, rows: pa.Table, row: dict[str, Any]) -> bool:
    """Add a file with one run; return False if there is a file of its name."""
    return add_file(Path(folder, name_of(row)), rows, [row])


def add_file(target: Path, rows: pa.Table, runs: Sequence[dict[str, Any]]) -> bool:
    """Add a file, whole or not at all."""
    part = target.with_name(f"{_PART}{token_hex(8)}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write(part, rows, runs)
        return _put(part, target)
    except OSError as error:
        raise HistoryError(f"{target.parent}: {_cause(error)}") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _put(part: Path, target: Path) -> bool:
    try:
        os.link(part, target)
    except FileExistsError:
        return False
    except OSError as error:
        # Not every file system has hard links; there the last of two equal files stays.
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS,
                               errno.EACCES, errno.EMLINK):  # fmt: skip
            raise
        if target.exists():
            return False
        part.replace(target)
    return True


def _cause(error: OSError) -> str:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands there – expected a folder, or s3://BUCKET/PATH"
    if error.errno == errno.ENOSPC or "No space left" in str(error):
        return "the disk is full; nothing was added, what was there is intact – make room"
    return f"cannot be written ({error.strerror or error})"


def replace(folder: str, chosen: dict[str, Any], rows: pa.Table, row: dict[str, Any]) -> None:
    """Put another revision of a run in the place of one; `chosen` is its row as it was read."""
    content = {"run_id": chosen[CONTENT], "ingest_id": new_id()}
    facts = {name: row[name] for name in RUNS.names if name in row} | content
    facts[IS_LATER] = chosen.get(IS_LATER)
    if row.get(REMOVED):
        facts[REMOVED] = True
    for name in ("run_id", "ingest_id"):
        if len(rows):
            rows = _with(rows, name, facts[name])
    add(folder, rows, facts)
    drop_old_copies(snapshot(folder))


def _with(rows: pa.Table, name: str, value: Any) -> pa.Table:
    import pyarrow as pa

    field = RESULTS.field(name)
    column = pa.repeat(pa.scalar(value, field.type), len(rows))
    return rows.set_column(RESULTS.get_field_index(name), field, column)


def amend(folder: str, chosen: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Change label, commit, branch or stream of a run."""
    rows = stored_rows(chosen[FILE], [chosen["ingest_id"]])
    for name, value in facts.items():
        rows = _with(rows, name, value)
    replace(folder, chosen, rows, chosen | dict(facts))


def remove(folder: str, chosen: dict[str, Any]) -> None:
    """Take a run away: a copy without results says so, wherever older copies come from."""
    facts = chosen | {"n_results": 0, "ledger": "[]", "errors": "[]", REMOVED: True}
    replace(folder, chosen, RESULTS.empty_table(), facts)


def drop_old_copies(found: Snapshot) -> list[str]:
    """Delete the files in which no copy of a run counts any more, and return their names."""
    needed = {copy.file for copy in found.counting}
    old = [name for name in found.files if name not in needed]
    return [name for name in old if delete(name)]


def delete(name: str) -> bool:
    """Delete a file; return False if it cannot be."""
    try:
        Path(name).unlink()
    except OSError:  # somebody else was faster, or still reads it: it does no harm
        return False
    return True


def drop_abandoned(folder: str) -> list[str]:
    """Delete what writers that died a day ago left behind."""
    parts = (path for path in Path(folder).glob(f"{_PART}*.part"))
    return [str(path) for path in parts if _is_old(path) and delete(str(path))]


def _is_old(path: Path) -> bool:
    try:
        return time() - path.stat().st_mtime > _ABANDONED_S
    except OSError:
        return False
