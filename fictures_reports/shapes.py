"""Texts shaped alike: equal but for their digits. What is made of one is made of the others, too.

A run's failures often differ in nothing but numbers. A function that takes one digit as any other
takes the same pieces out of all texts of a shape, so once these places are known its answer is put
together from them. Where a digit of an answer comes from is found by asking the function
about the shape with other digits: each written as the hundreds, tens and ones of its own number.
It must not compare two pieces of its text with each other; that would not be found out.

>>> shape("waited 30000ms in a.py:12")
'waited 00000ms in a.py:00'
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Longest text whose shape is remembered, and how many shapes are.
LONGEST: Final = 4_000
MOST: Final = 256
_SAME_DIGIT: Final = bytes.maketrans(b"123456789", b"0" * 9)
_OTHER_DIGIT: Final = str.maketrans("0", "9")
_DIGIT: Final = re.compile("[0-9]")
#: Digits that three decimals tell apart.
_MOST_DIGITS: Final = 1_000


@lru_cache(maxsize=64)
def shape(text: str) -> str:
    """Return a text with every digit (of ASCII) as 0: as long, and equal for texts shaped alike."""
    return _remembered(of_shape(text))


def of_shape(text: str) -> str:
    """Return a text's shape without remembering it."""
    # bytes are translated many times faster; nothing but a digit is written as a digit's byte
    as_bytes = text.encode("utf-8", "surrogatepass")
    return as_bytes.translate(_SAME_DIGIT).decode("utf-8", "surrogatepass")


@lru_cache(maxsize=MOST)
def _remembered(one: str) -> str:
    """Return the same object for equal shapes, so that looking one up costs no comparison."""
    return one


class Copied(NamedTuple):
    """Where a text of an answer stands in the text asked about."""

    start: int
    end: int


class Joined(NamedTuple):
    """A text of an answer that is put together from several pieces."""

    pieces: tuple[str | Copied, ...]


class Made(NamedTuple):
    """A tuple of an answer, and its class."""

    make: Callable[..., Any]
    parts: tuple[Any, ...]


class NotAlike(Exception):
    """The function tells digits apart, or there are too many of them to be told apart."""


#: An answer about all texts of a shape; what holds no digit of theirs is the same for all.
Answer = Copied | Joined | Made | str | None


def filled(answer: Any, text: str) -> Any:
    """Take an answer out of a text of the shape that it was traced for."""
    kind = type(answer)
    if kind is Copied:
        return text[answer[0] : answer[1]]
    if kind is Made:
        return answer[0](*[filled(part, text) for part in answer[1]])
    if kind is Joined:
        return "".join([filled(piece, text) for piece in answer[0]])
    return answer


def taker(answers: Sequence[Any]) -> Callable[[str], Sequence[Any]]:
    """Return a function that takes several answers out of a text, the quicker for copies only."""
    if not all(type(answer) is Copied for answer in answers) or not answers:
        return lambda text: [filled(answer, text) for answer in answers]
    slices = [slice(*copied) for copied in answers]
    if len(slices) > 1:
        return itemgetter(*slices)
    return lambda text: (text[slices[0]],)


def traced(function: Callable[[str], Any], one: str) -> Any:
    """Find where the answer about texts of this shape comes from, or raise `NotAlike`."""
    places = [digit.start() for digit in _DIGIT.finditer(one)]
    if len(places) > _MOST_DIGITS:
        raise NotAlike
    # each digit gets a number of its own, in as many texts as that number has digits
    powers = [10**k for k in range(len(str(max(len(places) - 1, 0))))][::-1]
    others = [one.translate(_OTHER_DIGIT), *(_numbered(one, places, k) for k in powers)]
    return _node([function(text) for text in (one, *others)], one, places)


def _numbered(one: str, places: Sequence[int], power: int) -> str:
    """Write the number of each digit in place of it: its hundreds, its tens, or its ones."""
    letters = list(one)
    for number, place in enumerate(places):
        letters[place] = str(number // power % 10)
    return "".join(letters)


def _node(answers: Sequence[Any], one: str, places: Sequence[int]) -> Answer:
    first = answers[0]
    if isinstance(first, str):
        return _text(answers, one, _sources(answers, places))
    if any(type(answer) is not type(first) for answer in answers):
        raise NotAlike
    if not isinstance(first, tuple):
        if any(answer != first for answer in answers):
            raise NotAlike
        return first  # type: ignore[no-any-return]
    if len({len(answer) for answer in answers}) > 1:
        raise NotAlike
    parts = tuple(_node(each, one, places) for each in zip(*answers, strict=True))
    return Made(type(first) if hasattr(first, "_fields") else _tuple, parts)


def _tuple(*parts: Any) -> tuple[Any, ...]:
    return parts


def _sources(answers: Sequence[str], places: Sequence[int]) -> dict[int, int]:
    """Map the place of each digit that was copied to the place that it comes from."""
    if any(not isinstance(one, str) or len(one) != len(answers[0]) for one in answers):
        raise NotAlike
    found = {}
    for at, letters in enumerate(zip(*answers, strict=True)):
        zero, nine, *number = letters
        if (zero, nine) == ("0", "9"):
            which = int("".join(number))
            if which >= len(places):
                raise NotAlike
            found[at] = places[which]
        elif len(set(letters)) > 1:
            raise NotAlike
    return found


def _text(answers: Sequence[str], one: str, sources: dict[int, int]) -> str | Copied | Joined:
    """Cut a text into what was copied, as long pieces as possible, and what the function added."""
    text, done = answers[0], 0
    pieces: list[str | Copied] = []
    for at, place in sources.items():
        if at < done:
            continue
        start, end = _widened(text, at, done, one, sources)
        if start > done:
            pieces.append(text[done:start])
        pieces.append(Copied(start + place - at, end + place - at))
        done = end
    if done < len(text):
        pieces.append(text[done:])
    if len(pieces) > 1:
        return Joined(tuple(pieces))
    return pieces[0] if pieces else ""


def _widened(text: str, at: int, done: int, one: str, sources: dict[int, int]) -> tuple[int, int]:
    """Widen a copied digit to both sides as far as the text around it was copied with it."""
    offset = sources[at] - at

    def same(k: int) -> bool:
        if not 0 <= k + offset < len(one) or text[k] != one[k + offset]:
            return False
        return not _DIGIT.match(text[k]) or sources.get(k) == k + offset

    start, end = at, at + 1
    while start > done and same(start - 1):
        start -= 1
    while end < len(text) and same(end):
        end += 1
    return start, end
