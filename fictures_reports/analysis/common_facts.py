"""What the tests of one cause have in common, and the advice that fits where it was raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.failures.addresses import origin_in
from fictures_reports.failures.cause_names import state_in
from fictures_reports.failures.locator_words import in_words
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_ADDRESS = Pattern(r"\b(?:https?|wss?)://[^\s\"'`<>)\]},;]+", "://")


def common_facts(rows: Sequence[Any]) -> list[str]:
    """Return what all rows have in common, in words: address, server, control, state, file.

    >>> common_facts([])
    []
    """
    if not rows:
        return []
    found: list[str] = []
    for words, of in _FACTS:
        values = {of(row) for row in rows}
        value = values.pop() if len(values) == 1 else ""
        # a server says nothing beside the whole address
        if value and not any(value in fact for fact in found):
            found.append(f"{words} {value}" if words else value)
    return found


def _address(row: Any) -> str:
    found = _ADDRESS.search(known(row.message) or "")
    return found[0].rstrip("/.") if found else ""


def _server(row: Any) -> str:
    message = known(row.message) or ""
    return origin_in(message) if "://" in message or "ECONN" in message else ""


def _control(row: Any) -> str:
    locator = known(row.locator)
    return in_words(locator) if locator and not locator.startswith("navigating") else ""


def _state(row: Any) -> str:
    return state_in(known(row.signature) or "")


_FACTS: Final[tuple[tuple[str, Callable[[Any], str]], ...]] = (
    ("at", _address),
    ("server", _server),
    ("waited for", _control),
    ("last seen", _state),
    ("fixture", lambda row: known(row.fixture) or ""),
    ("raised at", lambda row: known(row.location) or ""),
    ("in", lambda row: known(row.file) or ""),
)

#: Where the code of runners lies; an error that was raised elsewhere is the suite's own.
_RUNNERS: Final = ("node_modules", "site-packages", "playwright/lib", "internal/", "node:")
#: Rules whose advice speaks of the runner's own faults.
_OF_RUNNER: Final = "playwright-internal"


def advice_for(row: Any, advice: Mapping[str, str]) -> str:
    """Return the advice of the rule that decided, unless the suite itself raised the error.

    A text that looks like the runner's own may be thrown by a helper of the suite; where the
    result says in which file, that decides.
    """
    rule, place = known(row.rule) or "", known(row.location) or ""
    is_of_suite = place and not any(name in place.replace("\\", "/") for name in _RUNNERS)
    if rule.startswith(_OF_RUNNER) and is_of_suite:
        return f"The suite's own code raised it, at {place}: look there before at the runner."
    return advice.get(rule, "")
