"""JSON as it lies in result folders: typed and fast where it is sound, salvaged where it is not.

A sound file is decoded straight into the format's structs. What fails there goes a slower way:
other encodings, banners before and noise behind the document, NaN, fields of a wrong type, and
files that break off.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.text.clean import decode, json_start

T = TypeVar("T")

#: Put into objects that the break left open, so that readers can leave half a result out.
CUT_MARK = "__cut__"
_MARKS = frozenset("{}[],:")
_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_N_DIGITS = 4
_BLANK = "\ufeff \t\r\n"
_DEEPEST = 400
_MOST_DROPPED = 5
_SECOND_DOCUMENT = "a second document behind the first was not read:"


class Document(msgspec.Struct, Generic[T]):
    """A decoded file, and everything that was not as it should be, in words."""

    value: T
    doubts: list[str] = []
    #: what is known to be lost of its content, in words; in `doubts`, too
    missing: list[str] = []
    #: whether the file broke off and only its beginning was read
    cut: bool = False


def load(
    source: Source, kind: type[T], keys: Callable[[T], Mapping[str, int]] | None = None
) -> Document[T]:
    """Decode a file as `kind`; raises `MalformedFile` when nothing in it can be used.

    `keys` counts how often a key that holds results should stand in the file, given what was
    decoded. Parsers keep the last of equal keys of an object, so a key that stands there more often
    is looked into, with a parser that joins their lists.
    """
    data = source.read()
    try:
        value = msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _load_odd(source, data, kind)
    expected = keys(value) if keys is not None else {}
    if any(_n_keys(data, key) > n for key, n in expected.items()):
        return _load_odd(source, data, kind)
    return Document(value)


def _n_keys(data: bytes, key: str) -> int:
    """Count a key; a quote within a text has a backslash before it, so it is none."""
    return data.count(f'"{key}"'.encode())


def refuse_if_empty(document: Document[Any], source: Source, n_found: int) -> None:
    """Raise `MalformedFile` for a file that broke off before its first value."""
    if document.cut and not n_found:
        raise MalformedFile(source.name, f"{document.doubts[-1]}, before the first result")


def _load_odd(source: Source, data: bytes, kind: type[T]) -> Document[T]:
    text, doubt = decode(data)
    doubts = [doubt] if doubt else []
    text, n_lone = _without_lone_surrogates(text)
    if n_lone:
        doubts.append(f"{n_lone} halves of characters (lone surrogates) were replaced")
    start = json_start(text)
    if start:
        doubts.append(f"{start} characters before the JSON were passed over")
    try:
        value, cut = _parse(text, start, doubts)
    except RecursionError:
        raise MalformedFile(source.name, "is nested too deeply to be a report") from None
    if value is None:
        where = _place(text, len(text))
        raise MalformedFile(
            source.name, f"no JSON that could be used up to {where}", "was it written completely?"
        )
    missing = [doubt for doubt in doubts if doubt.startswith(_SECOND_DOCUMENT)]
    return Document(convert(value, kind, doubts, missing), doubts, missing, cut)


def _without_lone_surrogates(text: str) -> tuple[str, int]:
    r"""Replace "\ud83d" without its other half, which no text can hold; count them, too."""
    start, *escapes = text.split("\\u")
    if not any(escape[:1] in ("d", "D") for escape in escapes):
        return text, 0
    halves = [_half(escape) for escape in escapes]
    pieces, n_lone = [start], 0
    for i, (escape, half) in enumerate(zip(escapes, halves, strict=True)):
        if half == "first":
            second = escapes[i + 1] if len(escape) == _N_DIGITS and i + 1 < len(escapes) else ""
            is_lone = not (second[:1] in ("d", "D") and second[1:2] in _SECOND and second[1:2])
        else:
            before = i > 0 and halves[i - 1] == "first" and len(escapes[i - 1]) == _N_DIGITS
            is_lone = half == "second" and not before
        n_lone += is_lone
        pieces.append(f"\\ufffd{escape[_N_DIGITS:]}" if is_lone else f"\\u{escape}")
    return "".join(pieces), n_lone


_FIRST, _SECOND = "89abAB", "cdefCDEF"


def _half(escape: str) -> str:
    r"""Tell which half of a character stands behind "\u"."""
    digits = escape[:_N_DIGITS]
    if len(digits) < _N_DIGITS or digits[0] not in "dD" or not _HEXADECIMAL.issuperset(digits):
        return ""
    return "first" if digits[1] in _FIRST else "second" if digits[1] in _SECOND else ""


def _parse(text: str, start: int, doubts: list[str]) -> tuple[Any, bool]:
    while text[start : start + 1] in _BLANK and start < len(text):
        start += 1
    try:
        value, end = _decoder(doubts).raw_decode(text, start)
    except json.JSONDecodeError as error:
        return _salvage(text, start, error, doubts), True
    if trailing := text[end:].strip():
        second = trailing.startswith(("{", "["))
        found = _SECOND_DOCUMENT if second else "text behind the JSON was passed over:"
        doubts.append(f"{found} {len(trailing)} characters")
    return value, False


def _salvage(text: str, start: int, error: json.JSONDecodeError, doubts: list[str]) -> Any:
    """Read what stands before the break, with every open object closed and marked."""
    place = f"breaks off at {_place(text, error.pos)} ({error.msg})"
    for _ in range(8):
        closed = close(text[start : error.pos])
        if closed is None:
            return None
        try:
            value = _DECODER.decode(closed)
        except json.JSONDecodeError as next_error:
            if start + next_error.pos >= error.pos:
                return None
            error = json.JSONDecodeError(next_error.msg, text, start + next_error.pos)
            continue
        doubts.append(place)
        return value
    return None


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    return f"line {line}, column {position - text.rfind(chr(10), 0, position)}"


def close(text: str) -> str | None:
    """Close a JSON text that breaks off, behind its last complete value; None if there is none.

    Objects that were still open get a `CUT_MARK`: close('{"a": [1, {"b": "x", "c"')
    is '{"a": [1, {"b": "x","__cut__":true}],"__cut__":true}'.
    """
    safe = _last_value(text)
    if safe is None:
        return None
    end, stack = safe
    tail = "".join("]" if opener == "[" else f',"{CUT_MARK}":true}}' for opener in reversed(stack))
    complete = text[:end]
    return complete + (tail.replace(",", "", 1) if complete.endswith("{") else tail)


def _last_value(text: str) -> tuple[int, str] | None:
    """Find the end of the last complete value and the containers open there."""
    stack: list[str] = []
    safe: tuple[int, str] | None = None
    expects_key = False
    for piece, end in _tokens(text):
        if piece in "{[":
            stack.append(piece)
            if len(stack) > _DEEPEST:
                return safe
            expects_key = piece == "{"
            safe = end, "".join(stack)
        elif piece in "}]":
            if not stack or (stack.pop() == "{") != (piece == "}"):
                return safe
            safe = end, "".join(stack)
        elif piece == ",":
            expects_key = bool(stack) and stack[-1] == "{"
        elif piece == ":":
            expects_key = False
        elif not expects_key and (piece == '"' or end < len(text)):
            safe = end, "".join(stack)
    return safe


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """Go through a JSON text up to a string that is not closed: (what it is, where it ends).

    It is the mark itself, a quote for a string, or "0" for a number or a word.
    """
    at, in_string = 0, False
    for piece in text.split('"'):
        if not in_string:
            yield from _outside_strings(piece, at)
            in_string = True
        elif (len(piece) - len(piece.rstrip("\\"))) % 2 == 0:
            if at + len(piece) < len(text):
                yield '"', at + len(piece) + 1
            in_string = False
        at += len(piece) + 1


def _outside_strings(piece: str, at: int) -> Iterator[tuple[str, int]]:
    in_word = False
    for end, character in enumerate(piece, at):
        is_mark = character in _MARKS
        if in_word and (is_mark or character.isspace()):
            yield "0", end
        in_word = not is_mark and not character.isspace()
        if is_mark:
            yield character, end + 1
    if in_word:
        yield "0", at + len(piece)


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _whole(text: str) -> int | float | None:
    return int(text) if len(text) < 19 else _finite(text)


def _decoder(doubts: list[str]) -> json.JSONDecoder:
    """Make a decoder that joins lists of results where an object holds their key twice."""

    def joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            _join(found, pairs, doubts)
        return found

    return json.JSONDecoder(
        object_pairs_hook=joined, parse_float=_finite, parse_int=_whole,
        parse_constant=lambda _: None, strict=False,
    )  # fmt: skip


def _join(found: dict[str, Any], pairs: list[tuple[str, Any]], doubts: list[str]) -> None:
    """Put the lists of a repeated key together; of other values the last one is in `found`."""
    keys = [key for key, _ in pairs]
    for key in {key for key in keys if keys.count(key) > 1} & _HOLDS_RESULTS:
        lists = [value for name, value in pairs if name == key and isinstance(value, list)]
        if lists:
            found[key] = [item for values in lists for item in values]
        doubt = f"an object holds the key {key!r} more than once; the results of all were read"
        if doubt not in doubts:
            doubts.append(doubt)


_DECODER = _decoder([])


def convert(value: Any, kind: type[T], doubts: list[str], missing: list[str] | None = None) -> T:
    """Turn plain JSON values into `kind`, leaving out fields of a wrong type and saying which."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, OverflowError, ValueError):
        dropped: list[str] = []
        pruned = _prune(value, kind, "$", dropped)
        more = f" and {len(dropped) - _MOST_DROPPED} more" if len(dropped) > _MOST_DROPPED else ""
        doubts.append(f"not of the expected type, left out: {', '.join(dropped[:5])}{more}")
        if missing is not None and (lost := [path for path in dropped if _names_results(path)]):
            missing.append(f"{len(lost)} parts with results could not be read, such as {lost[0]}")
        return msgspec.convert({} if pruned is _NOTHING else pruned, kind)


