r"""Patterns that take linear time on any text, and what is easier said without one.

A result file may hold any text, and Python's `re` can take minutes for one that was made for it.
RE2 does not, but its \s, \w and \d are ASCII; the classes below are those of `re`, to be put into
square brackets. One search is linear; many searches in one text are only where a match can be told
from what stands close behind its start.
"""

from __future__ import annotations

from typing import Any, Final

from fictures_reports.patterns import compiled

#: White space, as `str.isspace` has it.
SPACE: Final = r"\s\v\x1c-\x1f\x{85}\pZ"
#: Letters, digits and the underscore.
WORD: Final = r"\pL\pN_"
#: Decimal digits; nine of them at most where they become a number.
DIGIT: Final = r"\p{Nd}"


def linear(pattern: str) -> Any:
    """Compile a pattern for RE2."""
    return compiled(pattern)


def is_word(text: str, also: str = "") -> bool:
    r"""Tell whether a text is of letters, digits, "_" and the characters of `also`, as `\w+` is."""
    for character in also + "_":
        text = text.replace(character, "0")
    return text.isalnum()


class Finder:
    """Finds a mark in a text again and again, behind places that only go up, in one pass."""

    __slots__ = ("_at", "_mark", "_text")

    def __init__(self, text: str, mark: str) -> None:
        self._text, self._mark = text, mark
        self._at = -1

    def behind(self, start: int) -> int:
        """Find the first mark at `start` or behind it; the text's length if there is none."""
        if self._at < start:
            at = self._text.find(self._mark, start)
            self._at = at if at >= 0 else len(self._text)
        return self._at
