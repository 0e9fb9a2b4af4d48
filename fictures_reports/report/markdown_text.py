"""Texts of results within Markdown: escaped, in lists and in tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What Markdown or HTML would read as more than a letter.
_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>#|~&])")
#: Rows of a table; the rest is counted.
MOST_ROWS: Final = 15


def text(value: str) -> str:
    r"""Escape a text so that Markdown shows it letter by letter, on one line.

    >>> print(text("a <b> | *c*"))
    a \<b\> \| \*c\*
    """
    return _SPECIAL.sub(r"\\\1", " ".join(value.split()))


def blocks(*parts: str) -> str:
    """Join parts by empty lines; empty ones are left out."""
    return "\n\n".join(filter(None, parts))


def listing(title: str, lines: Sequence[str]) -> str:
    """Write a list below a heading; "" for a list of nothing."""
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def shortened(lines: Sequence[str], n: int) -> list[str]:
    """Say below some lines how many of all `n` they leave out."""
    more = n - len(lines)
    return [*lines, f"- and {more} more"] if more > 0 else list(lines)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Write rows below a heading; of more than `MOST_ROWS` the rest is counted."""
    if not rows:
        return ""
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [f"| {' | '.join(map(_cell, row))} |" for row in rows[:MOST_ROWS]]
    more = [f"\n… and {len(rows) - MOST_ROWS} more."] if len(rows) > MOST_ROWS else []
    return "\n".join([f"## {title}\n", *lines, *more])


def _cell(value: Any) -> str:
    shown = " ".join(str(value).split()) if value == value and value is not None else "–"
    return shown.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
