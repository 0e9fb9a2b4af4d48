"""What a user points at, as a list of files to read: a file, folder, glob, zip, gz or several."""

from __future__ import annotations

import glob
import gzip
import io
import lzma
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

from fictures_reports.errors import MalformedFile, ReadError, UnknownFormat

#: Folders that hold tools and sources, never results; walking them would take minutes.
_PASSED_OVER = frozenset({".git", "node_modules", ".venv", "__pycache__", ".tox", ".mypy_cache"})
#: An archive member may be large, or much larger than its packed form, but not both.
_FREE_BYTES = 64 * 2**20
_LARGEST_RATIO = 200
#: JSON is held in memory as a whole; nobody's result file is larger, but a bomb may be.
LARGEST_DOCUMENT = 2 * 2**30
_HEAD = 65536
#: The stream of a Playwright blob; pytest's "reportlog.jsonl" is none.
_BLOB_MEMBER = re.compile(r"report(-[^/]*)?\.jsonl")
#: What damaged archives raise; the modules have no common base for them.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class Closable(Protocol):
    """A stream or an archive."""

    def close(self) -> None:
        """Let go of the file."""


@dataclass(frozen=True)
class Source:
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

    def head(self, size: int = _HEAD) -> bytes:
        """Read the first bytes."""
        with self.open() as stream:
            return stream.read(size)

    def read(self) -> bytes:
        """Read the whole file into memory; raises `MalformedFile` beyond `LARGEST_DOCUMENT`."""
        if self.size > LARGEST_DOCUMENT:
            raise MalformedFile(self.name, f"{self.size:,} bytes are more than one report holds")
        with self.open() as stream:
            return stream.read()


def count(source: Source, piece: bytes) -> int:
    """Count how often a piece of text stands in a file; cheap, without parsing."""
    found, tail = 0, b""
    with source.open() as stream:
        while chunk := stream.read(1 << 20):
            found += (tail + chunk).count(piece)
            tail = chunk[-len(piece) + 1 :]
    return found


def find(given: str | Path | Sequence[str | Path]) -> Iterator[Source]:
    """Go through the files behind what was given, in a stable order.

    Raises `ReadError` where one is missing.
    """
    for one in [given] if isinstance(given, str | Path) else given:
        yield from _find_one(os.fspath(one))


def _find_one(given: str) -> Iterable[Source]:
    path = Path(given)
    if path.is_dir():
        return _in_folder(path)
    if path.is_file():
        return _unpacked(plain_source(path, path.parent))
    if path.exists():
        raise ReadError(given, "is neither a file nor a folder", "expected result files")
    if glob.has_magic(given):
        return _globbed(given)
    hint = "expected result files or a folder of them"
    if "://" in given:
        hint += "; a run of a history in a bucket is s3://BUCKET/PATH@latest"
    raise ReadError(given, "no such file or folder", hint)


def _globbed(pattern: str) -> Iterator[Source]:
    paths = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (takes absolute ones too)
    if not paths:
        raise ReadError(pattern, "no file matches", "quote the pattern and check the folder")
    for path in paths:
        yield from _find_one(path)


def _in_folder(folder: Path) -> Iterator[Source]:
    for path, size in _regular_files(folder):
        yield from _unpacked(plain_source(path, folder, size))


def walk(folder: Path) -> Iterator[Path]:
    """Go through the regular files below a folder by name; links out of it are left alone."""
    return (path for path, _ in _regular_files(folder))


def _regular_files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Go through the files that `walk` names, with their sizes in bytes."""
    inside = os.path.realpath(folder)
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
        here = Path(parent)
        for name in sorted(names):
            path = here / name
            size = _size_of_ours(str(path), inside)
            if size is not None:
                yield path, size


def _size_of_ours(path: str, inside: str) -> int | None:
    """Ask for the size of a file; None where it is none, or a link that leads out."""
    try:
        told = os.lstat(path)
        if stat.S_ISLNK(told.st_mode):
            if not is_below(os.path.realpath(path), inside):
                return None
            told = os.stat(path)  # noqa: PTH116
        return told.st_size if stat.S_ISREG(told.st_mode) else None
    except OSError:
        return None


def is_below(path: str, folder: str) -> bool:
    """Tell whether a real path lies in a real folder."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


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


