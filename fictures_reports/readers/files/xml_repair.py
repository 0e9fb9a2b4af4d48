"""XML that is not well-formed, repaired as far as it goes: control characters, stray "<", halves.

In goes a file, out come pieces of UTF-8 without a declaration, for a lenient parser:

    <testcase name="a < b">    <testcase name="a &lt; b">
    <failure>got <div>         <failure>got &lt;div>
    R&D &#x1B;                 R&amp;D                       what XML forbids is left out
    &#55357;&#56832;           😀                            two halves of one character

Only tags that JUnit knows stay tags, so that a log line, a "<token>" in a name or half an HTML page
in a message cannot swallow the results behind it. CDATA sections stay as they are, but for control
characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.files.text_around_xml import from_the_root
from fictures_reports.readers.files.xml_encoding import decoded_chunks
from fictures_reports.readers.text.linear import DIGIT, SPACE, linear

_OTHER_CONTROLS: Final = bytes(c for c in range(32) if c not in (9, 10, 13, 27))
#: A raw ESC is not allowed in XML; DEL is, and `text.clean` knows it as the start of a colour.
_ESC_TO_DEL: Final = bytes(127 if c == 27 else c for c in range(256))
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
_REFERENCE_AT_END = linear(r"&#x?[0-9A-Fa-f]{1,8};$")
_LONGEST_REFERENCE: Final = 12
_LONGEST_TAG_NAME: Final = 24
_CDATA: Final = "<![CDATA["
_CDATA_END: Final = "]]>"


def repaired(source: Source, doubts: list[str]) -> Iterator[bytes]:
    """Give the file as UTF-8 without declaration, with all that XML forbids taken out."""
    for piece in _repaired(source, doubts, _escaped):
        yield piece.translate(_ESC_TO_DEL, _OTHER_CONTROLS)


def with_whole_characters(source: Source, doubts: list[str]) -> Iterator[bytes]:
    """Give the file as UTF-8 without declaration, with references to surrogates replaced.

    "&#55357;&#56832;" is how writers that think in UTF-16 write 😀, which XML forbids: a pair
    becomes the character, a single one "\ufffd".
    """
    return _repaired(source, doubts, lambda text: text)


def _repaired(source: Source, doubts: list[str], escape: Callable[[str], str]) -> Iterator[bytes]:
    repair = _Repair(escape)
    has_begun = False
    for decoded in decoded_chunks(source, doubts):
        text = decoded if has_begun else from_the_root(decoded)
        has_begun = has_begun or bool(text)
        yield repair.take(text)
    yield repair.end()
    if repair.n_replaced:
        doubts.append(
            f"{repair.n_replaced} references to halves of characters (surrogates) were replaced"
        )


class _Repair:
    """Repairs text that comes in chunks; a chunk may end within a tag, a reference or "]]>".

    What may go on in the next chunk is kept back until that comes.
    """

    def __init__(self, escape: Callable[[str], str]) -> None:
        self._escape = escape
        self._kept_back = ""
        self._in_cdata = False
        #: references to surrogates that are no pair
        self.n_replaced = 0

    def take(self, chunk: str) -> bytes:
        """Return what of the text so far is repaired."""
        text, self._kept_back = self._kept_back + chunk, ""
        done: list[str] = []
        start = 0
        while start < len(text):
            take = self._take_cdata if self._in_cdata else self._take_text
            start = take(text, start, done)
        return _in_utf8("".join(done))

    def end(self) -> bytes:
        """Return what was kept back, at the end of the file."""
        text, self._kept_back = self._kept_back, ""
        return _in_utf8(text if self._in_cdata else self._with_repairs(text))

    def _take_cdata(self, text: str, start: int, done: list[str]) -> int:
        """Take the rest of a CDATA section as it is; return where it ends."""
        end = text.find(_CDATA_END, start)
        if end < 0:
            cut = max(len(text) - len(_CDATA_END) + 1, start)
            done.append(text[start:cut])
            self._kept_back = text[cut:]
            return len(text)
        end += len(_CDATA_END)
        done.append(text[start:end])
        self._in_cdata = False
        return end

    def _take_text(self, text: str, start: int, done: list[str]) -> int:
        """Take what stands before the next CDATA section; return where that begins."""
        section = text.find(_CDATA, start)
        if section >= 0:
            done += [self._with_repairs(text[start:section]), _CDATA]
            self._in_cdata = True
            return section + len(_CDATA)
        cut = _where_next_chunk_may_go_on(text, start)
        done.append(self._with_repairs(text[start:cut]))
        self._kept_back = text[cut:]
        return len(text)

    def _with_repairs(self, text: str) -> str:
        whole, n_replaced = _without_surrogates(text)
        self.n_replaced += n_replaced
        return self._escape(whole)


def _in_utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _where_next_chunk_may_go_on(text: str, start: int) -> int:
    """Return where a tag, or a reference or half a pair of them, begins that text ends in."""
    last = max(text.rfind("<", start), text.rfind("&", start))
    if last < max(start, len(text) - _LONGEST_TAG_NAME):
        return len(text)
    earliest = max(last - _LONGEST_REFERENCE, start)
    half = _REFERENCE_AT_END.search(text[earliest:last])
    return earliest + half.start() if half else last


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
    """Leave the tags and references that JUnit knows, and escape every other "<" and "&"."""
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
