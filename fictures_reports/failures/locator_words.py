"""A locator in words: getByRole('button', { name: 'Save' }) is the “Save” button."""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

#: Longest locator that is shown as it is.
_LONGEST: Final = 80
_QUOTED: Final = r"(?:'([^'\n]+)'|\"([^\"\n]+)\")"
_ROLE = Pattern(
    rf"\A(?:getByRole|get_by_role)\({_QUOTED}, ?(?:\{{ ?name: ?|name=){_QUOTED}[^\n(]*\)\z", "ole("
)
_TEXT = Pattern(rf"\A(?:getByText|get_by_text)\({_QUOTED}[^\n(]*\)\z", "ext(")
_LABEL = Pattern(rf"\A(?:getByLabel|get_by_label)\({_QUOTED}[^\n(]*\)\z", "abel(")
_TEST_ID = Pattern(rf"\A(?:getByTestId|get_by_test_id)\({_QUOTED}\)(?:\.first\(\))?\z", "est")


def in_words(locator: str) -> str:
    """Return what a locator stands for, in words where it is simple.

    >>> in_words("getByRole('button', { name: 'Save' })")
    'the “Save” button'
    >>> in_words("locator('#save')")
    "locator('#save')"
    """
    if found := _ROLE.search(locator):
        return f"the “{found[3] or found[4]}” {found[1] or found[2]}"
    if found := _TEXT.search(locator):
        return f"the text “{found[1] or found[2]}”"
    if found := _LABEL.search(locator):
        return f"the field “{found[1] or found[2]}”"
    if found := _TEST_ID.search(locator):
        return f"“{found[1] or found[2]}”"
    return locator if len(locator) <= _LONGEST else locator[: _LONGEST - 1] + "…"
