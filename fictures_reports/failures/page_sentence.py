r"""What a page lacked or showed, in words: the name of a cause, out of a failure text or signature.

expect(locator).toBeVisible() failed / Locator: getByText('Paid')  → “Paid” was not visible
expect(page).toHaveURL(expected) failed / Expected: "/login"       → address of the page was not …
Unable to find an element with the text: Test Farm                 → “Test Farm” was not there
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.failures.awaited import awaited
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.looked_for import looked_for, not_there
from fictures_reports.failures.shown_values import shown
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from fictures_reports.patterns import Match

_ASSERTION = Pattern(
    r"\A\s*(?:[\w.]*Error: )?(?:Timed out \d+ms waiting for )?"
    r"expect\((?:locator|page|received)\)\.(?P<not>not\.)?(?P<matcher>to[A-Z]\w*)\(",
    "expect(",
)
_LOCATOR = Pattern(r"^[ \t]*Locator: *(?P<locator>[^\n]+)$", "Locator:")
_EXPECTED = Pattern(r"^[ \t]*Expected(?: \w+)*: *(?:not )?(?P<value>[^\n]+)$", "Expected")
_SEVERAL = Pattern(
    r"Found multiple elements with the [\w ]+?(?: of)?: (?P<what>[^\n]+)$", "Found multiple"
)
#: A value that a signature left out.
LABEL = Pattern(r"<(?:time|id|url|path|ip|hash|n)\d+>", "<")
_HUMP = Pattern(r"[A-Z][a-z]*")
#: What of a page an assertion looks at.
_LOOKED_AT: Final = {
    "toHaveText": "text", "toHaveValue": "value", "toHaveValues": "values",
    "toHaveCount": "number", "toHaveClass": "class", "toHaveAttribute": "attribute",
    "toHaveCSS": "style", "toHaveId": "id", "toHaveURL": "address", "toHaveTitle": "title",
    "toHaveRole": "role", "toHaveAccessibleName": "accessible name",
}  # fmt: skip
_OF_PAGE: Final = ("toHaveURL", "toHaveTitle")
_PARTS: Final = ("toContainText", "toContainClass")


def page_sentence(text: str) -> str:
    """Say what the page lacked or showed; "" where the text does not say it."""
    if name := looked_for(text):
        return f"{name} was not there"
    if found := _SEVERAL.search(text):
        return f"{found['what'].strip()} stands for several elements"
    if found := _ASSERTION.search(text):
        return _asserted(found, text)
    locator = awaited(text)[0] if not_there(text) else None
    return f"{in_words(locator)} was not there" if locator else ""


def _asserted(match: Match, text: str) -> str:
    located = _LOCATOR.search(text)
    matcher, was = match["matcher"], "was" if match["not"] else "was not"
    if matcher in _OF_PAGE:
        return _with_value(f"{_LOOKED_AT[matcher]} of the page {was}", text)
    if not located:
        return ""
    name = in_words(located["locator"])
    if not_there(text):
        return f"{name} was not there"
    if matcher in _LOOKED_AT:
        return _with_value(f"{_LOOKED_AT[matcher]} of {name} {was}", text)
    if matcher in _PARTS:
        value = _wanted(text) or "what was wanted"
        return f"{name} {'contained' if match['not'] else 'did not contain'} {value}"
    if matcher.startswith("toBe"):
        return f"{name} {was} {_state(matcher)}"
    return ""


def _with_value(statement: str, text: str) -> str:
    return f"{statement} {_wanted(text) or 'as wanted'}"


def _wanted(text: str) -> str:
    """Show what was expected; "" where it is another value in each of the texts."""
    found = _EXPECTED.search(text)
    return "" if not found or LABEL.search(found["value"]) else shown(found["value"])


def _state(matcher: str) -> str:
    """Return the words of a matcher: in the viewport, visible."""
    words = " ".join(m[0].lower() for m in _HUMP.finditer(matcher.removeprefix("toBe")))
    return words.replace("in viewport", "in the viewport")
