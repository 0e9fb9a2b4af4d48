"""The last state of an element in a call log: what the log says, and what people read.

- element is not enabled                      → disabled
- <div> intercepts pointer events             → covered by something else
"""

from __future__ import annotations

from typing import Final, NamedTuple


class ElementState(NamedTuple):
    """A state in three wordings."""

    #: part of the line in the call log
    log: str
    #: its word in signatures; a part of causes' ids, so it stays as it is. Where it is empty,
    #: the state is not told apart from "there, but not ready"
    lasting: str
    #: in a reader's words, behind "it was"
    words: str


ELEMENT_STATES: Final = (
    ElementState("is not visible", "not visible", "not visible"),
    ElementState("is not enabled", "disabled", "disabled"),
    ElementState("is not stable", "not stable", "moving all the time"),
    ElementState("is not editable", "not editable", "not editable"),
    ElementState("is outside of the viewport", "outside of the viewport", "outside of the view"),
    ElementState(
        "intercepts pointer events", "covered by another element", "covered by something else"
    ),
    ElementState("was detached", "", "taken off the page"),
    ElementState("did not find some options", "", "without the wanted option"),
)


def state_in_log(line: str | None) -> ElementState | None:
    """Return the state that a line of a call log names; None where it names none.

    >>> state_in_log("element is not stable").words
    'moving all the time'
    """
    return next((state for state in ELEMENT_STATES if line and state.log in line), None)


def in_readers_words(lasting: str) -> str:
    """Return the words for a state that stands in a signature; others stay as they are."""
    return next(
        (state.words for state in ELEMENT_STATES if state.lasting == lasting != ""), lasting
    )
