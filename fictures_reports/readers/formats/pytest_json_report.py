"""pytest-json-report: {"created", "exitcode", "root", "collectors": […], "tests": […]}."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from fictures_reports.readers.files.json_document import load, refuse_if_empty
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats.pytest_nodes import EXITS, from_node_id, stopped_early
from fictures_reports.readers.rows import Attempt, Failure, LedgerEntry, Reading, Row, blank_info
from fictures_reports.readers.text.clean import clean, with_slashes
from fictures_reports.readers.text.colours import painted_output
from fictures_reports.readers.text.python_errors import failure, skip_reason
from fictures_reports.readers.text.times import epoch, span
from fictures_reports.schema import Phase, Status

_STATUSES: dict[str, Status] = {
    "passed": "passed", "failed": "failed", "error": "failed", "skipped": "skipped",
    "xfailed": "xfailed", "xpassed": "xpassed", "rerun": "flaky", "subtests passed": "passed",
}  # fmt: skip
_PHASES: tuple[Phase, ...] = ("setup", "call", "teardown")


class Crash(msgspec.Struct, gc=False):
    """Where and with what a phase ended."""

    path: str | None = None
    lineno: int | None = None
    message: str | None = None


class Stage(msgspec.Struct):
    """Set-up, call or tear-down of a test; `duration` in seconds."""

    outcome: str | None = None
    duration: float | None = None
    crash: Crash | None = None
    longrepr: Any = None
    stdout: str | None = None
    stderr: str | None = None
    log: Any = None


class Test(msgspec.Struct):
    """One test; `lineno` counts from 0, `call` is missing after a set-up failure."""

    __test__ = False
    nodeid: str = ""
    lineno: int | None = None
    outcome: str | None = None
    setup: Stage | None = None
    call: Stage | None = None
    teardown: Stage | None = None
    cut: bool = msgspec.field(default=False, name="__cut__")


class Collector(msgspec.Struct):
    """A module or folder as collected; the only place where import errors stand."""

    nodeid: str = ""
    outcome: str | None = None
    longrepr: Any = None


class Report(msgspec.Struct):
    """The document."""

    created: float | None = None
    duration: float | None = None
    exitcode: int | None = None
    root: str | None = None
    environment: dict[str, Any] | None = None
    summary: dict[str, Any] | None = None
    collectors: list[Collector] = []
    tests: list[Test] | None = None


def read(source: Source) -> Reading:
    """Read a report."""
    document = load(source, Report)
    report = document.value
    if report.created is None and report.exitcode is None and report.tests is None:
        raise unknown(source, "is JSON, but no pytest-json-report")
    if report.tests is None and not report.collectors and (report.summary or {}).get("total"):
        raise unknown(
            source, "holds totals only (pytest --json-report-summary)", "write the tests too"
        )
    entry = LedgerEntry(
        source.name,
        "",
        "pytest",
        _version(report),
        doubts=document.doubts,
        missing=document.missing,
    )
    rows = [_row(test, report.root or "") for test in report.tests or () if not test.cut]
    rows += [_collection(c) for c in report.collectors if c.outcome == "failed"]
    refuse_if_empty(document, source, len(rows))
    for row in rows:
        row.source = source.name
    entry.read, entry.salvaged = len(rows), len(rows) if document.cut else 0
    if document.cut:
        entry.doubts += [
            f"half a result left out: {t.nodeid!r}" for t in report.tests or () if t.cut
        ]
    _note_doubts(report, rows, entry)
    exit_text = EXITS.get(report.exitcode or 0)
    info = blank_info(
        started_at=_start(report),
        duration_s=span(report.duration),
        producer="pytest",
        producer_version=_version(report),
        environment=_environment(report),
        errors=[exit_text] if exit_text and not rows else [],
        incomplete=document.cut
        or stopped_early(report.exitcode, n_tests=len(report.tests or ()), n_rows=len(rows)),
    )
    return Reading(rows, info, entry)


def _start(report: Report) -> float | None:
    """Reckon the start: `created` is when the report was written, at the end."""
    written, took = epoch(report.created), span(report.duration)
    return written if written is None or took is None else written - took


def _version(report: Report) -> str | None:
    packages = (report.environment or {}).get("Packages")
    version = packages.get("pytest") if isinstance(packages, dict) else None
    return version if isinstance(version, str) else None


def _environment(report: Report) -> dict[str, Any]:
    given = report.environment or {}
    return {name: value for name, value in given.items() if isinstance(value, str | int | dict)}


def _note_doubts(report: Report, rows: list[Row], entry: LedgerEntry) -> None:
    flaky = sum(row.status == "flaky" for row in rows)
    if flaky:
        entry.doubts.append(
            f"{flaky} rerun tests passed in the end; this format drops why they failed"
        )
    entry.doubts.append("workers and starts of single tests are not in this format")
    summary = report.summary or {}
    stated, counted = summary.get("total"), len(report.tests or ())
    if isinstance(stated, int) and stated != counted and not entry.salvaged:
        text = f"the summary says {stated} tests, the file holds {counted}"
        entry.doubts.append(text)
        entry.missing += [text] * (stated > counted)
    outcomes = Counter(test.outcome for test in report.tests or ())
    for name, number in summary.items():
        if name in _STATUSES and isinstance(number, int) and number != outcomes[name]:
            entry.doubts.append(
                f"the summary says {number} {name}, the file holds {outcomes[name]}"
            )


def _row(test: Test, root: str) -> Row:
    node = from_node_id(test.nodeid)
    status = _status(test)
    skip = next((s for s in (test.setup, test.call) if s and s.outcome == "skipped"), None)
    reason = skip_reason(clean(_longrepr(skip))) if skip and status == "skipped" else None
    attempts = _attempts(test, status, root)
    took = None
    if status == "skipped" and test.call is None:
        # decided before it began: the set-up's time is not the test's
        took, attempts[-1].duration_s = attempts[-1].duration_s, None
    return Row(
        file=node.file,
        title=node.title,
        status=status,
        suite=node.suite,
        line=test.lineno + 1 if test.lineno is not None else None,
        attempts=attempts,
        duration_s=took,
        expected_status="failed" if status in ("xfailed", "xpassed") else None,
        skip_reason=reason or None,
    )


def _status(test: Test) -> Status:
    """Take the outcome, but for subtests, whose outcomes are written over it, the phases'."""
    stages = [stage for stage in (test.setup, test.call, test.teardown) if stage is not None]
    if any(stage.outcome == "failed" for stage in stages):
        return "failed"
    if test.outcome == "skipped" and stages and all(s.outcome == "passed" for s in stages):
        return "passed"
    return _STATUSES.get(test.outcome or "", "interrupted" if test.call is None else "passed")


