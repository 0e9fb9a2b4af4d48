"""One comment for the jobs of a build that each take the step with a variant of their own.

It has a part for each job. A job edits its own and leaves the others as they are; parts of another
build go. What the base has and no job has told yet stands above them by name, so a variant that
never came is seen in the comment whichever job was the last. Where they take more room than a
comment has, the longest are cut, and none is left out.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.variant_names import is_within
from fictures_reports.analysis.wording import counted
from fictures_reports.ci.comment import (
    LONGEST,
    ask,
    comments_of,
    cut,
    is_left_of,
    mark_of,
    marked,
    room_for,
)
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.ci.comment import Discussion

#: Jobs that edit at once overwrite each other; each looks whether its part is there.
_TRIES: Final = 8
_LONGEST_PAUSE_S: Final = 2.0
_GAP: Final = "\n\n"
_BEGIN, _BETWEEN, _END = "<!-- part of ", ": ", " -->\n"


@dataclass(frozen=True)
class Part:
    """What one job says."""

    #: the variant that it was made with
    name: str
    #: tells the build from others, whatever the attempt
    build: str
    #: Markdown, without a title
    body: str
    #: title of the whole comment, as Markdown
    title: str
    #: variant → tests that the base has of it; empty where there is no base
    expected: Mapping[str, int]


def with_part(old: str, part: Part, room: int = LONGEST) -> str:
    """Put a job's part into the comment that is there; parts of other builds are left out.

    The longest parts are cut where all together take more than `room` characters.

    >>> one = with_part("", Part("linux", "7", "all pass", "# Tests", {"linux": 2, "mac": 1}))
    >>> print(one)
    # Tests
    <BLANKLINE>
    **No results yet of mac, which gave 1 test before.**
    <BLANKLINE>
    <!-- part of 7: linux -->
    ## linux
    <BLANKLINE>
    all pass
    """
    parts = _parts(old, part.build) | {part.name: _headed(part)}
    first = [line for line in (part.title, _awaited(part.expected, parts)) if line]
    marks = {name: f"{_BEGIN}{part.build}{_BETWEEN}{name}{_END}" for name in sorted(parts)}
    taken = sum(len(text) + len(_GAP) for text in (*first, *marks.values()))
    fitted = _fitted(parts, room - taken)
    return _GAP.join([*first, *(mark + fitted[name] for name, mark in marks.items())])


def _fitted(parts: Mapping[str, str], room: int) -> dict[str, str]:
    """Cut the longest parts, all to about one length, so that together they fit."""
    fitted: dict[str, str] = {}
    by_length = sorted(parts.items(), key=lambda name_and_text: len(name_and_text[1]))
    for place, (name, body) in enumerate(by_length):
        fitted[name] = cut(body, max(0, room) // (len(by_length) - place))
        room -= len(fitted[name])
    return fitted


def _headed(part: Part) -> str:
    return f"## {text(part.name)}\n\n{part.body.strip()}"


def _parts(old: str, build: str) -> dict[str, str]:
    """Return the parts of a build that a comment has, by their names."""
    found = {}
    for piece in old.split(_BEGIN)[1:]:
        head, _, body = piece.partition(_END)
        of_build, _, name = head.partition(_BETWEEN)
        if of_build == build:
            found[name] = body.strip()
    return found


def _awaited(expected: Mapping[str, int], parts: Mapping[str, str]) -> str:
    missing = [
        f"{text(name)}, which gave {counted(n, 'test')} before"
        for name, n in sorted(expected.items())
        if name and not any(is_within(name, part_name) for part_name in parts)
    ]
    return f"**No results yet of {'; '.join(missing)}.**" if missing else ""


def leave_part(place: Discussion, part: Part, name: str) -> str:
    """Make or edit the comment of a build's jobs; return "made" or "edited".

    Raises `ReportsError` with what the server answered if it refuses.
    """
    did, made_id = "edited", 0
    for attempt in range(_TRIES):
        found = _found(place, name)
        if found and _has(found[0], part) and len(found) == 1:
            break
        if not found:
            body = marked(with_part("", part, room_for(name)), name)
            answer = ask(place, "POST", place.comments, {"body": body})
            did, made_id = "made", int((answer or {}).get("id") or 0)
            continue
        first, *later = found
        if not _has(first, part):
            old = str(first.get("body", ""))
            body = marked(with_part(old, part, room_for(name)), name)
            ask(place, place.edit, f"{place.comment}/{first['id']}", {"body": body})
        if any(comment["id"] == made_id for comment in later):
            # another job made one at the same time; the older stays
            ask(place, "DELETE", f"{place.comment}/{made_id}")
        _pause(attempt)
    return did


def _found(place: Discussion, name: str) -> list[dict[str, Any]]:
    mark = mark_of(name)
    comments = comments_of(place)
    return [c for c in comments if str(c.get("body", "")).startswith(mark)]


def _has(comment: Mapping[str, Any], part: Part) -> bool:
    """Tell whether a comment has the part, or as much of it as there was room for."""
    parts = _parts(str(comment.get("body", "")), part.build)
    return is_left_of(parts.get(part.name, ""), _headed(part))


def _pause(attempt: int) -> None:
    """Wait a random while, so that jobs that collided do not do so again."""
    longest = min(_LONGEST_PAUSE_S, 0.1 * 2**attempt)
    time.sleep(random.uniform(0.02, longest))  # noqa: S311
