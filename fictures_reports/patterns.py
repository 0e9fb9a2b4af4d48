r"""Regular expressions over anyone's texts: RE2 only, so that no text can make a search slow.

Calling RE2 costs as much as fifty searches for a plain word, and most patterns find nothing in most
texts. So a pattern names words, one of which stands in every text that it matches, and RE2 is asked
only where one of them is found. As always in RE2, \w, \d and \b are ASCII.
"""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


def any_in(text: str, words: Sequence[str]) -> bool:
    """Tell whether one of the words stands in the text; a loop is quicker here than `any`."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def encodable(text: str) -> str:
    """Replace lone surrogates, which RE2 cannot read; the text stays as long as it was."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


class Pattern:
    """A regular expression whose `^` and `$` are the ends of a line, and the words it needs."""

    def __init__(self, pattern: str, *words: str, folded: bool = False) -> None:
        """Take the words as they are, or `folded`: in small letters, to be found in any case."""
        self.pattern, self.words, self.folded = pattern, words, folded
        #: group → its number, once something matched
        self._names: Mapping[str, int] | None = None

    def may_match(self, text: str) -> bool:
        """Tell whether the words allow a match."""
        return not self.words or any_in(text.casefold() if self.folded else text, self.words)

    def search(self, text: str) -> Match | None:
        """Return the first match."""
        if self.words and not self.may_match(text):
            return None
        matcher = self._for(text)
        found = matcher.search(_readable(text))
        return None if found is None else Match(found, text, self._names_of(matcher))

    def finditer(self, text: str) -> Iterator[Match]:
        """Go through the matches."""
        if self.words and not self.may_match(text):
            return
        matcher = self._for(text)
        for found in matcher.finditer(_readable(text)):
            yield Match(found, text, self._names_of(matcher))

    def split(self, text: str, most: int = 0) -> list[str]:
        """Return what stands between the matches; `most` of them are looked at, 0 for all."""
        pieces, end = [], 0
        for found in islice(self.finditer(text), most or None):
            pieces.append(text[end : found.start()])
            end = found.end()
        return [*pieces, text[end:]]

    def sub(self, replacement: Callable[[Match], str], text: str) -> str:
        """Return the text with each match replaced by what the function makes of it."""
        parts: list[str] = []
        end = 0
        for found in self.finditer(text):
            parts += text[end : found.start()], replacement(found)
            end = found.end()
        return "".join([*parts, text[end:]]) if parts else text

    def without(self, text: str) -> str:
        """Return the text with all matches taken out."""
        return "".join(self.split(text))

    # in ASCII a byte is a character, which saves counting them
    def _for(self, text: str) -> Any:
        return self._on_bytes if text.isascii() else self._on_text

    @cached_property
    def _on_text(self) -> Any:
        return compiled(with_line_ends(self.pattern))

    @cached_property
    def _on_bytes(self) -> Any:
        return compiled(with_line_ends(self.pattern).encode())

    def _names_of(self, matcher: Any) -> Mapping[str, int]:
        if self._names is None:
            groups = matcher.groupindex.items()
            self._names = {n if isinstance(n, str) else n.decode(): group for n, group in groups}
        return self._names


def _readable(text: str) -> str | bytes:
    return text.encode() if text.isascii() else encodable(text)


class Patterns:
    """Patterns that are tried one after the other."""

    def __init__(self, *patterns: Pattern) -> None:
        self._patterns = patterns

    def __iter__(self) -> Iterator[Pattern]:
        """Go through all of them."""
        return iter(self._patterns)

    def that_may_match(self, text: str) -> list[Pattern]:
        """Return, in their order, those whose words allow a match."""
        folded = text.casefold()
        return [
            pattern
            for pattern in self._patterns
            if not pattern.words or any_in(folded if pattern.folded else text, pattern.words)
        ]


class Match:
    """A match; as that of `re`, as far as it is needed."""

    __slots__ = ("_found", "_names", "_text")

    def __init__(self, found: Any, text: str, names: Mapping[str, int]) -> None:
        self._found, self._text, self._names = found, text, names

    def __getitem__(self, group: int | str) -> str:
        start, end = self._found.span(self._names[group] if isinstance(group, str) else group)
        return self._text[start:end] if start >= 0 else ""

    def named(self, group: str) -> str:
        """Return what a named group matched; "" where it took no part, or is none of these."""
        return self[group] if group in self._names else ""

    def start(self, group: int = 0) -> int:
        """Return where the match or a group begins; -1 where the group took no part."""
        return int(self._found.span(group)[0])

    def end(self, group: int = 0) -> int:
        """Return where the match or a group ends."""
        return int(self._found.span(group)[1])

    def group_that_matched(self) -> str:
        """Return the name of the first named group that took part; "" where there is none."""
        for name, group in self._names.items():
            if self._found.span(group)[0] >= 0:
                return name
        return ""


def compiled(pattern: str | bytes) -> Any:
    """Compile a pattern for RE2, without its own output about what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def with_line_ends(pattern: str) -> str:
    """Make `^` and `$` stand for the ends of a line."""
    return f"(?m){pattern}"
