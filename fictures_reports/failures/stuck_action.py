"""What a time-out waited for and in which state it was last: one cause, whatever the call was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.failures.element_states import state_in_log
from fictures_reports.failures.timeouts import timeout_facts
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from fictures_reports.patterns import Match

_RAN_OUT = Pattern(
    r"\A\s*(?:[\w.]*Error: )*(?:Test timeout of \d+ms exceeded|[\w.]+: (?:Test t|T)imeout (?:of )?"
    r"\d+ms exceeded)",
    "imeout ",
)
# A row of the data that this run made: another one next time.
_MADE = Pattern(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}|\d{6,}")
#: First line of the signature of an action that ran out of time.
RAN_OUT: Final = "Timeout exceeded"
_BUTTON = Pattern(
    r"(?i)getByRole\(['\"]button['\"]|\bbutton\b|type=\W{0,2}submit",
    "button",
    "submit",
    folded=True,
)
_PYTHON = Pattern(r"get_by_(\w)(\w*?)(?:_(\w)(\w*))?\(\"([^\"\n]*)\"\)", "get_by_")


def stuck_action(text: str, place: str = "") -> str | None:
    """Return locator and last state of an action that ran out of time; None for other texts.

    Buttons of one file that stayed disabled are one cause: what enables them did not happen.
    """
    if not _RAN_OUT.search(text):
        return None
    facts = timeout_facts(text)
    # an address has no state: it did not load
    if not facts.locator or facts.waited_for != facts.locator:
        return None
    locator = _MADE.sub(lambda _: "<id>", facts.locator)
    locator = _PYTHON.sub(_worded_as_in_javascript, locator)
    state = _state(facts.last_state, text)
    if state == "disabled" and place and _BUTTON.search(locator):
        return f"{RAN_OUT}\nState: button disabled\nPlace: {place}"
    return f"{RAN_OUT}\nLocator: {locator}\nState: {state}"


def _worded_as_in_javascript(match: Match) -> str:
    part = [match[n] for n in range(1, 6)]
    return f"getBy{part[0].upper()}{part[1]}{part[2].upper()}{part[3]}('{part[4]}')"


def _state(last: str | None, text: str) -> str:
    state = state_in_log(last)
    if state and state.lasting:
        return state.lasting
    return "there, but not ready" if " resolved to " in text else "not there"
