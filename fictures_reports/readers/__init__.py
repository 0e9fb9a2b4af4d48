"""Result files in, tidy rows out: `read` is the door, one module per format is behind it."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from fictures_reports.errors import ReadError, UnknownFormat
from fictures_reports.readers.attachments import find_attachments
from fictures_reports.readers.merge import merge
from fictures_reports.readers.rows import LedgerEntry, Reading, Row, RunInfo, case_id
from fictures_reports.readers.sniff import appearance, is_companion, sniff
from fictures_reports.readers.sources import Source, find

if TYPE_CHECKING:
    import pandas as pd

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
}


def read(
    source: str | Path | Sequence[str | Path], *, label: str | None = None
) -> tuple[pd.DataFrame, RunInfo, pd.DataFrame]:
    """Read the results of one run: a file, folder, glob, zip, gz, or several of these.

    Returns the results frame (one row per case), the run's facts and the ledger (one row per
    input file). Files that cannot be read are named in the ledger; if none can, raises `ReadError`.
    """
    from fictures_reports.readers.frame import frame

    rows, info, entries = read_rows(source, label=label)
    return frame(rows, info.run_id), info, ledger_frame(entries)


def read_rows(
    source: str | Path | Sequence[str | Path], *, label: str | None = None
) -> tuple[list[Row], RunInfo, list[LedgerEntry]]:
    """Read one run as plain rows, without pandas; see `read`."""
    sources = find(source)
    alone = len(sources) == 1
    results = [_read_one(one, alone=alone) for one in sources]
    readings = [one for one in results if isinstance(one, Reading)]
    refusals = [one for one in results if isinstance(one, LedgerEntry)]
    good = [reading for reading in readings if not reading.entry.refused]
    entries = [*(reading.entry for reading in readings), *refusals]
    if not good:
        raise _nothing(source, entries)
    rows, info = merge(readings)
    named = label if label is not None else _label(source)
    info = msgspec.structs.replace(info, run_id=run_id(rows, info), label=named)
    return rows, info, sorted(entries, key=lambda entry: entry.file)


def _read_one(source: Source, *, alone: bool) -> Reading | LedgerEntry | None:
    """Read a file; what is no result at all gives None, what should be one a refusal."""
    try:
        name = sniff(source)
        module = importlib.import_module(f"fictures_reports.readers.{_READERS[name]}")
        reading: Reading = module.read(source)
    except UnknownFormat as error:
        if not alone and not _looks_like_results(source):
            return None
        return _refusal(source, error)
    except ReadError as error:
        return _refusal(source, error)
    if source.base is not None:
        find_attachments(reading.rows, source.base)
    return reading


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


def _label(source: str | Path | Sequence[str | Path]) -> str:
    """Name a run after its folder or file."""
    one = source if isinstance(source, str | Path) else next(iter(source), "run")
    path = Path(one)
    return path.name or path.resolve().name or "run"


def run_id(rows: Sequence[Row], info: RunInfo) -> str:
    """Derive the run's id from what it holds, so that the same results always get the same."""
    digest = hashlib.sha256()
    lines = sorted(
        f"{case_id(row)}\x1f{row.status}\x1f{row.duration_s}\x1f"
        + "\x1f".join(f"{a.status}{a.started_at}{a.duration_s}" for a in row.attempts)
        for row in rows
    )
    digest.update(
        "\x1e".join([*lines, str(info.started_at), *info.errors]).encode("utf-8", "replace")
    )
    return digest.hexdigest()[:12]


def ledger_frame(entries: Sequence[LedgerEntry]) -> pd.DataFrame:
    """Lay ledger entries out as a frame, one row per input file."""
    import pandas as pd

    names = LedgerEntry.__struct_fields__
    frame = pd.DataFrame(
        [[getattr(entry, name) for name in names] for entry in entries], columns=names
    )
    text = ["file", "format", "producer", "producer_version", "refused"]
    return frame.astype(dict.fromkeys(text, "str") | {"read": "int64"})
