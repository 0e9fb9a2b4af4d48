"""Names of variants that have parts: `linux/chrome` is one of `linux`."""

from __future__ import annotations


def is_within(variant: str, whole: str) -> bool:
    """Tell whether a variant is another one or a part of it.

    >>> is_within("linux/chrome", "linux"), is_within("linux2", "linux")
    (True, False)
    """
    return f"{variant}/".startswith(f"{whole}/")
