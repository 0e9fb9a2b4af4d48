"""Text from results as it may reach a terminal: without what a terminal would take for a command.

Titles and messages are cleaned when they are read; names of projects, files, tags and people, and
what a library says of a broken file, are not, so whatever is printed goes through here.
"""

from __future__ import annotations

from typing import Final

_KEPT: Final = "\t\n"
#: C0, DEL and C1, in which escape sequences begin, and what reorders the text around it.
_CONTROLS: Final = (
    *range(0x20), 0x7F, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A),
)  # fmt: skip
#: Half of a pair: a byte of a file name that is no UTF-8, or a broken escape in JSON.
_HALVES: Final = range(0xD800, 0xE000)
_TABLE: Final = str.maketrans(
    {code: "" for code in _CONTROLS if chr(code) not in _KEPT} | dict.fromkeys(_HALVES, "\ufffd")
)

_IN_JSON: Final = {code: f"\\u{code:04x}" for code in _CONTROLS if chr(code) not in _KEPT}


def printable(text: str) -> str:
    r"""Take control characters out of a text, but for line breaks and tabs.

    >>> printable("desk\x1b]0;owned\x07\r\n\udcff\tend")
    'desk]0;owned\n\ufffd\tend'
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_TABLE)


def one_line(text: str) -> str:
    r"""Take control characters out of a text and put it on one line.

    >>> one_line("a\n  b\x1b[31m")
    'a b[31m'
    """
    return " ".join(printable(text).split())


def printable_json(text: str) -> str:
    r"""Escape control characters in a JSON document, which says the same to whoever reads it.

    Encoders escape those of ASCII only, and a document may be printed on a terminal.

    >>> printable_json('"a\x9b31m"')
    '"a\\u009b31m"'
    """
    return text if text.isascii() else text.translate(_IN_JSON)
