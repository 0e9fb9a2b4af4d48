r"""Patterns of our own over anyone's texts: linear on any text, and quick where there is nothing.

RE2 does not slow down on hostile texts, but calling it costs as much as fifty searches for a word;
so a pattern names words, one of which stands in everything that it matches. What `re` does in
linear time too (no two neighbouring repeats over the same characters) is left to `re`, with the
classes of RE2: \w, \d and \b are ASCII, white space is `SPACE`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import re2

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: RE2's `\s`; that of `re` has a character more.
SPACE: Final = r"[\t\n\f\r ]"


def ascii_re(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that `re` searches in linear time."""
    return re.compile(pattern, re.ASCII)


def any_in(text: str, words: Sequence[str]) -> bool:
    """Tell whether one of the words stands in the text; a loop is quicker here than `any`."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


class Pattern:
    """A pattern for RE2, which is asked only where one of its words stands.

    Its `^` and `$` stand for the ends of a line.
    """

    def __init__(self, pattern: str, *words: str, folded: bool = False) -> None:
        """Take the words as they are, or `folded`: in small letters, to be found in any case."""
        self.pattern, self.words, self.folded = pattern, words, folded

    def may_match(self, text: str) -> bool:
        """Tell whether the words allow a match."""
        return not self.words or any_in(text.casefold() if self.folded else text, self.words)

    def search(self, text: str) -> Found | None:
        """Return the first match."""
        if self.words and not self.may_match(text):
            return None
        # in ASCII a byte is a character, which saves counting them
        if text.isascii():
            found = self._on_bytes.search(text.encode())
        else:
            found = self._on_text.search(text)
        return None if found is None else Found(found, text, self._names)

    def finditer(self, text: str) -> Iterator[Found]:
        """Go through the matches."""
        if self.may_match(text):
            plain = text.isascii()
            pattern = self._on_bytes if plain else self._on_text
            for found in pattern.finditer(text.encode() if plain else text):
                yield Found(found, text, self._names)

    def without(self, text: str) -> str:
        """Return the text with all matches taken out."""
        kept, end = [], 0
        for found in self.finditer(text):
            kept.append(text[end : found.start()])
            end = found.end()
        return "".join([*kept, text[end:]]) if kept else text

    @cached_property
    def _on_text(self) -> Any:
        return compiled(with_line_ends(self.pattern))

    @cached_property
    def _on_bytes(self) -> Any:
        return compiled(with_line_ends(self.pattern).encode())

    @cached_property
    def _names(self) -> Mapping[str, int]:
        return dict(self._on_text.groupindex)


class Found:
    """A match; as that of `re`, as far as it is needed."""

    __slots__ = ("_match", "_names", "_text")

    def __init__(self, match: Any, text: str, names: Mapping[str, int]) -> None:
        self._match, self._text, self._names = match, text, names

    def __getitem__(self, group: int | str) -> str:
        start, end = self._match.span(self._names[group] if isinstance(group, str) else group)
        return self._text[start:end] if start >= 0 else ""

    def group(self, group: int | str = 0) -> str:
        """Return the words of a group; nothing where it took no part."""
        return self[group]

    def start(self, group: int = 0) -> int:
        """Return where the match or a group begins; -1 where the group took no part."""
        return int(self._match.start(group))

    def end(self, group: int = 0) -> int:
        """Return where the match or a group ends."""
        return int(self._match.end(group))


def compiled(pattern: str | bytes) -> Any:
    """Compile a pattern for RE2, which says nothing of what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def with_line_ends(pattern: str) -> str:
    """Make `^` and `$` stand for the ends of a line."""
    return f"(?m){pattern}"
