"""What a page lacked, or had too much of, where a test looked for something.

“Installation” heading not there
6 elements match .card, one was wanted
"""

from __future__ import annotations

from typing import Final

from fictures_reports.analysis.reasons.own_words import with_own_words
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.shown_values import quoted, shortened
from fictures_reports.patterns import Pattern

_MATCHED = Pattern(
    r"strict mode violation: [^\n]+? resolved to (?P<n>[0-9]{1,9}) elements", "resolved to "
)
_SEVERAL = Pattern(
    r"Found multiple elements with the [\w ]+?(?: of)?: (?P<what>[^\n]+)$", "Found multiple"
)
_RECEIVED = Pattern(r"^\s*Received(?: \w+)*: +\"?(?P<state><?[^\n\"]*)", "Received")
_WANTED = Pattern(r"^\s*Expected(?: \w+)*: +(?P<state>[^\n]*)$", "Expected")
_NOT_THERE: Final = (
    "element(s) not found", "never found it", "Unable to find", "no such element",
    "Unable to locate", "failed to find element", "NoSuchElement", "No element found",
    "but never did",
)  # fmt: skip
_LOOKED_FOR = Pattern(
    r"Unable to find an? (?:accessible )?(?:element|label)[^\n]*? (?:with the|by) (?P<how>[\w -]+?)"
    r"(?: of)?:? (?P<what>\"[^\"\n]+\"|[^\n]+?)(?: and name [`\"](?P<name>[^`\"\n]+)[`\"])?"
    r"(?:\. This could be|\.?$| and )|"
    r"Expected to find (?:element|content): [`'](?P<cypress>[^`'\n]+)",
    "Unable to find", "Expected to find",
)  # fmt: skip


def not_as_wanted(message: str, locator: str) -> str:
    """Say what was not on the page as wanted; "" where the failure does not name it."""
    name = looked_for(message) or (in_words(locator) if locator else "")
    if found := _SEVERAL.search(message):
        return f"several elements match {shortened(found['what'])}, one was wanted"
    if not name:
        return ""
    if found := _MATCHED.search(message):
        return f"{int(found['n']):,} elements match {name}, one was wanted"
    if any(words in message for words in _NOT_THERE):
        return with_own_words(message, f"{name} not there")
    return with_own_words(message, state) if (state := _state(message, name)) else ""


def _state(message: str, name: str) -> str:
    received, wanted = _RECEIVED.search(message), _WANTED.search(message)
    if not received or not wanted:
        return ""
    return f"{name}: {_bare(received['state'])}, wanted {_bare(wanted['state'])}"


def _bare(state: str) -> str:
    return shortened(state.strip('<> "'))


def looked_for(message: str) -> str:
    """Name what Testing Library or Cypress looked for; "" where the text is of another tool."""
    found = _LOOKED_FOR.search(message)
    if not found:
        return ""
    if not found["what"]:
        return in_words(found["cypress"])
    what = found["what"].strip("\"'` ")
    if found["how"] == "role":
        return f"{_named(found['name'])} {what}" if found["name"] else what
    return _named(what)


def _named(words: str) -> str:
    """Put words into quotation marks, but not a regular expression."""
    return words if words.startswith("/") else quoted(words)
