"""Names of an author's places, as a document marks them."""

from __future__ import annotations

from typing import Final

from fictures_reports.report.terminal_text import one_line

#: What would end a comment before its end, or begin another.
_MARKUP: Final = str.maketrans({"<": "‹", ">": "›"})


def mark_name(name: str) -> str:
    """Return a name as it can stand in a mark.

    >>> mark_name("Cause: a --> b")
    'Cause: a ––› b'
    """
    return one_line(name).translate(_MARKUP).replace("--", "––")