#: names of lists of results, in all JSON formats
_HOLDS_RESULTS = {"tests", "specs", "suites", "results", "testResults", "assertionResults"}


def _names_results(path: str) -> bool:
    """Tell whether a value that was left out stood where results stand."""
    return path.rpartition(".")[2].partition("[")[0] in _HOLDS_RESULTS


_NOTHING: Any = object()
#: what an array of JSON is decoded as
_SEQUENCES = (list, tuple)


def _prune(value: Any, kind: Any, path: str, dropped: list[str]) -> Any:
    """Take out of a plain value all that does not fit a type; `_NOTHING` if it does not itself."""
    if get_origin(kind) in (Union, UnionType):
        kind = next((member for member in get_args(kind) if _may_be(value, member)), type(None))
    if get_origin(kind) in _SEQUENCES and isinstance(value, list):
        inner = get_args(kind)[0]
        items = (_prune(v, inner, f"{path}[{i}]", dropped) for i, v in enumerate(value))
        return [item for item in items if item is not _NOTHING]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict):
        return _prune_fields(value, kind, path, dropped)
    try:
        return msgspec.to_builtins(msgspec.convert(value, kind))
    except (msgspec.ValidationError, OverflowError, ValueError, TypeError):
        dropped.append(path)
        return _NOTHING


def _prune_fields(
    value: dict[str, Any], kind: type[msgspec.Struct], path: str, dropped: list[str]
) -> dict[str, Any]:
    hints = get_type_hints(kind)
    fields = {}
    for name, key in zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True):
        if key in value and value[key] is not None:
            inner = _prune(value[key], hints[name], f"{path}.{key}", dropped)
            if inner is not _NOTHING:
                fields[key] = inner
        elif key in value and _names_results(key) and (key != "suites" or path == "$"):
            dropped.append(f"{path}.{key}")  # nothing in the place of results
    return fields


def _may_be(value: Any, kind: Any) -> bool:
    origin = get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, msgspec.Struct):
        return isinstance(value, dict)
    if origin is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if origin in _SEQUENCES:
        return isinstance(value, list)
    return origin is Any or (isinstance(origin, type) and isinstance(value, origin))
