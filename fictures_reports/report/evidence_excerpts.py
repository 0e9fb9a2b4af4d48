"""What the list of all cases holds of failures for whose evidence the page has no room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.report.evidence import around

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Characters of one message, and of all together; equal ones count once, the first come first.
MOST_MESSAGE: Final = 1_500
MOST_EXCERPTS: Final = 300_000

#: Rule, phase, location, then the message before, in and after the words that decided; or nothing.
Excerpt = tuple[str, ...]


class Excerpts:
    """Hands out excerpts until there is no more room for another; `shown` cases need none."""

    def __init__(self, shown: Iterable[str]) -> None:
        self._shown, self._left = set(shown), MOST_EXCERPTS
        self._handed_out: set[Excerpt] = set()

    def of(self, result: Any) -> Excerpt:
        """Return the excerpt of a row of a results frame; () if it is not to have one."""
        if result.case_id in self._shown or known(result.category) is None:
            return ()
        excerpt = _excerpt(result)
        size = sum(map(len, excerpt))
        if excerpt not in self._handed_out:
            if size > self._left:
                return ()
            self._left -= size
            self._handed_out.add(excerpt)
        return excerpt


def _excerpt(result: Any) -> Excerpt:
    rule, phase, location, message, words = (
        known(getattr(result, name)) or ""
        for name in ("rule", "phase", "location", "message", "evidence")
    )
    before, words, after = around(message[:MOST_MESSAGE], words)
    cut = "…" if len(message) > MOST_MESSAGE else ""
    return rule, phase, location, before, words, after + cut
