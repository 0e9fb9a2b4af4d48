"""Result files in, tidy rows out: `read` is the door, one module per format is behind it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fictures_reports.errors import MalformedFile, ReadError, UnknownFormat
from fictures_reports.gc_pause import paused
from fictures_reports.readers.detect import appearance, is_companion, sniff
from fictures_reports.readers.files.sources import Source, find, named
from fictures_reports.readers.found_attachments import found_below
from fictures_reports.readers.merge import Merged, joined_info, merge, note_shards
from fictures_reports.readers.passes import Entries, Entry, n_results
from fictures_reports.readers.rows import LedgerEntry, Reading, Row, RunInfo

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.readers.parallel import Elsewhere

#: Called with files done, files in all, and results so far.
Progress = Callable[[int, int, int], None]
#: Which module reads which format; imported when the first such file is met.
_READERS = {
    "playwright-json": "playwright_json",
    "playwright-blob": "playwright_blob",
    "playwright-junit": "playwright_junit",
    "pytest-junit": "pytest_junit",
    "pytest-json-report": "pytest_json_report",
    "pytest-reportlog": "pytest_reportlog",
    "junit": "junit",
    "ctrf": "ctrf",
    "allure-results": "allure_results",
    "jest-json": "jest_json",
    "vitest-json": "jest_json",
}


def read(
    source: str | Path | Sequence[str | Path],
    *,
    label: str | None = None,
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, RunInfo, pd.DataFrame]:
    """Read the results of one run: a file, folder, glob, zip, gz, or several of these.

    Returns the results frame (one row per case), the run's facts and the ledger (one row per
    input file). Files that cannot be read are named in the ledger; if none can, raises `ReadError`.
    `progress` is called with files done, files in all, and results so far.
    """
    from fictures_reports.readers.frame import Table

    # processes that helped are waited for when all is done: they take a while to end
    with paused(), ExitStack() as helpers:
        (readings, distinct), entries = _readings(source, progress, helpers)
        table = Table(distinct=distinct)
        for reading in readings:
            table.add(reading.rows)
        info = joined_info(readings)
        run_id = table.run_id(info.started_at, info.errors)
        info = msgspec.structs.replace(
            info, run_id=run_id, label=_label(source) if label is None else label
        )
        if (n := table.n_duplicates()) and readings:
            readings[0].entry.doubts.append(
                f"{n} results of a case that was there before: numbered"
            )
        frame = table.frame(run_id)
    if frame.empty and info.incomplete and not info.errors:
        raise _cut(entries)
    return frame, info, ledger_frame(entries)


def _readings(
    source: str | Path | Sequence[str | Path], progress: Progress | None, helpers: ExitStack
) -> tuple[Merged, list[LedgerEntry]]:
    """Read all files, and merge them where they are several."""
    results = _read_all(find(source), progress, helpers)
    readings = [one for one in results if isinstance(one, Reading)]
    allure = [reading for reading in readings if reading.entry.format == "allure-results"]
    if len(allure) > 1:
        importlib.import_module("fictures_reports.readers.formats.allure_results").join_attempts(
            allure
        )
    entries = [one.entry if isinstance(one, Reading) else one for one in results if one is not None]
    entries.sort(key=lambda entry: entry.file)
    good = [reading for reading in readings if not reading.entry.refused]
    if not good:
        raise _nothing(source, entries)
    merged = merge(good) if len(good) > 1 else Merged(good, distinct=False)
    note_shards(merged.readings)
    return merged, entries


def _read_all(
    found: Iterator[Source], progress: Progress | None, helpers: ExitStack
) -> list[Reading | LedgerEntry | None]:
    """Read the files in order; many of them on all cores, those that others read from the end."""
    sources = list(islice(found, 2))
    if len(sources) == 1:
        return [_Count(1, progress).take(read_file(sources[0], alone=True))]
    from fictures_reports.readers.parallel import Elsewhere

    elsewhere = helpers.enter_context(Elsewhere())
    sources = elsewhere.gathered(chain(sources, found))
    results = list(_read_along(sources, elsewhere, _Count(len(sources), progress)))
    elsewhere.stop()
    return results


def _read_along(
    sources: Sequence[Source], elsewhere: Elsewhere, count: _Count
) -> Iterator[Reading | LedgerEntry | None]:
    """Read what nobody else has read; the layout is done on the way, while others read, too."""
    from fictures_reports.readers.parallel import lay_out, together

    own: list[Reading] = []
    for n_done, one in enumerate(sources, 1):
        if elsewhere.has(one):
            yield count.take(elsewhere.take(one))
            continue
        outcome = count.take(read_file(one, alone=False))
        yield outcome
        if elsewhere.is_helpful and isinstance(outcome, Reading):
            own.append(outcome)
        if len(own) >= together(len(sources) - n_done - elsewhere.n_read):
            lay_out(own)
            own.clear()
    lay_out(own)


class _Count:
    """Tells how far the reading is: files done, files in all, results so far."""

    def __init__(self, n_files: int, progress: Progress | None) -> None:
        self._n_files, self._progress = n_files, progress
        self._n_done = self._n_results = 0

    def take(self, outcome: Reading | LedgerEntry | None) -> Reading | LedgerEntry | None:
        """Count a file; the results of one that is read bit by bit are counted as they come."""
        self._n_done += 1
        if isinstance(outcome, Reading) and self._progress is not None:
            if self._n_files == 1:
                if isinstance(outcome.rows, Entries):
                    outcome.rows = Entries(self._watched(outcome.rows.batches))
                else:
                    outcome.rows = self._watched_rows(outcome.rows)
                return outcome
            self._n_results += outcome.entry.read
        self._tell()
        return outcome

    def _watched(self, batches: Iterable[list[Entry]]) -> Iterator[list[Entry]]:
        for batch in batches:
            self._n_results += n_results(batch)
            if batch:
                self._tell()
            yield batch

    def _watched_rows(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._n_results += 1
            if self._n_results % _TOLD_EVERY == 0:
                self._tell()
            yield row
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._n_done, self._n_files, self._n_results)


#: results of a single file between two calls of `progress`
_TOLD_EVERY = 5000


def read_file(source: Source, *, alone: bool) -> Reading | LedgerEntry | None:
    """Read a file; what is no result at all gives None, what should be one a refusal."""
    try:
        name = sniff(source)
        module = importlib.import_module(f"fictures_reports.readers.formats.{_READERS[name]}")
        reading: Reading = module.read(source)
        if isinstance(reading.rows, Entries):  # none has an attachment
            reading.rows = reading.rows if alone else reading.rows.held()
        else:
            if source.base is not None:
                reading.rows = found_below(source.base, reading.rows)
            reading.rows = reading.rows if alone else list(reading.rows)
    except UnknownFormat as error:
        if not alone and not _looks_like_results(source):
            return None
        return _refusal(source, error)
    except ReadError as error:
        return _refusal(source, error)
    return reading


def holds_results(path: Path) -> bool:
    """Tell by its content whether a file is one that `read` would take."""
    try:
        return any(bool(sniff(source)) for source in find(path))
    except ReadError:
        return False


def _refusal(source: Source, error: ReadError) -> LedgerEntry:
    reason = f"{error.found} – {error.hint}" if error.hint else error.found
    return LedgerEntry(source.name, "unknown", refused=reason)


def _looks_like_results(source: Source) -> bool:
    """Tell files worth naming when they cannot be read from pictures, pages and settings."""
    head = source.head(4096)
    look = appearance(head)
    if look in ("binary", "zip"):
        return False
    if look in ("empty", "text"):
        return source.name.lower().endswith((".json", ".xml", ".jsonl"))
    return not is_companion(head) and not head.lstrip()[:15].lower().startswith(
        (b"<!doctype html", b"<html", b"<svg")
    )


def _nothing(source: str | Path | Sequence[str | Path], entries: list[LedgerEntry]) -> ReadError:
    shown = str(source) if isinstance(source, str | Path) else ", ".join(map(str, source))
    refused = [entry for entry in entries if entry.refused]
    if len(refused) == 1 and refused[0].file == shown:
        return UnknownFormat(shown, refused[0].refused or "")
    if refused:
        first = refused[0]
        more = f" and {len(refused) - 1} more" if len(refused) > 1 else ""
        return ReadError(shown, f"no results that can be read: {first.file} {first.refused}{more}")
    return ReadError(shown, "holds no result files", "expected Playwright or pytest results")


def _cut(entries: list[LedgerEntry]) -> ReadError:
    """A file that broke off before its first result is no run without tests."""
    entry = next((entry for entry in entries if entry.doubts), entries[0])
    found = entry.doubts[0] if entry.doubts else "breaks off before its first result"
    return MalformedFile(entry.file, found, "no result could be salvaged; have it written again")


def _label(source: str | Path | Sequence[str | Path]) -> str:
    """Name a run after its folder or file."""
    one = source if isinstance(source, str | Path) else next(iter(source), "run")
    path = Path(one)
    return named(Path(path.name or path.resolve().name or "run"))


#: columns of the ledger
_COUNTS = ("read", "salvaged", "repeated")


def ledger_frame(entries: Sequence[LedgerEntry]) -> pd.DataFrame:
    """Lay ledger entries out as a frame, one row per input file."""
    import pandas as pd

    from fictures_reports.readers.frame import series
    from fictures_reports.readers.pieces import array_of

    columns = {
        name: [getattr(entry, name) for entry in entries] for name in LedgerEntry.__struct_fields__
    }
    doubts = pd.Series(columns.pop("doubts"), dtype="object")
    dtypes = dict.fromkeys(columns, "str") | dict.fromkeys(_COUNTS, "int64")
    told = {n: series([array_of(columns[n], dtype)], dtype) for n, dtype in dtypes.items()}
    return pd.DataFrame(told | {"doubts": doubts})
