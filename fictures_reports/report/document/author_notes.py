"""An author's notes for a phase document: Markdown, cut at its headings of the second level.

---
title: Phase 2, second run
---
## Summary
…
## Cause: no story to open
Members: `Story link`, `cache-prefetch*`
…
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fictures_reports.report.document.cause_members import (
    CAUSE,
    is_cause,
    patterns_in,
    without_members,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRONT: Final = "---"
_FENCES: Final = ("```", "~~~")


@dataclass(frozen=True)
class AuthorNotes:
    """Front matter (title, phase, date, author, status) and the text below each heading."""

    facts: Mapping[str, str] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return what stands below a heading, in whatever case it is written; "" without it.

        The members of a cause are left out.
        """
        wanted = name.casefold()
        named = ((n, t) for n, t in self.sections.items() if n.casefold() == wanted)
        return next((without_members(n, t) for n, t in named), "")


def parsed(notes: str) -> AuthorNotes:
    """Cut notes into front matter and sections; what stands before the first heading is Summary.

    A heading that occurs twice has both texts. Lines within code blocks are no headings.
    """
    facts, body = _front_matter(notes.replace("\r\n", "\n"))
    found: dict[str, list[str]] = {}
    name, fence = "Summary", ""
    for line in body.split("\n"):
        fence = _fence_after(line, fence)
        level, _, words = line.partition(" ")
        if not fence and level == "##" and words.strip():
            name = words.strip().rstrip("#").strip()
            found.setdefault(name, [])
        elif not fence and level == "#" and words.strip():
            facts = {"title": words.strip()} | facts
        else:
            found.setdefault(name, []).append(line)
    texts = {name: "\n".join(lines).strip("\n").rstrip() for name, lines in found.items()}
    return AuthorNotes(facts, {name: text for name, text in texts.items() if text.strip()})


def groups_in(notes: str) -> dict[str, list[str]]:
    """Return the groups of causes that notes name: name → patterns, as the setting `causes`."""
    sections = parsed(notes).sections.items()
    named = {name[len(CAUSE) :].strip(): text for name, text in sections if is_cause(name)}
    found = {name: patterns_in(text) for name, text in named.items()}
    return {name: patterns for name, patterns in found.items() if name and patterns}


def _fence_after(line: str, fence: str) -> str:
    """Return the fence of the code block that is open after this line, "" if none is."""
    start = line.lstrip()[:3]
    if fence:
        return "" if start == fence else fence
    return start if start in _FENCES else ""


def _front_matter(notes: str) -> tuple[dict[str, str], str]:
    lines = notes.lstrip("\ufeff").split("\n")
    if lines[0].strip() != _FRONT or _FRONT not in (line.strip() for line in lines[1:]):
        return {}, notes.lstrip("\ufeff")
    end = next(i for i, line in enumerate(lines[1:], 1) if line.strip() == _FRONT)
    pairs = [line.partition(":") for line in lines[1:end] if ":" in line]
    facts = {name.strip().casefold(): value.strip().strip("\"'") for name, _, value in pairs}
    return facts, "\n".join(lines[end + 1 :])
