"""Attachments of a blob report: in the event itself, or a file in the zip's folder `resources/`."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Mapping
from typing import Final

import msgspec

from fictures_reports.readers.files.archives import ARCHIVE_ERRORS
from fictures_reports.readers.rows import Attachment
from fictures_reports.readers.text.clean import clean

#: Files of the zip up to this size travel in the row; all of one blob up to the second.
_LARGEST: Final = 256 * 2**10
_LARGEST_ALL: Final = 16 * 2**20
#: what a report can show
_SHOWN: Final = (".png", ".jpeg", ".jpg", ".txt", ".md", ".markdown", ".json")


class Resource(msgspec.Struct, rename="camel"):
    """An attachment; its path points into `resources/`, a body is base64."""

    name: str = ""
    content_type: str = ""
    path: str | None = None
    base64: str | None = None
    body: str | None = None


def small_resources(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Return the small pictures and texts of a zip by their path, until there are too many."""
    contents: dict[str, bytes] = {}
    room = _LARGEST_ALL
    for item in archive.infolist():
        is_small = item.filename.startswith("resources/") and item.file_size <= _LARGEST
        if not is_small or not item.filename.endswith(_SHOWN):
            continue
        room -= item.file_size
        if room < 0:
            break
        try:
            contents[item.filename] = archive.read(item)
        except ARCHIVE_ERRORS:
            continue
    return contents


def attachment(resource: Resource, contents: Mapping[str, bytes]) -> Attachment:
    """Give an attachment its content where that is known, else the path that was recorded."""
    body = resource.base64 or resource.body or _in_base64(contents.get(resource.path or ""))
    path = None if body else resource.path
    return Attachment(clean(resource.name), resource.content_type, path, body)


def _in_base64(data: bytes | None) -> str | None:
    return None if data is None else base64.b64encode(data).decode()
