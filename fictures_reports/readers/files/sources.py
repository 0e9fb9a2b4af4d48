"""One input file, wherever it lies: on disk or in an archive."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from fictures_reports.errors import MalformedFile, ReadError, UnknownFormat

#: JSON is held in memory as a whole; nobody's result file is larger, but a bomb may be.
LARGEST_DOCUMENT = 2 * 2**30
_HEAD = 65536


class Source(msgspec.Struct, frozen=True):
    """One input file, wherever it lies."""

    #: as the ledger names it: the path given, and inside an archive "archive.zip/member.xml"
    name: str
    open: Callable[[], IO[bytes]]
    size: int
    #: where attachments that it names may lie; None for what comes out of an archive
    base: Path | None = None
    #: set where the source is a zip whose members belong together (a blob report)
    archive: bool = False
    #: where the file lies as it is; None for what must be unpacked
    path: Path | None = None
    #: what {variant} and {attempt} of a given path stand for here
    variant: str = ""
    attempt: int | None = None
    #: the first bytes, where they were read before; as many as `head` reads
    beginning: bytes | None = None

    def head(self, size: int = _HEAD) -> bytes:
        """Read the first bytes, at most 64 kB."""
        if self.beginning is not None:
            return self.beginning[:size]
        if self.path is not None:
            return _head_of(self.path, size)
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """Read the whole file into memory; raises `MalformedFile` beyond `LARGEST_DOCUMENT`."""
        if self.size > LARGEST_DOCUMENT:
            raise MalformedFile(self.name, f"{self.size:,} bytes are more than one report holds")
        with self.open() as stream:
            return stream.read()


def _head_of(path: Path, size: int) -> bytes:
    """Read the first bytes without a buffer: most files of a folder are only looked at."""
    try:
        handle = os.open(path, os.O_RDONLY | _BINARY)
    except OSError as error:
        raise ReadError(path, f"cannot be opened ({error.strerror})") from None
    try:
        return os.read(handle, size)
    finally:
        os.close(handle)


#: Windows would change line ends.
_BINARY = getattr(os, "O_BINARY", 0)


def count(source: Source, piece: bytes) -> int:
    """Count how often a piece of text stands in a file; cheap, without parsing."""
    found, tail = 0, b""
    with source.open() as stream:
        while chunk := stream.read(1 << 20):
            found += (tail + chunk).count(piece)
            tail = chunk[-len(piece) + 1 :]
    return found


def plain_source(path: Path, base: Path | None, size: int | None = None) -> Source:
    """Make a source of a file as it lies there; its size in bytes is asked for unless known."""

    def opened() -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            raise ReadError(path, f"cannot be opened ({error.strerror})") from None

    return Source(
        named(path), opened, path.stat().st_size if size is None else size, base, path=path
    )


def named(path: Path) -> str:
    """Name a file in text; its name on disk may be bytes that are none."""
    return os.fsencode(path).decode("utf-8", "replace")


def unknown(source: Source, found: str, hint: str = "") -> UnknownFormat:
    """Say that a source is of no known format."""
    return UnknownFormat(source.name, found, hint)
