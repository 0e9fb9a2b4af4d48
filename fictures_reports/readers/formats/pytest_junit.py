"""pytest's JUnit XML in all its dialects, from root <testsuite> to xunit2.

A test whose body and tear-down both failed stands as two test cases, and so does every rerun of
pytest-rerunfailures with pytest 9; here they are one result.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple
from weakref import WeakKeyDictionary

from fictures_reports.readers.files.junit_xml import Case, Part, Plain, Stream
from fictures_reports.readers.files.sources import Source, count
from fictures_reports.readers.formats.junit_results import (
    FAILURES,
    Doubts,
    compare_totals,
    duration,
    parts,
    printed,
    properties,
    started,
    totals,
)
from fictures_reports.readers.formats.pytest_nodes import COLLECTION, from_junit, place, plain_title
from fictures_reports.readers.passes import (
    Entries,
    Entry,
    Passes,
    Span,
    line_of,
    n_results,
    passes_of,
    repeats,
)
from fictures_reports.readers.plain_cases import Block, Stretch, cells_of, columns_of_cells
from fictures_reports.readers.rows import (
    Attempt,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
)
from fictures_reports.readers.text.clean import clean
from fictures_reports.readers.text.colours import painted_output
from fictures_reports.readers.text.python_errors import failure, skip_reason, without_sections
from fictures_reports.readers.text.times import seconds
from fictures_reports.schema import Status

FORMAT = "pytest-junit"
#: How many results are held back for the second half of a pair; with xdist others come between.
_WINDOW = 256
#: what setting up a test that is skipped anyway takes, in seconds
_NO_TIME = 0.001
_CANNOT_TELL = (
    "workers and starts of single tests are not in this format; a non-strict unexpected pass looks"
    " like any pass, and a test that passed on a rerun gives no error text"
)


_GUESSED = "module and classes could not be told apart by their names, so the file is a guess"


class _Pairs:
    """Puts the test cases of one test together: body and tear-down, reruns."""

    def __init__(self, stream: Stream, doubts: Doubts) -> None:
        self._stream, self._doubts = stream, doubts
        self._held: list[Entry] = []
        self._title: str | None = None
        #: what failed, and as which result
        self._failed: dict[tuple[str, str, str], tuple[Row, int]] = {}
        self._n_taken = 0
        self._has_reruns: bool | None = None
        self.n_joined = 0

    def add_passes(self, span: Span, repeats: Sequence[int]) -> None:
        """Take passes, each of which can only join the row just before it.

        `repeats` are the places of those whose case is that of the pass before.
        """
        passes, done, stop = span
        alone = repeats[bisect_right(repeats, done) : bisect_left(repeats, stop)]
        if done < stop and passes.title(done) == self._title:
            alone = [done, *alone]
        for one in alone:
            self._hold(Span(passes, done, one))
            for row in Span(passes, one, one + 1).rows():
                self.add(row)
            done = one + 1
        self._hold(Span(passes, done, stop))

    def _hold(self, span: Span) -> None:
        if span.start < span.stop:
            self._n_taken += span.stop - span.start
            self._title = span.passes.title(span.stop - 1)
            self._held.append(span)

    def add(self, row: Row) -> None:
        """Take a row, alone or into one that is held back."""
        may_join = row.status == "failed" or row.title == self._title
        if may_join and self._held and self._joins(row):
            self.n_joined += 1
            return
        self._title = row.title
        self._held.append(row)
        self._n_taken += 1
        if row.status == "failed":
            self._failed[row.file, row.suite, row.title] = row, self._n_taken

    def ready(self) -> list[Entry]:
        """Give what is held back, but for the last few, which others may join."""
        if n_results(self._held) < 20 * _WINDOW:
            return []
        n_kept, cut = 0, len(self._held)
        while n_kept < _WINDOW:
            cut -= 1
            n_kept += n_results([self._held[cut]])
        done, self._held = self._held[:cut], self._held[cut:]
        self._failed = {k: v for k, v in self._failed.items() if self._is_near(v[1])}
        return done

    def rest(self) -> list[Entry]:
        """Give what is still held back."""
        done, self._held = self._held, []
        return done

    def _last(self) -> Row:
        """Return the row just before, made a row if it was none."""
        last = self._held.pop()
        if isinstance(last, Span):
            others, last = last.divided()
            if others.start < others.stop:
                self._held.append(others)
        self._held.append(last)
        return last

    def _joins(self, row: Row) -> bool:
        last = self._last() if row.title == self._title else None
        if last is not None and last.suite == row.suite and last.file == row.file:
            if row.title == COLLECTION and _errors(row) and _errors(last):
                last.attempts[-1].errors += _errors(row)
                return True
            if last.status in ("passed", "flaky") and row.status != "skipped" and self._reruns():
                return self._with_rerun(last, row)
        if row.status == "failed" and all(error.phase == "teardown" for error in _errors(row)):
            before, number = self._failed.get((row.file, row.suite, row.title), (None, 0))
            if before is not None and self._is_near(number):
                return self._with_teardown(before, row)
        return False

    def _is_near(self, number: int) -> bool:
        """Tell of a result whether it must still be held, wherever the file was cut."""
        return self._n_taken - number < _WINDOW

    def _with_teardown(self, before: Row, row: Row) -> bool:
        last, after = before.attempts[-1], row.attempts[-1]
        last.errors += after.errors
        last.duration_s = (last.duration_s or 0.0) + (after.duration_s or 0.0)
        last.stdout, last.stderr = last.stdout or after.stdout, last.stderr or after.stderr
        return True

    def _reruns(self) -> bool:
        """Tell whether the file holds more test cases than its header counts tests."""
        if self._has_reruns is None:
            told = totals(self._stream).get("tests", 1 << 60)
            self._has_reruns = told < count(self._stream.source, b"<testcase")
        return self._has_reruns

    def _with_rerun(self, before: Row, row: Row) -> bool:
        self._doubts.note(
            "the same test several times in a row, the earlier ones without an outcome, and fewer"
            " tests in the header: taken as reruns after a failure whose text this format drops",
            row.title,
        )
        for attempt in before.attempts:
            attempt.status = "rerun"
        before.attempts += row.attempts
        before.status = "flaky" if row.status == "passed" else row.status
        return True


def _errors(row: Row) -> list[Failure]:
    return row.attempts[-1].errors if row.attempts else []


def read(source: Source) -> Reading:
    """Read a file, one row per test; info and entry are complete when the rows are exhausted."""
    entry = LedgerEntry(source.name, FORMAT, "pytest")
    reading = Reading((), blank_info(), entry)
    reading.rows = Entries(_batches(reading, source))
    return reading


def _batches(reading: Reading, source: Source) -> Iterator[list[Entry]]:
    stream, doubts, counted = Stream(source), Doubts(), _Counted()
    pairs = _Pairs(stream, doubts)
    plain = _PlainCases(source.name)
    for batch in stream.batches():
        for item in plain.parts(_with_stretches(batch)):
            if not isinstance(item, Case):
                pairs.add_passes(*item)
            elif not counted.is_no_test(item):
                pairs.add(_row(item, source.name, doubts))
        yield pairs.ready()
    yield pairs.rest()
    counted.n["tests"] = stream.n_cases - counted.n_nameless
    _conclude(reading, stream, counted, pairs, doubts)


def _conclude(
    reading: Reading, stream: Stream, counted: _Counted, pairs: _Pairs, doubts: Doubts
) -> None:
    """Fill in what is known when the last row is out."""
    entry = reading.entry
    entry.read = counted.n["tests"] - pairs.n_joined - counted.n_internal
    entry.salvaged = entry.read if stream.salvaged else 0
    entry.doubts = [*stream.doubts, *doubts.tell(), *counted.doubts(), _CANNOT_TELL]
    when = started(stream, entry.doubts)
    _compare(stream, counted, pairs, entry.doubts)
    reading.info = blank_info(
        started_at=when,
        duration_s=_wall(stream),
        producer="pytest",
        environment=_environment(stream),
        errors=counted.errors,
        incomplete=stream.cut or counted.n_nameless > 0,
    )


class _Counted:
    """What the header's totals are compared with, and what stands for no test."""

    def __init__(self) -> None:
        self.n = Counter[str]()
        self.n_nameless = 0
        self.n_internal = 0
        self.errors: list[str] = []

    def is_no_test(self, case: Case) -> bool:
        """Count a case's children, and tell whether it stands for the session instead of a test."""
        for part in case.parts:
            if (counted_as := _COUNTED_AS.get(part.tag)) is not None:
                self.n[counted_as] += 1
        attributes = case.attributes
        name, classname = attributes.get("name"), attributes.get("classname")
        if not name and not classname:
            self.n_nameless += 1
            return True
        if (classname, name) != ("pytest", "internal") or not case.parts:
            return False
        self.n_internal += 1
        self.errors += [clean(p.text or p.attributes.get("message", "")) for p in case.parts]
        return True

    def doubts(self) -> list[str]:
        """Say what the nameless cases mean."""
        if not self.n_nameless:
            return []
        self.errors.append(
            "the session stopped while a test was running; the file does not name it"
        )
        return [f"{self.n_nameless} test without a name was running when the session stopped"]


