"""pytest's JUnit XML in all its dialects, from root <testsuite> to xunit2.

A test whose body and tear-down both failed stands as two test cases, and so does every rerun of
pytest-rerunfailures with pytest 9; here they are one result.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator

from fictures_reports.readers.junit_cases import Case, Part, Stream
from fictures_reports.readers.junit_results import (
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
from fictures_reports.readers.pytest_nodes import COLLECTION, from_junit
from fictures_reports.readers.pytest_text import failure, skip_reason, without_sections
from fictures_reports.readers.rows import (
    Attempt,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
    case_id,
)
from fictures_reports.readers.sources import Source
from fictures_reports.readers.texts import clean
from fictures_reports.readers.times import seconds
from fictures_reports.schema import Status

FORMAT = "pytest-junit"
#: How many results are held back for the second half of a pair; with xdist others come between.
_WINDOW = 256
_CANNOT_TELL = (
    "workers and starts of single tests are not in this format; a non-strict unexpected pass looks"
    " like any pass, and a test that passed on a rerun gives no error text"
)


class _Pairs:
    """Puts the test cases of one test together: body and tear-down, reruns."""

    def __init__(self, doubts: Doubts) -> None:
        self._held: deque[Row] = deque()
        self._by_id: dict[str, Row] = {}
        self._doubts = doubts
        self.n_joined = 0

    def add(self, row: Row) -> Iterator[Row]:
        name = case_id(row)
        before = self._by_id.get(name)
        if before is not None and self._joins(before, row):
            self.n_joined += 1
            return
        self._by_id[name] = row
        self._held.append(row)
        if len(self._held) > _WINDOW:
            yield self._let_go()

    def rest(self) -> Iterator[Row]:
        while self._held:
            yield self._let_go()

    def _let_go(self) -> Row:
        row = self._held.popleft()
        if self._by_id.get(case_id(row)) is row:
            del self._by_id[case_id(row)]
        return row

    def _joins(self, before: Row, row: Row) -> bool:
        errors = row.attempts[-1].errors if row.attempts else []
        if errors and all(error.phase == "teardown" for error in errors):
            return self._with_teardown(before, row)
        if row.title == COLLECTION and before.title == COLLECTION and errors:
            before.attempts[-1].errors += errors
            return True
        if (
            before.status in ("passed", "flaky")
            and before is self._held[-1]
            and row.status != "skipped"
        ):
            return self._with_rerun(before, row)
        return False

    def _with_teardown(self, before: Row, row: Row) -> bool:
        last, after = before.attempts[-1], row.attempts[-1]
        last.errors += after.errors
        last.duration_s = (last.duration_s or 0.0) + (after.duration_s or 0.0)
        last.stdout, last.stderr = last.stdout or after.stdout, last.stderr or after.stderr
        before.status, last.status = "failed", "failed"
        return True

    def _with_rerun(self, before: Row, row: Row) -> bool:
        self._doubts.note(
            "the same test several times in a row, the earlier ones without an outcome: taken as"
            " reruns after a failure whose text this format drops",
            row.title,
        )
        for attempt in before.attempts:
            attempt.status = "rerun"
        before.attempts += row.attempts
        before.status = "flaky" if row.status == "passed" else row.status
        return True


def read(source: Source) -> Reading:
    """Read a file; one row per test."""
    stream, doubts = Stream(source), Doubts()
    counted: Counter[str] = Counter()
    errors: list[str] = []
    pairs = _Pairs(doubts)
    rows = list(_rows(stream, source.name, doubts, counted, errors, pairs))
    entry = LedgerEntry(source.name, FORMAT, "pytest", read=len(rows), salvaged=stream.salvaged)
    entry.doubts = [*stream.doubts, *doubts.tell(), _CANNOT_TELL]
    when = started(stream, entry.doubts)
    _compare(stream, counted, pairs, entry.doubts)
    info = blank_info(
        started_at=when,
        duration_s=_wall(stream),
        producer="pytest",
        producer_version=None,
        environment=_environment(stream),
        errors=errors,
        incomplete=stream.cut or counted["interrupted"] > 0,
    )
    return Reading(rows, info, entry)


def _rows(
    stream: Stream,
    name: str,
    doubts: Doubts,
    counted: Counter[str],
    errors: list[str],
    pairs: _Pairs,
) -> Iterator[Row]:
    for case in stream:
        if _is_nameless(case):
            counted["interrupted"] += 1
            doubts.note("a test without a name was running when the session stopped")
            errors.append("the session stopped while a test was running; the file does not name it")
            continue
        _count(case, counted)
        if (case.attributes.get("classname"), case.attributes.get("name")) == (
            "pytest",
            "internal",
        ):
            errors += [
                clean(part.text or part.attributes.get("message", "")) for part in case.parts
            ]
            continue
        yield from pairs.add(_row(case, name, doubts))
    yield from pairs.rest()


def _is_nameless(case: Case) -> bool:
    return not case.attributes.get("name") and not case.attributes.get("classname")


def _count(case: Case, counted: Counter[str]) -> None:
    counted["tests"] += 1
    for part in case.parts:
        if part.tag in ("failure", "error", "skipped"):
            counted[{"failure": "failures", "error": "errors"}.get(part.tag, part.tag)] += 1


def _compare(stream: Stream, counted: Counter[str], pairs: _Pairs, doubts: list[str]) -> None:
    """Compare with the header, which may or may not count the second halves of pairs."""
    told = totals(stream).get("tests")
    if told is not None and told in (counted["tests"] - pairs.n_joined, counted["tests"]):
        counted["tests"] = told
    names = ("tests", "failures", "errors", "skipped")
    compare_totals(stream, {name: counted[name] for name in names}, doubts)


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
        doubts.note(
            "module and classes could not be told apart by their names, so the file is a guess",
            attributes.get("classname") or attributes.get("name", ""),
        )
    line = attributes.get("line", "")
    status, reason = _status(case)
    return Row(
        file=node.file,
        title=node.title,
        status=status,
        suite=node.suite,
        line=int(line) + 1 if line.isdigit() and len(line) < 9 else None,
        attempts=[_attempt(case, status, doubts)],
        expected_status="failed" if status == "xfailed" else None,
        skip_reason=reason,
        annotations=[{"type": k, "description": clean(v)} for k, v in properties(case.parts)],
        source=name,
    )


def _status(case: Case) -> tuple[Status, str | None]:
    """Tell the status and, for skips and expected failures, the reason."""
    if parts(case, *FAILURES):
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
    return reason if colon and place.rpartition(":")[2].isdigit() else text


def _attempt(case: Case, status: Status, doubts: Doubts) -> Attempt:
    return Attempt(
        status={"xfailed": "failed"}.get(status, status),
        duration_s=duration(case.attributes, doubts),
        errors=[_failure(part, case) for part in parts(case, *FAILURES)],
        stdout=without_sections(printed(case.parts, "system-out")),
        stderr=without_sections(printed(case.parts, "system-err")),
    )


def _failure(part: Part, case: Case) -> Failure:
    """Read one <failure> (the body) or <error> (set-up, tear-down, collection)."""
    default = "call" if part.tag == "failure" else None
    if part.tag == "error" and not case.attributes.get("classname"):
        default = "collection"
    return failure(part.attributes.get("message", ""), part.text, default)
