"""pytest-reportlog: one JSON line per report while the session runs, so it may end anywhere.

    {"pytest_version": "9.2.0", "$report_type": "SessionStart"}
    {"nodeid": "tests/test_a.py::test_x", "when": "setup", "outcome": "passed", …}
    {"exitstatus": 1, "$report_type": "SessionFinish"}

The richest pytest format: it keeps what failed before a rerun, and when each phase began.
"""

from __future__ import annotations

from typing import Any

import msgspec

from fictures_reports.errors import MalformedFile
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.formats.pytest_nodes import EXITS, from_node_id, stopped_early
from fictures_reports.readers.rows import Attempt, Failure, LedgerEntry, Reading, Row, blank_info
from fictures_reports.readers.statuses import status_of
from fictures_reports.readers.text.clean import clean, decode
from fictures_reports.readers.text.colours import painted_output
from fictures_reports.readers.text.python_errors import failure, skip_reason
from fictures_reports.readers.text.times import epoch, span
from fictures_reports.schema import Status


class Line(msgspec.Struct):
    """Any line; `report_type` says which fields it has."""

    report_type: str = msgspec.field(default="", name="$report_type")
    #: pytest-subtests (before pytest 9) marks its lines so
    subtest_type: str = msgspec.field(default="", name="_report_type")
    pytest_version: str | None = None
    exitstatus: int | None = None
    nodeid: str = ""
    location: list[Any] | None = None
    outcome: str | None = None
    when: str | None = None
    longrepr: Any = None
    sections: list[list[str]] | None = None
    duration: float | None = None
    #: epoch seconds
    start: float | None = None
    stop: float | None = None
    wasxfail: Any = None
    worker_id: str | None = None

    @property
    def is_subtest(self) -> bool:
        """Whether it is about a part of a test only."""
        return (self.report_type or self.subtest_type).lower() == "subtestreport"


_LINE = msgspec.json.Decoder(Line)


class _Log:
    """The session as logged so far."""

    def __init__(self, entry: LedgerEntry) -> None:
        self.entry = entry
        self.version: str | None = None
        self.exit: int | None = None
        self.tests: dict[str, list[list[Line]]] = {}
        self.failed_collectors: list[Line] = []
        self.broken = False
        self.n_lines = 0

    def take(self, data: bytes, number: int) -> bool:
        try:
            line = _LINE.decode(data)
        except msgspec.ValidationError as error:
            self.entry.doubts.append(f"line {number} is not as expected, left out: {error}")
            return True
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            self.entry.doubts.append(f"breaks off at line {number}")
            self.broken = True
            return False
        self.n_lines += bool(line.report_type or line.subtest_type)
        self._digest(line)
        return True

    def _digest(self, line: Line) -> None:
        match line.report_type or line.subtest_type:
            case "SessionStart":
                self.version = line.pytest_version
            case "SessionFinish":
                self.exit = line.exitstatus
            case "CollectReport" if line.outcome == "failed":
                self.failed_collectors.append(line)
            case "TestReport" | "SubTestReport" | "SubtestReport":
                self._report(line)

    def _report(self, line: Line) -> None:
        tries = self.tests.setdefault(line.nodeid, [])
        ended = bool(tries) and any(phase.when == "teardown" for phase in tries[-1])
        if not tries or (line.when == "setup" and tries[-1]) or (ended and line.when != "teardown"):
            tries.append([])
        tries[-1].append(line)


def read(source: Source) -> Reading:
    """Read a log; raises `MalformedFile` if no line can be read."""
    entry = LedgerEntry(source.name, producer="pytest")
    log = _Log(entry)
    data = source.read()
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or data[:3] == b"\xef\xbb\xbf":
        data = decode(data)[0].encode("utf-8", "replace")
    for number, line in enumerate(data.split(b"\n"), 1):
        if line.strip() and not log.take(line, number):
            break
    if not log.n_lines:
        raise MalformedFile(source.name, "holds no report of a pytest session", "was it cut?")
    return _reading(log, source)


def _reading(log: _Log, source: Source) -> Reading:
    entry = log.entry
    cut = log.broken or log.exit is None
    if cut and not log.broken:
        entry.doubts.append("has no end: pytest was killed, or is still running")
    rows = [_row(node_id, tries) for node_id, tries in log.tests.items()]
    rows += [_collection(line) for line in log.failed_collectors]
    for row in rows:
        row.source = source.name
    entry.producer_version = log.version
    entry.read, entry.salvaged = len(rows), len(rows) if cut else 0
    lines = [line for tries in log.tests.values() for attempt in tries for line in attempt]
    starts = [start for line in lines if (start := epoch(line.start))]
    stops = [stop for line in lines if (stop := epoch(line.stop))]
    workers = {line.worker_id for line in lines if line.worker_id}
    info = blank_info(
        started_at=min(starts, default=None),
        duration_s=span(max(stops) - min(starts)) if starts and stops else None,
        producer="pytest",
        producer_version=log.version,
        n_workers=len(workers) or None,
        errors=[EXITS[log.exit]] if log.exit in EXITS and not rows else [],
        incomplete=cut or stopped_early(log.exit, n_tests=len(log.tests), n_rows=len(rows)),
    )
    return Reading(rows, info, entry)


