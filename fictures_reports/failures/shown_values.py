"""Values out of failure texts as a sentence shows them: short, and strings in quotation marks."""

from __future__ import annotations

from itertools import takewhile
from typing import Final

#: Characters of a value that a line has room for.
LONGEST_VALUE: Final = 48
#: How much of what two long values share is shown before they part.
_CONTEXT: Final = 12


def quoted(words: str) -> str:
    """Put words that a test or a page used into quotation marks."""
    return f"“{shortened(words)}”"


def shortened(text: str, longest: int = LONGEST_VALUE) -> str:
    """Return the text in one line, cut where it is too long.

    >>> shortened("a  b"), shortened("abcdef", 4)
    ('a b', 'abc…')
    """
    # the rest of a text of megabytes is not looked at
    text = " ".join(text[: 8 * longest + 8].split())
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def shown(value: str) -> str:
    """Show a value as the failure printed it: a string in quotation marks, the rest as it is.

    >>> shown('"€ 1.99"'), shown("'a'"), shown("302"), shown("undefined")
    ('“€ 1.99”', '“a”', '302', 'undefined')
    """
    value = value.strip()
    inner = _inner(value)
    if inner is None:
        return shortened(value)
    return quoted(inner) if inner else "an empty text"


def shown_apart(actual: str, wanted: str) -> tuple[str, str]:
    """Show two values; of long ones, what is around the place where they begin to differ.

    >>> shown_apart('"http://shop.example/account/settings/login"',
    ...             '"http://shop.example/account/settings/start"')
    ('“…nt/settings/login”', '“…nt/settings/start”')
    """
    actual_text, wanted_text = _inner(actual.strip()), _inner(wanted.strip())
    if (
        actual_text is None
        or wanted_text is None
        or max(len(actual_text), len(wanted_text)) < 2 * LONGEST_VALUE // 3
    ):
        return shown(actual), shown(wanted)
    same = sum(1 for _ in takewhile(_alike, zip(actual_text, wanted_text, strict=False))) - _CONTEXT
    if same < _CONTEXT:
        return shown(actual), shown(wanted)
    return quoted(f"…{actual_text[same:]}"), quoted(f"…{wanted_text[same:]}")


def _alike(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _inner(value: str) -> str | None:
    """Return what stands between a string's quotation marks; None where it is no string."""
    for mark in "\"'`":
        if len(value) > 1 and value.startswith(mark) and value.endswith(mark):
            return value[1:-1]
    return None
