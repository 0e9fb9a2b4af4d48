"""pytest's JUnit XML in all its dialects, from root <testsuite> to xunit2.

A test whose body and tear-down both failed stands as two test cases, and so does every rerun of
pytest-rerunfailures with pytest 9; here they are one result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fictures_reports.readers.files.junit_xml import Case, Part, Stream, Suite
from fictures_reports.readers.files.sources import Source, count
from fictures_reports.readers.formats.junit_results import (
    FAILURES,
    Doubts,
    compare_totals,
    duration,
    parts,
    printed,
    properties,
    properties_as_annotations,
    started,
    totals,
)
from fictures_reports.readers.formats.pytest_nodes import COLLECTION, from_junit
from fictures_reports.readers.rows import (
    Attempt,
    ErrorPlace,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
)
from fictures_reports.readers.statuses import status_of
from fictures_reports.readers.text.clean import clean
from fictures_reports.readers.text.colours import painted_output
from fictures_reports.readers.text.python_errors import failure, skip_reason, without_sections
from fictures_reports.readers.text.times import seconds
from fictures_reports.schema import Status

#: How many results wait for the second half of a pair; with xdist others come between.
_WINDOW = 256
#: what setting up a test that is skipped anyway takes, in seconds
_NO_TIME = 0.001
_CANNOT_TELL = (
    "workers and starts of single tests are not in this format; a non-strict unexpected pass looks"
    " like any pass, and a test that passed on a rerun gives no error text"
)


#: file, suite and title of a test
_Place = tuple[str, str, str]
_GUESSED = "module and classes could not be told apart by their names, so the file is a guess"


class _Pairs:
    """Puts the test cases of one test together: body and tear-down, reruns."""

    def __init__(self, stream: Stream, doubts: Doubts) -> None:
        self._stream, self._doubts = stream, doubts
        #: the results that others may still join, in order
        self._waiting: list[Row] = []
        #: what failed, and as which result
        self._failed: dict[_Place, tuple[Row, int]] = {}
        #: every test of a file with reruns: with xdist they lie anywhere in it
        self._earlier: dict[tuple[int, _Place], Row] = {}
        self._n_taken = 0
        self._has_reruns: bool | None = None
        self.n_joined = 0

    def add(self, row: Row, suite: Suite) -> None:
        """Take a test case, as a result of its own or into one that waits."""
        place = _place(row)
        if self._joins(row, place, suite):
            self.n_joined += 1
            return
        self._waiting.append(row)
        self._n_taken += 1
        if row.status == "failed":
            self._failed[place] = row, self._n_taken
        if self._reruns():
            self._earlier[id(suite), place] = row

    def ready(self) -> list[Row]:
        """Give what waits, but for the last few, which others may join; nothing among reruns."""
        if len(self._waiting) < 2 * _WINDOW or self._reruns():
            return []
        done, self._waiting = self._waiting[:-_WINDOW], self._waiting[-_WINDOW:]
        self._failed = {k: v for k, v in self._failed.items() if self._is_near(v[1])}
        return done

    def waiting(self) -> list[Row]:
        """Give what still waits."""
        done, self._waiting = self._waiting, []
        return done

    def _joins(self, row: Row, place: _Place, suite: Suite) -> bool:
        last = self._waiting[-1] if self._waiting and row.title == COLLECTION else None
        if last is not None and _place(last) == place and _errors(row) and _errors(last):
            last.attempts[-1].errors += _errors(row)
            return True
        if self._reruns():
            earlier = self._earlier.get((id(suite), place))
            if earlier is not None and earlier.attempts[-1].status == "passed":
                return self._with_rerun(earlier, row)
        if row.status == "failed" and all(error.phase == "teardown" for error in _errors(row)):
            before, number = self._failed.get(place, (None, 0))
            if before is not None and self._is_near(number):
                return self._with_teardown(before, row)
        return False

    def _is_near(self, number: int) -> bool:
        """Tell of a result whether it must still wait, wherever the file was cut."""
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
            stated = totals(self._stream).get("tests", 1 << 60)
            self._has_reruns = stated < count(self._stream.source, b"<testcase")
        return self._has_reruns

    def _with_rerun(self, before: Row, row: Row) -> bool:
        self._doubts.note(
            "the same test several times, the earlier ones without an outcome, and fewer"
            " tests in the header: taken as reruns after a failure whose text this format drops",
            row.title,
        )
        for attempt in before.attempts:
            attempt.status = "rerun"
        before.attempts += row.attempts
        before.status = status_of(
            [attempt.status for attempt in before.attempts], expected=row.expected_status
        )
        before.duration_s = None
        if before.status == "failed":
            self._failed[_place(before)] = before, self._n_taken
        return True


def _place(row: Row) -> _Place:
    return row.file, row.suite, row.title


def _errors(row: Row) -> list[Failure]:
    return row.attempts[-1].errors if row.attempts else []


def read(source: Source) -> Reading:
    """Read a file, one row per test; info and entry are complete when the rows are exhausted."""
    entry = LedgerEntry(source.name, producer="pytest")
    reading = Reading((), blank_info(), entry)
    reading.rows = _rows(reading, source)
    return reading


def _rows(reading: Reading, source: Source) -> Iterator[Row]:
    stream, doubts, counted = Stream(source), Doubts(), _Counted()
    pairs = _Pairs(stream, doubts)
    for case in stream:
        if not counted.is_no_test(case):
            pairs.add(_row(case, source.name, doubts), case.suite)
            yield from pairs.ready()
    yield from pairs.waiting()
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
    entry.missing += _compare(stream, counted, pairs, entry.doubts)
    reading.info = blank_info(
        started_at=when,
        duration_s=_wall(stream),
        producer="pytest",
        environment=_environment(stream),
        errors=counted.errors,
        error_places=dict.fromkeys(counted.errors, ErrorPlace(died=True)),
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


def _compare(stream: Stream, counted: _Counted, pairs: _Pairs, doubts: list[str]) -> list[str]:
    """Compare with the header, which may or may not count the second halves of pairs."""
    stated = totals(stream).get("tests")
    if stated is not None and stated in (counted.n["tests"] - pairs.n_joined, counted.n["tests"]):
        counted.n["tests"] = stated
    names = ("tests", "failures", "errors", "skipped")
    fails = bool(counted.n["failures"] + counted.n["errors"] + counted.n_nameless)
    counts = {name: counted.n[name] for name in names}
    return compare_totals(stream, counts, doubts, fails=fails or counted.n_internal > 0)


def _wall(stream: Stream) -> float | None:
    times = [
        seconds(suite.attributes.get("time", "")) for suite in stream.suites if suite.above is None
    ]
    known = [time for time in times if time is not None]
    return sum(known) if known else None


def _environment(stream: Stream) -> dict[str, str]:
    loose = [part for _, part in stream.loose]
    return {key: value for key, value in properties(loose) if key and len(value) < 500}


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
        line=_line(attributes.get("line", "")),
        attempts=[attempt],
        duration_s=took,
        expected_status="failed" if status == "xfailed" else None,
        skip_reason=reason,
        annotations=properties_as_annotations(case),
        source=name,
    )


def _line(text: str) -> int | None:
    """Read a line number, which pytest counts from 0."""
    return int(text) + 1 if text.isdecimal() and len(text) < 9 else None


def _status(case: Case) -> tuple[Status, str | None]:
    """Tell the status and, for skips and expected failures, the reason."""
    if not case.parts:
        return "passed", None
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
    took = duration(case.attributes, doubts)
    if not case.parts:  # most results are such
        return Attempt(status, None, took)
    stdout = stderr = None
    if len(case.parts) > 1 or status != "failed":  # as a rule the failure stands alone
        stdout, stderr = printed(case.parts, "system-out"), printed(case.parts, "system-err")
    attempt = Attempt(
        status={"xfailed": "failed"}.get(status, status),
        duration_s=took,
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
