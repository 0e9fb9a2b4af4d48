"""A document that is written again: what was edited in it, and what the new one replaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fictures_reports.report.document.author_places import BEGIN, END, hashed

_WRITTEN: Final = "<!-- written by fictures-reports "
_HEADING: Final = "## "


@dataclass(frozen=True)
class Rewriting:
    """What became of an older document."""

    #: places whose words were edited, and stay
    edited: list[str]
    #: headings of the sections that are not as they were
    replaced: list[str]
    #: whether something was changed outside the marks, or the file is not of this kind at all
    foreign: bool


def places_in(document: str) -> dict[str, tuple[str, str]]:
    """Return the places of a document: name → hash in the mark and the words between the marks."""
    found: dict[str, tuple[str, str]] = {}
    name, mark, words = "", "", list[str]()
    for line in document.splitlines():
        if line.startswith(BEGIN):
            *parts, mark = line.removeprefix(BEGIN).removesuffix("-->").split()
            name, words = " ".join(parts), []
        elif line.strip() == END and name:
            found[name], name = (mark, "\n".join(words)), ""
        elif name:
            words.append(line)
    return found


def edits_in(document: str) -> dict[str, str]:
    """Return the places of a document whose words are not those that were written there."""
    places = places_in(document).items()
    return {name: words for name, (mark, words) in places if hashed(words) != mark}


def sealed(document: str) -> str:
    """Add a last line with a hash of all that stands outside the marks."""
    return f"{document.rstrip()}\n\n{_WRITTEN}{_hash_of(document)} -->\n"


def rewriting(old: str, new: str) -> Rewriting:
    """Compare an older document with the one that takes its place."""
    first, second = _sections(old), _sections(new)
    replaced = [name for name, text in first.items() if second.get(name) != text]
    seals = [line for line in old.splitlines() if line.startswith(_WRITTEN)]
    is_sealed = seals and seals[-1].split()[-2] == _hash_of(old)
    return Rewriting(list(edits_in(old)), replaced, foreign=not is_sealed)


def _outside(document: str) -> list[str]:
    """Return the lines outside the places and without the seal; the marks' hashes do not count."""
    lines, inside = [], False
    for line in document.splitlines():
        if line.startswith(BEGIN):
            inside = True
        elif inside:
            inside = line.strip() != END
        elif not line.startswith(_WRITTEN):
            lines.append(line)
    return lines


def _hash_of(document: str) -> str:
    # Empty lines come and go with the words between the marks.
    return hashed("\n".join(line for line in _outside(document) if line.strip()))


def _sections(document: str) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    name = ""
    for line in _outside(document):
        if line.startswith(_HEADING):
            name = line.removeprefix(_HEADING).strip()
            found[name] = []
        elif name and line.strip():
            found[name].append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}
