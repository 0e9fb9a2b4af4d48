"""Sections, lists, tables and code blocks of a document; what is foreign in them is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import cell
from fictures_reports.report.terminal_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Items of a list; the rest is counted.
MOST_ITEMS: Final = 40
_LONGEST_LINE: Final = 160


def section(title: str, *parts: str, level: int = 2) -> str:
    """Write parts below a heading; "" if all are empty. The title is Markdown."""
    body = blocks(*parts)
    return f"{'#' * level} {title}\n\n{body}" if body else ""


def subsection(title: str, *parts: str) -> str:
    """Write parts below a heading of the third level; "" if all are empty."""
    return section(title, *parts, level=3)


def bullets(lines: Iterable[str], most: int = MOST_ITEMS) -> str:
    """Write lines of Markdown as a list; of more than `most` the rest is counted."""
    items = [line for line in lines if line]
    shown = [f"- {line}" for line in items[:most]]
    more = [f"- and {len(items) - most:,} more"] if len(items) > most else []
    return "\n".join([*shown, *more])


def numbered(lines: Sequence[str], most: int = MOST_ITEMS) -> str:
    """Write lines of Markdown as a numbered list; of more than `most` the rest is counted."""
    shown = [f"{i}. {line}" for i, line in enumerate(lines[:most], 1)]
    more = [f"\nAnd {len(lines) - most:,} more."] if len(lines) > most else []
    return "\n".join([*shown, *more])


def aligned(
    heads: Sequence[str],
    rows: Sequence[Sequence[Any]],
    most: int = MOST_ITEMS,
    *,
    words: bool = False,
) -> str:
    """Write a table, all columns but the first to the right, `words` to the left; "" without rows.

    Heads are escaped like cells; a cell of None shows "–".
    """
    if not rows:
        return ""
    lines = [
        f"| {' | '.join(map(cell, heads))} |",
        f"|---|{('---|' if words else '---:|') * (len(heads) - 1)}",
        *(f"| {' | '.join(map(cell, row))} |" for row in rows[:most]),
    ]
    more = [f"\n… and {len(rows) - most:,} more."] if len(rows) > most else []
    return "\n".join([*lines, *more])


def fenced(words: str, most: int = 6) -> str:
    """Write a text as a code block that nothing in it can end; `most` lines of it."""
    lines = [line.rstrip() for line in printable(words).splitlines() if line.strip()]
    shown = [line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…" for line in lines]
    ellipsis = ["…"] if len(lines) > most else []
    body = "\n".join([*shown[:most], *ellipsis])
    fence = "```"
    while fence in body:
        fence += "`"
    return f"{fence}text\n{body}\n{fence}" if body else ""
