"""XML that is not well-formed, mended as far as it goes: encodings, control characters, stray "<".

Only what JUnit knows stays a tag, so a log line, a "<token>" in a name or half an HTML page in a
message cannot swallow the results behind it.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import Any

from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.text.clean import encoding_of
from fictures_reports.readers.text.linear import DIGIT, SPACE, WORD, linear

CHUNK = 1 << 17
_OTHER_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 13, 27))
#: A raw ESC is not allowed in XML; DEL is, and `texts.clean` knows it as the start of a colour.
_ESC_TO_DEL = bytes(127 if c == 27 else c for c in range(256))
_DECLARED = linear(rf"""<\?xml[^>]*?encoding[{SPACE}]*=[{SPACE}]*["']([A-Za-z0-9_.:-]+)["']""")
_BEFORE_ROOT = linear(rf"(?s)^(?:[{SPACE}]*(?:<\?.*?\?>|<!--.*?-->))+")
_ROOT = linear(rf"<(?:testsuites?|testcase)(?:[^{WORD}]|$)")
_SUITE_OR_CASE = linear(r"(</testsuites?[ \t\r\n]*>)|<test(?:suite|case)")
_UTF8 = linear(r"(?i)^(?:utf-?8(?:-sig)?|us-ascii|ascii)$")
_OTHER_ENCODINGS = linear(
    r"(?i)^(?:iso-?8859-\d+|latin-?1|windows-125\d|cp125\d|gbk|gb2312|gb18030|big5|shift_jis|euc-jp"
    r"|euc-kr|koi8-r)$"
)
#: Tags and references that JUnit knows; any other "<" or "&" is stray.
_KNOWN = linear(
    r"</?(?:testsuites?|testcase|failure|error|skipped|system-(?:out|err)|propert(?:y|ies)"
    rf"|(?:flaky|rerun)(?:Failure|Error)|stackTrace|item|passed|result)[{SPACE}/>\[]"
    rf"|<!\[CDATA\[|&(?:lt|gt|amp|quot|apos|#{DIGIT}{{1,7}}|#x[0-9A-Fa-f]{{1,6}});"
)
_ILLEGAL_REFERENCE = linear(
    r"&#(?:x0*(?:[0-8BbCcEeFf]|1[0-9A-Fa-f])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));"
)
_REFERENCE = linear(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_REFERENCE_BEFORE = linear(r"&#x?[0-9A-Fa-f]{1,8};$")
_LONGEST_REFERENCE = 12
_LONGEST_TAG_NAME = 24


def chunks(source: Source) -> Iterator[bytes]:
    """Give the file as it is, piece by piece."""
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            yield chunk


class OddEncoding(Exception):
    """An encoding that the parser cannot be trusted with, or may not know."""


def trusted(source: Source) -> Iterator[bytes]:
    """Give the file as it is, if it is in UTF-8 or has the mark of UTF-16."""
    head = source.head(1024)
    encoding = encoding_of(head[:4])
    name = _declared(head) or encoding
    if encoding not in ("utf-8", "utf-8-sig", "utf-16"):
        raise OddEncoding(f"is in {encoding.upper()} without a mark")
    if encoding != "utf-16" and not _UTF8.match(name):
        raise OddEncoding(f"declares the encoding {name}")
    return chunks(source)


def _declared(head: bytes) -> str | None:
    declared = _DECLARED.search(head.decode("latin-1"))
    return declared[1] if declared else None


def repaired(source: Source, doubts: list[str]) -> Iterator[bytes]:
    """Give the file as UTF-8 without declaration, with all that XML forbids taken out."""
    mender = _Mender(doubts, _escaped)
    for piece in _mended(source, mender, doubts):
        yield piece.translate(_ESC_TO_DEL, _OTHER_CONTROLS)


def without_text_around(source: Source, doubts: list[str]) -> Iterator[bytes] | None:
    """Give the XML alone where other text stands before or behind it, such as a log.

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
    """Return where the root begins behind other text; 0 where only what belongs to XML is there."""
    head = text.decode("latin-1")
    before = _BEFORE_ROOT.match(head)
    root = _ROOT.search(head)
    if root is None:
        return -1
    prolog = head[before.end() if before else 0 : root.start()]
    late = "<?xml" in head[: root.start()] and not head.startswith(("<?xml", "\xef\xbb\xbf<?xml"))
    return root.start() if prolog.strip() or late else 0


def _between(source: Source, start: int, end: int) -> Iterator[bytes]:
    at = 0
    for chunk in chunks(source):
        if piece := chunk[max(start - at, 0) : max(end - at, 0)]:
            yield piece
        at += len(chunk)


def with_whole_characters(source: Source, doubts: list[str]) -> Iterator[bytes]:
    """Give the file as UTF-8 without declaration, with references to surrogates replaced.

    "&#55357;&#56832;" is how writers that think in UTF-16 write 😀, which XML forbids: a pair
    becomes the character, a single one "\ufffd".
    """
    yield from _mended(source, _Mender(doubts, lambda text: text), doubts)


def _mended(source: Source, mender: _Mender, doubts: list[str]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(_encoding(source, doubts))("replace")
    first = True
    for chunk in chunks(source):
        text = decoder.decode(chunk)
        if first:
            text = _from_first_tag(text)
            first = not text
        yield mender.mend(text)
    yield mender.mend(decoder.decode(b"", final=True), final=True)
    mender.conclude()


def _from_first_tag(text: str) -> str:
    """Leave out what stands before the root: declaration, comments, instructions, a banner."""
    if before := _BEFORE_ROOT.match(text):
        text = text[before.end() :]
    start = _ROOT.search(text)
    return text[start.start() :] if start else ""


class _Mender:
    """Mends what stands outside of CDATA sections, which may be cut by the chunks' borders."""

    def __init__(self, doubts: list[str], escape: Callable[[str], str]) -> None:
        self._doubts, self._escape = doubts, escape
        self._carried = ""
        self._in_cdata = False
        self._n_replaced = 0

    def conclude(self) -> None:
        """Note what was replaced."""
        if self._n_replaced:
            self._doubts.append(
                f"{self._n_replaced} references to halves of characters (surrogates) were replaced"
            )

    def mend(self, text: str, *, final: bool = False) -> bytes:
        text, self._carried = self._carried + text, ""
        done: list[str] = []
        start = 0
        while start < len(text):
            go_on = self._in_section if self._in_cdata else self._outside
            start = go_on(text, start, done)
        if final:
            done.append(self._carried if self._in_cdata else self._mended(self._carried))
        return "".join(done).encode("utf-8", "replace")

    def _mended(self, text: str) -> str:
        whole, n_replaced = _without_surrogates(text)
        self._n_replaced += n_replaced
        return self._escape(whole)

    def _in_section(self, text: str, start: int, done: list[str]) -> int:
        """Take the rest of a CDATA section; return where it ends."""
        end = text.find("]]>", start)
        if end < 0:
            cut = max(len(text) - 2, start)
            done.append(text[start:cut])
            self._carried = text[cut:]
            return len(text)
        done.append(text[start : end + 3])
        self._in_cdata = False
        return end + 3

    def _outside(self, text: str, start: int, done: list[str]) -> int:
        """Take what stands before the next CDATA section; return where that begins."""
        section = text.find("<![CDATA[", start)
        if section >= 0:
            done += [self._mended(text[start:section]), "<![CDATA["]
            self._in_cdata = True
            return section + 9
        last = max(text.rfind("<", start), text.rfind("&", start))
        if last < len(text) - _LONGEST_TAG_NAME:
            last = len(text)
        elif before := _REFERENCE_BEFORE.search(text[max(last - _LONGEST_REFERENCE, start) : last]):
            # the second half of a pair may follow
            last = max(last - _LONGEST_REFERENCE, start) + before.start()
        done.append(self._mended(text[start:last]))
        self._carried = text[last:]
        return len(text)


def _without_surrogates(text: str) -> tuple[str, int]:
    """Replace references to surrogates, and count those that are no pair."""
    if "&#" not in text:
        return text, 0
    whole = _REFERENCE.sub(_surrogate, text)
    if whole == text:
        return text, 0
    joined = whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined, joined.count("\ufffd") - text.count("\ufffd")


def _surrogate(match: Any) -> str:
    value = int(match[1], 16) if match[1] else int(match[2])
    return chr(value) if 0xD800 <= value <= 0xDFFF else match[0]


def _escaped(text: str) -> str:
    if "&#" in text:
        text = _ILLEGAL_REFERENCE.sub("", text)
    escaped: list[str] = []
    end = 0
    for known in _KNOWN.finditer(text):
        escaped += (_without_marks(text[end : known.start()]), known[0])
        end = known.end()
    return "".join([*escaped, _without_marks(text[end:])])


def _without_marks(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _encoding(source: Source, doubts: list[str]) -> str:
    head = source.head(1024)
    by_mark = encoding_of(head[:4])
    if by_mark != "utf-8":
        return by_mark
    name = _declared(head) or "utf-8"
    if not _OTHER_ENCODINGS.match(name):
        name = "utf-8"
    if _decodes(source, name):
        return name
    doubts.append(f"its text is not {name.upper()}; read as Windows-1252")
    return "cp1252"


def _decodes(source: Source, encoding: str) -> bool:
    """Try an encoding; a character cut in two by the end of the file is no reason against it."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in chunks(source):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True
