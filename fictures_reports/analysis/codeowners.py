"""Who answers for a file, by the CODEOWNERS of its checkout.

GitHub's and GitLab's form: `pattern owner owner`, the last pattern that fits counts; in GitLab's
`[section] default owner`s, the last one of each section.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Where the hosts look for the file, in their order.
PLACES: Final = (".github/CODEOWNERS", ".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS")
#: Folders that hold no tests of the checkout, but many files.
_SKIPPED: Final = frozenset({"node_modules", "__pycache__"})


@dataclass
class _Section:
    defaults: list[str] = field(default_factory=list)
    #: patterns as path segments, and their owners; in the order of the file
    rules: list[tuple[list[str], list[str]]] = field(default_factory=list)


class CodeOwners:
    """The owners in a CODEOWNERS file; `root` is the checkout that its patterns are about."""

    def __init__(self, text: str, root: Path | None = None) -> None:
        self._sections, self._root = _parsed(text), root
        self._by_name: dict[str, list[str]] | None = None

    def of(self, file: str) -> str | None:
        """Return the owners of a file, joined by blanks; None where there are none.

        A file that results name from another folder than the root is looked for in the checkout: it
        is the only one that ends in these names.
        """
        segments = [part for part in self._placed(file).split("/") if part not in ("", ".")]
        found = [owner for section in self._sections for owner in _owners(section, segments)]
        return " ".join(dict.fromkeys(found)) or None

    def _placed(self, file: str) -> str:
        if self._root is None or (self._root / file).is_file():
            return file
        if self._by_name is None:
            self._by_name = {}
            for path in _files(self._root):
                self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        named = self._by_name.get(file.rsplit("/", 1)[-1], [])
        fitting = [path for path in named if f"/{path}".endswith(f"/{file}")]
        return fitting[0] if len(fitting) == 1 else file


def code_owners(checkout: Path) -> CodeOwners | None:
    """Read the CODEOWNERS of a checkout, from the first of `PLACES`; None where there is none."""
    for place in PLACES:
        path = checkout / place
        if path.is_file():
            return CodeOwners(path.read_text(encoding="utf-8", errors="replace"), checkout)
    return None


def _parsed(text: str) -> list[_Section]:
    sections = [_Section()]
    for line in text.splitlines():
        words = _words(line)
        if not words:
            continue
        if words[0].startswith(("[", "^[")):
            defaults = line.partition("]")[2]
            # GitLab: [name][2] asks for two approvals
            behind = defaults.split("]")[-1] if defaults.startswith("[") else defaults
            sections.append(_Section(_words(behind)))
        else:
            sections[-1].rules.append((_segments(words[0]), words[1:]))
    return sections


def _words(line: str) -> list[str]:
    """Split at blanks that no backslash stands before, up to a comment."""
    words = line.replace("\\ ", "\0").split()
    ends = [i for i, word in enumerate(words) if word.startswith("#")]
    return [word.replace("\0", " ") for word in words[: ends[0] if ends else None]]


def _segments(pattern: str) -> list[str]:
    """Cut a pattern at its slashes; one without a slash but at its end is at home anywhere."""
    inner = pattern.rstrip("/")
    anchored = "/" in inner
    segments = [part for part in inner.split("/") if part]
    return (segments if anchored else ["**", *segments]) + (["**", "*"] * pattern.endswith("/"))


def _owners(section: _Section, segments: Sequence[str]) -> list[str]:
    for pattern, owners in reversed(section.rules):
        if _fits(pattern, segments):
            return owners or section.defaults
    return []


def _fits(pattern: Sequence[str], segments: Sequence[str]) -> bool:
    """Match segments; a pattern that names a folder fits all that is below it.

    >>> _fits(["**", "*.ts"], ["a", "b.ts"]), _fits(["docs"], ["docs", "a"]), _fits(["a"], ["b"])
    (True, True, False)
    """
    # Which beginnings of the pattern the segments so far fit.
    reached = _open({0}, pattern)
    for name in segments:
        ahead: set[int] = set()
        for i in reached:
            if i == len(pattern):
                # A last `*` is for what lies in the folder itself, not below.
                below = pattern[-1] != "*" or "**" in pattern[-2:-1]
                ahead |= {i} if below else set()
            elif pattern[i] == "**":
                ahead.add(i)
            elif fnmatchcase(name, pattern[i].replace("[", "[[]")):
                ahead.add(i + 1)
        reached = _open(ahead, pattern)
    return len(pattern) in reached


def _open(places: set[int], pattern: Sequence[str]) -> set[int]:
    """Add what is reached where `**` stands for nothing."""
    found = set(places)
    for i in sorted(places):
        at = i
        while at < len(pattern) and pattern[at] == "**":
            at += 1
            found.add(at)
    return found


def _files(root: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders if f not in _SKIPPED and not f.startswith(".")]
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()
