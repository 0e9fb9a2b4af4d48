"""Names of causes and of an author's places, as a document shows and marks them."""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern
from fictures_reports.report.terminal_text import one_line

#: What would end a comment before its end, or begin another.
_MARKUP: Final = str.maketrans({"<": "‹", ">": "›"})


#: What stands in a cause's name for what differs from test to test.
_HOLE: Final = Pattern(r"<[a-z]+\d*>", "<")


def shown_name(cause: str) -> str:
    """Return a cause's name as people read it.

    >>> shown_name("step not found: fixture@<n1>")
    'step not found: fixture@…'
    """
    return _HOLE.sub(lambda _: "…", cause)


def mark_name(name: str) -> str:
    """Return a name as it can stand in a mark.

    >>> mark_name("Cause: a --> b")
    'Cause: a ––› b'
    """
    return one_line(name).translate(_MARKUP).replace("--", "––")
