"""A folder of run files as the store of a history.

Files are only added and deleted. Of all copies of a run, wherever they came from, the one with the
greatest append id counts; a removed run is one whose last copy says so. Therefore two folders may
be copied over each other, and whoever is stopped between adding and deleting leaves no harm.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, TypeVar

import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.errors import HistoryError, ReadError
from fictures_reports.history.run_file_footer import runs_in
from fictures_reports.history.run_files import ENDING, REMOVED
from fictures_reports.history.run_identity import CONTENT, IS_LATER, fits, n_known, told_apart
from fictures_reports.history.tables import RUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

T = TypeVar("T")
#: What is known of a file: the rows of its runs, or why it cannot be read.
_RunsOrError: TypeAlias = "tuple[dict[str, Any], ...] | ReadError"

#: How often a folder is looked at again in which files come and go.
_TRIES: Final = 50
_MOST_REMEMBERED: Final = 20_000
#: Files whose damage showed only when their results were read: name, time and size.
_DAMAGED: Final[dict[tuple[str, int, int], ReadError]] = {}
#: Column of the rows of runs, beside those of the table: the file that counts.
FILE: Final = "run_file"
ROWS: Final = pa.schema(
    [
        *RUNS,
        pa.field(FILE, pa.string()),
        pa.field(CONTENT, pa.string()),
        pa.field(IS_LATER, pa.bool_()),
    ]
)


class RunChanged(HistoryError):
    """A run was amended, classified again or removed after it was chosen and before it was read."""


class RunDamaged(RunChanged):
    """The file of a run that was chosen is damaged."""


class Copy(NamedTuple):
    """One copy of a run: its row, and the file that it stands in."""

    row: dict[str, Any]
    file: str
    #: runs in the file
    n_runs: int = 1

    @property
    def rank(self) -> tuple[str, int, int, str]:
        """What decides between copies of one run; the greatest counts, of equals the one packed."""
        return self.row["ingest_id"], n_known(self.row), self.n_runs, self.file


@dataclass(frozen=True)
class Snapshot:
    """What a folder held at one moment."""

    #: file → the rows of its runs
    files: dict[str, tuple[dict[str, Any], ...]]
    #: why files could not be read
    unreadable: tuple[ReadError, ...]

    @property
    def copies(self) -> list[Copy]:
        """All copies of all runs, removed ones too."""
        return [
            Copy(row, file, len(runs))
            for file, runs in self.files.items() for row in runs
        ]  # fmt: skip

    @property
    def shared(self) -> set[str]:
        """The files with a copy that stands in another file, too."""
        n = Counter(copy.row["ingest_id"] for copy in self.copies)
        return {copy.file for copy in self.copies if n[copy.row["ingest_id"]] > 1}

    @property
    def copies_by_run(self) -> list[list[Copy]]:
        """The copies of each run; removed runs are left in."""
        by_content: dict[str, list[Copy]] = {}
        for copy in self.copies:
            by_content.setdefault(copy.row["run_id"], []).append(copy)
        return [run for copies in by_content.values() for run in _runs_among(copies)]

    @property
    def counting(self) -> list[Copy]:
        """Of each run the copy that counts; removed runs are left in."""
        return [max(copies, key=lambda copy: copy.rank) for copies in self.copies_by_run]

    def rows(self) -> pa.Table:
        """Return the rows of the table of runs, oldest run first, with `FILE` and `CONTENT`."""
        rows = [
            copy.row | {FILE: copy.file, CONTENT: copy.row["run_id"]}
            for copy in self.counting if not copy.row.get(REMOVED)
        ]  # fmt: skip
        rows.sort(key=lambda row: (bool(row.get(IS_LATER)), row["run_at"], row["ingest_id"]))
        apart = told_apart(rows)
        apart.sort(key=lambda row: (row["run_at"], row["run_id"], row["ingest_id"]))
        return pa.Table.from_struct_array(pa.array(apart, pa.struct(list(ROWS)))).cast(ROWS)


def _runs_among(copies: list[Copy]) -> list[list[Copy]]:
    """Part copies of equal content into runs: those of known builds first."""
    if len(copies) == 1:
        return [copies]
    runs: list[list[Copy]] = []
    for copy in sorted(copies, key=lambda copy: (-n_known(copy.row), copy.rank)):
        run_copies = next((run for run in runs if fits(run[0].row, copy.row)), None)
        if run_copies is None:
            runs.append([copy])
        else:
            run_copies.append(copy)
    return runs


def names_in(folder: str | Path) -> list[str]:
    """List the files that may be run files, in order; none where there is no folder."""
    return sorted(_names(folder))


def _names(folder: str | Path) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(ENDING) and not entry.name.startswith("."):
                    yield entry.path
    except (FileNotFoundError, NotADirectoryError):
        return


def is_folder_of_run_files(folder: str | Path) -> bool:
    """Tell whether a folder holds run files; Parquet files of others make no history."""
    return any(isinstance(runs_or_error(name), tuple) for name in _names(folder))


def snapshot(folder: str | Path) -> Snapshot:
    """Look at the footers of all run files in a folder.

    The folder is listed until two lists are equal: one that is made while files come and go may
    have neither the old file nor the new one.
    """
    names = names_in(folder)
    found: dict[str, _RunsOrError | None] = {}
    for _ in range(_TRIES):
        found = {name: runs_or_error(name) for name in names}
        names_now = names_in(folder)
        if names_now == names and None not in found.values():
            break
        names = names_now
    return Snapshot(
        {name: runs for name, runs in found.items() if isinstance(runs, tuple)},
        tuple(error for error in found.values() if isinstance(error, ReadError)),
    )


def runs_or_error(name: str) -> _RunsOrError | None:
    """Return the rows of a file's runs, or why it cannot be read; None if the file went away."""
    try:
        stat = os.stat(name)  # noqa: PTH116 - a path for each of thousands takes longer than this
        damage = _DAMAGED.get((name, stat.st_mtime_ns, stat.st_size))
        return damage or _remembered(name, stat.st_mtime_ns, stat.st_size)
    except FileNotFoundError:
        return None


