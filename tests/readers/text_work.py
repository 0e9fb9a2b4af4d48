"""How much work a function does on a text, counted: the same on every machine, under any load.

Counted are the lines of Python that run, and the characters that methods of the text look at or
copy, those of its parts included: both show in a loop that goes over the rest of a text again and
again.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Any

#: methods that stop where they find what they look for
_FORWARDS = ("find", "index")
_BACKWARDS = ("rfind", "rindex")
#: methods that go over the whole text
_WHOLE = (
    "__add__", "__format__", "__radd__", "__str__", "casefold", "count", "encode", "isalnum",
    "isalpha", "isdecimal", "isdigit", "isprintable", "isspace", "lower", "lstrip", "partition",
    "removeprefix", "removesuffix", "replace", "rpartition", "rsplit", "rstrip", "split",
    "splitlines", "strip", "translate", "upper",
)  # fmt: skip
_n_characters = 0


class CountedText(str):
    """A text that counts the characters that its methods look at, as do the texts made of it."""

    __slots__ = ()

    def __getitem__(self, key: Any) -> str:
        """Count what is copied."""
        return _counted(str(super().__getitem__(key)))

    def __contains__(self, part: object) -> bool:
        """Count up to where it is found."""
        return self.find(str(part)) >= 0

    def __iter__(self) -> Iterator[str]:
        """Count each character as it is asked for."""
        for character in super().__iter__():
            _add(1)
            yield character


def _add(n: int) -> None:
    global _n_characters
    _n_characters += n


def _counted(found: Any) -> Any:
    """Count what was made, and make its texts count as well."""
    if type(found) is str:
        _add(len(found))
        return CountedText(found)
    if isinstance(found, list | tuple):
        return type(found)(CountedText(item) if type(item) is str else item for item in found)
    return found


def _whole(name: str) -> Callable[..., Any]:
    plain = getattr(str, name, None) or (lambda text, other: other + str.__str__(text))

    def method(text: CountedText, *values: Any, **options: Any) -> Any:
        _add(len(text))
        return _counted(plain(text, *values, **options))

    return method


def _search(name: str, *, forwards: bool) -> Callable[..., int]:
    plain = getattr(str, name)

    def method(text: CountedText, part: str, start: int = 0, end: int | None = None) -> int:
        first, last, _ = slice(start, end).indices(len(text))
        at: int = plain(text, part, first, last)
        passed = last - first if at < 0 else at - first if forwards else last - at
        _add(max(0, passed))
        return at

    return method


for _name in _WHOLE:
    setattr(CountedText, _name, _whole(_name))
for _name in _FORWARDS + _BACKWARDS:
    setattr(CountedText, _name, _search(_name, forwards=_name in _FORWARDS))


def work_of(function: Callable[[str], object], text: str) -> int:
    """Count the lines that a function runs on a text, and the characters that it looks at."""
    n_lines = 0

    def count(_: Any, event: str, __: Any) -> Any:
        nonlocal n_lines
        n_lines += event == "line"
        return count

    before, tracer = _n_characters, sys.gettrace()
    sys.settrace(count)
    try:
        function(CountedText(text))
    finally:
        sys.settrace(tracer)
    return n_lines + _n_characters - before
