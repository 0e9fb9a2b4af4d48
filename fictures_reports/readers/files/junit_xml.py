"""JUnit XML as a stream of test cases, whatever wrote it: bounded memory, no entities, no network.

lxml calls a target for every tag, so no tree is ever built; that takes two thirds of the time of a
tree or of iterparse. A file that it cannot read is read once more, leniently: decoded and repaired
by `xml_repair`, with libxml2's recovery; the cases that were already given are skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

import msgspec
from lxml import etree

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.files.text_around_xml import without_text_around
from fictures_reports.readers.files.xml_encoding import OddEncoding, trusted_chunks
from fictures_reports.readers.files.xml_repair import repaired, with_whole_characters

#: A single test case (or what stands between two) may be this large; more is an attack.
_LARGEST_ELEMENT = 64 * 2**20
#: libxml2 itself stops at 256 levels or a few thousand, depending on its version.
_DEEPEST = 200
Attributes = dict[str, str]


class Part(msgspec.Struct, gc=False):
    """A child of a test case: failure, error, skipped, rerunFailure, system-out …"""

    tag: str
    attributes: Attributes
    text: str = ""
    parts: list[Part] = []


class Suite(msgspec.Struct, gc=False):
    """A test suite, the one around it, and the last before it that names a file or package."""

    attributes: Attributes
    above: Suite | None = None
    before: Suite | None = None
    #: name of the first suite on its level
    first: str = ""
    #: whether a case stands in it or in a suite inside of it
    has_cases: bool = False
    #: its own <properties>
    properties: list[Part] = []
    #: names of the suites around its cases and their file, once a reader has asked for them
    known: tuple[list[tuple[str, str]], str] | None = None


class Case(msgspec.Struct, gc=False):
    """A test case with its children; `suite` is the innermost suite around it."""

    attributes: Attributes
    parts: list[Part]
    suite: Suite


class Stream(msgspec.Struct, eq=False):
    """What is known of the file besides its cases; complete once the cases are exhausted."""

    source: Source
    root: Attributes = {}
    suites: list[Suite] = []
    #: errors, output and properties that stand in a suite, outside of any case
    loose: list[tuple[Suite, Part]] = []
    doubts: list[str] = []
    n_cases: int = 0
    salvaged: int = 0
    cut: bool = False
    #: name of the case that the file broke off in
    half: str | None = None

    def __iter__(self) -> Iterator[Case]:
        """Go through the cases once."""
        try:
            yield from _cases(self, trusted_chunks(self.source))
        except OddEncoding as odd:
            yield from _decoded(self, str(odd))
        except _Unsound as unsound:
            yield from _repaired(self, str(unsound))


class _Unsound(Exception):
    """The file is not well-formed, or not in the encoding that it declares."""


#: how libxml2 begins to say that a reference is to a surrogate (55296 to 57343)
_SURROGATE = "xmlParseCharRef: invalid xmlChar value 5"
#: … and that bytes are not of the encoding, in new and old releases
_ODD_BYTES = ("Invalid bytes in character encoding", "Input is not proper UTF-8")


#: shared by all cases that have none
_NO_PARTS: list[Part] = []


class _Target:
    """Gathers cases from the parser's calls."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.done: list[Case] = []
        self.suite: Suite | None = None
        #: of each level, outermost first: name of its first suite, and the last that names a file
        self.levels: list[tuple[str | None, Suite | None]] = [(None, None)]
        self.case: Attributes | None = None
        self.parts: list[Part] = []
        #: open parts, innermost last
        self.open: list[Part] = []
        #: the texts of each of them that stand before its last child
        self.before: list[list[str]] = []
        self.text: list[str] = []
        #: called with pieces of text; the list's own method, for that is called most
        self.data = self.text.append
        self.depth = 0

    def start(self, tag: str, attributes: Attributes) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise MalformedFile(self.stream.source.name, "is nested too deeply to be a report")
        if tag[0] == "{":
            tag = tag.rpartition("}")[2]
        if tag == "testcase" and self.case is None:
            self.case, self.parts = attributes, _NO_PARTS
        elif self.case is not None or self.open:
            self._open_part(tag, attributes)
        elif tag == "testsuite":
            self._open_suite(attributes)
        elif tag == "testsuites":
            self.stream.root = self.stream.root or attributes
        elif self.suite is not None:
            self._open_part(tag, attributes)

    def _open_part(self, tag: str, attributes: Attributes) -> None:
        if self.open:
            self.before[-1] += self.text
        self.text.clear()
        self.open.append(Part(tag, attributes))
        self.before.append([])

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.open:
            self._close_part()
        elif self.case is not None:
            if self.text:
                self.text.clear()
            suite = self.suite or self._first_suite()
            suite.has_cases = True
            self.done.append(Case(self.case, self.parts, suite))
            self.case = None
        elif self.suite is not None and tag.endswith("testsuite"):
            self._close_suite(self.suite)

    def _open_suite(self, attributes: Attributes) -> None:
        name = attributes.get("name", "")
        first, before = self.levels[-1]
        first = name if first is None else first
        if name == first and before is not None:  # the next file's, whether it names it or not
            before = None
        self.suite = Suite(attributes, self.suite, before, first)
        tells = any(attributes.get(key) for key in ("file", "filepath", "package"))
        self.levels[-1] = first, self.suite if tells else before
        self.levels.append((None, None))
        self.stream.suites.append(self.suite)

    def _close_suite(self, suite: Suite) -> None:
        self.suite = suite.above
        self.levels.pop()
        if suite.above is not None:
            suite.above.has_cases |= suite.has_cases

    def _close_part(self) -> None:
        part, before = self.open.pop(), self.before.pop()
        if before or self.text:
            part.text = "".join([*before, *self.text])
            self.text.clear()
        if self.open:
            self.open[-1].parts.append(part)
        elif self.case is not None:
            if self.parts is _NO_PARTS:
                self.parts = []
            self.parts.append(part)
        elif self.suite is not None:
            self.stream.loose.append((self.suite, part))
            if part.tag == "properties":
                self.suite.properties = [*self.suite.properties, part]

    def _first_suite(self) -> Suite:
        self.suite = Suite({})
        self.levels.append((None, None))
        self.stream.suites.append(self.suite)
        return self.suite

    def doctype(self, *_: Any) -> None:
        raise MalformedFile(self.stream.source.name, "has a DOCTYPE, which no result file needs")

    def close(self) -> None:
        return None


