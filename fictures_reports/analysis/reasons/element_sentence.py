"""What a page lacked, or had too much of, where a test looked for something.

“Installation” heading not there
6 elements match .card, one was wanted
"""

from __future__ import annotations

from fictures_reports.analysis.reasons.own_words import with_own_words
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.looked_for import looked_for, not_there
from fictures_reports.failures.shown_values import shortened
from fictures_reports.patterns import Pattern

_MATCHED = Pattern(
    r"strict mode violation: [^\n]+? resolved to (?P<n>[0-9]{1,9}) elements", "resolved to "
)
_SEVERAL = Pattern(
    r"Found multiple elements with the [\w ]+?(?: of)?: (?P<what>[^\n]+)$", "Found multiple"
)
_RECEIVED = Pattern(r"^\s*Received(?: \w+)*: +\"?(?P<state><?[^\n\"]*)", "Received")
_WANTED = Pattern(r"^\s*Expected(?: \w+)*: +(?P<state>[^\n]*)$", "Expected")


def not_as_wanted(message: str, locator: str) -> str:
    """Say what was not on the page as wanted; "" where the failure does not name it."""
    name = looked_for(message) or (in_words(locator) if locator else "")
    if found := _SEVERAL.search(message):
        return f"several elements match {shortened(found['what'])}, one was wanted"
    if not name:
        return ""
    if found := _MATCHED.search(message):
        return f"{int(found['n']):,} elements match {name}, one was wanted"
    if not_there(message):
        return with_own_words(message, f"{name} not there")
    return with_own_words(message, state) if (state := _state(message, name)) else ""


def _state(message: str, name: str) -> str:
    received, wanted = _RECEIVED.search(message), _WANTED.search(message)
    if not received or not wanted:
        return ""
    return f"{name}: {_bare(received['state'])}, wanted {_bare(wanted['state'])}"


def _bare(state: str) -> str:
    return shortened(state.strip('<> "'))
