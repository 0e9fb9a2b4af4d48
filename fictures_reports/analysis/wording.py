"""Numbers as people read them, without saying more than the numbers do."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

MISSING: Final = "–"


def percent(part: float, whole: float, digits: int = 1) -> str:
    """Write a share; never 0 or 100 unless it is exactly that, "–" of nothing.

    >>> percent(8, 28), percent(9999, 10000), percent(1, 100000), percent(0, 0)
    ('28.6 %', '99.9 %', '0.1 %', '–')
    """
    if not whole or math.isnan(part) or math.isnan(whole):
        return MISSING
    share, step = 100 * part / whole, 10**-digits
    if 0 < share < 100:
        share = min(max(round(share, digits), step), 100 - step)
    return f"{share:.{digits}f} %"


def points(before: float, after: float) -> str:
    """Write the difference of two shares (0–1) in percentage points.

    >>> points(4 / 28, 8 / 28), points(0.5, 0.25)
    ('+14.3 percentage points', '−25.0 percentage points')
    """
    if math.isnan(before) or math.isnan(after):
        return MISSING
    return f"{signed(100 * (after - before), 1)} percentage points"


def signed(value: float, digits: int = 0) -> str:
    """Write a difference with its sign; a true minus, and ±0 for none.

    >>> signed(4), signed(-8), signed(0)
    ('+4', '−8', '±0')
    """
    if math.isnan(value):
        return MISSING
    text = f"{abs(value):,.{digits}f}"
    if not float(text.replace(",", "")):
        return f"±{text}"
    return ("+" if value > 0 else "−") + text


def duration(seconds: float | None) -> str:
    """Write a duration with the unit that fits.

    >>> duration(0.145), duration(4.3), duration(754), duration(7300), duration(None)
    ('145 ms', '4.3 s', '12.6 min', '2.03 h', '–')
    """
    if seconds is None or math.isnan(seconds):
        return MISSING
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 119.95:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 7200 else f"{seconds / 3600:.2f} h"


def changed_duration(before: float, after: float) -> str:
    """Write two durations in seconds as a change; a unit that both have stands once.

    >>> changed_duration(0.257, 0.568), changed_duration(0.9, 1.6)
    ('257 → 568 ms', '900 ms → 1.6 s')
    """
    old, new = duration(before), duration(after)
    value, _, unit = old.partition(" ")
    return f"{value if unit and unit == new.partition(' ')[2] else old} → {new}"


def ago(seconds: float) -> str:
    """Write a distance in time in the largest unit that it fills.

    >>> ago(7 * 86400), ago(7300), ago(90), ago(1)
    ('7 days', '2 hours', '2 minutes', '1 second')
    """
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            return counted(round(seconds / size), unit)
    return counted(max(1, round(seconds)), "second")


def number(value: float | None) -> str:
    """Write a number with at most four significant digits behind it.

    >>> number(1047), number(7.7061), number(0.00312), number(None)
    ('1,047', '7.706', '0.00312', '–')
    """
    if value is None or math.isnan(value):
        return MISSING
    if value == int(value) if math.isfinite(value) else False:
        return f"{value:,.0f}"
    return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.0f}"


def quantity(value: float | None, unit: str | None) -> str:
    """Write a number with its unit, or alone where the unit is not known.

    >>> quantity(1047, "ms"), quantity(3, None)
    ('1,047 ms', '3')
    """
    text = number(value)
    return text if text == MISSING or not isinstance(unit, str) else f"{text} {unit}"


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Write a count with its noun.

    >>> counted(1, "test"), counted(1200, "test"), counted(2, "category", "categories")
    ('1 test', '1,200 tests', '2 categories')
    """
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def listed(parts: list[str]) -> str:
    """Join parts as a sentence does.

    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def named(names: Sequence[str], most: int = 5) -> str:
    """Write names behind a colon, of more than `most` how many more; "" of none.

    >>> named(["a", "b"]), named(["a", "b", "c"], most=1), named([])
    (': a and b', ': a and 2 more', '')
    """
    if not names:
        return ""
    more = len(names) - most
    return f": {listed([*names[:most], *([f'{more:,} more'] if more > 0 else [])])}"


def moment(epoch_s: float | None) -> str:
    """Write a point in time, to the minute, in UTC.

    >>> moment(1762092300.0), moment(None)
    ('2025-11-02 14:05 UTC', '–')
    """
    if epoch_s is None or math.isnan(epoch_s):
        return MISSING
    return datetime.fromtimestamp(epoch_s, UTC).strftime("%Y-%m-%d %H:%M UTC")


def plain(value: object) -> str:
    """Write a recorded setting as text: strings as they are, anything else as JSON.

    >>> plain("chromium"), plain({"retries": 0})
    ('chromium', '{"retries": 0}')
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
