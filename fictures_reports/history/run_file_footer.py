"""What a run file says of its runs: version and facts, which stand at the end of the file."""

from __future__ import annotations

import os
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fictures_reports.errors import ReadError
from fictures_reports.history.tables import RUNS, SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Keys of the footer: the version of the layout, and the facts of the runs, as JSON.
VERSION_KEY: Final = "fictures_reports.run_file"
RUNS_KEY: Final = "fictures_reports.runs"
_TIMES: Final = [field.name for field in RUNS if str(field.type).startswith("timestamp")]
#: What every run has, whatever else is known of it.
_NEEDED: Final = {"run_id", "run_at", "ingest_id", "label", "n_results", "environment", "errors",
                  "ledger", "incomplete"}  # fmt: skip
#: Most footers are shorter; of a longer one the whole end of the file is read.
_TAIL: Final = 8192
#: How a key stands in a footer, see `_value`.
_VERSION_MARK, _RUNS_MARK = (
    bytes([0x18, len(key)]) + key.encode() + b"\x18" for key in (VERSION_KEY, RUNS_KEY)
)
_FACTS: Final = msgspec.json.Decoder(list[dict[str, Any]])
_END: Final = b"PAR1"


def runs_in(path: str | Path) -> tuple[dict[str, Any], ...]:
    """Read the rows of a run file's runs for the table of runs.

    Raises `ReadError` for a file that is cut, is no run file, or was written by a newer version.
    """
    metadata = _at_the_end(path) or _by_pyarrow(path)
    if RUNS_KEY not in metadata:
        hint = "expected a run file, as `run.save` and `ingest --into FOLDER` write them"
        raise ReadError(path, "Parquet, but no run file", hint)
    try:
        version = int(metadata.get(VERSION_KEY, b"0"))
        _refuse_newer(path, version)
        return tuple(_rows(_FACTS.decode(metadata[RUNS_KEY])))
    except (ValueError, TypeError, KeyError, msgspec.DecodeError) as error:
        raise ReadError(
            path, "the facts of its runs cannot be read", "save the run again"
        ) from error


def _refuse_newer(path: str | Path, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise ReadError(
            path,
            f"written by a newer fictures-reports (schema {version}, this one knows "
            f"{SCHEMA_VERSION})",
            "update fictures-reports",
        )


def _rows(facts: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for row in facts:
        if not row.keys() >= _NEEDED:
            raise KeyError(min(_NEEDED - row.keys()))
        for name in _TIMES:
            if row.get(name):
                row[name] = datetime.fromisoformat(row[name])
        yield row


def _by_pyarrow(path: str | Path) -> dict[str, bytes]:
    import pyarrow as pa  # type: ignore[import-untyped]
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    try:
        found = pq.read_metadata(path).metadata or {}
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        hint = "the file is cut or damaged; save the run again"
        raise ReadError(path, "no Parquet file that can be read", hint) from error
    return {key.decode(errors="replace"): value for key, value in found.items()}


def _at_the_end(path: str | Path) -> dict[str, bytes] | None:
    """Find version and facts in the bytes of a footer; None where they are not as they should be.

    pyarrow makes sense of every column of a file before it gives them, which takes ten times as
    long: 0.3 s for 3,000 files.
    """
    try:
        footer = _footer(path)
    except FileNotFoundError:
        raise
    except OSError:
        return None
    version, runs = _value(footer, _VERSION_MARK), _value(footer, _RUNS_MARK)
    return {VERSION_KEY: version, RUNS_KEY: runs} if version and runs else None


def _footer(path: str | Path) -> bytes:
    """Return the footer of a Parquet file, whose length stands behind it; b"" if there is none."""
    # by descriptor: a file object would take twice as long
    file = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.lseek(file, 0, os.SEEK_END)
        tail = _last(file, size, _TAIL)
        length = int.from_bytes(tail[-8:-4], "little") if tail[-4:] == _END else 0
        if length + 8 > len(tail):
            tail = _last(file, size, length + 8)
    finally:
        os.close(file)
    return tail[-8 - length : -8] if length + 8 <= len(tail) else b""


def _last(file: int, size: int, n: int) -> bytes:
    os.lseek(file, max(0, size - n), os.SEEK_SET)
    return os.read(file, n)


def _value(footer: bytes, mark: bytes) -> bytes:
    """Return the value behind the mark of a key; b"" if there is none that ends as it should.

    A pair is two texts and a zero, a text is the byte 0x18, its length, and its bytes; the length
    has seven bits in each byte, the lowest first (Thrift's compact protocol). Pairs stand behind
    all that comes of results, so the last mark is that of the key.
    """
    at, length, shift = footer.rfind(mark) + len(mark), 0, 0
    if at < len(mark):
        return b""
    while at < len(footer):
        byte, at = footer[at], at + 1
        length |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            break
    end = at + length
    return footer[at:end] if footer[end : end + 1] == b"\0" else b""
