"""What a locator means to a reader: the button's name instead of the call that looks for it.

getByRole('button', { name: 'Run' })          → “Run” button
page.get_by_label("E-mail")                   → “E-mail” field
locator('.card p')                            → .card p
getByTestId('cart').getByText('Empty').first() → “Empty” in cart
"""

from __future__ import annotations

from typing import Final

from fictures_reports.failures.shown_values import quoted, shortened
from fictures_reports.patterns import Match, Pattern

#: A locator that is longer says more about the page's markup than about what was looked for.
_LONGEST: Final = 60

_STRING: Final = (
    r"(?:'(?P<q1>(?:[^'\\]|\\.)*)'|\"(?P<q2>(?:[^\"\\]|\\.)*)\"|(?P<regex>/[^/\n]+/\w*))"
)
_ROLE = Pattern(
    r"\A(?:getByRole|get_by_role)\(['\"](?P<role>\w+)['\"](?:, *\{?[^\n]*?name(?:: |=)"
    rf"(?:re\.compile\(r?)?{_STRING})?",
    "ByRole(", "by_role(",
)  # fmt: skip
_NAMED = Pattern(
    rf"\A(?:getBy|get_by_)(?P<kind>\w+)\((?:re\.compile\(r?)?{_STRING}", "getBy", "get_by_"
)
_SELECTOR = Pattern(rf"\A(?:\w+\.)?(?:locator|frameLocator|frame_locator)\({_STRING}", "ocator(")
_HAS_TEXT = Pattern(
    r"\A(?P<tag>[a-z][a-z0-9]*):(?:has-text|text|text-is)\((?P<quote>[\"'])(?P<text>[^\"'\n]+)",
    "text",
)
_TEST_ID = Pattern(
    r"\A(?:[a-z]+)?\[data-(?:testid|test|test-id|cy|qa)=[\"']?(?P<id>[\w.:-]+)[\"']?\]\z", "[data-"
)
_KINDS: Final = {
    "text": "", "label": " field", "placeholder": " field", "alttext": " picture", "title": "",
}  # fmt: skip
_TAGS: Final = {"a": " link", "button": " button", "h1": " heading", "h2": " heading",
                "h3": " heading", "label": " field"}  # fmt: skip
_FILTER = Pattern(
    rf"\Afilter\((?:\{{ *hasText: *|has_text=)(?:re\.compile\(r?)?{_STRING}", "filter("
)
#: Calls that only pick one of several.
_PICKS: Final = ("first", "last", "nth", "filter", "and_", "or_", "describe")


def in_words(locator: str) -> str:
    """Say what a locator looks for; a selector stays as it is.

    >>> in_words("getByRole('button', { name: 'Run' })"), in_words("locator('.card p')")
    ('“Run” button', '.card p')
    """
    parts = [words for words in map(_part, _calls(locator.strip())) if words]
    if not parts:
        return shortened(locator.strip(), _LONGEST)
    last, outer = parts[-1], parts[-2] if len(parts) > 1 else ""
    named = outer and last.startswith(("“", "/"))
    whole = f"{last} in {outer}" if named else " ".join(filter(None, (outer, last)))
    return whole if len(whole) <= _LONGEST else shortened(last, _LONGEST)


def _calls(locator: str) -> list[str]:
    """Cut a chain of calls at its dots, but not inside brackets or quotes."""
    if "(" not in locator:
        return [locator]
    calls, start, depth, quote, skip = [], 0, 0, "", False
    for at, char in enumerate(locator):
        if skip or quote:
            skip, quote = (False, quote) if skip else (char == "\\", "" if char == quote else quote)
        elif char in "\"'`":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "." and depth == 0 and at > start:
            calls.append(locator[start:at])
            start = at + 1
    return [*calls, locator[start:]]


def _part(call: str) -> str:
    if found := _FILTER.search(call):
        return _text(found)
    name = call.partition("(")[0]
    if name in _PICKS or name in {"page", "self", "frame", ""} or name == "contentFrame":
        return ""
    if found := _ROLE.search(call):
        named = _text(found)
        return f"{named} {found['role']}" if named else found["role"]
    if found := _NAMED.search(call):
        return _by_kind(found["kind"].lower().replace("_", ""), found)
    if found := _SELECTOR.search(call):
        return _selector(found["q1"] or found["q2"])
    return _selector(call) if "(" not in call or call.startswith((".", "#", "[")) else ""


def _by_kind(kind: str, match: Match) -> str:
    if kind == "testid":
        return match["q1"] or match["q2"] or match["regex"]
    return f"{_text(match)}{_KINDS.get(kind, '')}"


def _text(match: Match) -> str:
    words = match["q1"] or match["q2"]
    return quoted(words) if words else match["regex"]


def _selector(selector: str) -> str:
    selector = selector.strip()
    if found := _TEST_ID.search(selector):
        return found["id"]
    if found := _HAS_TEXT.search(selector):
        return f"{quoted(found['text'])}{_TAGS.get(found['tag'], '')}"
    if selector.startswith("text="):
        return quoted(selector.removeprefix("text=").strip("\"'"))
    return "" if selector in {"..", "internal:control=component"} else selector
