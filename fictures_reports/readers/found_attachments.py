"""Where recorded attachments lie now: the tail of a recorded path, found below the input.

Playwright's reports point at the snapshot in the sources, which is not among the results and may
have been updated since; what was compared is the copy beside the actual picture:

front-actual.png   front-expected.png   front-diff.png
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from fictures_reports.readers.files.find_files import is_below
from fictures_reports.readers.rows import Attachment, Row
from fictures_reports.readers.text.clean import with_slashes

#: Longer paths than this are no paths.
_LONGEST = 4096
#: How the names of the pictures of one comparison differ.
_ACTUAL = "-actual"
_SIBLINGS = ("-expected", "-diff")


def found_below(base: Path, rows: Iterable[Row]) -> Iterator[Row]:
    """Give the rows with attachments pointed to the files below `base`; others stay as recorded.

    "/home/ci/app/test-results/x/failed-1.png" becomes base/test-results/x/failed-1.png if there is
    such a file. Links that lead out of `base` are not followed.
    """
    inside = os.path.realpath(base)
    known: dict[str, str | None] = {}
    for row in rows:
        for attempt in row.attempts:
            if not attempt.attachments:  # most have none
                continue
            for item in attempt.attachments:
                _point(item, inside, known)
            if any(_is_actual(item) for item in attempt.attachments):
                attempt.attachments = _with_siblings(attempt.attachments, inside)
        yield row


def _is_actual(item: Attachment) -> bool:
    return item.path is not None and _ACTUAL in os.path.basename(item.path)  # noqa: PTH119


def _with_siblings(items: list[Attachment], inside: str) -> list[Attachment]:
    """Point expected and difference at the files beside the actual picture, or add them."""
    by_name = {item.name: item for item in items}
    added = []
    for item in filter(_is_actual, items):
        for side in _SIBLINGS:
            path = _sibling(item.path or "", side, inside)
            if path is None:
                continue
            name = side.join(item.name.rsplit(_ACTUAL, 1))
            if _ACTUAL not in item.name:
                name = os.path.basename(path)  # noqa: PTH119
            if name in by_name:
                by_name[name].path = path
            else:
                added.append(Attachment(name, item.content_type, path))
    return [*items, *added]


def _sibling(actual: str, side: str, inside: str) -> str | None:
    """Return the file beside the actual picture that shows another side, if there is one."""
    folder, name = os.path.split(actual)
    path = os.path.join(folder, side.join(name.rsplit(_ACTUAL, 1)))  # noqa: PTH118
    real = os.path.realpath(path)
    return real if is_below(real, inside) and os.path.isfile(real) else None  # noqa: PTH113


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
