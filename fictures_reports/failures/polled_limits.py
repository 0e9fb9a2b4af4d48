"""Limits that a wait polled for until its time was over.

Expected: <= 5 / Received: 42 / Timeout 700ms exceeded …           → 42 <= 5
timed out after 5 s waiting for len(queue) <= 5 (last value 42)    → 42 <= 5
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Final

from fictures_reports.failures.limits_in_words import limits_in_words
from fictures_reports.failures.measured_limit import measurement
from fictures_reports.failures.measurements import compared
from fictures_reports.failures.message_parts import said_in
from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.quantities import NUMBER, number
from fictures_reports.failures.timeouts import without_budgets
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.failures.measured_limit import Measurement

_OP: Final = (
    r"(?P<op>[<>]=?|≤|≥|at most|at least|no more than|no less than|(?:less|fewer|lower|more"
    r"|greater|higher) than|below|under|above|over)"
)
_SIGN_OF: Final = {
    "≤": "<=", "at most": "<=", "no more than": "<=", "≥": ">=", "at least": ">=",
    "no less than": ">=", "less than": "<", "fewer than": "<", "lower than": "<", "below": "<",
    "under": "<", "more than": ">", "greater than": ">", "higher than": ">", "above": ">",
    "over": ">",
}  # fmt: skip
_HOLDS: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_LAST: Final = (
    r"(?:last(?: value| seen| observed| known| result| reading)?|but (?:was|is|got)|was still|still"
    r"|was|is|got|actual|current(?:ly)?|now|saw|seen|observed|received|remained at|stayed at)"
)
_FAR: Final = r"[^\n\d]{0,60}?"
_NEAR: Final = r"[^\n\d]{0,20}?"
_LIMIT: Final = rf"{_OP} ?(?P<b>{NUMBER})"
_SEEN: Final = rf"(?P<a>{NUMBER})"
_WAITED_FOR: Final = (
    Pattern(rf"(?i){_LIMIT}\b{_FAR}\b{_LAST}\b{_NEAR}{_SEEN}"),
    Pattern(rf"(?i)(?:\b(?:{_LAST}|ha[sd]|have)\b|[=:]){_NEAR}{_SEEN}\b{_FAR}{_LIMIT}"),
)


def polled_limits(text: str, title: str = "", code: str = "") -> list[Measurement]:
    """Return what a text about a time-out compared with a limit, in order."""
    text = plain(text)
    found = compared(text, title, code)
    if found:
        return found
    # what the runner logged holds numbers of the page
    runner_words = without_budgets(said_in(text))
    return list(_waited_for(runner_words)) or list(limits_in_words(runner_words))


def _waited_for(text: str) -> Iterator[Measurement]:
    for pattern in _WAITED_FOR:
        for found in pattern.finditer(text):
            measured, limit = number(found["a"]), number(found["b"])
            sign = _SIGN_OF.get(found["op"].lower(), found["op"])
            # a relation that holds is not what was waited for
            if measured is not None and limit is not None and not _HOLDS[sign](measured, limit):
                yield measurement(measured, sign, limit, None, found[0].strip())
