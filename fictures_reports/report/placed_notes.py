"""An author's notes, each where its heading says: a cause, a view, or else the overview."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAUSE: Final = "cause:"
#: Headings of the second level that are views of the page, in small letters.
_VIEWS: Final = ("causes", "tests", "timing", "readiness", "about the data")
_FENCES: Final = ("```", "~~~")
_FRONT: Final = "---"


@dataclass(frozen=True)
class PlacedNotes:
    """Markdown by place."""

    overview: str = ""
    #: name or id of a cause → text
    causes: Mapping[str, str] = field(default_factory=dict)
    #: name of a view in small letters → text
    views: Mapping[str, str] = field(default_factory=dict)


def placed(notes: str) -> PlacedNotes:
    """Cut notes at their headings of the second level; unknown ones stay in the overview.

    Front matter, which a phase document has, is left out. Lines in code blocks are no headings.
    """
    parts: dict[str, list[str]] = {"": []}
    place, fence = "", ""
    for line in _without_front(notes.replace("\r\n", "\n").split("\n")):
        start = line.lstrip()[:3]
        if start in _FENCES and fence in ("", start):
            fence = "" if fence else start
        level, _, words = line.partition(" ")
        if not fence and level == "##":
            name = words.strip().rstrip("#").strip()
            place = name if name.casefold() in _VIEWS or _is_cause(name) else ""
            if place:
                parts.setdefault(place, [])
                continue
        parts[place].append(line)
    texts = {name: "\n".join(lines).strip("\n") for name, lines in parts.items()}
    causes = {name[len(_CAUSE) :].strip(): t for name, t in texts.items() if _is_cause(name)}
    views = {name.casefold(): t for name, t in texts.items() if name.casefold() in _VIEWS}
    return PlacedNotes(texts[""], causes, views)


def _is_cause(name: str) -> bool:
    return name.casefold().startswith(_CAUSE)


def _without_front(lines: list[str]) -> list[str]:
    if lines[0].strip() != _FRONT or _FRONT not in (line.strip() for line in lines[1:]):
        return lines
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == _FRONT)
    return lines[end + 1 :]
