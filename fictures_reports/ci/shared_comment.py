"""One comment for the jobs of a build that each take the step with a variant of their own.

It has a part for each job. A job edits its own and leaves the others as they are; parts of another
build go. What the base has and no job has told yet stands above them by name, so a variant that
never came is seen in the comment whichever job was the last.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.variant_names import is_within
from fictures_reports.analysis.wording import counted
from fictures_reports.ci.comment import ask, comments_of, mark_of, marked
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.ci.comment import Discussion

#: Jobs that edit at once overwrite each other; each looks whether its part is there.
_TRIES: Final = 8
_LONGEST_PAUSE_S: Final = 2.0
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


def with_part(old: str, part: Part) -> str:
    """Put a job's part into the comment that is there; parts of other builds are left out.

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
    bodies = [
        f"{_BEGIN}{part.build}{_BETWEEN}{name}{_END}{body}" for name, body in sorted(parts.items())
    ]
    blocks = [part.title, _awaited(part.expected, parts), *bodies]
    return "\n\n".join(filter(None, blocks))


def _headed(part: Part) -> str:
    return f"## {text(part.name)}\n\n{part.body.strip()}"


def _parts(old: str, build: str) -> dict[str, str]:
    """Return the parts of a build that a comment has, by their names."""
    found = {}
    for piece in old.split(_BEGIN)[1:]:
        head, _, body = piece.partition(_END)
        whose, _, name = head.partition(_BETWEEN)
        if whose == build:
            found[name] = body.strip()
    return found


def _awaited(expected: Mapping[str, int], parts: Mapping[str, str]) -> str:
    missing = [
        f"{text(name)}, which gave {counted(n, 'test')} before"
        for name, n in sorted(expected.items())
        if name and not any(is_within(name, one) for one in parts)
    ]
    return f"**No results yet of {'; '.join(missing)}.**" if missing else ""


def leave_part(place: Discussion, part: Part, name: str) -> str:
    """Make or edit the comment of a build's jobs; return "made" or "edited".

    Raises `ReportsError` with what the server answered if it refuses.
    """
    did, own = "edited", 0
    for attempt in range(_TRIES):
        found = _found(place, name)
        if found and _has(found[0], part) and len(found) == 1:
            break
        if not found:
            made = ask(place, "POST", place.comments, {"body": marked(with_part("", part), name)})
            did, own = "made", int((made or {}).get("id") or 0)
            continue
        first, *others = found
        if not _has(first, part):
            body = marked(with_part(str(first.get("body", "")), part), name)
            ask(place, place.edit, f"{place.one}/{first['id']}", {"body": body})
        if any(other["id"] == own for other in others):
            # another job made one at the same time; the older stays
            ask(place, "DELETE", f"{place.one}/{own}")
        _pause(attempt)
    return did


def _found(place: Discussion, name: str) -> list[dict[str, Any]]:
    mark = mark_of(name)
    return [one for one in comments_of(place) if str(one.get("body", "")).startswith(mark)]


def _has(comment: Mapping[str, Any], part: Part) -> bool:
    parts = _parts(str(comment.get("body", "")), part.build)
    return parts.get(part.name) == _headed(part)


def _pause(attempt: int) -> None:
    """Wait a random while, so that jobs that collided do not do so again."""
    longest = min(_LONGEST_PAUSE_S, 0.1 * 2**attempt)
    time.sleep(random.uniform(0.02, longest))  # noqa: S311
