"""Archives as a source of files: gz, zip, and zips within zips; bombs and damage are errors."""

from __future__ import annotations

import gzip
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol, cast

from fictures_reports.errors import MalformedFile, ReadError
from fictures_reports.readers.files.sources import Source

#: An archive member may be large, or much larger than its packed form, but not both.
_FREE_BYTES = 64 * 2**20
_LARGEST_RATIO = 200
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")
#: Zips in zips in zips are looked into, no further.
_DEEPEST_ZIP = 3
#: What damaged archives raise; the modules have no common base for them.
ARCHIVE_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, OSError, EOFError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class Closable(Protocol):
    """A stream or an archive."""

    def close(self) -> None:
        """Let go of the file."""


def unpacked(source: Source, depth: int = 0) -> Iterator[Source]:
    """Look into zip and gz; a blob report stays one source."""
    try:
        start = source.head(4)
    except (ReadError, OSError):  # reading it will say so again, for the ledger
        start = b""
    if start.startswith(_GZIP) or (start.startswith(_ZIP) and depth < _DEEPEST_ZIP):
        yield from [gunzipped(source)] if start.startswith(_GZIP) else members(source, depth)
    else:
        yield source


def gunzipped(source: Source) -> Source:
    """Make a source of what a gz holds."""

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


def members(source: Source, depth: int) -> Iterator[Source]:
    """Go through the files in a zip, by name; it lies in `depth` others."""
    archive = _Archive(source)
    try:
        items = [item for item in archive.open().infolist() if not item.is_dir()]
    except ReadError as error:
        yield _refused(source, error)
        return
    limit = max(_FREE_BYTES, source.size * _LARGEST_RATIO)
    if sum(item.file_size for item in items) > limit:
        found = f"unpacks to more than {_LARGEST_RATIO} times its size"
        yield _refused(source, MalformedFile(source.name, found, "unpack it and read the folder"))
    elif is_blob(item.filename for item in items):
        yield Source(source.name, source.open, source.size, source.base, archive=True)
    elif any(item.filename.endswith(".trace") for item in items):
        return  # a Playwright trace: an attachment, not results
    else:
        attached = attachments_of_allure(item.filename for item in items)
        for item in sorted(items, key=lambda item: item.filename):
            if item.filename in attached:
                continue
            yield from unpacked(_member(source, archive, item), depth + 1)


def attachments_of_allure(names: Iterable[str]) -> set[str]:
    """Pick the files that Allure's results hang on tests, by their folders and names.

    >>> attachments_of_allure(["a/1-result.json", "a/2-attachment.xml", "b/2-attachment.xml"])
    {'a/2-attachment.xml'}
    """
    parted = [(name, *name.replace("\\", "/").rpartition("/")[::2]) for name in names]
    folders = {folder for _, folder, last in parted if last.endswith("-result.json")}
    return {
        name
        for name, folder, last in parted
        if folder in folders and last.partition(".")[0].endswith("-attachment")
    }


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
    return any(map(_is_blob_member, tops))


def _is_blob_member(name: str) -> bool:
    """Tell the stream of a Playwright blob; pytest's "reportlog.jsonl" is none."""
    return name == "report.jsonl" or (name.startswith("report-") and name.endswith(".jsonl"))


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