def _unpacked(source: Source, depth: int = 0) -> Iterator[Source]:
    """Look into zip and gz; a blob report stays one source."""
    try:
        start = source.head(4)
    except ReadError:  # reading it will say so again, for the ledger
        yield source
        return
    if start.startswith(b"\x1f\x8b"):
        yield _gunzipped(source)
    elif start.startswith((b"PK\x03\x04", b"PK\x05\x06")) and depth < 3:
        yield from _members(source, depth)
    else:
        yield source


def _gunzipped(source: Source) -> Source:
    def opened() -> IO[bytes]:
        limit = max(_FREE_BYTES, source.size * _LARGEST_RATIO)
        packed = source.open()
        plain = gzip.GzipFile(fileobj=packed)
        return io.BufferedReader(_Limited([plain, packed], limit, source.name))

    return Source(source.name, opened, source.size, source.base)


class _Limited(io.RawIOBase):
    """A stream that ends with an error where a bomb would go on."""

    def __init__(self, streams: Sequence[Closable], limit: int, name: str) -> None:
        """Read from the first of the streams and close all of them, in order, in the end."""
        self._streams, self._left, self._name = streams, limit, name
        self._stream = cast("IO[bytes]", streams[0])

    def close(self) -> None:
        for stream in self._streams if not self.closed else ():
            stream.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except ARCHIVE_ERRORS as error:
            raise MalformedFile(self._name, f"the archive is damaged ({error})") from None
        self._left -= len(data)
        if self._left < 0:
            raise MalformedFile(self._name, f"unpacks to more than {_LARGEST_RATIO} times its size")
        buffer[: len(data)] = data
        return len(data)


def _members(source: Source, depth: int) -> Iterator[Source]:
    archive = _Archive(source)
    try:
        members = [item for item in archive.open().infolist() if not item.is_dir()]
    except ReadError as error:
        yield _refused(source, error)
        return
    limit = max(_FREE_BYTES, source.size * _LARGEST_RATIO)
    if sum(item.file_size for item in members) > limit:
        found = f"unpacks to more than {_LARGEST_RATIO} times its size"
        yield _refused(source, MalformedFile(source.name, found, "unpack it and read the folder"))
    elif is_blob(item.filename for item in members):
        yield Source(source.name, source.open, source.size, source.base, archive=True)
    else:
        for item in sorted(members, key=lambda item: item.filename):
            yield from _unpacked(_member(source, archive, item), depth + 1)


def _refused(source: Source, error: ReadError) -> Source:
    """Make a source that cannot be opened, so that its refusal ends up in the ledger."""

    def opened() -> IO[bytes]:
        raise error

    return Source(source.name, opened, source.size)


class _Archive:
    """A zip that is opened once for all of its members, and closed with the last of them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._packed: IO[bytes] | None = None
        self._archive: zipfile.ZipFile | None = None

    def open(self) -> zipfile.ZipFile:
        """Open the zip, if it is not open; raises `MalformedFile` if it is damaged."""
        if self._archive is None:
            try:
                self._packed = seekable(self._source)
                self._archive = zipfile.ZipFile(self._packed)
            except ARCHIVE_ERRORS as error:
                found = f"is a damaged zip ({error})"
                raise MalformedFile(self._source.name, found, "pack it again") from None
        return self._archive

    def __del__(self) -> None:
        for stream in (self._archive, self._packed):
            if stream is not None:
                stream.close()


def is_blob(names: Iterable[str]) -> bool:
    """Tell a Playwright blob zip by its members: report.jsonl (report-1.jsonl in 1.40)."""
    tops = [name for name in names if "/" not in name]
    return any(_BLOB_MEMBER.fullmatch(name) for name in tops)


def _member(source: Source, archive: _Archive, item: zipfile.ZipInfo) -> Source:
    name = f"{source.name}/{item.filename}"

    def opened() -> IO[bytes]:
        if item.flag_bits & 1:
            raise MalformedFile(name, "is encrypted", "unpack it first")
        try:
            streams = [archive.open().open(item)]
        except ARCHIVE_ERRORS as error:
            raise MalformedFile(name, f"the archive is damaged ({error})") from None
        return io.BufferedReader(_Limited(streams, item.file_size, name))

    return Source(name, opened, item.file_size)


def seekable(source: Source) -> IO[bytes]:
    """Open a source so that a zip can be read from it."""
    stream = source.open()
    if stream.seekable():
        return stream
    with stream:
        return io.BytesIO(stream.read())


def unknown(source: Source, found: str, hint: str = "") -> UnknownFormat:
    """Say that a source is of no known format."""
    return UnknownFormat(source.name, found, hint or "expected Playwright or pytest results")
