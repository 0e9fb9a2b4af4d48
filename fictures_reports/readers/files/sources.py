"""What a user points at, as a list of files to read: a file, folder, glob, zip, gz or several."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

import msgspec

from fictures_reports.errors import MalformedFile, ReadError, UnknownFormat

#: Folders that hold tools and sources, never results; walking them would take minutes.
_PASSED_OVER = frozenset({".git", "node_modules", ".venv", "__pycache__", ".tox", ".mypy_cache"})
#: JSON is held in memory as a whole; nobody's result file is larger, but a bomb may be.
LARGEST_DOCUMENT = 2 * 2**30
_HEAD = 65536
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
#: Zips in zips in zips are looked into, no further.
_DEEPEST_ZIP = 3


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
        return unpacked(plain_source(path, path.parent))
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
        yield from unpacked(plain_source(path, folder, size))


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


def unpacked(source: Source, depth: int = 0) -> Iterator[Source]:
    """Look into zip and gz; a blob report stays one source."""
    try:
        start = source.head(4)
    except ReadError:  # reading it will say so again, for the ledger
        start = b""
    if start.startswith(_GZIP) or (start.startswith(_ZIP) and depth < _DEEPEST_ZIP):
        from fictures_reports.readers.files.archives import gunzipped, members

        yield from [gunzipped(source)] if start.startswith(_GZIP) else members(source, depth)
    else:
        yield source


def unknown(source: Source, found: str, hint: str = "") -> UnknownFormat:
    """Say that a source is of no known format."""
    return UnknownFormat(source.name, found, hint or "expected Playwright or pytest results")