def _attempts(test: Test, status: Status, root: str) -> list[Attempt]:
    stages = [(phase, getattr(test, phase)) for phase in _PHASES]
    known = [(phase, stage) for phase, stage in stages if stage is not None]
    times = [took for _, stage in known if (took := span(stage.duration)) is not None]
    stdout = "".join(stage.stdout or "" for _, stage in known)
    stderr = "".join(stage.stderr or "" for _, stage in known)
    last = Attempt(
        status=_word(status),
        duration_s=sum(times) if times else None,
        errors=_errors(known, status, root),
        stdout=clean(stdout).strip("\n") or None,
        stderr=clean(stderr).strip("\n") or None,
    )
    painted_output(last, stdout, stderr)
    return [Attempt("rerun"), last] if status == "flaky" else [last]


def _word(status: Status) -> str:
    return {"xfailed": "failed", "flaky": "passed", "xpassed": "passed"}.get(status, status)


def _errors(stages: list[tuple[Phase, Stage]], status: Status, root: str) -> list[Failure]:
    """Read the failed phases, the body first, then set-up and tear-down."""
    bad = [
        (phase, stage)
        for phase, stage in stages
        if stage.outcome == "failed" or (status == "xfailed" and stage.crash is not None)
    ]
    bad.sort(key=lambda item: item[0] != "call")
    return [_failure(phase, stage, root) for phase, stage in bad]


def _failure(phase: Phase, stage: Stage, root: str) -> Failure:
    crash = stage.crash or Crash()
    found = failure(crash.message or "", _longrepr(stage), phase)
    if found.location is None and crash.path and crash.lineno is not None:
        path = with_slashes(crash.path)
        below = with_slashes(root).rstrip("/") + "/"
        found.location = f"{path.removeprefix(below)}:{crash.lineno}"
    return found


def _longrepr(stage: Stage | None) -> str:
    if stage is None or stage.longrepr is None:
        return ""
    return stage.longrepr if isinstance(stage.longrepr, str) else str(stage.longrepr)


def _collection(collector: Collector) -> Row:
    node = from_node_id(collector.nodeid)
    text = collector.longrepr if isinstance(collector.longrepr, str) else str(collector.longrepr)
    error = failure("collection failure", text, "collection")
    return Row(
        node.file,
        node.title,
        "failed",
        suite=node.suite,
        attempts=[Attempt("error", errors=[error])],
    )
