"""Names that people give: a name itself first, and only then a pattern.

Ids hold brackets (`[chromium]`, `app/[id]/page.spec.ts`), which a shell pattern would read as a set
of letters; a pasted id must match itself.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def matching(pattern: str, names: Iterable[str]) -> Collection[str]:
    """Return the names that a name or shell pattern means.

    A name that equals it, else those that match it, brackets being themselves; else those that
    match it with brackets as sets of letters.

    >>> sorted(matching("pay [chromium]", ["pay [chromium]", "pay c"]))
    ['pay [chromium]']
    >>> sorted(matching("app/[id]/*", ["app/[id]/a.ts", "app/i/a.ts"]))
    ['app/[id]/a.ts']
    >>> sorted(matching("case-[12]", ["case-1", "case-2", "case-3"]))
    ['case-1', 'case-2']
    """
    given = set(names)
    if pattern in given:
        return {pattern}
    literal = pattern.replace("[", "[[]")
    found = {name for name in given if fnmatchcase(name, literal)}
    return found or {name for name in given if fnmatchcase(name, pattern)}
