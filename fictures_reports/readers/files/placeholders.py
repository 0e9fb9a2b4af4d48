"""Paths with {variant} and {attempt} in them: what matches, and what the two stand for there."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Final, NamedTuple

from fictures_reports.patterns import Pattern

_NAMES: Final = ("variant", "attempt")
#: What an ordinary pattern of paths may hold besides, and what it is as a regular expression.
_WILDCARDS: Final = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class Place(NamedTuple):
    """A file or folder that matches, and what the placeholders stand for; "" without one."""

    path: str
    variant: str
    attempt: str


def has_placeholder(given: str) -> bool:
    """Tell whether a path names variants or attempts, and no file is really called like that."""
    return any(f"{{{name}}}" in given for name in _NAMES) and not Path(given).exists()


def before_placeholder(given: str) -> str:
    """Return the folder above the first placeholder of a path; "" where it begins with one."""
    start = min(given.index(f"{{{name}}}") for name in _NAMES if f"{{{name}}}" in given)
    return given[:start].rpartition("/")[0]


def matching(given: str) -> list[Place]:
    """Find the files and folders that a path with placeholders matches, by name."""
    given = given.replace(os.sep, "/")
    pattern = Pattern(f"^{regular(given)}$")
    wanted = given
    for name in _NAMES:
        wanted = wanted.replace(f"{{{name}}}", "*")
    places = []
    for path in sorted(glob.glob(wanted, recursive=True)):  # noqa: PTH207 (takes absolute ones too)
        if found := pattern.search(path.replace(os.sep, "/").rstrip("/")):
            names = [found[name] if f"{{{name}}}" in given else "" for name in _NAMES]
            places.append(Place(path, *names))
    return places


def regular(given: str) -> str:
    """Write a path with placeholders and wildcards as a regular expression."""
    given = given.rstrip("/")
    pieces: list[str] = []
    at = 0
    while at < len(given):
        piece, length = _piece(given, at, pattern="".join(pieces))
        pieces.append(piece)
        at += length
    return "".join(pieces)


def _piece(given: str, at: int, pattern: str) -> tuple[str, int]:
    for name in _NAMES:
        if given.startswith(f"{{{name}}}", at):
            is_repeated = f"?P<{name}>" in pattern  # RE2 knows no back references
            return "[^/]+" if is_repeated else f"(?P<{name}>[^/]+)", len(name) + 2
    for wildcard, regular in _WILDCARDS.items():
        if given.startswith(wildcard, at):
            return regular, len(wildcard)
    character = given[at]
    return character if character.isalnum() or not character.isascii() else f"\\{character}", 1
