"""Where recorded attachments lie now: the tail of a recorded path, found below the input."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from fictures_reports.readers.files.find_files import is_below
from fictures_reports.readers.rows import Attachment, Row
from fictures_reports.readers.text.clean import with_slashes

#: Longer paths than this are no paths.
_LONGEST = 4096


def found_below(base: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Give the rows with attachments pointed to the files below `base`; others stay as recorded.

    "/home/ci/app/test-results/x/failed-1.png" becomes base/test-results/x/failed-1.png if there is
    such a file. Links that lead out of `base` are not followed.
    """
    inside = os.path.realpath(base)
    known: dict[str, str | None] = {}
    for row in rows:
        for attempt in row.attempts:
            for item in attempt.attachments:
                _point(item, inside, known)
        yield row


def _point(item: Attachment, inside: str, known: dict[str, str | None]) -> None:
    if item.path is None or len(item.path) > _LONGEST or "\0" in item.path:
        return
    if item.path not in known:
        try:
            known[item.path] = _local(item.path, inside)
        except (OSError, ValueError):  # a path that no file can have
            known[item.path] = None
    item.path = known[item.path] or item.path


def _local(recorded: str, inside: str) -> str | None:
    parts = [part for part in with_slashes(recorded).split("/") if part not in ("", ".", "..")]
    for start in range(len(parts)):
        real = os.path.realpath(os.path.join(inside, *parts[start:]))  # noqa: PTH118
        # the path as a whole, so that a link on the way out does not count as inside
        if is_below(real, inside) and os.path.isfile(real):  # noqa: PTH113
            return real
    return None
