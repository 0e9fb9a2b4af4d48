"""Limits in prose: what was measured and what was allowed, as people word it.

In goes the text of a failure, out comes at most one `Measurement` a line:

    took 15.4s, expected < 2s          15.4 < 2 s
    limit 300 ms exceeded: 420 ms      420 <= 300 ms
    12 rows, at least 50 expected      12 >= 50

Two numbers beside each other are looked at, with the words before the first and those between
them: whether they are a measured number and a limit at all, which of them is the limit, and what
should have held.
"""

from __future__ import annotations

from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from fictures_reports.failures.limit_words import LIMIT_NOUNS, RELATIONS
from fictures_reports.failures.measured_limit import Measurement, measurement
from fictures_reports.failures.quantities import Quantity, converted, quantities
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How many lines of a text are looked at, and how many characters of each.
_MOST_LINES: Final = 20
_LONGEST_LINE: Final = 500
#: Of the words before a number as many characters as may belong to it; numbers with more than
#: that many between them do not belong together.
_LONGEST_BEFORE: Final = 60
_LONGEST_BETWEEN: Final = 70

#: What is said beside a limit: "budget of", "expected", "at most".
_LIMIT = Pattern(
    r"(?i)budget|limit|max(?:imum)?\b|min(?:imum)?\b|threshold|expect|should|must|within"
    r"|allow|at most"
    r"|at least|target|\bslo\b|\bsla\b|required|needs? to|cap\b|ceiling|no more than|up to|[<>≤≥]"
    rf"|{LIMIT_NOUNS}"
)
#: What is said between a measured number and its limit: "exceeds", "is above", "vs".
_RELATION = Pattern(
    r"(?i)exceed|over\b|above|more than|longer than|slower than|higher than|greater than"
    r"|larger than|bigger than"
    r"|under\b|below|less than|lower than|fewer than|faster than|smaller than|\bvs\.?\b"
    rf"|versus|against|beyond|{RELATIONS}"
)
#: The limit itself is not allowed: "should be under", "not less than".
_STRICT = Pattern(
    r"(?i)\bnot (?:less|greater|lower|higher) than|(?:expect|should|must|has to|needs? to"
    r"|target)[^<>]*(?:under|below|(?:less|lower"
    r"|fewer|faster|smaller|more|greater|higher|longer) than|above|over)"
)
#: What is said of the measured number: "got", "took", a colon.
_MEASURED = Pattern(
    r"(?i)\b(?:got|had|has|ran|was|took|actual(?:ly)?|received|measured|found|but|is|were|observed)\b|:"
)
#: "57 exceeds limit of 20" needs no unit to be a budget …
_EXCEEDS_LIMIT = Pattern(
    r"(?i)exceed\w* (?:the )?(?:\w+ )?(?:limit|budget|threshold|max(?:imum)?)\b",
    "exceed",
    folded=True,
)
#: … nor does "LCP 4.1 above 2.5", with hardly a word more between the two.
_BARE_RELATION = Pattern(
    r"(?i)\A\s*(?:\S+ ){0,2}(?:above|below|over|under|exceed(?:s|ed|ing)?|beyond|[<>]=?|[≤≥]"
    r"|(?:more|longer|slower|higher|greater|larger|bigger|less|lower|fewer|smaller) than"
    rf"|{RELATIONS})(?: \S+){{0,4}}\s*\z"
)
#: Words right before a limit, which then needs no unit: "at most 2 allowed", "minimum of 30".
_BOUND = Pattern(
    r"(?i)\b(?:(?P<most>at most|(?:no|not) more than|max(?:imum)?(?: of| is|:)?)"
    r"|(?P<least>at least|(?:no|not) (?:less|fewer) than|min(?:imum)?(?: of| is|:)?))\s*\z"
)
#: The same in a sentence that says what was wanted: "expected fewer than 3".
_EXPECTED_BOUND = Pattern(
    r"(?i)\b(?:expect|should|must|want|need)[^\n\d]*\b"
    r"(?:(?P<most>(?:fewer|less|lower|smaller) than|under|below)"
    r"|(?P<least>(?:more|greater|higher|larger) than|over|above))\s*\z"
)
#: What was measured comes first: "expected 12 to be 10".
_SHOULD = Pattern(r"(?i)\bto (?:be|have|take|finish)", "to ", folded=True)
#: Time-outs are read by `timeouts`.
_TIMED_OUT = Pattern(r"(?i)time(?:d )?-?out", "time", folded=True)


