r"""Terminal colours beside a text: where they lie in it once the codes are taken out.

They are written as "0-5 red; 8-12 bold red": characters of the clean text, the end excluded. A
colour whose place cannot be told is left out.

>>> spans("\x1b[31mred\x1b[0m and \x1b[1mbold", "red and bold")
'0-3 red; 8-12 bold'
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache, lru_cache, partial
from itertools import zip_longest
from typing import Final, NamedTuple

from fictures_reports.readers.rows import Attempt, Failure
from fictures_reports.readers.text.clean import CONTROLS, clean, may_hold_codes
from fictures_reports.readers.text.codes import holds_bare_colour, parts

#: Start, end and what they are of.
_Run = tuple[int, int, str]
#: More of them in one text say nothing any more: the first ones of an error, the last of an output.
MOST_SPANS: Final = 500
#: Black and white are the ink of one page and the paper of another: they are no colour here.
_COLOURS: Final = ("", "red", "green", "yellow", "blue", "magenta", "cyan", "")
_ON: Final = {
    **{30 + i: ("colour", name) for i, name in enumerate(_COLOURS)},
    **{90 + i: ("colour", name) for i, name in enumerate(("grey", *_COLOURS[1:]))},
    1: ("weight", "bold"), 2: ("weight", "dim"), 3: ("slant", "italic"),
    4: ("line", "underline"), 7: ("ground", "inverse"),
}  # fmt: skip
_SLOTS: Final = ("weight", "slant", "line", "ground", "colour")
_SLOT_OF: Final = {word: slot for slot, word in _ON.values()}
_OFF: Final = {22: "weight", 23: "slant", 24: "line", 27: "ground", 39: "colour"}
#: How many numbers follow one that begins a colour out of 256 (5) or out of all (2).
_FOLLOWING: Final = {5: 2, 2: 4}


def painted(
    error: Failure, *texts: str | None, snippet: str | None = None, bare_colours: bool = False
) -> Failure:
    """Note the colours of an error as the first text has them that has some; return the error.

    `snippet` is the text of the source lines where the producer gave them apart.
    """
    coloured = [text for text in texts if _is_coloured(text, bare_colours)]
    apart = [snippet] if _is_coloured(snippet, bare_colours) else []
    if not coloured and not apart:
        return error
    taken_apart = cache(partial(_taken_apart, bare_colours=bare_colours))
    for name, raws in ("message", coloured), ("snippet", apart or coloured):
        clean_text = getattr(error, name)
        found_in_each = (_spans(taken_apart(raw), clean_text) for raw in raws if clean_text)
        if found := next(filter(None, found_in_each), ""):
            error.colours = error.colours | {name: found}
    return error


def painted_output(
    attempt: Attempt, stdout: str | None, stderr: str | None, *, bare_colours: bool = False
) -> Attempt:
    """Note the colours of what an attempt printed unless it passed; return the attempt."""
    if attempt.status != "passed":
        attempt.colours = {
            name: found
            for name, raw in (("stdout", stdout), ("stderr", stderr))
            if _is_coloured(raw, bare_colours)
            and (found := spans(raw, getattr(attempt, name), bare_colours=bare_colours, last=True))
        }
    return attempt


def _is_coloured(raw: str | None, bare: bool) -> bool:  # noqa: FBT001
    return raw is not None and (may_hold_codes(raw) or (bare and holds_bare_colour(raw)))


def spans(
    raw: str | None, text: str | None, *, bare_colours: bool = False, last: bool = False
) -> str:
    """Write where the colours of `raw` lie in `text`, which is `clean(raw)` or some lines of it.

    Of more than `MOST_SPANS` the first are kept, or the last.
    """
    if not raw or not text:
        return ""
    return _spans(_taken_apart(raw, bare_colours=bare_colours), text, last=last)


class _Parts(NamedTuple):
    """A text with codes: what stands between them and the codes in turn, and the whole without."""

    pieces: list[str]
    whole: str
    cleaned: str


def _taken_apart(raw: str, *, bare_colours: bool) -> _Parts:
    pieces = parts(raw, bare_colours=bare_colours)
    whole = "".join(pieces[::2])
    return _Parts(pieces, whole, clean(whole))


def _spans(parted: _Parts, text: str, *, last: bool = False) -> str:
    pieces, whole, cleaned = parted
    if len(pieces) < 2:
        return ""
    segments = _segments(cleaned, text)
    if not segments:
        return ""
    end = segments[-1][0] + segments[-1][2] if whole == cleaned else len(whole)
    placed = _without_controls(_runs(pieces, end), whole, cleaned)
    found = list(_moved(placed, segments))
    shown = found[-MOST_SPANS:] if last else found[:MOST_SPANS]
    return "; ".join([f"{start}-{end} {style}" for start, end, style in shown])


def _runs(pieces: list[str], most: int) -> list[_Run]:
    """Find the stretches that have a style; every other part is a code. Stops after `most`."""
    length, style = 0, ""
    runs: list[_Run] = []
    for piece, code in zip_longest(pieces[::2], pieces[1::2]):
        if piece:
            end = length + len(piece)
            if style:
                if runs and runs[-1][1] == length and runs[-1][2] == style:
                    length = runs.pop()[0]
                runs.append((length, end, style))
            length = end
        if code is None or length >= most:
            break
        style = _after(style, code)
    return runs


@lru_cache(maxsize=1024)
def _after(style: str, code: str) -> str:
    """Return the style that holds behind a code, its words in the order of `_SLOTS`."""
    parameters = _parameters(code)
    if parameters is None:
        return style
    new = {_SLOT_OF[word]: word for word in style.split()}
    numbers = iter([int(number[:4] or 0) for number in parameters.split(";")])
    for number in numbers:
        if number in (38, 48):
            following = _FOLLOWING.get(next(numbers, 0), 1) - 1
            chosen = [next(numbers, 0) for _ in range(following)]
            if number == 38:
                new["colour"] = _of_256(chosen[0]) if len(chosen) == 1 else ""
        elif number == 0:
            new = {}
        elif number in _ON:
            slot, word = _ON[number]
            new[slot] = word
        elif number in _OFF:
            new.pop(_OFF[number], None)
    return " ".join(new[slot] for slot in _SLOTS if new.get(slot))


def _parameters(code: str) -> str | None:
    r"""Return the numbers of a colour code, "1;31" of "\x1b[1;31m"; None for any other code."""
    if not code.endswith("m"):
        return None
    parameters = code[max(code.rfind("["), code.rfind("\x9b")) + 1 : -1]
    return None if parameters.strip("0123456789;") else parameters


def _of_256(number: int) -> str:
    return _ON[number + 30 if number < 8 else number + 82][1] if number < 16 else ""


def _without_controls(runs: list[_Run], whole: str, cleaned: str) -> list[_Run]:
    r"""Shift runs to where they are once control characters are gone and "\r\n" is "\n"."""
    if whole == cleaned:
        return runs
    gone = [
        at
        for at, character in enumerate(whole)
        if character in CONTROLS and (character != "\r" or whole.startswith("\n", at + 1))
    ]
    if len(whole) - len(gone) != len(cleaned):
        return []
    shifted = [(s - bisect_left(gone, s), e - bisect_left(gone, e), name) for s, e, name in runs]
    return [run for run in shifted if run[0] < run[1]]


def _segments(cleaned: str, text: str) -> list[tuple[int, int, int]]:
    """Find a text in a longer one: lists of (where it begins there, where here, how long)."""
    if cleaned == text:
        return [(0, 0, len(text))]
    at = f"\n{cleaned}\n".find(f"\n{text}\n")
    return [(at, 0, len(text))] if at >= 0 else list(_lines(cleaned, text))


def _lines(cleaned: str, text: str) -> Iterator[tuple[int, int, int]]:
    """Find line by line, in order; indents and the "E" in front of pytest's errors may differ."""
    places: dict[str, list[int]] = {}
    for start, line in _stripped_lines(cleaned):
        places.setdefault(line, []).append(start)
    cursor = 0
    for start, line in _stripped_lines(text):
        starts = places.get(line, [])
        if (i := bisect_left(starts, cursor)) < len(starts):
            yield starts[i], start, len(line)
            cursor = starts[i] + len(line)


def _stripped_lines(text: str) -> Iterator[tuple[int, str]]:
    """Go through the lines that are not blank, without indent and "E": (where it begins, line)."""
    end = 0
    for line in text.split("\n"):
        start, end = end, end + len(line) + 1
        bare = line.strip()
        if line[:1] == "E" and line[1:2].isspace() and bare != "E":
            bare = line[1:].strip()
            start += 1
            line = line[1:]
        if bare:
            yield start + len(line) - len(line.lstrip()), bare


def _moved(runs: list[_Run], segments: list[tuple[int, int, int]]) -> Iterator[_Run]:
    """Cut runs to the segments and move them along."""
    first = 0
    for old_start, new_start, length in segments:
        while first < len(runs) and runs[first][1] <= old_start:
            first += 1
        i, shift = first, new_start - old_start
        while i < len(runs) and runs[i][0] < old_start + length:
            start, end, name = runs[i]
            yield max(start, old_start) + shift, min(end, old_start + length) + shift, name
            i += 1
