"""What ran out of time, what it waited for, and in what state that was last.

waited 240 s: “Cache debug” button not there
waited 5 s for /cart to load
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import duration, number
from fictures_reports.failures.element_states import state_in_log
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.shown_values import quoted, shortened
from fictures_reports.failures.timeouts import TimeoutFacts, timeout_facts
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from fictures_reports.patterns import Match

_SEVERAL = Pattern(r"locator resolved to ([0-9]{1,9}) elements", "locator resolved to ")
_RESOLVED = Pattern(r"locator resolved to (?:visible |hidden )?<", "locator resolved to ")
_VALUE = Pattern(r"unexpected value \"(?P<value>[^\n]*)\"\s*$", "unexpected value")
_GOTO = Pattern(r"navigating to \"(?P<url>[^\"]+)\"", "navigating to ")
_TO_URL = Pattern(r"navigation to \"(?P<url>[^\"]+)\"", "navigation to ")
_ANSWER = Pattern(r"(?P<what>response|request) \"(?P<url>[^\"]+)\"", 'response "', 'request "')
_EVENT = Pattern(r"event \"(?P<event>[^\"]+)\"", 'event "')
_PART = Pattern(
    r"(?P<how>setting up|tearing down|running|Tearing down|Fixture) \"(?P<name>[^\"]+)\"",
    "etting up", "earing down", "running", "Fixture",
)  # fmt: skip
_HOOK = Pattern(r"\"(?P<name>\w+)\" hook", '" hook')
_QUIET = Pattern(r"waitForLoadState|wait_for_load_state|networkidle", "oad", "networkidle")
_CALL = Pattern(r"^(?:Error: |TimeoutError: )?(?P<call>[a-zA-Z]+\.[a-zA-Z_]+): ", ": ")


def waited(message: str, timeout_s: float | None, locator: str | None) -> str:
    """Say what ran out of time, from a failure's text and the facts that were read from it."""
    facts = timeout_facts(message)
    seconds = timeout_s if timeout_s is not None else facts.timeout_s
    lead = "ran out of time" if seconds is None else f"waited {_time(seconds)}"
    is_element = facts.locator is not None and facts.waited_for == facts.locator
    behind = "" if is_element else _behind(message, facts)
    if behind:
        return f"{lead}{behind}"
    if facts.locator or locator:
        return f"{lead}: {in_words(facts.locator or locator or '')} {_state(message, facts)}"
    return lead if seconds is None else f"ran out of its {_time(seconds)}"


def _time(seconds: float) -> str:
    """Write a time limit as its author did: in seconds, as far as it has any."""
    return f"{number(seconds)} s" if seconds >= 1 else duration(seconds)


def _state(message: str, facts: TimeoutFacts) -> str:
    last = facts.last_state or ""
    if state := state_in_log(last):
        return state.words
    if found := _SEVERAL.search(last):
        return f"matched {int(found[1]):,} elements"
    if found := _VALUE.search(last):
        return f"stayed {quoted(found['value'])}"
    return "there, but not ready" if _RESOLVED.search(message) else "not there"


def _behind(message: str, facts: TimeoutFacts) -> str:
    awaited = facts.waited_for or ""
    for pattern, sentence in _SENTENCES:
        if found := pattern.search(awaited):
            return sentence(found)
    if _QUIET.search(awaited) or _QUIET.search(message):
        return " for the page to go quiet"
    if found := _CALL.search(message):
        return f" in {found['call']}"
    return ""


def address(url: str) -> str:
    """Return the part of an address by which a page differs from others of its site.

    >>> address("http://localhost:3000/cart?x=1"), address("http://shop.test/"), address("/a")
    ('/cart?x=1', 'http://shop.test/', '/a')
    """
    site, slash, path = url.partition("//")[2].partition("/")
    return shortened(f"/{path}" if slash and path and site else url, 60)


_SENTENCES: Final[tuple[tuple[Pattern, Callable[[Match], str]], ...]] = (
    (_GOTO, lambda found: f" for {address(found['url'])} to load"),
    (_TO_URL, lambda found: f" to arrive at {address(found['url'])}"),
    (_ANSWER, lambda found: f" for the {found['what']} of {address(found['url'])}"),
    (_EVENT, lambda found: f" for the event {quoted(found['event'])}"),
    (_HOOK, lambda found: f": the {found['name']} hook did not end"),
    (_PART, lambda found: f": {_part(found['how'], found['name'])} did not end"),
)


def _part(how: str, name: str) -> str:
    """Name a hook or a fixture, with the half of it that was running."""
    halves = {"setting up": "set-up of ", "tearing down": "tear-down of ", "Tearing down":
              "tear-down of "}  # fmt: skip
    return f"{halves.get(how, '')}{quoted(name)}"