def _decoded(stream: Stream, reason: str) -> Iterator[Case]:
    """Read a file in another encoding than UTF-8, which is sound otherwise, or else leniently."""
    doubts: list[str] = []
    try:
        yield from _from_the_start(stream, with_whole_characters(stream.source, doubts))
    except _Unsound:
        yield from _leniently(stream, reason)
    else:
        stream.doubts += doubts


def _repaired(stream: Stream, reason: str) -> Iterator[Case]:
    """Read again what is sound but for one thing, or else leniently.

    That is other text around the XML, such as a log, references to surrogates, or single bytes
    that are not of its encoding.
    """
    odd_characters = any(words in reason for words in (_SURROGATE, *_ODD_BYTES))
    for pieces_of in (without_text_around, with_whole_characters):
        doubts: list[str] = []
        if pieces_of is with_whole_characters and not odd_characters:
            continue
        if (pieces := pieces_of(stream.source, doubts)) is None:
            continue
        try:
            yield from _from_the_start(stream, pieces)
        except _Unsound as unsound:
            reason = str(unsound)
        else:
            stream.doubts += doubts
            return
    yield from _leniently(stream, reason)


def _from_the_start(
    stream: Stream, pieces: Iterator[bytes], *, lenient: bool = False
) -> Iterator[Case]:
    """Read the file once more, without the cases that were given before."""
    n_given, stream.suites, stream.loose, stream.n_cases = stream.n_cases, [], [], 0
    yield from islice(_cases(stream, pieces, lenient=lenient), n_given, None)
    stream.n_cases = max(stream.n_cases, n_given)  # mending may find fewer than were given


def _leniently(stream: Stream, reason: str) -> Iterator[Case]:
    doubts: list[str] = []
    yield from _from_the_start(stream, repaired(stream.source, doubts), lenient=True)
    if not stream.n_cases and (stream.cut or not stream.suites):
        raise MalformedFile(stream.source.name, f"is not well-formed ({reason})", "nothing to save")
    stream.doubts += [f"is not well-formed: {reason}", *doubts]
    stream.salvaged = stream.n_cases
    if stream.half is not None:
        stream.doubts.append(f"half a result left out: {stream.half!r}")


def _cases(stream: Stream, pieces: Iterator[bytes], *, lenient: bool = False) -> Iterator[Case]:
    target = _Target(stream)
    parser = _parser(target, lenient=lenient)
    waiting = 0
    try:
        for piece in pieces:
            parser.feed(piece)
            waiting = 0 if target.done else waiting + len(piece)
            if waiting > _LARGEST_ELEMENT:
                size = _LARGEST_ELEMENT >> 20
                raise MalformedFile(stream.source.name, f"one element is larger than {size} MB")
            yield from _given(stream, target)
        _note_break(stream, target)
        parser.close()
    except etree.XMLSyntaxError as error:
        yield from _given(stream, target)
        if not lenient:
            raise _Unsound(str(error).replace("\n", " ").partition(" (<string>")[0]) from None
    yield from _given(stream, target)


def _note_break(stream: Stream, target: _Target) -> None:
    """Note what is still open at the end of the file; the parser may close it, but it is cut."""
    stream.cut = target.depth > 0
    stream.half = None if target.case is None else target.case.get("name", "?")
    target.case = None
    target.open.clear()
    target.before.clear()


def _given(stream: Stream, target: _Target) -> list[Case]:
    done, target.done = target.done, []
    stream.n_cases += len(done)
    return done


def _parser(target: _Target, *, lenient: bool) -> Any:
    return etree.XMLParser(
        target=cast("Any", target),
        huge_tree=True,
        # "internal" and not False, which would turn "&amp;" into "&#38;" for a target; entities of
        # the file itself cannot be declared, for its DOCTYPE ends the reading
        resolve_entities=cast("bool", "internal"),
        load_dtd=False,
        no_network=True,
        recover=lenient,
        remove_comments=True,
        remove_pis=True,
    )