_COUNTED_AS = {"failure": "failures", "error": "errors", "skipped": "skipped"}


def _compare(stream: Stream, counted: _Counted, pairs: _Pairs, doubts: list[str]) -> None:
    """Compare with the header, which may or may not count the second halves of pairs."""
    told = totals(stream).get("tests")
    if told is not None and told in (counted.n["tests"] - pairs.n_joined, counted.n["tests"]):
        counted.n["tests"] = told
    names = ("tests", "failures", "errors", "skipped")
    compare_totals(stream, {name: counted.n[name] for name in names}, doubts)


def _wall(stream: Stream) -> float | None:
    times = [
        seconds(suite.attributes.get("time", "")) for suite in stream.suites if suite.above is None
    ]
    known = [time for time in times if time is not None]
    return sum(known) if known else None


def _environment(stream: Stream) -> dict[str, str]:
    loose = [part for _, part in stream.loose]
    return {key: value for key, value in properties(loose) if key and len(value) < 500}


#: One case of so many may be odd.
_FEW = 8


class _Made(NamedTuple):
    """Passes of a block of cases."""

    passes: Passes
    #: places of cases that are the one before once more
    repeats: Sequence[int]
    #: places of those that are no such passes: each needs a look
    odd: Sequence[int]


class _PlainCases:
    """Makes passes of cases without children, block by block."""

    def __init__(self, source: str) -> None:
        self._source = source
        # cases of several blocks may take turns; a block goes with the last of its cases
        self._known: WeakKeyDictionary[Block, _Made | None] = WeakKeyDictionary()

    def parts(self, items: Iterable[Case | Plain]) -> Iterator[Case | tuple[Span, Sequence[int]]]:
        """Make passes where that can be, with the places where a case is the one before."""
        for item in items:
            if not isinstance(item, Plain):
                yield item
                continue
            block, done, stop = item.cases
            made = self._of(block)
            if made is None:
                yield from item
                continue
            for odd in made.odd[bisect_left(made.odd, done) : bisect_left(made.odd, stop)]:
                yield Span(made.passes, done, odd), made.repeats
                yield from Plain(Stretch(block, odd, odd + 1), item.suite)
                done = odd + 1
            yield Span(made.passes, done, stop), made.repeats

    def _of(self, block: Block) -> _Made | None:
        if block not in self._known:
            self._known[block] = self._made(block)
        return self._known[block]

    def _made(self, block: Block) -> _Made | None:
        if block.is_large:
            from fictures_reports.readers.large_cases import large_passes_of

            passes, odd = large_passes_of(block, self._source, place, plain_title)
            # one by one they take long to get out of the arrays
            few = len(odd) * _FEW < len(passes.titles)
            return _Made(passes, repeats(passes.ids), odd) if few else None
        listed = passes_of(block.columns, self._source, place, plain_title)
        return None if listed is None else _Made(listed, repeats(listed.ids), ())


