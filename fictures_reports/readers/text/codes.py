r"""Terminal codes in a text: where they begin and end.

They are CSI sequences ("\x1b[31m") and OSC sequences ("\x1b]0;title\x07"), after a raw ESC, in the
C1 form, or after pytest's "#x1B" or the DEL that the XML reader puts in place of a raw ESC. Bare
colours ("[31m") are what is left of a code when a producer dropped only the ESC.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final

from fictures_reports.readers.text.linear import Finder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CSI: Final = ("\x1b[", "\x7f[", "#x1B[", "#x1b[", "\x9b")
_OSC: Final = ("\x1b]", "#x1B]")
_BARE: Final = "["
#: What a CSI sequence has between its mark and its last character, in this order.
_PARAMETERS: Final = "".join(map(chr, range(0x30, 0x40)))
_INTERMEDIATES: Final = "".join(map(chr, range(0x20, 0x30)))
#: characters behind a mark that are looked at together; nearly all sequences are shorter
_WINDOW: Final = 16
_MOST_DIGITS: Final = 3


def codes(text: str, *, bare_colours: bool = False) -> Iterator[tuple[int, int]]:
    """Go through the codes of a text: where each begins and ends."""
    bell, escape = Finder(text, "\x07"), Finder(text, "\x1b")
    done = 0
    for start, mark in _starts(text, _CSI + _OSC + ((_BARE,) if bare_colours else ())):
        if start < done:  # within a code, or within a longer mark
            continue
        done = start + len(mark)
        if mark in _OSC:
            end = _osc_end(text, bell.behind(done), escape.behind(done))
        else:
            end = (_bare_end if mark == _BARE else _csi_end)(text, done)
        if end:
            yield start, end
            done = end


def _starts(text: str, marks: Iterable[str]) -> Iterable[tuple[int, str]]:
    """Go through the places of marks in a text, in order: (where it begins, the mark)."""
    streams = [_places(text, mark) for mark in marks if mark in text]
    return streams[0] if len(streams) == 1 else heapq.merge(*streams)


def _places(text: str, mark: str) -> Iterator[tuple[int, str]]:
    at = text.find(mark)
    while at >= 0:
        yield at, mark
        at = text.find(mark, at + len(mark))


def without_codes(text: str) -> str:
    """Take the codes out of a text, bare colours aside."""
    return "".join(parts(text)[::2])


def without_bare_colours(text: str) -> str:
    """Take out codes that have no ESC."""
    start, *pieces = text.split(_BARE)
    clean = [start]
    for piece in pieces:
        end = _bare_end(piece, 0)
        clean += (piece[end:],) if end else (_BARE, piece)
    return "".join(clean)


def holds_bare_colour(text: str) -> bool:
    """Tell whether there is a code without an ESC."""
    return "[" in text and any(_bare_end(piece, 0) for piece in text.split(_BARE)[1:])


def parts(text: str, *, bare_colours: bool = False) -> list[str]:
    """Split a text at its codes; every other part is a code, the first and the last are none."""
    found: list[str] = []
    end = 0
    for start, stop in codes(text, bare_colours=bare_colours):
        found += (text[end:start], text[start:stop])
        end = stop
    return [*found, text[end:]]


def _csi_end(text: str, at: int) -> int:
    """Find the end of a CSI sequence behind its mark; 0 if it is none."""
    size = _WINDOW
    while True:
        window = text[at : at + size]
        ending = window.lstrip(_PARAMETERS).lstrip(_INTERMEDIATES)
        if ending:
            return at + len(window) - len(ending) + 1 if "@" <= ending[0] <= "~" else 0
        if len(window) < size:
            return 0
        size *= 2


def _osc_end(text: str, bell: int, escape: int) -> int:
    r"""Find the end of an OSC sequence by the next BEL and ESC; 0 if nothing ends it."""
    if bell < escape:
        return bell + 1
    return escape + 2 if text.startswith("\\", escape + 1) else 0


def _bare_end(text: str, at: int) -> int:
    """Find the end of "[31;1m" behind its bracket; 0 if it is no colour."""
    if not "0" <= text[at : at + 1] <= "9":  # as with most brackets
        return 0
    length = len(text)
    while True:
        first = at
        while at < length and at - first <= _MOST_DIGITS and "0" <= text[at] <= "9":
            at += 1
        if not 0 < at - first <= _MOST_DIGITS or at == length:
            return 0
        if text[at] == "m":
            return at + 1
        if text[at] != ";":
            return 0
        at += 1
