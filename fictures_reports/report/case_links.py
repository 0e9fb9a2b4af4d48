"""Links to cases in the HTML of a report's cells; the page they stand on decides about each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

_OPENS: Final = '<a href="#case-'
_HEX: Final = frozenset("0123456789abcdef")


def relinked(html: str, change: Callable[[str, str], str | None]) -> str:
    """Replace links to cases by what `change` returns for anchor and words; None keeps a link.

    >>> relinked('see <a href="#case-1f">a test</a>', lambda anchor, words: words)
    'see a test'
    """
    first, *links = html.split(_OPENS)
    return first + "".join(_changed(piece, change) for piece in links)


def unlinked(html: str) -> str:
    """Leave the words of each link to a case, without the link."""
    return relinked(html, lambda _, words: words)


def _changed(piece: str, change: Callable[[str, str], str | None]) -> str:
    name, _, tag = piece.partition('">')
    words, end, after = tag.partition("</a>")
    link = None
    if end and name and _HEX.issuperset(name):
        link = change(f"case-{name}", words)
    return _OPENS + piece if link is None else link + after
