"""Limits that assertions compared: the wordings of the assertion libraries.

Expected: < 100 / Received: 1047          → Measurement(1047, "<", 100)
assert 1.83 <= 1.5                        → Measurement(1.83, "<=", 1.5)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.failures.measured_limit import Measurement, measurement
from fictures_reports.failures.quantities import NUMBER, number
from fictures_reports.patterns import Pattern, Patterns

if TYPE_CHECKING:
    from fictures_reports.patterns import Match

#: What pytest prints on a side of a comparison: a number, one in a wrapper, or a short sum of them.
_SIDE: Final = (
    r"(?:[\w.]*\w\(['\"]?"
    + NUMBER
    + r"['\"]?\)|\(*"
    + NUMBER
    + r"(?:\s[-+*/]\s\(*"
    + NUMBER
    + r"\)*)*\)*"
    r"|datetime\.timedelta\([\w=, .-]{1,80}\))"
)
_WORDS: Final = {
    "below": "<", "less than": "<", "under": "<", "lower than": "<", "fewer than": "<",
    "above": ">", "greater than": ">", "over": ">", "more than": ">",
    "at least": ">=", "at most": "<=", "greater than or equal to": ">=", "less than or equal "
    "to": "<=",
    "a value less than": "<", "a value greater than": ">", "a value less than or equal to": "<=",
    "a value greater than or equal to": ">=", "a value equal to or greater than": ">=",
    "a value equal to or less than": "<=", "less": "<", "greater": ">",
}  # fmt: skip
_RELATION: Final = (
    r"(?:less|greater|lower|more) than(?: or equal to)?|below|above|under|over|at least|at most"
)

_THAN: Final = r"(?:less|greater) than(?: or equal to)?"
_TO_BE: Final = rf"to be (?P<op>{_RELATION})(?: to)?:?\s+"
_ASSERT: Final = r"^\s*(?:AssertionError: )?assert "

# Each has the groups a (measured), op (relation that should have held) and b (limit); the word
# before it stands in every text that it matches, and is much faster to look for.
_WORDINGS: Final = Patterns(
    # Jest and Playwright; a BigInt ends in n
    Pattern(
        rf"Expected: (?P<op>[<>]=?) (?P<b>{NUMBER})n?\s+Received: +(?P<a>{NUMBER})n?\s*$",
        "Received: ",
    ),
    Pattern(
        rf"Expected: +(?P<b>{NUMBER})\s+Received: +(?P<a>{NUMBER})\s+(?P<op>Expected precision:)",
        "Expected precision:",
    ),
    # close, though it should not be: the difference is too small
    Pattern(
        rf"Expected: +not {NUMBER}\s+Received: +{NUMBER}\s+Expected precision:[^\n]*\s+"
        rf"(?P<op>Expected difference:) < (?P<b>{NUMBER})\s+Received difference: +(?P<a>{NUMBER})",
        "Expected difference:",
    ),
    Pattern(
        rf"expected {NUMBER} (?:to not|not to) be close to {NUMBER}, "
        rf"(?P<op>received difference) is (?P<a>{NUMBER}), but expected (?P<b>{NUMBER})",
        "received difference",
    ),
    # the same, negated: expect(x).not.toBeGreaterThan(50) wants x <= 50
    Pattern(
        rf"[Ee]xpected: (?P<op>not [<>]=?) (?P<b>{NUMBER})n?\s+(?:Received|got): +"
        rf"(?P<a>{NUMBER})n?\s*$",
        "xpected: not ",
    ),
    Pattern(
        rf"{_ASSERT}(?P<op>not) \(?(?P<a>{_SIDE}) (?P<said>[<>]=?) (?P<b>{_SIDE})", "assert not "
    ),
    Pattern(
        rf"[eE]xpected (?P<a>{NUMBER}) (?:to not|not to) be (?P<op>{_RELATION}) (?P<b>{NUMBER})",
        "not ",
    ),
    # pytest-check and pytest-assume
    Pattern(
        rf"^(?:FAILURE: |\S+: )?check (?P<a>{NUMBER}) (?P<op>[<>]=?) (?P<b>{NUMBER})(?:\s|:|$)",
        "check ",
    ),
    Pattern(rf"\bassume\((?P<a>{NUMBER}) (?P<op>[<>]=?) (?P<b>{NUMBER})[,)]", "assume("),
    # pytest
    Pattern(rf"{_ASSERT}(?P<a>{_SIDE}) (?P<op>[<>]=?) (?P<b>{_SIDE})(?:\s|$|,)", "assert "),
    Pattern(rf"{_ASSERT}(?P<a>{NUMBER}) (?P<op>==) (?:approx\()?(?P<b>{NUMBER}) ±", " ±"),
    Pattern(rf"{_ASSERT}(?:approx\()?(?P<b>{NUMBER}) ± \S+ (?P<op>==) (?P<a>{NUMBER})", " ±"),
    Pattern(rf"^\s*(?P<op>Obtained): (?P<a>{NUMBER})\s+Expected: (?P<b>{NUMBER}) ±", "Obtained"),
    # unittest
    Pattern(rf"(?P<a>{NUMBER}) not (?P<op>{_THAN}) (?P<b>{NUMBER})", " not "),
    Pattern(
        rf"(?P<a>{NUMBER}) (?P<op>!=) (?P<b>{NUMBER}) within {NUMBER} (?:places|delta)", " within "
    ),
    # Chai and Vitest
    Pattern(
        rf"[eE]xpected (?P<a>{NUMBER}) to be (?:a number )?(?P<op>{_RELATION}) (?P<b>{NUMBER})",
        " to be ",
    ),
    Pattern(rf"expected (?P<a>{NUMBER}) (?P<op>to be close to) (?P<b>{NUMBER})", " to be "),
    # assertpy
    Pattern(
        rf"Expected <(?P<a>{NUMBER})> to be (?P<op>{_THAN}) <(?P<b>{NUMBER})>",
        "to be ",
    ),
    # PHPUnit
    Pattern(
        rf"asserting that (?P<a>{NUMBER}) is (?P<op>(?:less|greater) than) (?P<b>{NUMBER})",
        "asserting",
    ),
    Pattern(
        rf"asserting that (?P<a>{NUMBER}) is equal to (?P<b>{NUMBER})"
        r" or is (?P<op>less|greater) than",
        "asserting",
    ),
    # testify, Hamcrest, AssertJ, RSpec, NUnit
    Pattern(rf'"(?P<a>{NUMBER})" is not (?P<op>{_THAN}) "(?P<b>{NUMBER})"', " is not "),
    Pattern(
        rf"(?P<op>a value [a-z ]+?) <(?P<b>{NUMBER})[LFD]?>\s+"
        rf"but:? (?:was )?<(?P<a>{NUMBER})[LFD]?>",
        "a value ",
    ),
    Pattern(
        rf"Expecting(?: actual)?:?\s+(?P<a>{NUMBER})[LFDf]?\s+{_TO_BE}(?P<b>{NUMBER})", "Expecting"
    ),
    Pattern(rf"expected: (?P<op>[<>]=?) (?P<b>{NUMBER})\s+got: +(?P<a>{NUMBER})", "got: "),
    Pattern(
        rf"Expected: (?P<op>{_THAN}) (?P<b>{NUMBER})[dfmLFD]?\s+But was: +(?P<a>{NUMBER})",
        "But was: ",
    ),
)
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TOO_SMALL: Final = {"Expected difference:", "received difference"}
_IS_ABOUT: Final = {"Expected precision:", "Obtained", "!=", "==", "to be close to"}


def compared_limits(text: str) -> list[Measurement]:
    """Return what assertions compared with a limit, in the order of the text."""
    found = [
        (match.start(), compared)
        for pattern in _WORDINGS.that_may_match(text)
        for match in pattern.finditer(text)
        if (compared := _read(match))
    ]
    # one comparison may be said twice: in the assertion and below it
    measurements = {(m.measured, m.limit): m for _, m in sorted(found, reverse=True)}
    return list(reversed(measurements.values()))


def _read(match: Match) -> Measurement | None:
    """Read the words of a comparison; None where a side of it is no number."""
    measured, limit = number(match["a"]), number(match["b"])
    if measured is None or limit is None:
        return None
    unit = "s" if match["b"].startswith("datetime.timedelta(") else None
    return measurement(measured, _comparator(match), limit, unit, match[0].strip())


def _comparator(match: Match) -> str:
    op = match["op"]
    if op in _IS_ABOUT:
        return "=="
    if op in _TOO_SMALL:
        return ">="
    if op == "not":
        return _OPPOSITE[match["said"]]
    if op.startswith("not "):
        return _OPPOSITE[op.removeprefix("not ")]
    if "xpected" in match[0][:9] and " not " in match[0].rpartition("be ")[0]:
        return _OPPOSITE.get(_WORDS.get(op, op), op)
    if op in ("less", "greater") and "or is" in match[0]:
        return {"less": "<=", "greater": ">="}[op]
    return _WORDS.get(op, op)
