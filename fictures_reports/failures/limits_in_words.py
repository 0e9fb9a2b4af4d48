"""Budgets in prose: 'took 15.4s, expected < 2s', 'limit 300 ms exceeded: 420 ms'."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.failures.limit_words import LIMIT_NOUNS, RELATIONS
from fictures_reports.failures.measured_limit import Measurement, measurement
from fictures_reports.failures.quantities import Quantity, converted, quantities
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LIMIT_NOUN = Pattern(
    r"(?i)budget|limit|max(?:imum)?\b|min(?:imum)?\b|threshold|expect|should|must|within"
    r"|allow|at most"
    r"|at least|target|\bslo\b|\bsla\b|required|needs? to|cap\b|ceiling|no more than|up to|[<>≤≥]"
    rf"|{LIMIT_NOUNS}"
)
_RELATED = Pattern(
    r"(?i)exceed|over\b|above|more than|longer than|slower than|higher than|greater than"
    r"|larger than|bigger than"
    r"|under\b|below|less than|lower than|fewer than|faster than|smaller than|\bvs\.?\b"
    rf"|versus|against|beyond|{RELATIONS}"
)
_STRICT = Pattern(
    r"(?i)\bnot (?:less|greater|lower|higher) than|(?:expect|should|must|has to|needs? to"
    r"|target)[^<>]*(?:under|below|(?:less|lower"
    r"|fewer|faster|smaller|more|greater|higher|longer) than|above|over)"
)
_GOT = Pattern(
    r"(?i)\b(?:got|had|has|ran|was|took|actual(?:ly)?|received|measured|found|but|is|were|observed)\b|:"
)
# "57 exceeds limit of 20" and "LCP 4.1 above 2.5" need no unit to be a budget
_NAMED_LIMIT = Pattern(
    r"(?i)exceed\w* (?:the )?(?:\w+ )?(?:limit|budget|threshold|max(?:imum)?)\b",
    "exceed",
    folded=True,
)
_PLAIN_RELATION = Pattern(
    r"(?i)\A\s*(?:\S+ ){0,2}(?:above|below|over|under|exceed(?:s|ed|ing)?|beyond|[<>]=?|[≤≥]"
    r"|(?:more|longer|slower|higher|greater|larger|bigger|less|lower|fewer|smaller) than"
    rf"|{RELATIONS})(?: \S+){{0,4}}\s*\z"
)
#: Words right before a limit, which then needs no unit: "at most 2 allowed", "minimum of 30".
_AT_LIMIT = Pattern(
    r"(?i)\b(?:(?P<most>at most|(?:no|not) more than|max(?:imum)?(?: of| is|:)?)"
    r"|(?P<least>at least|(?:no|not) (?:less|fewer) than|min(?:imum)?(?: of| is|:)?))\s*\z"
)
_EXPECTED_BOUND = Pattern(
    r"(?i)\b(?:expect|should|must|want|need)[^\n\d]*\b"
    r"(?:(?P<most>(?:fewer|less|lower|smaller) than|under|below)"
    r"|(?P<least>(?:more|greater|higher|larger) than|over|above))\s*\z"
)
_SHOULD = Pattern(r"(?i)\bto (?:be|have|take|finish)", "to ", folded=True)
_TIMED_OUT = Pattern(r"(?i)time(?:d )?-?out", "time", folded=True)


def limits_in_words(text: str) -> Iterator[Measurement]:
    """Go through the lines, which tell one measurement each."""
    for line in text.splitlines()[:20]:
        if _TIMED_OUT.search(line):
            continue
        numbers = quantities(line[:500])
        for k in range(len(numbers) - 1):
            found = _pair(line, numbers, k)
            if found:
                yield found
                break


def _pair(line: str, numbers: Sequence[Quantity], k: int) -> Measurement | None:
    """Read two neighbouring numbers as a measurement and its limit."""
    (a, unit_a, qa), (b, unit_b, qb) = numbers[k], numbers[k + 1]
    before = line[numbers[k - 1][2].end(2) if k else 0 : qa.start(2)][-60:]
    between = line[qa.end(2) : qb.start(2)]
    named = unit_a or unit_b or _NAMED_LIMIT.search(between) or _PLAIN_RELATION.search(between)
    if len(between) > 70 or a == b or not (named or _is_count(before, between, a, b)):
        return None
    order = _order(before, between)
    if order is None:
        return None
    if order == "limit first":
        a, unit_a, b, unit_b = b, unit_b, a, unit_a
    measured = converted(a, unit_a, unit_b)
    if measured is None:
        return None
    words = f"{before}{between}"
    missed = "<" if measured > b else ">"
    # "expected < 2s" is what should have been; "812 MB > 512 MB" is what was
    bare_sign = words.count(missed) > words.count(f"{missed}=")
    comparator = missed if bare_sign or _STRICT.search(words) else f"{missed}="
    return measurement(measured, comparator, b, unit_b or unit_a, line.strip())


def _is_count(before: str, between: str, a: float, b: float) -> bool:
    """Read a count that was compared with a named limit, such as "12 rows, at least 50 expected".

    The numbers must miss it; zero and one are no budgets but "nothing there".
    """
    if limit := _AT_LIMIT.search(between):
        bound, measured = b, a
    elif _GOT.search(between):
        limit = _AT_LIMIT.search(before) or _EXPECTED_BOUND.search(before)
        bound, measured = a, b
    if limit is None or bound <= 1:
        return False
    return measured > bound if limit["most"] else measured < bound


def _order(before: str, between: str) -> str | None:
    """Tell which of two numbers is the limit, by the words before and between them."""
    if _SHOULD.search(between):
        return "measured first"
    if _LIMIT_NOUN.search(before) and (_GOT.search(between) or _RELATED.search(between)):
        return "limit first"
    if _LIMIT_NOUN.search(between) or _RELATED.search(between):
        return "measured first"
    return None