def _row(node_id: str, tries: list[list[Line]]) -> Row:
    node = from_node_id(node_id)
    attempts = [_attempt(lines) for lines in tries]
    last = tries[-1]
    status = _status(attempts, last)
    skip = next(
        (line for line in last if line.outcome == "skipped" and line.wasxfail is None), None
    )
    location = next((line.location for line in last if line.location), None) or []
    number = location[1] if len(location) > 1 and isinstance(location[1], int) else None
    expected = next((line for line in last if line.wasxfail is not None), None)
    reason = skip_reason(_reason(skip)) if skip and status == "skipped" else None
    if expected is not None and status == "xfailed" and isinstance(expected.wasxfail, str):
        reason = clean(expected.wasxfail.removeprefix("reason: "))
    row = Row(
        file=node.file,
        title=node.title,
        status=status,
        suite=node.suite,
        line=number + 1 if number is not None else None,
        attempts=attempts,
        expected_status="failed" if status in ("xfailed", "xpassed") else None,
        skip_reason=reason or None,
    )
    if status == "skipped" and not any(line.when == "call" for line in last):
        # decided before it began: the set-up's time is not the test's
        row.duration_s, attempts[-1].duration_s = attempts[-1].duration_s, None
    return row


def _status(attempts: list[Attempt], last: list[Line]) -> Status:
    expected = any(line.wasxfail is not None for line in last)
    really = any(line.outcome == "failed" for line in last)
    return status_of(
        [attempt.status for attempt in attempts],
        expected="failed" if expected and not really else None,
        if_it_passes="xpassed",
    )


def _attempt(lines: list[Line]) -> Attempt:
    bad = [line for line in lines if line.outcome in ("failed", "rerun") or _xfailed(line)]
    bad.sort(key=lambda line: line.when != "call")
    times = [took for line in lines if (took := span(line.duration)) is not None]
    output = {text: name for line in lines for name, text in _sections(line)}
    worker = next((line.worker_id for line in lines if line.worker_id), None)
    stdout, stderr = _joined(output, "stdout"), _joined(output, "stderr")
    attempt = Attempt(
        status=_word(lines),
        started_at=next((start for line in lines if (start := epoch(line.start))), None),
        duration_s=sum(times) if times else None,
        worker=int(worker[2:]) if worker and worker[2:].isdecimal() else None,
        errors=[_failure(line) for line in bad],
        stdout=clean(stdout).strip("\n") or None,
        stderr=clean(stderr).strip("\n") or None,
    )
    return painted_output(attempt, stdout, stderr)


def _xfailed(line: Line) -> bool:
    return line.outcome == "skipped" and line.wasxfail is not None


def _word(lines: list[Line]) -> str:
    # a subtest that was skipped is no skip of the test, whose own report says what came of it
    has_own = any(line.when == "call" and not line.is_subtest for line in lines)
    outcomes = [
        line.outcome
        for line in lines
        if not (has_own and line.is_subtest and line.outcome == "skipped")
    ]
    for word in ("rerun", "failed"):
        if word in outcomes:
            return word
    if any(_xfailed(line) for line in lines):
        return "failed"
    if "skipped" in outcomes:
        return "skipped"
    return "passed" if any(line.when == "call" for line in lines) else "interrupted"


def _sections(line: Line) -> list[tuple[str, str]]:
    return [(s[0], s[1]) for s in line.sections or () if len(s) == 2]


def _joined(output: dict[str, str], stream: str) -> str:
    return "".join(text for text, name in output.items() if stream in name)


def _failure(line: Line) -> Failure:
    summary, text = _texts(line.longrepr)
    phase = line.when if line.when in ("setup", "call", "teardown") else None
    return failure(summary, text, phase)


def _texts(longrepr: Any) -> tuple[str, str]:
    """Read the summary and the long form out of the three shapes that `longrepr` has."""
    if not isinstance(longrepr, dict):
        return "", longrepr if isinstance(longrepr, str) else str(longrepr or "")
    crash = longrepr.get("reprcrash")
    summary = crash.get("message") if isinstance(crash, dict) else None
    chain = longrepr.get("chain")
    links = chain if isinstance(chain, list) and chain else [[longrepr.get("reprtraceback")]]
    text = "\n\n".join(_link(link) for link in links if isinstance(link, list) and link)
    return summary if isinstance(summary, str) else "", text


def _link(link: list[Any]) -> str:
    """Write one exception of a chain as the terminal shows it."""
    traceback = link[0] if isinstance(link[0], dict) else {}
    entries = traceback.get("reprentries")
    blocks = (
        [_entry(e) for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
    )
    if len(link) > 2 and isinstance(link[2], str):
        blocks.append(link[2])
    return "\n\n".join(blocks)


def _entry(entry: dict[str, Any]) -> str:
    data = entry.get("data")
    data = data if isinstance(data, dict) else {}
    lines = data.get("lines")
    text = "\n".join(str(line) for line in lines) if isinstance(lines, list) else ""
    place = data.get("reprfileloc")
    if isinstance(place, dict):
        text += f"\n\n{place.get('path')}:{place.get('lineno')}: {place.get('message') or ''}"
    return text


def _reason(line: Line) -> str:
    value = line.longrepr
    if isinstance(value, list) and len(value) == 3:
        value = value[2]
    return clean(value if isinstance(value, str) else str(value or ""))


def _collection(line: Line) -> Row:
    node = from_node_id(line.nodeid)
    summary, text = _texts(line.longrepr)
    error = failure(summary or "collection failure", text, "collection")
    attempt = Attempt("error", errors=[error])
    return Row(node.file, node.title, "failed", suite=node.suite, attempts=[attempt])
