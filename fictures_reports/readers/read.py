"""Result files in, tidy rows out: `read` is the door, one module per format is behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from fictures_reports.errors import MalformedFile, NoDocument, ReadError, UnknownFormat
from fictures_reports.readers.detect import appearance, is_companion, sniff
from fictures_reports.readers.files.find_files import find, inside, is_exclusion, plain_files
from fictures_reports.readers.files.placeholders import before_placeholder, has_placeholder
from fictures_reports.readers.files.sources import Source, named
from fictures_reports.readers.formats import FORMATS, titles
from fictures_reports.readers.found_attachments import found_below
from fictures_reports.readers.identity import with_stable_ids
from fictures_reports.readers.joined_run_info import info_of_parts
from fictures_reports.readers.ledger_words import say_once
from fictures_reports.readers.merge import merge
from fictures_reports.readers.missing_shards import note_missing_shards
from fictures_reports.readers.rows import LedgerEntry, Reading, Row, RunInfo

if TYPE_CHECKING:
    import pandas as pd

#: Called with files done, files in all, and results so far.
Progress = Callable[[int, int, int], None]


def read(
    source: str | Path | Sequence[str | Path],
    *,
    label: str | None = None,
    variant: str = "",
    progress: Progress | None = None,
) -> tuple[pd.DataFrame, RunInfo, pd.DataFrame]:
    """Read the results of one run: a file, folder, glob, zip, gz, or several of these.

    Returns the results frame (one row per case), the run's facts and the ledger (one row per
    input file). Files that cannot be read are named in the ledger; if none can, raises `ReadError`.
    `variant` names where all of it ran; what is a variant of its own stays one, below it.
    `progress` is called with files done, files in all, and results so far.
    """
    from fictures_reports.readers.results_frame import ResultsTable

    readings, entries = _readings(source, progress)
    for reading in readings if variant else ():
        reading.rows = _of_variant(variant, reading.rows)
    table = ResultsTable(chain.from_iterable(reading.rows for reading in readings))
    info = info_of_parts([reading.info for reading in readings])
    run_id = table.run_id(info.started_at, info.errors)
    label = _label(source) if label is None else label
    info = msgspec.structs.replace(info, run_id=run_id, label=label)
    if n := table.n_duplicates():
        readings[0].entry.doubts.append(f"{n} results of a case that was there before: numbered")
    say_once(entries)
    frame = table.frame(run_id)
    if frame.empty and info.incomplete and not info.errors:
        raise _cut(entries)
    return frame, info, ledger_frame(entries)


def _readings(
    source: str | Path | Sequence[str | Path], progress: Progress | None
) -> tuple[list[Reading], list[LedgerEntry]]:
    """Read all files, and merge them where they are several."""
    results = _read_all(source, progress)
    readings = [result for result in results if isinstance(result, Reading)]
    for format_ in FORMATS:
        if format_.has_files_per_attempt:
            for tries in _by_folder(r for r in readings if r.entry.format == format_.name):
                format_.reader().join_attempts(tries)
    for reading in readings:  # ids that become equal here are no attempts of one test
        reading.rows = with_stable_ids(reading.rows, reading.entry)
    entries = [
        result.entry if isinstance(result, Reading) else result
        for result in results
        if result is not None
    ]
    entries.sort(key=lambda entry: entry.file)
    entries = _one_per_kind(entries)
    good = [reading for reading in readings if not reading.entry.refused]
    if not good:
        raise _nothing(source, entries)
    merged = merge(good) if len(good) > 1 else good
    note_missing_shards(merged)
    return merged, entries


def _by_folder(readings: Iterable[Reading]) -> list[list[Reading]]:
    """Group files by the folder that they lie in."""
    folders: dict[str, list[Reading]] = {}
    for reading in readings:
        folder = reading.entry.file.replace("\\", "/").rpartition("/")[0]
        folders.setdefault(folder, []).append(reading)
    return list(folders.values())


def _read_all(
    given: str | Path | Sequence[str | Path], progress: Progress | None
) -> list[Reading | LedgerEntry | None]:
    """Read the files in order; the results of a single one are read as they are asked for."""
    files = list(plain_files(given))
    if len(files) == 1:
        sources = list(inside(files[0], given))
        if len(sources) == 1:
            outcome = read_file(sources[0], alone=True)
            if progress is not None and isinstance(outcome, Reading):
                outcome.rows = _watched(outcome.rows, progress)
            return [outcome]
    outcomes: list[Reading | LedgerEntry | None] = []
    n_results = 0
    for n_done, file in enumerate(files, 1):
        for source in inside(_begun(file), given):
            outcome = read_file(source, alone=False)
            outcomes.append(outcome)
            n_results += outcome.entry.read if isinstance(outcome, Reading) else 0
        if progress is not None:
            progress(n_done, len(files), n_results)
    return outcomes


def _begun(source: Source) -> Source:
    """Read the first bytes once: they tell an archive, and then the format."""
    try:
        return msgspec.structs.replace(source, beginning=source.head())
    except (ReadError, OSError):  # reading it will say so again, for the ledger
        return source


def _watched(rows: Iterable[Row], progress: Progress) -> Iterator[Row]:
    n_results = 0
    for n_results, row in enumerate(rows, 1):
        if n_results % _PROGRESS_EVERY == 0:
            progress(1, 1, n_results)
        yield row
    progress(1, 1, n_results)


#: results of a single file between two calls of `progress`
_PROGRESS_EVERY = 5000


def read_file(source: Source, *, alone: bool) -> Reading | LedgerEntry | None:
    """Read a file; what is no result at all gives None, what should be one a refusal.

    The rows of a file that is read alone come as they are asked for; whatever its reader raises
    then is a `ReadError`.
    """
    try:
        if source.beginning is None:
            source = msgspec.structs.replace(source, beginning=source.head())
        rows_of = _contained if alone else _all_rows
        return _reading(source, rows_of)
    except UnknownFormat as error:
        if not alone and not _looks_like_results(source):
            return None
        if not alone and not isinstance(error, NoDocument):
            return _no_results(source, error)
        return _refusal(source, error)
    except ReadError as error:
        return _refusal(source, error)
    except Exception as error:
        return _refusal(source, _fault(source, error))


def _reading(source: Source, rows_of: Callable[[Source, Iterable[Row]], Iterable[Row]]) -> Reading:
    form = sniff(source)
    try:
        reading: Reading = form.reader().read(source)
    except UnknownFormat as error:  # it says that it is results
        raise NoDocument(source.name, error.found, error.hint) from error
    reading.entry.format = form.name
    reading.variant, reading.attempt = source.variant, source.attempt
    rows = reading.rows
    if source.variant:
        rows = _of_variant(source.variant, rows)
    if source.base is not None:
        rows = found_below(source.base, rows)
    reading.rows = rows_of(source, rows)
    return reading


def _of_variant(variant: str, rows: Iterable[Row]) -> Iterator[Row]:
    for row in rows:
        row.variant = f"{variant}/{row.variant}" if row.variant else variant
        yield row


def _all_rows(_: Source, rows: Iterable[Row]) -> Iterable[Row]:
    return list(rows)


def _contained(source: Source, rows: Iterable[Row]) -> Iterator[Row]:
    try:
        yield from rows
    except ReadError:
        raise
    except Exception as error:  # whatever a reader raises is one clear line
        raise _fault(source, error) from error


def _fault(source: Source, error: Exception) -> ReadError:
    """Say that a reader failed on a file, with the class of the error; its text may be hostile."""
    if isinstance(error, OSError) and error.strerror:  # the system's words, not the file's
        return MalformedFile(source.name, f"cannot be read ({error.strerror})")
    found = f"could not be read: the reader failed with {type(error).__name__}"
    return MalformedFile(source.name, found)


def holds_results(path: Path) -> bool:
    """Tell by its content whether a file is one that `read` would take."""
    try:
        return any(bool(sniff(source)) for source in find(path))
    except ReadError:
        return False
    except OSError:
        return True  # reading it will name it as lost


def _refusal(source: Source, error: ReadError) -> LedgerEntry:
    hint = error.hint
    if isinstance(error, UnknownFormat) and not hint:
        hint = f"expected {titles()}"
    reason = f"{error.found} – {hint}" if hint else error.found
    return LedgerEntry(source.name, "unknown", refused=reason)


def _no_results(source: Source, error: UnknownFormat) -> LedgerEntry:
    """Name a sound file that holds no results, such as coverage."""
    return LedgerEntry(source.name, NOT_RESULTS, doubts=[error.found])


def _one_per_kind(entries: list[LedgerEntry]) -> list[LedgerEntry]:
    """Keep a line for each kind of file that holds no results, and count the others in it."""
    lines: list[LedgerEntry] = []
    kinds: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        alike = kinds.setdefault(entry.doubts[0], []) if entry.format == NOT_RESULTS else [entry]
        if entry.format != NOT_RESULTS or not alike:
            lines.append(entry)
        alike.append(entry)
    for first, *more in kinds.values():
        also = f", and {len(more)} more" if more else ""
        first.doubts = [f"no results: {first.doubts[0]}{also}"]
    return lines


#: format of a file that is sound, but holds no results
NOT_RESULTS = "not results"


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
    return ReadError(shown, "holds no result files", f"expected {titles()}")


def _cut(entries: list[LedgerEntry]) -> ReadError:
    """A file that broke off before its first result is no run without tests."""
    entry = next((entry for entry in entries if entry.doubts), entries[0])
    found = entry.doubts[0] if entry.doubts else "breaks off before its first result"
    return MalformedFile(entry.file, found, "no result could be salvaged; have it written again")


#: What tools and their manuals call a file of results.
_NAMES_OF_PRODUCERS: Final = frozenset(
    f"{name}.{ending}"
    for name, endings in {
        "results": ("json", "xml", "jsonl", "zip"), "result": ("json", "xml"),
        "report": ("json", "xml", "jsonl", "zip"), "test-results": ("json", "xml"),
        "test-report": ("json", "xml"), "junit": ("xml",), "junit-report": ("xml",),
        "junit-results": ("xml",), "test_results": ("json", "xml"), "pytest": ("xml", "json"),
        "playwright": ("json", "xml"), "playwright-report": ("json", "zip"), ".report": ("json",),
        "jest-results": ("json",), "vitest-results": ("json",), "ctrf-report": ("json",),
        "reportlog": ("json", "jsonl"), "log": ("jsonl",), "output": ("xml", "json"),
        "blob-report": ("zip",), "tests": ("json", "xml"), "testresults": ("xml", "json"),
    }.items()
    for ending in endings
)  # fmt: skip


#: What they call the folder around it.
_FOLDERS_OF_PRODUCERS: Final = frozenset(
    ("test-results", "test_results", "results", "reports", "playwright-report", "junit", "target",
     "surefire-reports", "build", "coverage", "ctrf", "blob-report")
)  # fmt: skip


def _label(source: str | Path | Sequence[str | Path]) -> str:
    """Name a run after its folder or file."""
    names = [source] if isinstance(source, str | Path) else list(source)
    named_outright = (name for name in names if not is_exclusion(str(name)))
    first = next(named_outright, "run")
    if has_placeholder(str(first)):
        first = before_placeholder(str(first))
    path = Path(first)
    if path.name.lower() in _NAMES_OF_PRODUCERS and path.is_file():
        path = path.absolute().parent  # every run of the tool has this name
        while path.name.lower() in _FOLDERS_OF_PRODUCERS and path.parent.name:
            path = path.parent
    return named(Path(path.name or path.resolve().name or "run"))


#: columns of the ledger
_COUNTS = ("read", "salvaged", "repeated")
#: columns that hold lists of texts
_TEXTS = ("doubts", "missing")


def ledger_frame(entries: Sequence[LedgerEntry]) -> pd.DataFrame:
    """Lay ledger entries out as a frame, one row per input file."""
    import pandas as pd

    from fictures_reports.readers.results_frame import series_of

    columns = {
        name: [getattr(entry, name) for entry in entries] for name in LedgerEntry.__struct_fields__
    }
    texts = {name: pd.Series(columns.pop(name), dtype="object") for name in _TEXTS}
    dtypes = dict.fromkeys(columns, "str") | dict.fromkeys(_COUNTS, "int64")
    series = {name: series_of(columns[name], dtype) for name, dtype in dtypes.items()}
    return pd.DataFrame(series | texts)
