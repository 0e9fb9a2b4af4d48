"""Numbers in failure texts, the units behind them, and units that names and words tell."""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from fictures_reports.failures.written_numbers import unwritten
from fictures_reports.patterns import Match, Pattern

NUMBER: Final = r"[-+]?[0-9]+(?:[.,_'\x{2019}\x{a0}\x{202f}][0-9]+)*(?:[eE][-+]?[0-9]+)?"

UNITS: Final = {
    "ms": "ms", "мс": "ms", "毫秒": "ms", "ミリ秒": "ms", "밀리초": "ms",
    "millisekunden": "ms", "millisecondes": "ms", "milisegundos": "ms", "millisecondi": "ms",
    "milissegundos": "ms", "сек": "s", "с": "s", "秒": "s", "초": "s", "sekunden": "s", "sek": "s",
    "secondes": "s", "segundos": "s", "secondi": "s", "seconden": "s", "sekund": "s",
    "millisekund": "ms", "millisekonden": "ms",
    "minuten": "min", "minutos": "min", "minuti": "min", "мин": "min", "分": "min", "мб": "MB",
    "кб": "KB", "гб": "GB", "octets": "B", "mo": "MB", "ko": "KB", "go": "GB",
    "msec": "ms", "msecs": "ms", "millis": "ms", "millisecond": "ms", "milliseconds": "ms",
    "s": "s", "sec": "s", "secs": "s", "second": "s", "seconds": "s",
    "min": "min", "mins": "min", "minute": "min", "minutes": "min", "h": "h", "hours": "h",
    "us": "µs", "µs": "µs", "μs": "µs", "microseconds": "µs", "ns": "ns", "nanoseconds": "ns",
    "%": "%", "percent": "%", "px": "px", "pixels": "px", "fps": "fps",
    "rps": "req/s", "req/s": "req/s", "ops/s": "ops/s",
    "b": "B", "bytes": "B", "kb": "KB", "kib": "KiB", "mb": "MB", "mib": "MiB", "gb": "GB",
    "gib": "GiB",
}  # fmt: skip
SECONDS: Final = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0, "h": 3600.0}
BYTES: Final = {
    "B": 1.0, "KB": 1e3, "KiB": 1024.0, "MB": 1e6, "MiB": 1024.0**2, "GB": 1e9, "GiB": 1024.0**3,
}  # fmt: skip
_UNIT: Final = (
    r"(?i:millise[ck]ond(?:s|en|es|i)?|mili?segundos|milissegundos|毫秒|ミリ秒|밀리초|мс|сек|秒|초|分|мин|[кмг]б|с"
    r"|se[ck]ond(?:en|es|i)|sekund|sek|segundos|minut(?:en|os|i)|octets|(?-i:[MKG]o)"
    r"|microseconds|nanoseconds|millis|msecs?|ms|µs|μs|us|ns|seconds?|secs?|minutes?|mins?"
    r"|hours|bytes|[kmg]i?b|percent|pixels|px|fps|rps|req/s|ops/s|s|b|h|%)"
)
# \W is ASCII in RE2: a unit may not go on as a word, but Chinese has no spaces behind it
_END: Final = r"(?:[^\w\p{Latin}\p{Cyrillic}]|$)"
_QUANTITY = Pattern(
    rf"(?P<op>[<>]=?|≤|≥)?\s*(?P<number>\b{NUMBER}|[-+]{NUMBER})(?:\s?(?P<unit>{_UNIT}){_END})?"
)
#: What must stand somewhere for a quantity to have a unit; most texts need not be looked at again.
_UNIT_BEHIND = Pattern(rf"[0-9,_]\s?{_UNIT}(?:{_END}|\z)")


class Quantity(NamedTuple):
    """A number in a text, with its unit where one stands behind it."""

    value: float
    unit: str | None
    found: Match


_WRAPPED = Pattern(r"\A[\w.]*\w\(['\"]?([^()'\"]+)['\"]?\)\z", "(")
_TIMEDELTA = Pattern(
    r"(days|seconds|microseconds|milliseconds|minutes|hours)=(-?[0-9]+(?:\.[0-9]+)?)"
)
_DELTA_S = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 1e-3,
            "microseconds": 1e-6}  # fmt: skip


