"""Which notes of a ledger have to be said aloud, and which are true of every file of a format."""

from __future__ import annotations

from typing import Final

#: In notes on a file that was not as its producer writes it, though its results could be read.
_SALVAGED: Final = (
    "were passed over", "was passed over", "is not well-formed", "was not read:",
    "not of the expected type", "half a result left out", "is not as expected, left out",
    "its text is not", "(lone surrogates) were replaced",
)  # fmt: skip


def is_salvage(doubt: str) -> bool:
    """Tell notes on what was wrong with a file from what its format cannot tell."""
    return any(words in doubt for words in _SALVAGED)