class _Pair(NamedTuple):
    """Two numbers beside each other in a line, and the words before the first and between them."""

    before: str
    first: Quantity
    between: str
    second: Quantity


def limits_in_words(text: str) -> Iterator[Measurement]:
    """Find the first measurement of each line.

    >>> [(m.measured, m.comparator, m.limit) for m in limits_in_words("limit 300 ms, took 420 ms")]
    [(420.0, '<=', 300.0)]
    """
    for line in text.splitlines()[:_MOST_LINES]:
        if not _TIMED_OUT.search(line):
            found = (_measurement(pair, line) for pair in _pairs(line))
            yield from islice(filter(None, found), 1)


def _pairs(line: str) -> Iterator[_Pair]:
    """Go through the numbers of a line, each with the next one."""
    numbers = quantities(line[:_LONGEST_LINE])
    end_of_earlier = 0
    for first, second in pairwise(numbers):
        start, end = first.found.start(2), first.found.end(2)
        before = line[end_of_earlier:start][-_LONGEST_BEFORE:]
        yield _Pair(before, first, line[end : second.found.start(2)], second)
        end_of_earlier = end


def _measurement(pair: _Pair, line: str) -> Measurement | None:
    """Read a pair as a measured number and its limit; None where it is something else."""
    if not _may_be_limit(pair):
        return None
    is_limit_first = _is_limit_first(pair)
    if is_limit_first is None:
        return None
    limit, measured = (pair.first, pair.second) if is_limit_first else (pair.second, pair.first)
    value = converted(measured.value, measured.unit, limit.unit)
    if value is None:
        return None
    comparator = _comparator(f"{pair.before}{pair.between}", value, limit.value)
    return measurement(value, comparator, limit.value, limit.unit or measured.unit, line.strip())


def _may_be_limit(pair: _Pair) -> bool:
    """Tell whether two numbers may be a limit and what was held against it.

    They are unequal, close together, and one has a unit or the words speak of a limit.
    """
    between = pair.between
    if len(between) > _LONGEST_BETWEEN or pair.first.value == pair.second.value:
        return False
    if pair.first.unit or pair.second.unit:
        return True
    is_said = _EXCEEDS_LIMIT.search(between) or _BARE_RELATION.search(between)
    return bool(is_said) or _is_count(pair)


def _is_count(pair: _Pair) -> bool:
    """Tell a count that missed a limit, such as "12 rows, at least 50 expected".

    Zero and one are no budgets but "nothing there".
    """
    if bound := _BOUND.search(pair.between):
        limit, measured = pair.second.value, pair.first.value
    elif _MEASURED.search(pair.between):
        bound = _BOUND.search(pair.before) or _EXPECTED_BOUND.search(pair.before)
        limit, measured = pair.first.value, pair.second.value
    if bound is None or limit <= 1:
        return False
    return measured > limit if bound["most"] else measured < limit


def _is_limit_first(pair: _Pair) -> bool | None:
    """Tell which number is the limit, by the words; None where they speak of no limit.

    "limit 300 ms exceeded: 420 ms" has it first, "took 15.4s, expected < 2s" second.
    """
    if _SHOULD.search(pair.between):
        return False
    is_related = _RELATION.search(pair.between)
    if _LIMIT.search(pair.before) and (is_related or _MEASURED.search(pair.between)):
        return True
    return False if is_related or _LIMIT.search(pair.between) else None


def _comparator(words: str, measured: float, limit: float) -> str:
    """Return what should have held: "<" or ">" where the words are strict, else "<=" or ">=".

    "expected < 2s" is what should have been; "812 MB > 512 MB" is what was.
    """
    wanted = "<" if measured > limit else ">"
    has_bare_sign = words.count(wanted) > words.count(f"{wanted}=")
    return wanted if has_bare_sign or _STRICT.search(words) else f"{wanted}="
