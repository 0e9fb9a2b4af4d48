"""What a failure says in words: the author's own in front of an assertion, and the first of any."""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

#: How many lines are looked at for one that says something.
_MOST_LINES: Final = 6

_LEAD = Pattern(
    r"\A\s*(?:(?:Uncaught )?(?:TestingLibraryElement|Cypress)?Error|Exception|Failed"
    r"|(?:[\w.]+\.)?Assertion\w*(?:Error|Exception)): "
)
_HEADING = Pattern(r"\A(?:assert\b|expect\(|expect\.|locator\.|page\.)")
#: How the assertion libraries begin.
_ASSERTION = Pattern(
    r"\A(?:Timed out |Timeout [0-9]|expected:? |Expected:? |Expecting\b|Failed asserting"
    r"|Lists differ|[^\n]* (?:!=|not found in) |False is not true|True is not false|Snapshot "
    r"|Unable to find |Found multiple )",
)
_ASSERTION_BELOW = Pattern(r"^(?:assert |expect\()", "\nassert ", "\nexpect(")
#: What a call log and the facts of an assertion begin with: no words of an error.
_NO_WORDS: Final = (
    "expect", "Call log:", "Locator:", "Timeout:", "- ", "+ ", "=====", "Error Trace:", "Expected",
    "Received",
)  # fmt: skip


def first_words(text: str) -> str:
    r"""Return the first line that says what went wrong; "" of an empty text.

    >>> first_words("Error: expect(a).toBe(b)\n\nno such thing"), first_words("Error: gone")
    ('no such thing', 'gone')
    """
    lines = [line.strip() for line in _LEAD.without(text).splitlines() if line.strip()]
    sentences = (line for line in lines[:_MOST_LINES] if not line.startswith(_NO_WORDS))
    return next(sentences, lines[0] if lines else "")


def own_words(message: str) -> str:
    r"""Return what the author wrote in front of the assertion's own words; "" for nothing.

    >>> own_words("AssertionError: no cart\nassert 404 == 200"), own_words("assert 404 == 200")
    ('no cart', '')
    """
    first, _, below = _LEAD.without(message).lstrip().partition("\n")
    if _HEADING.search(first):
        return ""
    if _ASSERTION.search(first) and not _ASSERTION_BELOW.search(f"\n{below}"):
        return ""
    return first.strip().rstrip(":. ")


def with_own_words(message: str, sentence: str) -> str:
    """Put the author's words in front of a sentence."""
    return ": ".join(filter(None, (own_words(message), sentence)))
