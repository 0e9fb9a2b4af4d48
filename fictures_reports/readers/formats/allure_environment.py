r"""Allure's environment.properties, which stands beside results: facts about the run.

Browser = Chromium 141
Base\ URL: http\://shop.test
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fictures_reports.readers.text.clean import clean_title

NAME: Final = "environment.properties"
#: More is no list of facts.
_LARGEST: Final = 1 << 16
_HEXADECIMAL: Final = 16
_N_DIGITS: Final = 4
_ESCAPED: Final = {"t": " ", "n": " ", "r": " ", "f": " "}


def facts_beside(folder: Path) -> dict[str, str]:
    """Read the facts that lie in a folder of results; empty where there are none."""
    try:
        with (folder / NAME).open("rb") as stream:
            text = stream.read(_LARGEST).decode("utf-8", "replace")
    except OSError:
        return {}
    return dict(_facts(text))


def _facts(text: str) -> Iterator[tuple[str, str]]:
    """Go through the lines of a Java properties file; comments and odd lines are left out."""
    for line in text.replace("\\\n", "").replace("\\\r\n", "").splitlines():
        line = line.strip()
        if not line or line.startswith(("#", "!")):
            continue
        key, value = _split(line)
        if key and value:
            yield clean_title(_unescaped(key)), clean_title(_unescaped(value))


def _split(line: str) -> tuple[str, str]:
    """Cut a line at its first "=", ":" or blank that no backslash stands before."""
    at = 0
    while at < len(line) and line[at] not in "=: \t":
        at += 2 if line[at] == "\\" else 1
    value = line[at:].strip()
    return line[:at], value[1:].strip() if value[:1] in ("=", ":") else value


def _unescaped(text: str) -> str:
    first, *pieces = text.split("\\")
    done, is_mark = [first], False
    for piece in pieces:
        if is_mark:  # the second of two backslashes
            done.append(f"\\{piece}")
            is_mark = False
        elif not piece:
            is_mark = True
        else:
            done.append(_character(piece))
    return "".join(done)


def _character(piece: str) -> str:
    digits = piece[1 : _N_DIGITS + 1]
    if piece[0] == "u" and len(digits) == _N_DIGITS and digits.isalnum() and digits.isascii():
        try:
            character = chr(int(digits, _HEXADECIMAL))
        except ValueError:
            return piece
        shown = character if character.isprintable() else "\ufffd"  # half a pair, a control
        return f"{shown}{piece[_N_DIGITS + 1 :]}"
    return f"{_ESCAPED.get(piece[0], piece[0])}{piece[1:]}"
