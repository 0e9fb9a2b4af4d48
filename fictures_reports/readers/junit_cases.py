"""JUnit XML as a stream of test cases, whatever wrote it: bounded memory, no entities, no network.

lxml's iterparse reads a sound file. What it cannot read is read once more, leniently: decoded by
us, control characters taken out, with libxml2's recovery; the cases already given are skipped.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, cast

from lxml import etree

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.sources import Source
from fictures_reports.readers.texts import encoding_of

#: A single test case (or what stands between two) may be this large; more is an attack.
_LARGEST_ELEMENT = 64 * 2**20
_CHUNK = 65536
_OTHER_CONTROLS = bytes(c for c in range(32) if c not in (9, 10, 13, 27))
#: A raw ESC is not allowed in XML; DEL is, and `texts.clean` knows it as the start of a colour.
_ESC_TO_DEL = bytes(127 if c == 27 else c for c in range(256))
_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']""")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_KNOWN_ENCODINGS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-\d+|latin-?1|windows-125\d|cp125\d|gbk|gb2312|gb18030|big5"
    r"|shift_jis|euc-jp|euc-kr|koi8-r|utf-?16(le|be)?$",
    re.IGNORECASE,
)
Attributes = dict[str, str]


@dataclass(slots=True)
class Part:
    """A child of a test case: failure, error, skipped, rerunFailure, system-out …"""

    tag: str
    attributes: Attributes
    text: str
    parts: list[Part] = field(default_factory=list)


@dataclass(slots=True)
class Suite:
    """An open test suite and the ones around it; properties and output stand in `parts`."""

    attributes: Attributes
    above: Suite | None = None
    n_cases: int = 0


@dataclass(slots=True)
class Case:
    """A test case with its children; `suite` is the innermost suite around it."""

    attributes: Attributes
    parts: list[Part]
    suite: Suite


@dataclass(slots=True)
class Stream:
    """What is known of the file besides its cases; complete once the cases are exhausted."""

    source: Source
    root: Attributes = field(default_factory=dict)
    root_tag: str = ""
    suites: list[Suite] = field(default_factory=list)
    #: errors and properties that stand in a suite, outside of any case
    loose: list[tuple[Suite, Part]] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    n_cases: int = 0
    salvaged: int = 0
    cut: bool = False
    #: name of the case that the file broke off in
    half: str | None = None

    def __iter__(self) -> Iterator[Case]:
        """Go through the cases once."""
        try:
            yield from _cases(self, _raw(self.source), lenient=False)
        except _Unsound as unsound:
            yield from _leniently(self, str(unsound))


class _Unsound(Exception):
    """The file is not well-formed, or not in the encoding that it declares."""


def _leniently(stream: Stream, reason: str) -> Iterator[Case]:
    sound, stream.suites, stream.loose, stream.n_cases = stream.n_cases, [], [], 0
    doubts: list[str] = []
    chunks = _decoded(stream.source, doubts)
    for case in _cases(stream, chunks, lenient=True):
        if stream.n_cases > sound:
            yield case
    stream.doubts += [f"is not well-formed: {reason}", *doubts]
    if stream.half is not None:
        stream.cut = True
        stream.doubts.append(f"half a result left out: {stream.half!r}")
    stream.salvaged = stream.n_cases
    if not stream.n_cases and not stream.suites:
        raise MalformedFile(stream.source.name, f"is not well-formed ({reason})", "nothing to save")


def _raw(source: Source) -> Iterator[bytes]:
    head = source.head(1024)
    declared = _DECLARED.search(head)
    if declared and not _KNOWN_ENCODINGS.match(declared[1].decode()):
        raise _Unsound(f"encoding {declared[1].decode()!r}")
    return _chunks(source)


def _chunks(source: Source) -> Iterator[bytes]:
    with source.open() as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _decoded(source: Source, doubts: list[str]) -> Iterator[bytes]:
    """Give the file as UTF-8 without declaration and without characters that XML forbids."""
    decoder = codecs.getincrementaldecoder(_encoding(source, doubts))("replace")
    first = True
    for chunk in _chunks(source):
        text = decoder.decode(chunk)
        if first and text:
            text, first = text[text.find("<") :] if "<" in text else "", "<" not in text
            text = _XML_DECLARATION.sub("", text.lstrip("\ufeff"))
        yield text.encode("utf-8", "replace").translate(_ESC_TO_DEL, _OTHER_CONTROLS)


def _encoding(source: Source, doubts: list[str]) -> str:
    head = source.head(1024)
    by_mark = encoding_of(head[:4])
    if by_mark != "utf-8":
        return by_mark
    declared = _DECLARED.search(head)
    name = declared[1].decode() if declared else "utf-8"
    if not _KNOWN_ENCODINGS.match(name) or name.lower().startswith("utf-16"):
        name = "utf-8"
    if _decodes(source, name):
        return name
    doubts.append(f"text is not {name.upper()} as it should be; read as Windows-1252")
    return "cp1252"


