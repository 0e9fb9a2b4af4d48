"""Test cases without children, straight from the bytes: most of a large JUnit file is such.

Each run of them is taken out and a processing instruction put in its place, so that the XML parser
still sees the rest in order, and says where a run stood. This is exact where every "<" begins a
tag; from the first comment, CDATA section or foreign instruction on, all bytes go to the parser.
Of a large file `large_cases` finds them, two megabytes at once.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Sequence
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, Any, NamedTuple

from fictures_reports.readers.columns import as_list, is_array

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

#: Class name, file, line, name, time; empty where the case has none.
Cells = tuple[str, str, str, str, str]
#: The same of many cases, one sequence each; Arrow arrays if they come from a large file.
Columns = Sequence[Any]
NAMES = ("classname", "file", "line", "name", "time")

# printable ASCII without quote, ampersand and "<": what stands in the bytes is what is meant
_VALUE = r"[ !#-%'-;=-~]"
_SPACE = r"[\t\n\r ]"


def _pattern(group: str) -> str:
    return (
        rf'<testcase(?: classname="{group}{_VALUE}*+)")?(?: file="{group}{_VALUE}++)")?'
        rf'(?: line="{group}[0-9]++)")? name="{group}{_VALUE}*+)"(?: time="{group}[0-9.]++)")?'
        rf"{_SPACE}*+(?:/>|></testcase>)"
    )


_CELLS = re.compile(_pattern("("))
_CASE = _pattern("(?:")
CASE = re.compile(_CASE.encode())
_RUN = re.compile(f"{_CASE}(?:{_SPACE}*+{_CASE})*+".encode())
#: bytes without an end of a tag that are kept back
_MOST_HELD = 1 << 20
#: bytes of a file (packed, if it is) from which on Arrow is worth its import, and how many of them
#: are looked at together
LARGE = 4 << 20
TOGETHER = 2 << 20


class Block:
    """The plain cases of a piece of a file."""

    def __init__(self, columns: Columns | None = None, edges: Sequence[int] = ()) -> None:
        #: the first and the last case of each run of a large file: see `Passes.known`
        self.edges = edges
        self._columns, self._runs, self._n = columns, list[bytes](), 0

    @property
    def is_large(self) -> bool:
        """Tell whether the columns are Arrow arrays."""
        return is_array(self.columns[0])

    @cached_property
    def columns(self) -> Columns:
        """Class names, files, lines, names and times; "" where a case has none."""
        if self._columns is not None:
            return self._columns
        return columns_in(b"".join(self._runs).decode("ascii"))

    def add(self, run: bytes) -> Stretch:
        """Take cases as they stand in the file."""
        first = self._n
        self._runs.append(run)
        self._n += run.count(b"<testcase ")
        return Stretch(self, first, self._n)


class Stretch(NamedTuple):
    """Some cases of a block, up to `stop`."""

    block: Block
    start: int
    stop: int

    def cells(self) -> Iterable[Cells]:
        """Go through the cases."""
        columns = (column[self.start : self.stop] for column in self.block.columns)
        return zip(*map(as_list, columns), strict=True)


class Runs:
    """The runs of plain cases that were taken out, until the parser comes to their places."""

    def __init__(self, *, large: bool) -> None:
        #: nothing in a file can be mistaken for it
        self.mark = f"run-{os.urandom(8).hex()}"
        self._runs: deque[Stretch] = deque()
        self._instruction = f"<?{self.mark}?>".encode()
        self._large = large

    def next(self) -> Stretch:
        """Give the run that the parser has come to."""
        return self._runs.popleft()

    def without(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """Take the runs out of a file in UTF-8, which comes in pieces."""
        rest, begun = b"", False
        for piece in _in_larger(pieces) if self._large else pieces:
            data = rest + piece if rest else piece
            end = max(data.rfind(b"<"), 0)
            start = _behind_declaration(data) if not rest else 0
            if _has(b"<!", data, start) or _has(b"<?", data, start) or len(data) - end > _MOST_HELD:
                yield data
                break
            # a case may be the root itself
            begun = begun or b"<testsuite" in data[:end]
            yield self._rest_of(data[:end]) if begun else data[:end]
            rest = data[end:]
        else:
            yield rest
        yield from pieces

    def _rest_of(self, data: bytes) -> bytes:
        if self._large:
            return self._rest_of_large(data)
        block = Block()

        def taken(run: re.Match[bytes]) -> bytes:
            self._runs.append(block.add(run[0]))
            return self._instruction

        return _RUN.sub(taken, data)

    def _rest_of_large(self, data: bytes) -> bytes:
        from fictures_reports.readers.large_cases import found_in

        columns, runs = found_in(data)
        block = Block(columns, [edge for run in runs for edge in (run.first, run.last - 1)])
        done = 0
        rest: list[bytes] = []
        for start, stop, first, last in runs:
            self._runs.append(Stretch(block, first, last))
            rest += (data[done:start], self._instruction)
            done = stop
        return b"".join((*rest, data[done:]))


def _in_larger(pieces: Iterator[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    for piece in pieces:
        held.append(piece)
        if sum(map(len, held)) >= TOGETHER:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)


def _has(mark: bytes, data: bytes, start: int) -> bool:
    return mark[1:] in data and data.find(mark, start) >= 0  # one byte is found much faster


def _behind_declaration(data: bytes) -> int:
    return data.find(b"?>") + 2 if data[:8].lstrip(b"\xef\xbb\xbf").startswith(b"<?xml") else 0


def columns_in(run: str) -> Columns:
    """Read the cases of a run, or of several that were joined."""
    if not run:
        return columns_of_cells([])
    # as a rule all have the same attributes, so that each stands at its place between the quotes
    words = run.split('"')
    first = [words[0], *takewhile(_is_within, words[2 : 2 * len(NAMES) : 2])]
    names = [word[:-1].rpartition(" ")[2] for word in first]
    n = len(names)
    starts = set(words[: -1 : 2 * n])
    if (
        len(words) % (2 * n) != 1
        or any(_is_within(word) or not word.endswith(f" {names[0]}=") for word in starts)
        or any(set(words[2 * k : -1 : 2 * n]) != {f" {names[k]}="} for k in range(1, n))
    ):
        return columns_of_cells(_CELLS.findall(run))
    values = {name: words[2 * k + 1 :: 2 * n] for k, name in enumerate(names)}
    none = [""] * (len(words) // (2 * n))
    classnames, files, lines, titles, times = (values.get(name, none) for name in NAMES)
    return classnames, files, lines, titles, times


def _is_within(word: str) -> bool:
    """Tell what stands between two values of one case from what ends it."""
    return "<" not in word and ">" not in word


def columns_of_cells(cells: Sequence[Cells]) -> Columns:
    """Turn rows into columns."""
    classnames, files, lines, titles, times = zip(*cells, strict=True) if cells else [()] * 5
    return classnames, files, lines, titles, times


def attributes_of(cells: Cells) -> dict[str, str]:
    """Make a plain case's attributes."""
    return {name: value for name, value in zip(NAMES, cells, strict=True) if value}


def cells_of(attributes: Mapping[str, str]) -> Cells:
    """Make the cells of a case whose attributes the parser gave."""
    classname, file, line, name, time = (attributes.get(key, "") for key in NAMES)
    return classname, file, line, name, time
