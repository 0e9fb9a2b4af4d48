"""Test cases without children, straight from the bytes: most of a large JUnit file is such.

Each run of them is taken out and a processing instruction put in its place, so that the XML parser
still sees the rest in order, and says where a run stood. This is exact where every "<" begins a
tag; from the first comment, CDATA section or foreign instruction on, all bytes go to the parser.
"""

from __future__ import annotations

import re
import secrets
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: Class name, file, line, name, time; empty where the case has none.
Cells = tuple[str, str, str, str, str]
NAMES = ("classname", "file", "line", "name", "time")

# printable ASCII without quote, ampersand and "<": what stands in the bytes is what is meant
_VALUE = r"[ !#-%'-;=-~]"
_SPACE = r"[\t\n\r ]*+"


def _pattern(group: str) -> str:
    return (
        rf'<testcase(?: classname="{group}{_VALUE}*+)")?(?: file="{group}{_VALUE}++)")?'
        rf'(?: line="{group}[0-9]++)")? name="{group}{_VALUE}*+)"(?: time="{group}[0-9.]++)")?'
        rf"{_SPACE}(?:/>|></testcase>)"
    )


_CELLS = re.compile(_pattern("("))
_RUN = re.compile(f"(?:{_pattern('(?:')}{_SPACE})++".encode())
#: bytes without an end of a tag that are kept back
_MOST_HELD = 1 << 20


class Runs:
    """The runs of plain cases that were taken out, until the parser comes to their places."""

    def __init__(self) -> None:
        #: nothing in a file can be mistaken for it
        self.mark = f"run-{secrets.token_hex(8)}"
        self._runs: deque[list[Cells]] = deque()

    def next(self) -> list[Cells]:
        """Give the run that the parser has come to."""
        return self._runs.popleft()

    def without(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Take the runs out of a file in UTF-8, which comes in pieces."""
        rest = b""
        for piece in pieces:
            data = rest + piece if rest else piece
            end = max(data.rfind(b"<"), 0)
            start = _behind_declaration(data) if not rest else 0
            odd = data.find(b"<!", start) >= 0 or data.find(b"<?", start) >= 0
            if odd or len(data) - end > _MOST_HELD:
                yield data
                break
            yield _RUN.sub(self._taken, data[:end])
            rest = data[end:]
        else:
            yield rest
        yield from pieces

    def _taken(self, run: re.Match[bytes]) -> bytes:
        self._runs.append(_CELLS.findall(run[0].decode("ascii")))
        return f"<?{self.mark}?>".encode()


def _behind_declaration(data: bytes) -> int:
    return data.find(b"?>") + 2 if data[:8].lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") else 0


def attributes_of(cells: Cells) -> dict[str, str]:
    """Make a plain case's attributes."""
    return {name: value for name, value in zip(NAMES, cells, strict=True) if value}


def cells_of(attributes: Mapping[str, str]) -> Cells:
    """Make the cells of a case whose attributes the parser gave."""
    classname, file, line, name, time = (attributes.get(key, "") for key in NAMES)
    return classname, file, line, name, time
