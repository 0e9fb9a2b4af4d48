"""Names of causes as people read them, without the marks for what differs from test to test."""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

#: What stands in a cause's name for what differs from test to test.
_HOLE: Final = Pattern(r"<[a-z]+\d*>", "<")


def shown_name(cause: str) -> str:
    """Return a cause's name as people read it.

    >>> shown_name("step not found: fixture@<n1>")
    'step not found: fixture@…'
    """
    return _HOLE.sub(lambda _: "…", cause)
