"""Errors that hold several: exception groups, checks and soft assertions, taken apart.

+ Exception Group Traceback (most recent call last):
| ExceptionGroup: two checks (2 sub-exceptions)
+-+---------------- 1 ----------------
  | AssertionError: no title            ← a member
  +---------------- 2 ----------------
  | ValueError: no price                ← a member
  +------------------------------------
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from fictures_reports.patterns import Pattern

#: Members of a group that are looked at.
MOST: Final = 24

_IS_GROUP = Pattern(
    r"\(\d+ sub-exceptions?\)|\[single exception in [\w.]*Group\]", "sub-exception", "[single "
)
_ONLY = Pattern(
    r"(?s)\A([\w.]+)\((.*?),?\) \[single exception in [\w.]*Group\]", "[single exception in "
)
#: heads a group as Python prints it
GROUP_TRACEBACK: Final = "Exception Group Traceback (most recent call last):"
_HEADING = Pattern(r"\A[ \t]*(\+-)?\+-{3,} (?:\d+|\.\.\.) -{3,}[ \t]*\z", "--- ")
_END = Pattern(r"\A[ \t]*\+-{10,}[ \t]*\z", "+---")
_BAR = Pattern(r"\A[ \t]*\|(?: |\z)", "|")

_QUOTES = "'\""

_CHECKS = Pattern(r"^Failed Checks: \d+", "Failed Checks: ")
_CHECK = Pattern(r"^FAILURE: ", "FAILURE: ")
_RULE = Pattern(r"^-{10,}[ \t]*$", "-----")

#: how libraries head a list of what failed: assertpy, AssertJ, JUnit 5, TestNG, NUnit, RSpec
_LIST = Pattern(
    r"(?i)^[^\n]*(?:\bsoft[ -]?assert\w*|\bmultiple failures\b|\bfollowing (?:\d+ )?assert\w*"
    r"|\b(?:got )?\d+ (?:failed )?(?:assertions?|asserts|checks?|failures)(?:\(s\))?(?: failed)?)"
    r"[^\n]*\n",
    "assert", "failure", "check", folded=True,
)  # fmt: skip
_NUMBER = Pattern(
    r"^[ \t]*(?:#?\d{1,4}(?:\.\d{1,4})?[.):][ \t]+|-- (?:failure|error) \d+ --|[-*•][ \t]+)",
    ". ", ") ", ": ", "-- ", "- ", "* ", "• ",
)  # fmt: skip
_TAB = Pattern(r"^\t", "\t")


def members_of(message: str, stack: str = "") -> list[str]:
    """Return the texts of the errors in a group, the body's own first; [] if it is no group.

    `message` names the group, `stack` is the long text, which shows the members; either may hold
    both. Nested groups give their innermost errors.
    """
    for text in (stack, message) if stack else (message,):
        if found := _members(message, text):
            return list(islice(found, MOST))
    if only := _ONLY.search(message):
        return [f"{only[1]}: {only[2].strip(_QUOTES)}".removesuffix(": ")]
    return []


def _members(message: str, text: str) -> list[str]:
    if GROUP_TRACEBACK in text and (_IS_GROUP.search(message) or GROUP_TRACEBACK in message):
        return _of_exception_group(text)
    if _CHECKS.search(text):
        return _of_checks(text)
    return _of_list(text)


def _of_exception_group(text: str) -> list[str]:
    """Collect the innermost bodies; a body below which another group begins was that group's."""
    members: list[str] = []
    body: list[str] | None = None
    for line in text.split("\n"):
        heading = _HEADING.search(line)
        if heading or _END.search(line):
            if body is not None and not (heading and heading[1]):
                members.append("\n".join(body))
            body = [] if heading else None
        elif body is not None:
            bar = _BAR.search(line)
            body.append(line[bar.end() :] if bar else line)
    if body:  # the text was cut
        members.append("\n".join(body))
    return [member for member in members if member.strip()]


def _of_checks(text: str) -> list[str]:
    """Read pytest-check's list, below which stands what the test's body raised, if it did."""
    checks, _, below = text.partition("\nFailed Checks: ")
    found = [_RULE.split(part, 1)[0].strip() for part in _CHECK.split(checks)[1:]]
    body = _RULE.split(below, 1)[1:]
    return [part.strip("\n") for part in (*body, *found) if part.strip()]


def _of_list(text: str) -> list[str]:
    """Read what stands numbered, or else indented by a tab, below a line that heads such a list."""
    heading = _LIST.search(text)
    if heading is None or text[: heading.start()].strip():
        return []
    below = text[heading.end() :]
    numbered = _NUMBER.split(below)[1:]
    tabbed = [part for part in _TAB.split(below)[1:] if not part.startswith(("at ", "... "))]
    listed = numbered or tabbed
    return [part.strip().rstrip(",") for part in listed if part.strip()]
