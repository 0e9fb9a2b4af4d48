"""Members of a group of causes that notes name: patterns as the setting `causes` has them.

## Cause: no story to open
Members: `Story link`, `cache-prefetch*`

The line is the first below the heading; what has a comma stands in backticks. `Members:` alone
has a list below it, a pattern an item.
"""

from __future__ import annotations

from itertools import dropwhile, takewhile
from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How the heading of a cause begins.
CAUSE: Final = "cause:"
_MEMBERS: Final = "members:"
_ONE: Final = Pattern(r"`([^`\n]+)`|([^`,\n]+)")


def is_cause(name: str) -> bool:
    """Tell whether a heading is that of a cause."""
    return name.casefold().startswith(CAUSE)


def patterns_in(text: str) -> list[str]:
    """Return the patterns of the members that a cause's section names; none without such a line."""
    members = _members_of(text.split("\n"))
    if not members:
        return []
    first, *listed = members
    if not listed:
        return _cut(first[len(_MEMBERS) :])
    # an item is one pattern, also with a comma in it, unless it has some in backticks
    items = [line[2:].strip() for line in listed]
    return [
        pattern for item in items for pattern in (_cut(item) if "`" in item else [item]) if pattern
    ]


def without_members(name: str, text: str) -> str:
    """Return what a section says without the lines that name the members of a cause."""
    lines = text.split("\n")
    members = _members_of(lines) if is_cause(name) else []
    start = lines.index(members[0]) if members else 0
    return "\n".join(lines[:start] + lines[start + len(members) :]).strip("\n")


def _members_of(lines: Sequence[str]) -> list[str]:
    """Return the line with the members, which comes first, and the list below it if it has none."""
    member_lines = list(dropwhile(lambda line: not line.strip(), lines))
    if not member_lines or not member_lines[0].casefold().startswith(_MEMBERS):
        return []
    first, *below = member_lines
    listed = [] if first[len(_MEMBERS) :].strip() else takewhile(_is_item, below)
    return [first, *listed]


def _is_item(line: str) -> bool:
    return line.startswith(("- ", "* "))


def _cut(line: str) -> list[str]:
    """Cut a line at its commas; what stands in backticks stays whole."""
    found = [(match[1] or match[2] or "").strip() for match in _ONE.finditer(line)]
    return [pattern for pattern in found if pattern]
