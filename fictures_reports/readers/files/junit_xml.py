"""JUnit XML as a stream of test cases, whatever wrote it: bounded memory, no entities, no network.

lxml calls a target for every tag, so no tree is ever built; that takes half the time of iterparse.
A file that it cannot read is read once more, leniently: decoded and mended by `xml_repair`, with
libxml2's recovery; the cases that were already given are skipped. Cases without children do not
even reach the parser (see `plain_cases`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import msgspec
from lxml import etree

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.files.xml_repair import OddEncoding, repaired, trusted
from fictures_reports.readers.plain_cases import LARGE, Runs, Stretch, attributes_of

#: A single test case (or what stands between two) may be this large; more is an attack.
_LARGEST_ELEMENT = 64 * 2**20
#: libxml2 itself stops at 256 levels or a few thousand, depending on its version.
_DEEPEST = 200
Attributes = dict[str, str]


class Part(msgspec.Struct):
    """A child of a test case: failure, error, skipped, rerunFailure, system-out …"""

    tag: str
    attributes: Attributes
    text: str = ""
    parts: list[Part] = []


class Suite(msgspec.Struct):
    """A test suite and the one around it."""

    attributes: Attributes
    above: Suite | None = None


class Case(msgspec.Struct):
    """A test case with its children; `suite` is the innermost suite around it."""

    attributes: Attributes
    parts: list[Part]
    suite: Suite


class Plain(msgspec.Struct):
    """Some test cases without children."""

    cases: Stretch
    suite: Suite

    def __len__(self) -> int:
        return self.cases.stop - self.cases.start

    def __iter__(self) -> Iterator[Case]:
        """Go through them as cases."""
        for cells in self.cases.cells():
            yield Case(attributes_of(cells), _NO_PARTS, self.suite)


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
        for batch in self.batches():
            yield from cases_of(batch)

    def batches(self) -> Iterator[list[Case | Plain]]:
        """Go through the cases once, in lists: those of a piece of the file."""
        runs = Runs(large=self.source.size >= LARGE)
        try:
            yield from _cases(self, runs.without(trusted(self.source)), runs)
        except OddEncoding as odd:
            yield from _leniently(self, str(odd))
        except _Unsound as unsound:
            yield from _leniently(self, _where(self.source) or str(unsound))


def cases_of(batch: Iterable[Case | Plain]) -> Iterator[Case]:
    """Go through a batch case by case."""
    for item in batch:
        if isinstance(item, Plain):
            yield from item
        else:
            yield item


class _Unsound(Exception):
    """The file is not well-formed, or not in the encoding that it declares."""


#: shared by all cases that have none
_NO_PARTS: list[Part] = []


class _Target:
    """Gathers cases from the parser's calls."""

    def __init__(self, stream: Stream, runs: Runs | None) -> None:
        self.stream = stream
        self.runs = runs
        self.done: list[Case | Plain] = []
        self.suite: Suite | None = None
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
            self.suite = Suite(attributes, self.suite)
            self.stream.suites.append(self.suite)
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
            self.done.append(Case(self.case, self.parts, self.suite or self._first_suite()))
            self.case = None
        elif self.suite is not None and tag.endswith("testsuite"):
            self.suite = self.suite.above

    def pi(self, name: str, _: str | None = None) -> None:
        """Take the run of plain cases that stands here; other instructions say nothing."""
        if self.runs is None or name != self.runs.mark:
            return
        if not self.depth:
            raise _Unsound("test cases stand outside of the root")
        run = self.runs.next()
        if self.case is None and not self.open and self.depth < _DEEPEST:
            self.text.clear()
            self.done.append(Plain(run, self.suite or self._first_suite()))
            return
        for each in run.cells():  # inside of another case
            self.start("testcase", attributes_of(each))
            self.end("testcase")

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

    def _first_suite(self) -> Suite:
        self.suite = Suite({})
        self.stream.suites.append(self.suite)
        return self.suite

    def doctype(self, *_: Any) -> None:
        raise MalformedFile(self.stream.source.name, "has a DOCTYPE, which no result file needs")

    def close(self) -> None:
        return None


def _where(source: Source) -> str | None:
    """Read a file that is not well-formed again, for the line and column where it is not."""
    try:
        for _ in _cases(Stream(source), trusted(source)):
            pass
    except _Unsound as unsound:
        return str(unsound)
    return None


def _leniently(stream: Stream, reason: str) -> Iterator[list[Case | Plain]]:
    sound, stream.suites, stream.loose, stream.n_cases = stream.n_cases, [], [], 0
    doubts: list[str] = []
    for batch in _cases(stream, repaired(stream.source, doubts), lenient=True):
        before = stream.n_cases - len(batch)  # no runs are taken out here
        yield batch[max(sound - before, 0) :]
    if not stream.n_cases and (stream.cut or not stream.suites):
        raise MalformedFile(stream.source.name, f"is not well-formed ({reason})", "nothing to save")
    stream.doubts += [f"is not well-formed: {reason}", *doubts]
    stream.salvaged = stream.n_cases
    if stream.half is not None:
        stream.doubts.append(f"half a result left out: {stream.half!r}")


def _cases(
    stream: Stream, pieces: Iterator[bytes], runs: Runs | None = None, *, lenient: bool = False
) -> Iterator[list[Case | Plain]]:
    target = _Target(stream, runs)
    parser = _parser(target, lenient=lenient)
    waiting = 0
    try:
        for piece in pieces:
            parser.feed(piece)
            waiting = 0 if target.done else waiting + len(piece)
            if waiting > _LARGEST_ELEMENT:
                size = _LARGEST_ELEMENT >> 20
                raise MalformedFile(stream.source.name, f"one element is larger than {size} MB")
            yield _given(stream, target)
        _note_break(stream, target)
        parser.close()
    except etree.XMLSyntaxError as error:
        yield _given(stream, target)
        if not lenient:
            raise _Unsound(str(error).replace("\n", " ").partition(" (<string>")[0]) from None
    yield _given(stream, target)


def _note_break(stream: Stream, target: _Target) -> None:
    """Note what is still open at the end of the file; the parser may close it, but it is cut."""
    stream.cut = target.depth > 0
    stream.half = None if target.case is None else target.case.get("name", "?")
    target.case = None
    target.open.clear()
    target.before.clear()


def _given(stream: Stream, target: _Target) -> list[Case | Plain]:
    done, target.done = target.done, []
    stream.n_cases += sum(len(item) if type(item) is Plain else 1 for item in done)
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
        remove_pis=False,
    )
