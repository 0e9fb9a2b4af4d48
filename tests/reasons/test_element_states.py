"""The last state of an element: one word for it in a cause's name and in the line of a test."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.reasons.waiting_sentence import waited
from fictures_reports.failures.cause_names import name_of, state_in
from fictures_reports.failures.element_states import ELEMENT_STATES
from fictures_reports.failures.signature import signature

LOG = (
    "TimeoutError: locator.click: Timeout 9000ms exceeded.\nCall log:\n"
    "  - waiting for getByRole('link', {{ name: 'Save' }})\n"
    "    - locator resolved to <a>Save</a>\n"
    "    20 × waiting for element to be visible, enabled and stable\n"
    "      - {}\n"
)
LINES = {
    "element is not visible": "not visible",
    "element is not enabled": "disabled",
    "element is not stable": "moving all the time",
    "element is not editable": "not editable",
    "element is outside of the viewport": "outside of the view",
    '<div class="dim"></div> intercepts pointer events': "covered by something else",
}


@pytest.mark.parametrize(("line", "words"), LINES.items())
def test_a_cause_and_its_tests_speak_of_the_last_state_in_the_same_words(
    line: str, words: str
) -> None:
    text = LOG.format(line)
    assert waited(text, None, None) == f"waited 9 s: “Save” link {words}"
    assert name_of(signature(text)).endswith(words)
    assert state_in(signature(text)) == words


def test_every_state_that_causes_tell_apart_has_a_line_of_a_call_log() -> None:
    lasting = {one.log for one in ELEMENT_STATES if one.lasting}
    assert all(any(log in line for line in LINES) for log in lasting)
    assert len(lasting) == len(LINES)
