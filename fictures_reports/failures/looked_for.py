"""What Testing Library or Cypress looked for, and whether a text says that something is not there.

Unable to find an element with the text: Test Farm.   → “Test Farm”
Expected to find element: `.card`, but never found it → .card
"""

from __future__ import annotations

from typing import Final

from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.shown_values import quoted
from fictures_reports.patterns import Pattern

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


def not_there(message: str) -> bool:
    """Tell whether a failure says that what it looked for was not on the page."""
    return any(words in message for words in _NOT_THERE)


def looked_for(message: str) -> str:
    """Name what Testing Library or Cypress looked for; "" where the text is of another tool."""
    found = _LOOKED_FOR.search(message)
    if not found:
        return ""
    if not found["what"]:
        return in_words(found["cypress"])
    element = found["what"].strip("\"'` ")
    if found["how"] == "role":
        return f"{_named(found['name'])} {element}" if found["name"] else element
    return _named(element)


def _named(words: str) -> str:
    """Put words into quotation marks, but not a regular expression."""
    return words if words.startswith("/") else quoted(words)
