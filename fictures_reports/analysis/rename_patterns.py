"""Renames that people wrote down: old names and new ones, where `*` stands for what stays.

Only `*` is special: ids hold brackets, question marks and braces of their own.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STAR: Final = "*"


def new_names(renames: Mapping[str, str], cases: Iterable[str]) -> dict[str, str]:
    """Map the cases that the renames mean to their new ids.

    An id that is named outright goes by that; else the first pattern that fits decides. A case
    whose new id another case of the run has keeps its own: no two become one. Raises `SchemaError`
    for a pattern whose two sides do not have equally many `*`.

    >>> new_names({"tests/old/*": "tests/new/*"}, ["tests/old/a.py › pays", "b.py › pays"])
    {'tests/old/a.py › pays': 'tests/new/a.py › pays'}
    """
    given = set(cases)
    found = {old: new for old, new in renames.items() if old in given}
    patterns = {old: new for old, new in renames.items() if old not in given and STAR in old}
    for old, new in patterns.items():
        _check(old, new)
        for case in given - found.keys():
            starred = _what_stays(old, case)
            if starred is not None:
                found[case] = _filled(new, starred)
    taken = Counter(found.values()) + Counter(given - found.keys())
    return {old: new for old, new in sorted(found.items()) if old != new and taken[new] == 1}


def _check(old: str, new: str) -> None:
    if old.count(STAR) != new.count(STAR):
        raise SchemaError(
            f"renames: {old!r} has {old.count(STAR)} {STAR!r} and {new!r} has {new.count(STAR)}"
            f" – expected as many on both sides, each standing for what stays"
        )


def _what_stays(pattern: str, text: str) -> list[str] | None:
    """Return what each star stands for, the shortest first; None if the pattern does not fit."""
    first, *middle, last = pattern.split(STAR)
    if not text.startswith(first):
        return None
    at, starred = len(first), []
    for piece in middle:
        end = text.find(piece, at)
        if end < 0:
            return None
        starred.append(text[at:end])
        at = end + len(piece)
    end = len(text) - len(last)
    if end < at or not text.endswith(last):
        return None
    return [*starred, text[at:end]]


def _filled(pattern: str, starred: list[str]) -> str:
    pieces = pattern.split(STAR)
    return pieces[0] + "".join(a + b for a, b in zip(starred, pieces[1:], strict=True))
