"""Text as the producers meant it: decoded, without ANSI codes and control characters."""

from __future__ import annotations

import codecs

from fictures_reports.readers.text.codes import without_bare_colours, without_codes
from fictures_reports.readers.text.linear import linear

_CONTROLS = (*range(9), *range(0x0B, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0), 0xFFFE, 0xFFFF)
#: characters that are left out of every text
CONTROLS = frozenset(map(chr, _CONTROLS))
#: what `str.translate` makes of them, and of halves of characters
_CLEANED = dict.fromkeys(_CONTROLS, "") | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
#: deleting these leaves nothing of most texts, which is found out faster than by looking for others
_PLAIN = bytes(range(32, 127)) + b"\n\t"
_TITLE_SPACE = dict.fromkeys(map(ord, "\t\n\r"), " ")
_JSON_START = linear(r"(?m)^[ \t]*(?:\{|\[[ \t]*(?:[\{\"\]]|$))")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIRST_OF_BOMS = frozenset(bom[:1] for bom, _ in _BOMS)


def strip_ansi(text: str) -> str:
    """Take terminal colour and cursor codes out of a text."""
    return without_codes(text) if may_hold_codes(text) else text


def may_hold_codes(text: str) -> bool:
    """Tell at next to no cost that a text has no such codes, as most have none."""
    return "\x1b" in text or "\x9b" in text or "\x7f" in text or "#x1" in text


def is_clean(text: str) -> bool:
    """Tell at little cost that a text is of plain characters and has no codes, as most are."""
    return text.isascii() and not text.encode().translate(None, _PLAIN) and "#x1" not in text


def clean(text: str, *, bare_colours: bool = False) -> str:
    r"""Make a message readable: no ANSI codes, no control characters, "\n" between lines.

    `bare_colours` also takes out codes that lost their ESC ("[31m"), plain text elsewhere.
    Lone surrogates become "\ufffd".
    """
    if not bare_colours and is_clean(text):
        return text
    text = strip_ansi(text)
    if bare_colours and "[" in text:
        text = without_bare_colours(text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return text.translate(_CLEANED)


def clean_title(text: str) -> str:
    """Make a title the same whether JSON kept its line breaks or XML made them spaces."""
    if text.isascii() and text.isprintable():
        return text
    return clean(text.replace("\r\n", " ").translate(_TITLE_SPACE))


def with_slashes(path: str) -> str:
    """Write a path with forward slashes, as the same file has on another system."""
    return path.replace("\\", "/") if "\\" in path else path


def encoding_of(head: bytes) -> str:
    """Guess the encoding of a file from its first bytes: by BOM, else by where NUL bytes lie."""
    if head[:1] in _FIRST_OF_BOMS:
        for bom, encoding in _BOMS:
            if head.startswith(bom):
                return encoding
    # PowerShell and some converters write UTF-16 without a BOM: '<\0?\0' or '\0{\0"'
    if len(head) >= 4 and head[1] == 0 and head[3] == 0 and head[0]:
        return "utf-16-le"
    if len(head) >= 4 and head[0] == 0 and head[2] == 0 and head[1]:
        return "utf-16-be"
    return "utf-8"


def decode(data: bytes) -> tuple[str, str | None]:
    """Decode a whole file; the second value says in words what had to be assumed, or is None."""
    encoding = encoding_of(data[:4])
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return data.decode("cp1252", "replace"), (
                f"not valid UTF-8 at byte {error.start}; read as Windows-1252"
            )
        text = data.decode(encoding, "replace")
        return (
            text,
            f"not valid {encoding.upper()} at byte {error.start}; unreadable parts replaced",
        )
    if encoding.startswith(("utf-16", "utf-32")):
        return text, f"encoded as {encoding.upper()}"
    return text, None


def json_start(text: str) -> int:
    """Find where the JSON begins, past banners that a script printed before it."""
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith(("{", '["', "[{", "[]")):
        return len(text) - len(bare)
    match = _JSON_START.search(text)
    return match.start() if match else 0