def number(text: str) -> float | None:
    """Read one side of a comparison: 1,047.5 · np.float64(0.7) · (107.25 - 100.5).

    None where it is no number, or one too large for a float: from 309 digits on.
    """
    try:
        return value if math.isfinite(value := float(text)) else None
    except ValueError:
        return _odd_number(text)


def _odd_number(text: str) -> float | None:
    if text.startswith("datetime.timedelta("):
        return sum(_DELTA_S[found[1]] * float(found[2]) for found in _TIMEDELTA.finditer(text))
    wrapped = _WRAPPED.search(text)
    text = wrapped[1] if wrapped else text
    terms = text.replace("(", "").replace(")", "").split(" ")
    try:
        value = float(unwritten(terms[0]) or "")
        for sign, term in zip(terms[1::2], terms[2::2], strict=True):
            value = _applied(value, sign, float(unwritten(term) or ""))
    except (ValueError, ZeroDivisionError, IndexError):
        return None
    return value if math.isfinite(value) else None


def _applied(a: float, sign: str, b: float) -> float:
    if sign == "+":
        return a + b
    if sign == "-":
        return a - b
    return a * b if sign == "*" else a / b


def quantities(text: str) -> list[Quantity]:
    """Return all numbers of a text, in order."""
    return [
        Quantity(value, UNITS.get(found["unit"].lower()), found)
        for found in _QUANTITY.finditer(text)
        if (value := number(found["number"])) is not None
    ]


def quantities_with_units(text: str) -> list[tuple[float, str]]:
    """Return the numbers of a text that are not zero and have a unit, with it."""
    if not _UNIT_BEHIND.search(text):
        return []
    return [(value, unit) for value, unit, _ in quantities(text) if value and unit]


# A name's last word: elapsed_ms, elapsedMs, ms, elapsedms; but not items, params, thumb.
# What stands before "=" is an argument or a field of a printed object, not what was measured.
_NAMED_UNIT = Pattern(
    r"(?:(?:\w_|\b)(?P<own>ms|millis|milliseconds|seconds|secs|percent|bytes|mb|kb|gb)"
    r"|[a-z0-9](?P<camel>Ms|MS|Millis|Milliseconds|Seconds|Secs|Percent|Bytes|Mb|MB|Kb|KB|Gb|GB)"
    r"|(?:time|took|elapsed|latency|duration|delay|wait|interval)(?P<timed>ms|seconds|secs)"
    r"|(?:memory|heap|rss|size)(?P<sized>mb|kb|gb|bytes)"
    r"|(?P<ending>MS|Percent|fps|px|MB|KB|GB))\b(?P<field>=?)(?P<compared>=?)",
    "ms", "Ms", "MS", "illis", "econds", "ecs", "ercent", "ytes", "fps", "px", "mb", "MB", "kb",
    "KB", "gb", "GB", "Mb", "Kb", "Gb",
)  # fmt: skip
_QUOTED_TEXT = Pattern(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"", "'", '"')


def unit_in_names(code: str) -> str | None:
    """Find the unit in a name: `expect(elapsedMs)`, `where 312.4 = latency_ms()`.

    >>> unit_in_names("assert len(items) <= 3"), unit_in_names("assert took_ms <= 3")
    (None, 'ms')
    """
    for found in _NAMED_UNIT.finditer(_QUOTED_TEXT.without(code)):
        if not found["field"] or found["compared"]:
            names = ("own", "camel", "timed", "sized", "ending")
            return UNITS.get(next(filter(None, map(found.named, names))).lower())
    return None


_UNIT_IN_WORDS = Pattern(
    r"(?i)\b(?:in|\() ?(ms|milliseconds|seconds|percent|bytes)\b",
    "ms", "seconds", "percent", "bytes", folded=True,
)  # fmt: skip


def unit_in_words(text: str) -> str | None:
    """Find the unit in prose: 'latency in ms'."""
    found = _UNIT_IN_WORDS.search(text)
    return UNITS.get(found[1].lower()) if found else None


def converted(value: float, unit: str | None, to: str | None) -> float | None:
    """Convert into the limit's unit; None where the two are not of one kind."""
    if unit is None or to is None or unit == to:
        return value
    for scale in (SECONDS, BYTES):
        if unit in scale and to in scale:
            return value * scale[unit] / scale[to]
    return None
