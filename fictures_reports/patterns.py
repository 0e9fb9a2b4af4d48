r"""Patterns of our own over anyone's texts: linear on any text, and quick where there is nothing.

RE2 does not slow down on hostile texts, but calling it costs as much as fifty searches for a word;
so a pattern names words, one of which stands in everything that it matches. What `re` does in
linear time too (no two neighbouring repeats over the same characters) is left to `re`, with the
classes of RE2: \w, \d and \b are ASCII.

Failures of a run are often alike but for their numbers. Where a pattern takes one digit as any
other, what it finds depends on a text's shape only, and is looked up for a shape seen before.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import re2

from fictures_reports.shapes import LONGEST, MOST, of_shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


def ascii_re(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that `re` searches in linear time."""
    return re.compile(pattern, re.ASCII)


def any_in(text: str, words: Sequence[str]) -> bool:
    """Tell whether one of the words stands in the text; a loop is quicker here than `any`."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


_TOKEN: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]|\{[0-9]+(?:,[0-9]*)?\}|\(\?P?<\w+>|.", re.DOTALL
)
#: Escapes behind which a digit is no digit, or may be part of anything.
_ODD_ESCAPE: Final = re.compile(r"\\[0-9xXQE]")


def of_any_digit(pattern: str) -> str | None:
    """Return a pattern with 0 for each digit that it names; None where that cannot be told.

    It matches the shape of every text that the pattern matches; where it is the pattern itself,
    and holds no digit, the pattern takes one digit as any other.
    """
    tokens = _TOKEN.findall(pattern)
    for n, token in enumerate(tokens):
        if _ODD_ESCAPE.search(token):
            return None
        if token[0] == "[" and _DIGIT.search(token.replace("0-9", "")):
            if token[1] == "^":
                return None
            tokens[n] = _DIGIT.sub("0", token)
        elif _DIGIT.fullmatch(token):
            tokens[n] = "0"
    return "".join(tokens)


_DIGIT: Final = re.compile("[0-9]")


def tells_digits_apart(pattern: str) -> bool:
    """Tell whether what a pattern finds may depend on more than a text's shape."""
    if of_any_digit(pattern) != pattern:
        return True
    pieces = (piece.replace("0-9", "") for piece in _TOKEN.findall(pattern))
    return any(piece == "0" or (piece[:1] == "[" and "0" in piece) for piece in pieces)


#: Where the groups of a match begin and end, the whole first; -1 for those that took no part.
Spans = tuple[tuple[int, int], ...]


class Pattern:
    """A pattern for RE2, which is asked only where one of its words stands.

    Its `^` and `$` stand for the ends of a line.
    """

    def __init__(self, pattern: str, *words: str, folded: bool = False) -> None:
        """Take the words as they are, or `folded`: in small letters, to be found in any case."""
        self.pattern, self.words, self.folded = pattern, words, folded
        self.by_shape = not tells_digits_apart(pattern)
        self._first_in = lru_cache(maxsize=MOST)(self._first)
        self._all_in = lru_cache(maxsize=MOST)(self._all)

    def may_match(self, text: str) -> bool:
        """Tell whether the words allow a match."""
        return not self.words or any_in(text.casefold() if self.folded else text, self.words)

    def search(self, text: str) -> Found | None:
        """Return the first match."""
        if self.words and not self.may_match(text):
            return None
        if self.by_shape and len(text) <= LONGEST:
            spans = self._first_in(shape(text))
        else:
            spans = self._first(text)
        return None if spans is None else Found(spans, text, self._names)

    def finditer(self, text: str) -> Iterator[Found]:
        """Go through the matches."""
        if not self.may_match(text):
            return
        if self.by_shape and len(text) <= LONGEST:
            found = self._all_in(shape(text))
        else:
            found = self._all(text)
        for spans in found:
            yield Found(spans, text, self._names)

    def without(self, text: str) -> str:
        """Return the text with all matches taken out."""
        kept, end = [], 0
        for found in self.finditer(text):
            kept.append(text[end : found.start()])
            end = found.end()
        return "".join([*kept, text[end:]]) if kept else text

    def _first(self, text: str) -> Spans | None:
        # in ASCII a byte is a character, which saves counting them
        if text.isascii():
            found = self._on_bytes.search(text.encode())
        else:
            found = self._on_text.search(text)
        return None if found is None else self._spans(found)

    def _all(self, text: str) -> list[Spans]:
        plain = text.isascii()
        pattern = self._on_bytes if plain else self._on_text
        return [self._spans(f) for f in pattern.finditer(text.encode() if plain else text)]

    def _spans(self, found: Any) -> Spans:
        return tuple(map(found.span, range(self._on_text.groups + 1)))

    @cached_property
    def _on_text(self) -> Any:
        return compiled(with_line_ends(self.pattern))

    @cached_property
    def _on_bytes(self) -> Any:
        return compiled(with_line_ends(self.pattern).encode())

    @cached_property
    def _names(self) -> Mapping[str, int]:
        return dict(self._on_text.groupindex)


class Patterns:
    """Patterns to be tried one after the other on texts that are often shaped alike."""

    def __init__(self, *patterns: Pattern) -> None:
        self._patterns = patterns
        self._words = [tuple(map(of_shape, p.words)) for p in patterns]
        self._worth_in = lru_cache(maxsize=MOST)(self._of_shape)

    def __iter__(self) -> Iterator[Pattern]:
        """Go through all of them."""
        return iter(self._patterns)

    def worth(self, text: str) -> Sequence[Pattern]:
        """Return, in their order, those that may match for all that a text's shape tells."""
        if len(text) > LONGEST:
            return self._patterns
        return self._worth_in(shape(text))

    def _of_shape(self, one: str) -> tuple[Pattern, ...]:
        folded = one.casefold()
        return tuple(
            pattern
            for pattern, words in zip(self._patterns, self._words, strict=True)
            if not words or any_in(folded if pattern.folded else one, words)
        )


class Found:
    """A match; as that of `re`, as far as it is needed."""

    __slots__ = ("_names", "_spans", "_text")

    def __init__(self, spans: Spans, text: str, names: Mapping[str, int]) -> None:
        self._spans, self._text, self._names = spans, text, names

    def __getitem__(self, group: int | str) -> str:
        start, end = self._spans[self._names[group] if isinstance(group, str) else group]
        return self._text[start:end] if start >= 0 else ""

    def group(self, group: int | str = 0) -> str:
        """Return the words of a group; nothing where it took no part."""
        return self[group]

    def start(self, group: int = 0) -> int:
        """Return where the match or a group begins; -1 where the group took no part."""
        return self._spans[group][0]

    def end(self, group: int = 0) -> int:
        """Return where the match or a group ends."""
        return self._spans[group][1]


def compiled(pattern: str | bytes) -> Any:
    """Compile a pattern for RE2, which says nothing of what is wrong with it."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)


def with_line_ends(pattern: str) -> str:
    """Make `^` and `$` stand for the ends of a line."""
    return f"(?m){pattern}"
