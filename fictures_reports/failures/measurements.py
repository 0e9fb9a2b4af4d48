"""Numbers out of failure texts: what was measured against which limit, and which time ran out.

Expected: < 100 / Received: 1047          → Measurement(1047, "<", 100)
assert 1.83 <= 1.5                        → Measurement(1.83, "<=", 1.5)
P95 420 ms exceeds budget of 300 ms       → Measurement(420, "<=", 300, "ms")
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.failures.signature import failing_line, plain
from fictures_reports.failures.timeouts import (
    TimeoutFacts,
    deciding_errors,
    timeout_facts,
    timeouts,
)
from fictures_reports.patterns import Pattern, Patterns, any_in
from fictures_reports.shapes import MOST, shape

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


__all__ = [
    "Measurement",
    "TimeoutFacts",
    "all_measurements",
    "is_budget",
    "measurements",
    "timeout_facts",
    "timeouts",
]


class Measurement(NamedTuple):
    """A number that an assertion held against a limit; `measured comparator limit` was false."""

    measured: float
    comparator: str
    limit: float
    unit: str | None = None
    #: measured divided by limit; NaN against a limit of zero
    ratio: float = math.nan
    evidence: str = ""


_NUM: Final = r"[-+]?[0-9][0-9,_]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?"
#: What pytest prints on a side of a comparison: a number, one in a wrapper, or a short sum of them.
_SIDE: Final = (
    r"(?:[\w.]*\w\(['\"]?"
    + _NUM
    + r"['\"]?\)|\(*"
    + _NUM
    + r"(?:\s[-+*/]\s\(*"
    + _NUM
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
_SHAPES: Final = Patterns(
    # Jest and Playwright; a BigInt ends in n
    Pattern(
        rf"Expected: (?P<op>[<>]=?) (?P<b>{_NUM})n?\s+Received: +(?P<a>{_NUM})n?\s*$",
        "Received: ",
    ),
    Pattern(
        rf"Expected: +(?P<b>{_NUM})\s+Received: +(?P<a>{_NUM})\s+(?P<op>Expected precision:)",
        "Expected precision:",
    ),
    # pytest
    Pattern(rf"{_ASSERT}(?P<a>{_SIDE}) (?P<op>[<>]=?) (?P<b>{_SIDE})(?:\s|$|,)", "assert "),
    Pattern(rf"{_ASSERT}(?P<a>{_NUM}) (?P<op>==) (?:approx\()?(?P<b>{_NUM}) ±", " ±"),
    Pattern(rf"{_ASSERT}(?:approx\()?(?P<b>{_NUM}) ± \S+ (?P<op>==) (?P<a>{_NUM})", " ±"),
    Pattern(rf"^\s*(?P<op>Obtained): (?P<a>{_NUM})\s+Expected: (?P<b>{_NUM}) ±", "Obtained"),
    # unittest
    Pattern(rf"(?P<a>{_NUM}) not (?P<op>{_THAN}) (?P<b>{_NUM})", " not "),
    Pattern(rf"(?P<a>{_NUM}) (?P<op>!=) (?P<b>{_NUM}) within {_NUM} (?:places|delta)", " within "),
    # Chai and Vitest
    Pattern(
        rf"[eE]xpected (?P<a>{_NUM}) to be (?:a number )?(?P<op>{_RELATION}) (?P<b>{_NUM})",
        " to be ",
    ),
    Pattern(rf"expected (?P<a>{_NUM}) (?P<op>to be close to) (?P<b>{_NUM})", " to be "),
    # PHPUnit
    Pattern(
        rf"asserting that (?P<a>{_NUM}) is (?P<op>(?:less|greater) than) (?P<b>{_NUM})",
        "asserting",
    ),
    Pattern(
        rf"asserting that (?P<a>{_NUM}) is equal to (?P<b>{_NUM}) or is (?P<op>less|greater) than",
        "asserting",
    ),
    # testify, Hamcrest, AssertJ, RSpec, NUnit
    Pattern(rf'"(?P<a>{_NUM})" is not (?P<op>{_THAN}) "(?P<b>{_NUM})"', " is not "),
    Pattern(
        rf"(?P<op>a value [a-z ]+?) <(?P<b>{_NUM})[LFD]?>\s+but: (?:was )?<(?P<a>{_NUM})[LFD]?>",
        "a value ",
    ),
    Pattern(
        rf"Expecting(?: actual)?:?\s+(?P<a>{_NUM})[LFDf]?\s+{_TO_BE}(?P<b>{_NUM})", "Expecting"
    ),
    Pattern(rf"expected: (?P<op>[<>]=?) (?P<b>{_NUM})\s+got: +(?P<a>{_NUM})", "got: "),
    Pattern(
        rf"Expected: (?P<op>{_THAN}) (?P<b>{_NUM})[dfmLFD]?\s+But was: +(?P<a>{_NUM})",
        "But was: ",
    ),
)
_IS_ABOUT: Final = {"Expected precision:", "Obtained", "!=", "==", "to be close to"}

_UNITS: Final = {
    "ms": "ms", "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "millisecon"
    "ds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hours": "h",
    "us": "µs", "µs": "µs", "μs": "µs", "microseconds": "µs", "ns": "ns", "nanoseconds": "ns",
    "%": "%", "percent": "%", "px": "px", "pixels": "px", "fps": "fps",
    "rps": "req/s", "req/s": "req/s", "ops/s": "ops/s",
    "b": "B", "bytes": "B", "kb": "KB", "kib": "KiB", "mb": "MB", "mib": "MiB", "gb": "GB", ""
    "gib": "GiB",
}  # fmt: skip
_SECONDS: Final = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
_BYTES: Final = {
    "B": 1.0, "KB": 1e3, "KiB": 1024.0, "MB": 1e6, "MiB": 1024.0**2, "GB": 1e9, "GiB": 1024.0**3,
}  # fmt: skip
_UNIT: Final = (
    r"(?i:milliseconds?|microseconds|nanoseconds|millis|msecs?|ms|µs|μs|us|ns|seconds?|secs?|minutes?|mins?"
    r"|hours|bytes|[kmg]i?b|percent|pixels|px|fps|rps|req/s|ops/s|s|b|h|%)"
)
_QUANTITY = Pattern(
    rf"(?P<op>[<>]=?|≤|≥)?\s*(?P<number>\b{_NUM}|[-+]{_NUM})(?:\s?(?P<unit>{_UNIT})(?:\W|$))?"
)
#: What must stand somewhere for a quantity to have a unit; most texts need not be looked at again.
_UNIT_BEHIND = Pattern(rf"[0-9,_]\s?{_UNIT}(?:\W|\z)")
_LIMIT_NOUN = Pattern(
    r"(?i)budget|limit|max(?:imum)?\b|min(?:imum)?\b|threshold|expect|should|must|within"
    r"|allow|at most"
    r"|at least|target|\bslo\b|\bsla\b|required|needs? to|cap\b|ceiling|no more than|up to|[<>≤≥]"
)
_RELATED = Pattern(
    r"(?i)exceed|over\b|above|more than|longer than|slower than|higher than|greater than"
    r"|larger than|bigger than"
    r"|under\b|below|less than|lower than|fewer than|faster than|smaller than|\bvs\.?\b"
    r"|versus|against|beyond"
)
_STRICT = Pattern(
    r"(?i)\bnot (?:less|greater|lower|higher) than|(?:expect|should|must|has to|needs? to"
    r"|target)[^<>]*(?:under|below|(?:less|lower"
    r"|fewer|faster|smaller|more|greater|higher|longer) than|above|over)"
)
_GOT = Pattern(
    r"(?i)\b(?:got|was|took|actual(?:ly)?|received|measured|found|but|is|were|observed)\b|:"
)
# "57 exceeds limit of 20" needs no unit to be a budget
_NAMED_LIMIT = Pattern(
    r"(?i)exceed\w* (?:the )?(?:\w+ )?(?:limit|budget|threshold|max(?:imum)?)\b",
    "exceed",
    folded=True,
)
_TIMED_OUT = Pattern(r"(?i)time(?:d )?-?out", "time", folded=True)


def measurements(text: str, title: str = "", code: str = "") -> list[Measurement]:
    r"""Return the measurements in a failure text, in order.

    The test's title and its failing source line can supply a unit that the text lacks.

    >>> limit = "Expected: < 100\nReceived:   1047"
    >>> measurements(limit, title="Cache hit latency < 100ms")[0].unit
    'ms'
    """
    text = plain(text)
    return compared(text, title, code) or list(_in_words(text))


def compared(text: str, title: str = "", code: str = "") -> list[Measurement]:
    """Return only what assertions compared, not what is told in prose."""
    found = [
        (match.start(), one)
        for pattern in _SHAPES.worth(text)
        for match in pattern.finditer(text)
        if (one := _words_of(match).read())
    ]
    # one comparison may be said twice: in the assertion and below it
    kept = {(m.measured, m.limit): m for _, m in sorted(found, reverse=True)}
    return [_with_unit(m, text, title, code) for m in reversed(kept.values())]


class Comparison(NamedTuple):
    """The words of a measurement: nothing of them has been read as a number yet."""

    measured: str
    comparator: str
    limit: str
    unit: str | None
    evidence: str

    def read(self) -> Measurement | None:
        """Read the numbers; None where one is none."""
        measured, limit = _number(self.measured), _number(self.limit)
        if measured is None or limit is None:
            return None
        return _measurement(measured, self.comparator, limit, self.unit, self.evidence)


def only_comparison(text: str, code: str) -> Comparison | None:
    """Return the comparison of a text that holds one, and in which no number decides on its unit.

    It stands at the same places in all texts of a shape. A title that names a unit overrules it.
    """
    text = plain(text)
    found = [match for pattern in _SHAPES.worth(text) for match in pattern.finditer(text)]
    if len(found) != 1 or _UNIT_BEHIND.search(text[:2000]):
        return None
    words = _words_of(found[0])
    return words._replace(unit=words.unit or _unit_by_words(text, code))


def names_unit(title: str) -> bool:
    """Tell whether there is a quantity with its unit in a title."""
    return _UNIT_BEHIND.search(title) is not None


def _words_of(found: Any) -> Comparison:
    op = found["op"]
    if op in _IS_ABOUT:
        comparator = "=="
    elif op in ("less", "greater") and "or is" in found.group():
        comparator = {"less": "<=", "greater": ">="}[op]
    else:
        comparator = _WORDS.get(op, op)
    unit = "s" if found["b"].startswith("datetime.timedelta(") else None
    return Comparison(found["a"], comparator, found["b"], unit, found.group().strip())


def _measurement(
    measured: float, comparator: str, limit: float, unit: str | None, evidence: str
) -> Measurement:
    ratio = measured / limit if limit else math.nan
    return Measurement(measured, comparator, limit, unit, ratio, evidence)


_WRAPPED = re.compile(r"^[\w.]*\w\(['\"]?([^()'\"]+)['\"]?\)$")
_TIMEDELTA = re.compile(r"(days|seconds|microseconds|milliseconds|minutes|hours)=(-?[\d.]+)")
_DELTA_S = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 1e-3,
            "microseconds": 1e-6}  # fmt: skip


def _number(text: str) -> float | None:
    """Read one side of a comparison: 1,047.5 · np.float64(0.7) · (107.25 - 100.5)."""
    try:
        return value if math.isfinite(value := float(text)) else None
    except ValueError:
        return _odd_number(text)


def _odd_number(text: str) -> float | None:
    if text.startswith("datetime.timedelta("):
        return sum(_DELTA_S[name] * float(value) for name, value in _TIMEDELTA.findall(text))
    wrapped = _WRAPPED.match(text)
    text = wrapped.group(1) if wrapped else text
    terms = text.replace("(", "").replace(")", "").split()
    try:
        value = float(terms[0].replace(",", "").replace("_", ""))
        for sign, term in zip(terms[1::2], terms[2::2], strict=True):
            value = _applied(value, sign, float(term.replace(",", "")))
    except (ValueError, ZeroDivisionError, IndexError):
        return None
    return value if math.isfinite(value) else None


def _applied(a: float, sign: str, b: float) -> float:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    return a * b if sign == "*" else a / b


def _with_unit(m: Measurement, text: str, title: str, code: str) -> Measurement:
    unit = m.unit or _unit_beside(m, text) or _unit_in_title(m, title) or _unit_by_words(text, code)
    return m._replace(unit=unit) if unit else m


def _unit_by_words(text: str, code: str) -> str | None:
    return (
        (_unit_in_names(shape(text[:2000])) if "where" in text else None)
        or _unit_in_names(shape(code[:2000]))
        or _unit_in_words(shape(text[:2000]))
    )


def _quantities(text: str) -> list[tuple[float, str | None, Any]]:
    found = []
    for q in _QUANTITY.finditer(text):
        value = _number(q["number"])
        if value is not None:
            unit = _UNITS.get(q["unit"].lower()) if q["unit"] else None
            found.append((value, unit, q))
    return found


def _with_units(text: str) -> list[tuple[float, str]]:
    if not _UNIT_BEHIND.search(text):
        return []
    return [(value, unit) for value, unit, _ in _quantities(text) if value and unit]


def _unit_beside(m: Measurement, text: str) -> str | None:
    """'saving is slow: 612.70ms (max: 400ms)' above 'assert 612.7012 <= 400'."""
    for value, unit in _with_units(text[:2000]):
        if math.isclose(value, m.limit) or math.isclose(value, m.measured, rel_tol=0.002):
            return unit
    return None


def _unit_in_title(m: Measurement, title: str) -> str | None:
    """'Page load < 2s' over a limit of 2000 means that it was measured in ms."""
    for value, unit in _with_units(title):
        if math.isclose(value, m.limit):
            return unit
        for other, scale in _SECONDS.items():
            if unit in _SECONDS and math.isclose(value * _SECONDS[unit], m.limit * scale):
                return other
    return None


_NAMED_UNIT = re.compile(
    r"(?:\w_|\b|(?<=[a-z]))(ms|Ms|millis|Millis|milliseconds|MS|seconds|Seconds|secs|Secs|percent|Percent"
    r"|bytes|Bytes|fps|px|mb|MB|kb|KB|gb|GB)\b"
)

_UNIT_NAMES: Final = (
    "ms", "Ms", "MS", "illis", "econds", "ecs", "ercent", "ytes", "fps", "px", "mb", "MB", "kb",
    "KB", "gb", "GB",
)  # fmt: skip


@lru_cache(maxsize=MOST)
def _unit_in_names(code: str) -> str | None:
    """`expect(elapsedMs)`, `where 312.4 = latency_ms()`; digits do not matter."""
    found = _NAMED_UNIT.search(code) if any_in(code, _UNIT_NAMES) else None
    return _UNITS.get(found.group(1).lower()) if found else None


_UNIT_IN_WORDS = re.compile(r"(?i)\b(?:in|\() ?(ms|milliseconds|seconds|percent|bytes)\b")


@lru_cache(maxsize=MOST)
def _unit_in_words(text: str) -> str | None:
    worth = any_in(text.casefold(), ("ms", "seconds", "percent", "bytes"))
    found = _UNIT_IN_WORDS.search(text) if worth else None
    return _UNITS.get(found.group(1).lower()) if found else None


def _in_words(text: str) -> Iterator[Measurement]:
    """Budgets in prose: 'took 15.4s, expected < 2s', 'limit 300 ms exceeded: 420 ms'."""
    for line in text.splitlines()[:20]:
        if _TIMED_OUT.search(line):
            continue
        numbers = _quantities(line[:500])
        for k in range(len(numbers) - 1):
            found = _pair(line, numbers, k)
            if found:
                yield found
                break


def _pair(line: str, numbers: list[tuple[float, str | None, Any]], k: int) -> Measurement | None:
    (a, unit_a, qa), (b, unit_b, qb) = numbers[k], numbers[k + 1]
    before = line[numbers[k - 1][2].end(2) if k else 0 : qa.start(2)][-60:]
    between = line[qa.end(2) : qb.start(2)]
    named = unit_a or unit_b or _NAMED_LIMIT.search(between)
    if len(between) > 70 or not named or a == b:
        return None
    order = _order(before, between)
    if order is None:
        return None
    if order == "limit first":
        a, unit_a, b, unit_b = b, unit_b, a, unit_a
    measured = _converted(a, unit_a, unit_b)
    if measured is None:
        return None
    said = f"{before}{between}"
    missed = "<" if measured > b else ">"
    # "expected < 2s" is what should have been; "812 MB > 512 MB" is what was
    strict = bool(_STRICT.search(said)) or bool(re.search(rf"{missed}(?!=)", said))
    comparator = missed if strict else f"{missed}="
    return _measurement(measured, comparator, b, unit_b or unit_a, line.strip())


def _order(before: str, between: str) -> str | None:
    """Tell which of two numbers is the limit, by the words before and between them."""
    if re.search(r"(?i)\bto (?:be|have|take|finish)", between):
        return "measured first"
    if _LIMIT_NOUN.search(before) and (_GOT.search(between) or _RELATED.search(between)):
        return "limit first"
    if _LIMIT_NOUN.search(between) or _RELATED.search(between):
        return "measured first"
    return None


def _converted(value: float, unit: str | None, to: str | None) -> float | None:
    """Convert into the limit's unit; None where the two are not of one kind."""
    if unit is None or to is None or unit == to:
        return value
    for scale in (_SECONDS, _BYTES):
        if unit in scale and to in scale:
            return value * scale[unit] / scale[to]
    return None


