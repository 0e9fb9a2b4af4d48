"""Text from results as it may reach a terminal: without what a terminal would take for a command.

Titles and messages are cleaned when they are read; names of projects, files, tags and people, and
what a library says of a broken file, are not, so whatever is printed goes through here.
"""

from __future__ import annotations

from typing import Any, Final

from fictures_reports.patterns import compiled, encodable

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

#: The same without what reorders text: in a page each name stands in an element of its own.
_CONTROL: Final = compiled(r"[\x00-\x08\x0b-\x1f\x7f-\x{9f}]")
_IN_JSON: Final = {code: f"\\u{code:04x}" for code in _CONTROLS if chr(code) not in _KEPT}


def printable(text: str) -> str:
    r"""Take control characters out of a text, but for line breaks and tabs.

    >>> printable("desk\x1b]0;owned\x07\r\n\udcff\tend")
    'desk]0;owned\n\ufffd\tend'
    """
    if text.isascii() and text.isprintable():
        return text
    return text.translate(_TABLE)


def printable_values(value: Any) -> Any:
    r"""Take control characters out of all texts of a document, as JSON has it.

    >>> printable_values({"name": "a\u202eb\x1b[31m", "n": [1, "c\x00"]})
    {'name': 'ab[31m', 'n': [1, 'c']}
    """
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: printable_values(part) for name, part in value.items()}
    return [printable_values(part) for part in value] if isinstance(value, list | tuple) else value


def without_controls(html: str) -> str:
    r"""Take control characters out of HTML; what reorders text stays within its element there.

    >>> without_controls("<bdi>a\x1b[31m\x9b\u202e</bdi>\n") == "<bdi>a[31m\u202e</bdi>\n"
    True
    """
    return str(_CONTROL.sub("", encodable(html))) if _CONTROL.search(encodable(html)) else html


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