def _with_stretches(batch: Sequence[Case | Plain]) -> Iterator[Case | Plain]:
    """Put cases without children together that the parser saw one by one."""
    alone = [item for item in batch if isinstance(item, Case) and not item.parts]
    if not alone:
        yield from batch
        return
    block = Block(columns_of_cells([cells_of(item.attributes) for item in alone]))
    done = 0
    for suite, items in groupby(batch, _suite_of_alone):
        if not suite:
            yield from items
            continue
        start, done = done, done + sum(1 for _ in items)
        yield Plain(Stretch(block, start, done), alone[start].suite)


def _suite_of_alone(item: Case | Plain) -> int:
    """Identify the suite of a case without children; 0 for any other item."""
    return id(item.suite) if type(item) is Case and not item.parts else 0


def _row(case: Case, name: str, doubts: Doubts) -> Row:
    attributes = case.attributes
    node, sure = from_junit(
        attributes.get("classname", ""), attributes.get("name", ""), attributes.get("file")
    )
    if not sure:
        doubts.note(_GUESSED, attributes.get("classname") or attributes.get("name", ""))
    status, reason = _status(case)
    attempt, took = _attempt(case, status, doubts), None
    if status == "skipped" and (attempt.duration_s or 0.0) <= _NO_TIME:
        # decided before it began; the milliseconds are the set-up's
        took, attempt.duration_s = attempt.duration_s, None
    return Row(
        file=node.file,
        title=node.title,
        status=status,
        suite=node.suite,
        line=line_of(attributes.get("line", "")),
        attempts=[attempt],
        duration_s=took,
        expected_status="failed" if status == "xfailed" else None,
        skip_reason=reason,
        annotations=[{"type": k, "description": clean(v)} for k, v in properties(case.parts)],
        source=name,
    )


