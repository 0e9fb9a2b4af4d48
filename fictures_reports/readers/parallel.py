"""Many files on several cores: children read from the last file on, this process from the first.

They meet where they meet, so it does not matter how long a child takes to start, nor whether one
fails. The children run `child` (`python -c`), so nothing of the caller's program is imported again
and nothing is forked; they send packed columns back, some files at a time.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import partial
from itertools import accumulate, chain, cycle
from pathlib import Path
from typing import Self

import msgspec

from fictures_reports.readers.child import LENGTH, Outcome, Said
from fictures_reports.readers.columns import as_list
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.packed import unpacked
from fictures_reports.readers.passes import (
    Names,
    columns_of_entries,
    entries_of,
    n_results,
    names_of_each,
)
from fictures_reports.readers.pieces import Part, Piece, piece_of
from fictures_reports.readers.rows import Reading, Row

#: Below this a second process costs more than it saves.
_FEWEST_FILES = 150
_FEWEST_BYTES = 500_000
_MOST_PROCESSES = 8
#: Files that are laid out together, at most: the more, the less it costs. Fewer when all is about
#: to be read: what a child is at in the end is in vain, and what is laid out then, nobody shares.
TOGETHER = 64
_LEAST_TOGETHER = 8
#: What a child runs. To import typing_extensions, which msgspec asks for where it is installed and
#: does not need for what we have, would be a tenth of its start.
_PROGRAM = """
import sys
sys.modules["typing_extensions"] = None
from fictures_reports.readers.child import main
main()
"""
#: For glibc, bytes: what is freed is used again. As a rule the memory of large texts goes back to
#: the system each time, and to get it anew takes longer than to write into it.
_KEEPS_MEMORY = dict.fromkeys(("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"), str(2**26))
_SAID = msgspec.msgpack.Decoder(Said)


def n_processes(n_files: int, n_bytes: int) -> int:
    """Tell on how many processes so many files are read best; 1 is this one alone."""
    if n_files < _FEWEST_FILES or n_bytes < _FEWEST_BYTES:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return min(cores or 1, _MOST_PROCESSES) if sys.executable else 1


def shares(files: Sequence[Source], n_children: int) -> list[list[Sequence[Source]]]:
    """Deal files out to children, from the last on, in parts that are smaller where all meet."""
    dealt: list[list[Sequence[Source]]] = [[] for _ in range(n_children)]
    meeting, end, turns = len(files) // (n_children + 1), len(files), cycle(dealt)
    while n_children and end > 0:
        size = together((end - meeting) // n_children)
        next(turns).append(files[max(end - size, 0) : end])
        end -= size
    return [parts for parts in dealt if parts]


def together(n_left: int) -> int:
    """Tell how many files a process lays out together that has so many left to read, or more."""
    return min(max(n_left // 4, _LEAST_TOGETHER), TOGETHER)


class Elsewhere:
    """What children have read of some files so far; leaving the context ends them."""

    def __init__(self) -> None:
        self._children: list[_Child] = []
        self._outcomes: dict[int, Outcome] = {}

    def gathered(self, found: Iterable[Source]) -> list[Source]:
        """List files; children start as soon as these are many, and read when all are listed."""
        sources: list[Source] = []
        n_files = n_bytes = n_children = 0
        for source in found:
            sources.append(source)
            if source.path is not None and not n_children:
                n_files, n_bytes = n_files + 1, n_bytes + source.size
                if n_children := n_processes(n_files, n_bytes) - 1:
                    self._start(n_children)
        # a file whose name is no text cannot be named in the message
        plain = [s for s in sources if s.path is not None and s.name == str(s.path)]
        for child, parts in zip(self._children, shares(plain, len(self._children)), strict=False):
            child.ask(parts)
        return sources

    def _start(self, n_children: int) -> None:
        try:
            for _ in range(n_children):
                self._children.append(_Child())
        except OSError:
            pass  # no interpreter to run, or no room for what it says: all is read by this process

    @property
    def is_helpful(self) -> bool:
        """Tell whether there are children."""
        return bool(self._children)

    def has(self, source: Source) -> bool:
        """Tell whether a file has been read."""
        if id(source) not in self._outcomes:
            for child in self._children:
                self._outcomes |= child.new_outcomes()
        return id(source) in self._outcomes

    @property
    def n_read(self) -> int:
        """How many files were read so far that were not taken yet."""
        return len(self._outcomes)

    def take(self, source: Source) -> Outcome:
        """Return what became of a file that has been read."""
        return self._outcomes.pop(id(source))

    def stop(self) -> None:
        """Tell the children to end, whatever they are at, without waiting for that."""
        for child in self._children:
            child.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for child in self._children:
            child.close()


class _Child:
    """A process that reads files part by part, and the file that it writes into.

    No pipe for what it says: a thread that empties one would wait for this one again and again, and
    the child for it. Nor for what it is asked: who knows whether a program reads what is written to
    it. It begins when its standard input ends.
    """

    def __init__(self) -> None:
        self._parts: deque[Sequence[Source]] = deque()
        self._folder = tempfile.TemporaryDirectory(prefix="fictures-reports-")
        self._asked = Path(self._folder.name, "asked")
        self._said = Path(self._folder.name, "said")
        command = [sys.executable, "-c", _PROGRAM, str(self._asked)]
        with ExitStack() as undone:
            undone.callback(self._folder.cleanup)
            self._said.touch()
            self._stream = undone.enter_context(self._said.open("rb"))
            with self._said.open("wb") as written:
                self._process = subprocess.Popen(  # noqa: S603
                    command,
                    stdin=subprocess.PIPE,
                    stdout=written,
                    stderr=subprocess.DEVNULL,
                    env={**_KEEPS_MEMORY, **os.environ},
                )
            undone.pop_all()  # all went well

    def ask(self, parts: Sequence[Sequence[Source]]) -> None:
        """Have it read files; nothing if there is no room to name them."""
        files = [[(str(s.path), str(s.base or "")) for s in part] for part in parts]
        try:
            self._asked.write_bytes(msgspec.msgpack.encode(files))
        except OSError:
            self._process.kill()
            return
        self._parts.extend(parts)
        self._begin()

    def _begin(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    def new_outcomes(self) -> dict[int, Outcome]:
        """Return what became of the files that it has read since the last time."""
        new: dict[int, Outcome] = {}
        while data := self._next():
            try:
                said = _SAID.decode(data)
            except msgspec.DecodeError:  # no words of this module: what runs is another program
                break
            read = _outcomes(said)
            new |= {id(s): one for s, one in zip(self._parts.popleft(), read, strict=True)}
        return new

    def _next(self) -> bytes:
        """Read what it said about one part; nothing if that is not all written yet."""
        start = self._stream.tell()
        written = os.fstat(self._stream.fileno()).st_size - start - LENGTH.size
        if written >= 0:
            (length,) = LENGTH.unpack(self._stream.read(LENGTH.size))
            # only what is there: what another program prints may read as any number
            if length <= written:
                return self._stream.read(length)
            self._stream.seek(start)
        return b""

    def stop(self) -> None:
        """End the process if it still runs; what it says is heard no more."""
        self._stream.close()
        if self._process.poll() is None:
            # its file goes with the process, which takes a while; some systems keep what is open
            with suppress(OSError):
                self._said.unlink()
            self._process.kill()

    def close(self) -> None:
        """Wait for the end of the process, which was stopped, and let go of what it wrote."""
        self._begin()
        self._process.wait()
        self._folder.cleanup()


def _outcomes(said: Said) -> Iterator[Outcome]:
    """Part what a child has read file by file."""
    stops = list(accumulate(file.n_rows for file in said.files))
    piece = unpacked(said.columns)
    for file, stop in zip(said.files, stops, strict=True):
        if file.info is None or file.entry is None:
            yield file.entry
        else:
            rows = _part(piece, file.n_rows, stop, file.names)
            yield Reading(rows, file.info, file.entry, file.shard)


def lay_out(readings: Sequence[Reading]) -> None:
    """Lay the results of some files out together, as a child does, and leave to each its part."""
    held = [entries_of(reading.rows) for reading in readings]
    counts = list(map(n_results, held))
    if any(counts):
        columns = columns_of_entries(list(chain.from_iterable(held)))
        names = names_of_each(as_list(columns["case_id"]), counts)
        rows = map(partial(_part, piece_of(columns)), counts, accumulate(counts), names)
        for reading, part in zip(readings, rows, strict=True):
            reading.rows = part


def _part(piece: Piece, n_rows: int, stop: int, names: Names | None) -> Iterable[Row]:
    return Part(piece, stop - n_rows, stop, names) if n_rows and names else []
