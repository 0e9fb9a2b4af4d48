"""Durations and points in time as people's tools write them; what is ambiguous stays unknown."""

from __future__ import annotations

import math
from datetime import UTC, datetime

_CLOCK_DIGITS = 2
#: Nobody's test takes thirty years, nor did it run before 1990 or does it after 2100.
_LONGEST_S = 1e9
_EARLIEST, _LATEST = 631_152_000.0, 4_102_444_800.0


def seconds(text: str) -> float | None:
    """Read a duration in seconds; None if it is unknown, negative or ambiguous.

    "1,234.5" is 1234.5, "0,5" is 0.5, "0:00:00.69" is 0.69; "1,234" could be either, so None.
    """
    try:
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = _odd_seconds(text.strip())
    return value if 0 <= value < _LONGEST_S else None


def _odd_seconds(text: str) -> float:
    text = text.removesuffix("s").rstrip()
    if ":" in text:
        return _clock(text)
    if _is_grouped(text, ",", "."):
        return float(text.replace(",", ""))
    if _is_grouped(text, ".", ",") or _is_comma_decimal(text):
        return float(text.replace(".", "").replace(",", "."))
    return math.nan


def _clock(text: str) -> float:
    """Read "1:02:03.5" or "2:03.5"."""
    *hours, minutes, seconds = text.split(":", 3)
    whole, point, fraction = seconds.partition(".")
    numbers = [*hours, minutes, whole, *([fraction] if point else [])]
    if (
        len(hours) > 1
        or not all(map(str.isdecimal, numbers))
        or max(len(minutes), len(whole)) > _CLOCK_DIGITS
    ):
        return math.nan
    return sum(map(float, hours)) * 3600 + float(minutes) * 60 + float(seconds)


def _is_grouped(text: str, mark: str, point: str) -> bool:
    """Tell "1,234.5" and "1.234.567,8": both marks, so it is clear which one groups thousands."""
    whole, _, fraction = text.partition(point)
    first, *groups = whole.split(mark)
    return (
        bool(groups)
        and fraction.isdecimal()
        and len(first) <= 3
        and first.isdecimal()
        and all(len(group) == 3 and group.isdecimal() for group in groups)
    )


def _is_comma_decimal(text: str) -> bool:
    """Tell "0,5" and "25,35": a comma that cannot group thousands."""
    whole, _, fraction = text.partition(",")
    return whole.isdecimal() and fraction.isdecimal() and (len(fraction) != 3 or whole == "0")


def span(value: float | None) -> float | None:
    """Take a duration in seconds as it is, unless it is negative, infinite or absurd."""
    return value if value is not None and 0 <= value < _LONGEST_S else None


def timestamp(text: str) -> tuple[float | None, bool]:
    """Read a point in time as epoch seconds, and whether its zone was given.

    Without a zone it is taken as UTC. What cannot be read is (None, False).
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _odd_timestamp(text)
    zoned = moment.tzinfo is not None
    return _plausible((moment if zoned else moment.replace(tzinfo=UTC)).timestamp()), zoned


def _odd_timestamp(text: str) -> tuple[float | None, bool]:
    try:
        return _plausible(float(text)), True
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime  # slow to import, and seldom needed

    try:  # "Sat, 03 Dec 2022 23:10:07 GMT"
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None, False
    zoned = moment.tzinfo is not None
    return _plausible((moment if zoned else moment.replace(tzinfo=UTC)).timestamp()), zoned


def epoch(value: float | None) -> float | None:
    """Read an epoch time in seconds or milliseconds, told apart by size; None if neither."""
    if value is None or not math.isfinite(value):
        return None
    return _plausible(value / 1000 if value > _LATEST else value)


def _plausible(moment: float) -> float | None:
    return moment if _EARLIEST <= moment <= _LATEST else None