def _status(case: Case) -> tuple[Status, str | None]:
    """Tell the status and, for skips and expected failures, the reason."""
    if any(part.tag in FAILURES for part in case.parts):
        return "failed", None
    for part in parts(case, "skipped"):
        message = clean(part.attributes.get("message", ""))
        expected = (
            part.attributes.get("type") == "pytest.xfail" or message == "expected test failure"
        )
        reason = skip_reason(message or _reason_behind_place(part)) or None
        return ("xfailed" if expected else "skipped"), reason
    return "passed", None


def _reason_behind_place(part: Part) -> str:
    """Read "path:line: reason", the body of a skip."""
    text = clean(part.text).strip()
    place, colon, reason = text.partition(": ")
    return reason if colon and place.rpartition(":")[2].isdecimal() else text


def _attempt(case: Case, status: Status, doubts: Doubts) -> Attempt:
    stdout = stderr = None
    if len(case.parts) > 1 or status != "failed":  # as a rule the failure stands alone
        stdout, stderr = printed(case.parts, "system-out"), printed(case.parts, "system-err")
    attempt = Attempt(
        status={"xfailed": "failed"}.get(status, status),
        duration_s=duration(case.attributes, doubts),
        errors=[_failure(part, case) for part in case.parts if part.tag in FAILURES],
        stdout=without_sections(stdout),
        stderr=without_sections(stderr),
    )
    return painted_output(attempt, stdout, stderr) if stdout or stderr else attempt


def _failure(part: Part, case: Case) -> Failure:
    """Read one <failure> (the body) or <error> (set-up, tear-down, collection)."""
    default = "call" if part.tag == "failure" else None
    if part.tag == "error" and not case.attributes.get("classname"):
        default = "collection"
    return failure(part.attributes.get("message", ""), part.text, default)
