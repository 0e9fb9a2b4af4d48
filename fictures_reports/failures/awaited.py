"""What a text waited for: a locator, or an address, an event, a hook, a fixture in words.

  - waiting for getByRole('button', { name: 'Run' })    → locator
  - navigating to "http://shop.test/cart", waiting …    → locator: the address
Test timeout of 30000ms exceeded while setting up "db"  → no locator: setting up "db"
  - waiting for fonts to load...                        → neither: a step of the runner
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern, Patterns

if TYPE_CHECKING:
    from fictures_reports.patterns import Match

#: How a locator of Playwright's begins, in JavaScript and in Python.
_PLAYWRIGHT: Final = (
    r"(?:(?:page|frame|this\.page|self\.page)\.)?(?:locator|getBy[A-Z]\w*|get_by_\w+|frameLocator"
    r"|frame_locator)\(|internal:|aria-ref="
)
#: How the selector of any runner begins: CSS, XPath, or an engine's name.
_SELECTOR: Final = (
    r"(?:#|\.|\[)[A-Za-z_][^\n]*|//[a-z*][^\n]*|(?:css|xpath|text|id|role|data-testid)=[^\n]+"
    r"|By\.\w+[(:][^\n]*"
)
# Each with the words one of which stands in every text that it matches. The group `locator` is a
# locator, `what` is what was waited for in the text's own words where these are not the locator.
_AWAITED: Final = Patterns(
    Pattern(r"^\s*Locator: +(?P<locator>\S[^\n]*)$", "Locator: "),
    Pattern(rf"^\s*-? *waiting for (?P<locator>(?:{_PLAYWRIGHT})[^\n]*)$", "waiting for "),
    Pattern(
        r"[Ww]aiting for (?:selector|XPath) [\"`'](?P<locator>[^\n\"`]+)[\"`']",
        "aiting for selector ", "aiting for XPath ",
    ),
    Pattern(r"waiting for element <(?P<locator>[^\n>]+)>", "waiting for element <"),
    Pattern(r"element \(\"(?P<locator>[^\n\"]+)\"\) still", 'element ("'),
    Pattern(r"strict mode violation: (?P<locator>[^\n]+?) resolved to", "strict mode violation: "),
    Pattern(r"Expected to find (?:element|content): `(?P<locator>[^`]+)`", "Expected to find "),
    Pattern(r"\"selector\":\"(?P<locator>(?:[^\"\\]|\\.)+)\"", '"selector":"'),
    Pattern(r"located by (?P<locator>By\.[^\n(]+?)(?: \(|$)", "located by By."),
    # Testing Library: only "by: [data-testid=…]" is a locator; a text, label or role is words
    Pattern(
        r"Unable to (?:find|locate)[^\n]* by: (?P<locator>\[[^\n]+?\])(?:\.|\s|$)", "Unable to ",
    ),
    Pattern(
        r"Unable to (?:find|locate) (?:an? )?(?:accessible )?(?P<what>[^\n{]*?"
        r"(?:with the (?:text|role|label|title|placeholder text|alt text|display value)"
        r"|label with the text of)[^\n{]*?)(?:\. This could|\.?\s*$)",
        "Unable to ",
    ),
    Pattern(
        r"Unable to (?:find|locate)[^\n]* (?:element|text|label"
        rf"|role):? (?P<locator>(?:{_SELECTOR}))$",
        "Unable to ",
    ),
    Pattern(
        r"Unable to (?:find|locate) (?:css|xpath|link|button|field|element) "
        r"\"(?P<locator>[^\n\"]+)\"", "Unable to ",
    ),
    Pattern(
        r"(?P<what>navigating to \"(?P<locator>[^\n\"]+)\"(?:, waiting until \"\w+\")?)",
        'navigating to "',
    ),
    Pattern(
        r"waiting for (?P<what>(?:navigation to|response|request) "
        r"\"(?P<locator>[^\n\"]+)\"[^\n]*)$",
        "waiting for navigation to ", "waiting for response ", "waiting for request ",
    ),
    Pattern(r"waiting for (?P<what>navigation[^\n]*)$", "waiting for navigation"),
    Pattern(
        r"while (?P<what>(?:setting up|tearing down|running) \"[^\"]+\"[^\n.]*)",
        "while setting up", "while tearing down", "while running",
    ),
    Pattern(r"(?P<what>\"\w+\" hook)", '" hook'),
    Pattern(r"(?P<what>Fixture \"[^\"]+\")", 'Fixture "'),
    Pattern(r"(?P<what>Tearing down \"[^\"]+\")", 'Tearing down "'),
    Pattern(r"waiting for (?P<what>event \"[^\"]+\")", 'waiting for event "'),
    Pattern(r"^\s+- (?P<what>\w+\.\w+ at [^\n]+)$", " at "),
    Pattern(r"(?P<what>→ (?:GET|POST|PUT|PATCH|DELETE|HEAD) (?P<locator>\S+))", "→ "),
    Pattern(r"to the route: `(?P<what>[^`]+)`", "to the route: "),
    Pattern(r"Command '?(?P<what>[^\n]{1,200}?)'? timed out", "Command "),
    Pattern(rf"[wW]aiting for (?P<locator>{_SELECTOR})$", "aiting for "),
    Pattern(
        r"(?:Error: |^)(?P<what>(?:page|frame|locator|request|apiRequestContext)\.\w+): ",
        "page.", "frame.", "locator.", "request.", "apiRequestContext.",
    ),
    Pattern(r"[tT]imeout waiting for (?P<what>[^\n]{1,120})", "imeout waiting for "),
    Pattern(r"waiting for (?P<what>[^\n]{1,120})", "waiting for "),
)  # fmt: skip
#: Steps of a call log that say what the runner does, not what the test waits for.
_RUNNERS_OWN: Final = Pattern(
    r"\A(?:fonts? |element to |element\(s\) to |scheduled navigation|\d+ ?ms\b|load\.\.\.)"
)
_STATES: Final = ("visible", "hidden", "attached", "detached", "enabled", "stable")


def awaited(text: str) -> tuple[str | None, str | None]:
    """Return the locator that a plain text waited for, and what it waited for in its words.

    The second is the locator where the text has no other words; either is None where the text
    does not tell.
    """
    for pattern in _AWAITED.that_may_match(text):
        for found in pattern.finditer(text):
            locator, awaited_state = _read(found)
            if locator or awaited_state:
                return locator, awaited_state or locator
    return None, None


def _read(match: Match) -> tuple[str | None, str | None]:
    locator, awaited_state = (
        _without_state(match.named("locator")),
        _without_state(match.named("what")),
    )
    return locator or None, None if _RUNNERS_OWN.search(awaited_state) else awaited_state or None


def _without_state(awaited_state: str) -> str:
    """Take 'to be visible' and hints off the end of what was waited for."""
    # Firefox's driver adds where to read more
    awaited_state = awaited_state.partition("; For documentation")[0].strip()
    words, behind, state = awaited_state.rpartition(" to be ")
    return words if behind and state in _STATES else awaited_state
