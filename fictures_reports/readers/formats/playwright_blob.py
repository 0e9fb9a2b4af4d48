"""Playwright's blob reports, versions 1 and 2: events of one shard, a line each, zipped or bare.

    {"method": "onBlobReportMetadata", "params": {"version": 2, "shard": {"current": 1, …}}}
    {"method": "onProject", "params": {"project": {"name", "suites": [{"title", "entries": […]}]}}}
    {"method": "onTestBegin" … "onTestEnd", "params": {"test", "result": {"status", "errors"}}}

The only format that tells which hook or fixture an error came from: the steps do.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.files.archives import ARCHIVE_ERRORS, seekable
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.formats.playwright_blob_events import Blob
from fictures_reports.readers.formats.playwright_blob_resources import small_resources
from fictures_reports.readers.formats.playwright_blob_rows import rows_of_blob
from fictures_reports.readers.formats.playwright_json import Error, root_errors
from fictures_reports.readers.formats.playwright_run import Config, Project, Shard, run_info
from fictures_reports.readers.rows import LedgerEntry, Reading
from fictures_reports.readers.text.clean import decode, with_slashes
from fictures_reports.readers.text.times import epoch

#: A line holds one event; an attachment's body may stand in it.
_LARGEST_LINE = 64 * 2**20


class Event(msgspec.Struct):
    """One line."""

    method: str = ""
    params: msgspec.Raw = msgspec.Raw(b"{}")


class Metadata(msgspec.Struct, rename="camel"):
    """The first event; `shard` only where the run was sharded."""

    version: int = 1
    user_agent: str = ""
    shard: Shard | None = None
    name: str | None = None


class Configured(msgspec.Struct):
    """`onConfigure`."""

    config: Config = msgspec.field(default_factory=Config)


class Projected(msgspec.Struct):
    """`onProject`; the suites are read apart, for they nest in two ways."""

    project: dict[str, Any] = {}


class Ended(msgspec.Struct):
    """`onEnd`."""

    result: dict[str, Any] | None = None


class Failed(msgspec.Struct):
    """`onError`: an error that belongs to no test."""

    error: Error = msgspec.field(default_factory=Error)


_EVENT = msgspec.json.Decoder(Event)


def read(source: Source) -> Reading:
    """Read one shard; raises `MalformedFile` if no event can be read."""
    blob = Blob()
    entry = LedgerEntry(source.name, producer="Playwright")
    state = _State(blob, entry)
    for number, line in enumerate(_lines(source, blob), 1):
        if not state.take(line, number):
            break
    if not state.n_events:
        raise MalformedFile(source.name, "holds no event of a blob report", "was it cut?")
    return state.reading(source)


class _State:
    """What the events so far amount to."""

    def __init__(self, blob: Blob, entry: LedgerEntry) -> None:
        self.blob, self.entry = blob, entry
        self.config, self.metadata = Config(), Metadata()
        self.errors: list[Error] = []
        self.ended: dict[str, Any] | None = None
        self.n_events = 0
        self.broken = False

    def take(self, line: bytes, number: int) -> bool:
        """Digest one line; False where the stream breaks off."""
        try:
            event = _EVENT.decode(line)
            self._digest(event)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            if isinstance(error, msgspec.ValidationError):
                self.entry.doubts.append(f"line {number} is not as expected, left out: {error}")
                return True
            self.entry.doubts.append(f"breaks off at line {number}")
            self.broken = True
            return False
        self.n_events += bool(event.method)
        return True

    def _digest(self, event: Event) -> None:
        params = event.params
        match event.method:
            case "onBlobReportMetadata":
                self.metadata = msgspec.json.decode(params, type=Metadata)
            case "onConfigure":
                self.config = msgspec.json.decode(params, type=Configured).config
            case "onProject":
                self._project(msgspec.json.decode(params, type=Projected).project)
            case "onError":
                error = msgspec.json.decode(params, type=Failed).error
                self.errors.append(error)
            case "onEnd":
                self.ended = msgspec.json.decode(params, type=Ended).result or {}
            case _:
                self.blob.take(event.method, params)

    def _project(self, project: dict[str, Any]) -> None:
        self.config.projects.append(msgspec.convert(project, Project, strict=False))
        self.blob.add_project(str(project.get("name") or ""), project.get("suites"))

    def reading(self, source: Source) -> Reading:
        """Make rows of it all."""
        entry, shard = self.entry, self.metadata.shard or Shard()
        cut = self.broken or self.ended is None
        if cut and not self.broken:
            entry.doubts.append(
                "has no end event: the run, or the writing of the file, was stopped"
            )
        rows = rows_of_blob(self.blob, with_slashes(self.config.root_dir or ""), shard.current)
        for row in rows:
            row.source = source.name
        entry.read, entry.salvaged = len(rows), len(rows) if cut else 0
        entry.producer_version = self.config.version or _version(self.metadata.user_agent)
        self.config.shard = self.config.shard or self.metadata.shard
        ended = self.ended or {}
        duration = ended.get("duration")
        info = run_info(
            self.config,
            None,
            float(duration) if isinstance(duration, int | float) else None,
            root_errors(self.errors, self.config, rows),
            rows,
            cut=cut or ended.get("status") == "interrupted",
        )
        start = ended.get("startTime")
        if isinstance(start, int | float) and (moment := epoch(start)):
            info = msgspec.structs.replace(info, started_at=moment)
        return Reading(rows, info, entry, shard.current)


def _version(user_agent: str) -> str | None:
    """Read "Playwright/1.56.1 (x64; …) node/22"."""
    name, _, version = user_agent.partition("/")
    return version.split(" ", 1)[0] or None if name == "Playwright" else None


def _lines(source: Source, blob: Blob) -> Iterator[bytes]:
    if not source.archive:
        yield from _stream_lines(source.read())
        return
    try:
        with seekable(source) as stream, zipfile.ZipFile(stream) as archive:
            blob.resources |= small_resources(archive)
            for name in sorted(archive.namelist()):
                if name.endswith(".jsonl") and "/" not in name:
                    yield from _stream_lines(_member(source, archive, name))
    except ARCHIVE_ERRORS as error:
        raise MalformedFile(source.name, f"is a damaged zip ({error})", "pack it again") from None


def _member(source: Source, archive: zipfile.ZipFile, name: str) -> bytes:
    item = archive.getinfo(name)
    if item.file_size > max(_LARGEST_LINE, item.compress_size * 200):
        raise MalformedFile(source.name, f"{name} unpacks to more than 200 times its size")
    return archive.read(item)


def _stream_lines(data: bytes) -> Iterator[bytes]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        data = decode(data)[0].encode("utf-8", "replace")
    for line in data.split(b"\n"):
        if line.strip():
            yield line