@lru_cache(_MOST_REMEMBERED)
def _remembered(name: str, mtime_ns: int, _size: int) -> _RunsOrError:
    try:
        runs = runs_in(name)
    except ReadError as error:
        return error
    for row in runs:
        if not row.get("ingested_at"):
            row["ingested_at"] = datetime.fromtimestamp(mtime_ns / 1e9, UTC)
    return runs


def steady(folder: str, read: Callable[[], T]) -> T:
    """Call a function that reads run files, again if one was replaced meanwhile.

    Raises `HistoryError` for a file that cannot be read; whose content is damaged is then no file
    of a `snapshot` any more.
    """
    error: OSError | None = None
    for _ in range(_TRIES):
        try:
            return read()
        except FileNotFoundError as gone:
            error = gone
        except ReadError as damage:
            stat = os.stat(damage.path)  # noqa: PTH116
            _DAMAGED[damage.path, stat.st_mtime_ns, stat.st_size] = damage
            raise RunDamaged(str(damage)) from damage
        except (pa.ArrowException, OSError) as broken:
            words = " ".join(str(broken).split())[:200]
            raise HistoryError(f"{folder}: a run file cannot be read ({words})") from broken
    raise RunChanged(f"{folder}: runs are changed faster than they are read – try again") from error


def undisturbed(read: Callable[[], T], *, damaged: bool) -> T:
    """Call a function that chooses runs and reads them, again if one is not any more what it was.

    `damaged` says whether that is done for damaged files, too, which are not chosen again.
    """
    for _ in range(_TRIES):
        try:
            return read()
        except RunChanged as error:
            if isinstance(error, RunDamaged) and not damaged:
                raise
    return read()


def by_file(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Group rows of runs by the file that they stand in."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row[FILE], []).append(row)
    return grouped
