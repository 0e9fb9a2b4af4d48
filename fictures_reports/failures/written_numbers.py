"""Numbers as people write them: 1,234,567 · 3,40 · 1.234,5 · 12 400 with a narrow space.

A comma that may be either a decimal comma or a separator of thousands is no number.
"""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

#: Signs between groups of digits that are never a decimal sign.
_GROUPING: Final = ("_", "'", "\u2019", "\u00a0", "\u202f")
_THREES = Pattern(r"\A[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}\z", ",")


def unwritten(text: str) -> str | None:
    """Return a written number as `float` reads it; None where it cannot be told.

    >>> unwritten("1.234,5"), unwritten("3,40"), unwritten("1,234")
    ('1234.5', '3.40', None)
    """
    for sign in _GROUPING:
        text = text.replace(sign, "")
    if "," not in text:
        return _with_points(text)
    if "." in text:
        return _with_both(text)
    if text.count(",") > 1:
        return text.replace(",", "") if _THREES.search(text.lstrip("+-")) else None
    whole, _, decimals = text.partition(",")
    return None if _may_be_thousands(whole.lstrip("+-"), decimals) else f"{whole}.{decimals}"


def _may_be_thousands(whole: str, decimals: str) -> bool:
    return len(decimals) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")


def _with_points(text: str) -> str | None:
    """Read 1.234.567, where more than one point can only divide thousands."""
    if text.count(".") < 2:
        return text
    swapped = text.lstrip("+-").replace(".", ",")
    return text.replace(".", "") if _THREES.search(swapped) else None


def _with_both(text: str) -> str | None:
    """The sign that stands last is the decimal one: 1,234.5 and 1.234,5."""
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    grouping = "." if decimal == "," else ","
    if text.count(decimal) > 1:
        return None
    return text.replace(grouping, "").replace(decimal, ".")