def is_budget(m: Measurement) -> bool:
    """Zero where at least one was expected is an empty list; 503 against < 500 is a status."""
    if m.comparator in (">", ">=") and m.limit in (0, 1) and m.measured <= 0:
        return False
    status = m.unit is None and m.limit in (200, 300, 400, 500, 600) and 100 <= m.measured <= 599
    return not (status and m.measured == int(m.measured) and m.comparator in ("<", "<="))


def all_measurements(results: pd.DataFrame) -> pd.DataFrame:
    """Return one row per measurement that missed its limit, also where a test holds several."""
    import pandas as pd

    names = ["run_id", "case_id", *Measurement._fields]
    rows = [
        (row.run_id, row.case_id, *measurement)
        for row in _failed(results)
        for text, frame in deciding_errors(row)
        for measurement in _missed(row, text, frame)
    ]
    return pd.DataFrame(rows, columns=names)


def _missed(row: Any, text: str, frame: str) -> list[Measurement]:
    title = row.title if isinstance(row.title, str) else ""
    code = failing_line(text) or failing_line(frame)
    # prose counts where a rule has read it as a budget
    read = measurements if row.category == "threshold_miss" else compared
    return [m for m in read(plain(text), title, code) if is_budget(m)]


def _failed(results: pd.DataFrame) -> Iterator[Any]:
    return results[results["status"].isin(["failed", "flaky"])].itertuples(index=False)
