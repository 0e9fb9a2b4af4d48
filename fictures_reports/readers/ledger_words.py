"""Which notes of a ledger have to be said aloud, and which are true of every file of a format."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fictures_reports.readers.rows import LedgerEntry

#: In notes on a file that was not as its producer writes it, though its results could be read.
_SALVAGED: Final = (
    "were passed over", "was passed over", "is not well-formed", "was not read:",
    "more than once; the results of all",
    "not of the expected type", "half a result left out", "is not as expected, left out",
    "its text is not", "(lone surrogates) were replaced",
)  # fmt: skip


#: In notes on what a format cannot tell, which are true of every file of it.
_OF_FORMAT: Final = ("in this format", "not in CTRF", "not in pytest's CTRF")


def say_once(entries: Sequence[LedgerEntry]) -> None:
    """Keep what a format cannot tell with the first file of it, for all of them.

    Numbers that such notes begin with are added up.
    """
    alike: defaultdict[tuple[str, str], list[tuple[LedgerEntry, str]]] = defaultdict(list)
    for entry in entries:
        for doubt in entry.doubts:
            if is_of_format(doubt):
                alike[entry.format, _number_and_rest(doubt)[1]].append((entry, doubt))
    for (_, words), found in alike.items():
        first, *later = [entry for entry, _ in found]
        if later:
            whole = f"{_total(doubt for _, doubt in found)}{words} ({len(found)} files)"
            first.doubts = [whole if doubt == found[0][1] else doubt for doubt in first.doubts]
        for entry, doubt in found[1:]:
            entry.doubts = [text for text in entry.doubts if text != doubt]


def _total(doubts: Iterable[str]) -> int | str:
    numbers = [int(number) for doubt in doubts if (number := _number_and_rest(doubt)[0])]
    return sum(numbers) if numbers else ""


def _number_and_rest(doubt: str) -> tuple[str, str]:
    number, _, words = doubt.partition(" ")
    return (number, f" {words}") if number.isdecimal() else ("", doubt)


def is_of_format(doubt: str) -> bool:
    """Tell notes on what a format cannot tell from those on one file."""
    return any(words in doubt for words in _OF_FORMAT)


def is_salvage(doubt: str) -> bool:
    """Tell notes on what was wrong with a file from what its format cannot tell."""
    return any(words in doubt for words in _SALVAGED)