def _decodes(source: Source, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        # a multi-byte character cut off at the end of a cut file is no other encoding
        return encoding == "utf-8" and _breaks_only_at_end(source)
    return True


def _breaks_only_at_end(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    try:
        for chunk in _chunks(source):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


class _Feed:
    """A file object for iterparse that stops where one element grows without end."""

    def __init__(self, chunks: Iterator[bytes], name: str) -> None:
        self._chunks, self._name = chunks, name
        self.since_event, self.ended = 0, False

    def read(self, _: int = -1) -> bytes:
        chunk = next(self._chunks, b"")
        self.ended = not chunk
        self.since_event += len(chunk)
        if self.since_event > _LARGEST_ELEMENT:
            raise MalformedFile(
                self._name, f"one element is larger than {_LARGEST_ELEMENT >> 20} MB", "not read"
            )
        return chunk


def _parser(feed: _Feed, *, lenient: bool) -> Any:
    return etree.iterparse(
        cast("IO[bytes]", feed),
        events=("start", "end"),
        tag=("testsuites", "testsuite", "testcase", "{*}testsuites", "{*}testsuite", "{*}testcase"),
        huge_tree=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        recover=lenient,
        remove_comments=True,
        remove_pis=True,
    )


def _cases(stream: Stream, chunks: Iterator[bytes], *, lenient: bool) -> Iterator[Case]:
    feed = _Feed(chunks, stream.source.name)
    parser = _parser(feed, lenient=lenient)
    suite: Suite | None = None
    inside = False
    try:
        for event, element in parser:
            tag = _local(element.tag)
            if tag == "testcase":
                if event == "start":
                    inside = True
                    continue
                inside, feed.since_event = False, 0
                if feed.ended and lenient:  # closed by the parser, not by its own end tag
                    stream.half = element.get("name", "?")
                    continue
                suite = suite or _open_suite(stream, element, None)
                suite.n_cases += 1
                stream.n_cases += 1
                yield Case(dict(element.attrib), _parts(element), suite)
                _forget(element)
            elif event == "start" and not inside:
                _refuse_doctype(element, stream.source)
                suite = _opened(stream, tag, element, suite)
            elif event == "end" and tag == "testsuite" and suite is not None:
                stream.cut = stream.cut or (feed.ended and lenient)
                _loose_parts(stream, suite, element)
                suite = suite.above
                _forget(element)
    except etree.XMLSyntaxError as error:
        if not lenient:
            raise _Unsound(_reason(error)) from None
        if not stream.n_cases and not stream.suites:
            raise MalformedFile(
                stream.source.name, f"is not well-formed ({_reason(error)})"
            ) from None


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _reason(error: etree.XMLSyntaxError) -> str:
    return str(error).replace("\n", " ")


def _opened(stream: Stream, tag: str, element: Any, suite: Suite | None) -> Suite | None:
    if tag == "testsuites":
        stream.root_tag = stream.root_tag or tag
        stream.root = stream.root or dict(element.attrib)
        return suite
    return _open_suite(stream, element, suite)


def _open_suite(stream: Stream, element: Any, above: Suite | None) -> Suite:
    attributes = dict(element.attrib) if _local(element.tag) == "testsuite" else {}
    suite = Suite(attributes, above)
    stream.root_tag = stream.root_tag or "testsuite"
    stream.suites.append(suite)
    return suite


def _refuse_doctype(element: Any, source: Source) -> None:
    if element.getparent() is None and element.getroottree().docinfo.internalDTD is not None:
        raise MalformedFile(source.name, "has a DOCTYPE, which no result file needs", "not read")


def _parts(element: Any) -> list[Part]:
    return [
        Part(_local(c.tag), dict(c.attrib), c.text or "", _parts(c) if len(c) else [])
        for c in element
        if isinstance(c.tag, str)
    ]


def _loose_parts(stream: Stream, suite: Suite, element: Any) -> None:
    for child in element:
        if isinstance(child.tag, str) and _local(child.tag) not in ("testcase", "testsuite"):
            stream.loose += [(suite, part) for part in _parts_of(child)]


def _parts_of(child: Any) -> list[Part]:
    return [Part(_local(child.tag), dict(child.attrib), child.text or "", _parts(child))]


def _forget(element: Any) -> None:
    """Free what was read: the element, and the case or suite before it."""
    element.clear()
    before = element.getprevious()
    if before is not None and _local(before.tag) in ("testcase", "testsuite"):
        element.getparent().remove(before)
