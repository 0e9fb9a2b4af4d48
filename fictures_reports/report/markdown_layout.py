"""Blocks, lists and tables of Markdown; the texts in them are escaped by `markdown_text`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.markdown_text import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Rows of a table; the rest is counted.
MOST_ROWS: Final = 15


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


def table(
    title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, most: int = MOST_ROWS
) -> str:
    """Write rows below a heading; of more than `most` the rest is counted."""
    if not rows:
        return ""
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [f"| {' | '.join(map(cell, row))} |" for row in rows[:most]]
    more = [f"\n… and {len(rows) - most:,} more."] if len(rows) > most else []
    return "\n".join([f"## {title}\n", *lines, *more])
