"""What a skip's reason says, without that the test was skipped: reasons are causes, too."""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

# "Like button not found, skipping metrics test"
_SKIPPING = Pattern(
    r"(?i)[ \t]*(?:[,;:.(–-]+|\bso\b)[ \t]*(?:(?:we|i) )?(?:skipp?(?:ing|ed)?|skip)\b[^\n]*", "kip"
)
_CONTROL: Final = (
    r"button|link|field|input|menu|tab|icon|dialog|checkbox|element|control|card|form|toggle"
    r"|selector"
)
_ABSENT: Final = (
    Pattern(
        rf"(?i)\A(?:the )?([^\n,;:]{{0,80}}\b(?:{_CONTROL})s?) (?:was |is |were |are )?"
        r"(?:not (?:found|there|present|available|rendered|displayed)|missing)\b[^\n]*"
    ),
    Pattern(
        rf"(?i)\A(?:there (?:is|was) )?no ([^\n,;:]{{0,80}}\b(?:{_CONTROL})s?)"
        r"(?: (?:found|there|present|available|on|in|at|yet)\b[^\n]*)?\z"
    ),
)


def skip_cause(reason: str) -> str:
    """Return the cause in a reason for a skip.

    >>> skip_cause("Like button not found, skipping metrics test")
    'the Like button is not there'
    >>> skip_cause("drive letters are for Windows only")
    'drive letters are for Windows only'
    """
    first, _, later_lines = reason.strip().partition("\n")
    words = _SKIPPING.without(first).strip() or first
    for pattern in _ABSENT:
        if found := pattern.search(words):
            many = found[1].endswith("s")
            return f"the {found[1].strip()} {'are' if many else 'is'} not there"
    return f"{words}\n{later_lines}" if later_lines else words
