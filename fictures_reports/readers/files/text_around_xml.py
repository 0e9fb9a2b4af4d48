"""XML that stands in other text, such as a log that was written into the same file.

npm warn old lockfile          passed over: 22 characters before the XML
<testsuites>…</testsuites>     this is read
Done in 3.2 s.                 passed over, too
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.files.xml_encoding import chunks
from fictures_reports.readers.text.linear import SPACE, WORD, linear

#: What belongs to XML before its root: instructions, the declaration being one, and comments.
_PROLOG = linear(rf"(?s)^(?:[{SPACE}]*(?:<\?.*?\?>|<!--.*?-->))+")
_ROOT = linear(rf"<(?:testsuites?|testcase)(?:[^{WORD}]|$)")
#: The end of a suite, or the beginning of a suite or case.
_SUITE_OR_CASE = linear(r"(</testsuites?[ \t\r\n]*>)|<test(?:suite|case)")
#: A tag that the border of two chunks cuts is looked for again with so many bytes before it.
_LONGEST_TAG_NAME: Final = 24


def from_the_root(text: str) -> str:
    """Leave out what stands before the root: declaration, comments, instructions, a banner."""
    if prolog := _PROLOG.match(text):
        text = text[prolog.end() :]
    root = _ROOT.search(text)
    return text[root.start() :] if root else ""


def without_text_around(source: Source, doubts: list[str]) -> Iterator[bytes] | None:
    """Give the XML alone where other text stands before or behind it.

    None where nothing does. What stands around is counted in `doubts`.
    """
    start, end, n_bytes = _bounds(source)
    if start < 0 or end <= start:
        return None
    doubts += [
        f"{n} characters {where} the XML were passed over"
        for n, where in ((start, "before"), (n_bytes - end, "behind"))
        if n
    ]
    return _between(source, start, end) if doubts else None


def _bounds(source: Source) -> tuple[int, int, int]:
    """Find where the root begins and the last suite ends, and the length without blanks behind.

    -1 for the end where results may stand behind it, and for the start where there is no root.
    """
    start = end = opened = -1
    n_read, n_bytes, carried = 0, 0, b""
    for chunk in chunks(source):
        text, at = carried + chunk, n_read - len(carried)
        if start < 0 and (found := _start_of_root(text)) >= 0:
            start = at + found
        for mark in _SUITE_OR_CASE.finditer(text.decode("latin-1")):
            end, opened = (at + mark.end(), opened) if mark[1] else (end, at + mark.start())
        n_read += len(chunk)
        n_bytes = n_read - len(chunk) + len(chunk.rstrip()) if chunk.strip() else n_bytes
        carried = text[-_LONGEST_TAG_NAME:]
    return start, -1 if opened >= end else end, max(n_bytes, end)


def _start_of_root(text: bytes) -> int:
    """Return where the root begins behind other text; 0 where only what belongs to XML is there.

    -1 where there is no root.
    """
    head = text.decode("latin-1")
    root = _ROOT.search(head)
    if root is None:
        return -1
    prolog = _PROLOG.match(head)
    other = head[prolog.end() if prolog else 0 : root.start()]
    # a declaration has to be the first thing in a file
    late = "<?xml" in head[: root.start()] and not head.startswith(("<?xml", "\xef\xbb\xbf<?xml"))
    return root.start() if other.strip() or late else 0


def _between(source: Source, start: int, end: int) -> Iterator[bytes]:
    at = 0
    for chunk in chunks(source):
        if piece := chunk[max(start - at, 0) : max(end - at, 0)]:
            yield piece
        at += len(chunk)
