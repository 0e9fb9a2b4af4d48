"""A process that reads files for another one: see `parallel`.

When standard input ends, the files are named, part by part, in the file that is the argument; on
standard output goes what became of each part, as soon as it is read, behind its length.
"""

from __future__ import annotations

import struct
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import msgspec

from fictures_reports import gc_pause as collector
from fictures_reports.readers.columns import as_list
from fictures_reports.readers.files.sources import plain_source
from fictures_reports.readers.packed import Packed, packed
from fictures_reports.readers.passes import (
    Names,
    columns_of_entries,
    entries_of,
    n_results,
    names_of_each,
)
from fictures_reports.readers.read import read_file
from fictures_reports.readers.rows import LedgerEntry, Reading, RunInfo

#: Of what is said about a part.
LENGTH = struct.Struct("<Q")
Outcome = Reading | LedgerEntry | None


class File(msgspec.Struct):
    """What became of one file, on its way between processes."""

    n_rows: int = 0
    names: Names | None = None
    info: RunInfo | None = None
    entry: LedgerEntry | None = None
    shard: int | None = None


class Said(msgspec.Struct):
    """What a child has read of some files, with the columns of all their results."""

    files: list[File]
    columns: Packed


def said(outcomes: Sequence[Outcome]) -> Said:
    """Put together what became of some files."""
    held = [entries_of(one.rows) if isinstance(one, Reading) else [] for one in outcomes]
    entries, counts = list(chain.from_iterable(held)), list(map(n_results, held))
    columns = columns_of_entries(entries) if entries else {}
    names = names_of_each(as_list(columns["case_id"]) if entries else [], counts)
    files = [
        File(n, own, one.info, one.entry, one.shard)
        if isinstance(one, Reading)
        else File(entry=one)
        for one, n, own in zip(outcomes, counts, names, strict=True)
    ]
    return Said(files, packed(columns))


def main() -> None:
    """Read the files that somebody asks for, and write what became of each part as it is done."""
    collector.off()
    sys.stdin.buffer.read()
    try:
        asked = Path(sys.argv[1]).read_bytes()
    except FileNotFoundError:  # who started this has gone
        return
    # one buffer for all: memory that is new each time costs more than what is written into it
    encoder, data = msgspec.msgpack.Encoder(), bytearray()
    for part in msgspec.msgpack.decode(asked, type=list[list[tuple[str, str]]]):
        outcomes = [
            read_file(plain_source(Path(path), Path(base) if base else None), alone=False)
            for path, base in part
        ]
        encoder.encode_into(said(outcomes), data, LENGTH.size)
        LENGTH.pack_into(data, 0, len(data) - LENGTH.size)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
