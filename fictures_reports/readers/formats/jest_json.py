"""Jest's `--json` and Vitest's `--reporter=json`: {"numTotalTests", "testResults": […]}.

Both have the same shape: one entry per file, in it one per test. Jest tells of expected failures
and of each retry; Vitest leaves the errors of earlier tries with a test that passed in the end.
Times are milliseconds.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from fictures_reports.readers.files.json_document import load, refuse_if_empty
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats.pytest_nodes import COLLECTION
from fictures_reports.readers.rows import (
    PATH_SEPARATOR,
    Attempt,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
)
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted
from fictures_reports.readers.text.javascript_errors import failure
from fictures_reports.readers.text.project_root import below, project_root
from fictures_reports.readers.text.times import epoch, span
from fictures_reports.schema import Status

_STATUSES: Final[dict[str, Status]] = {
    "passed": "passed", "failed": "failed", "skipped": "skipped", "pending": "skipped",
    "todo": "skipped", "disabled": "skipped",
}  # fmt: skip
_NO_SUITE: Final = "Test suite failed to run"
_CANNOT_TELL: Final = {
    "Jest": "workers, output and reasons of skips are not in this format; tests that `-t` left"
    " out look like skipped ones",
    "Vitest": "workers, output, expected failures and reasons of skips are not in this format;"
    " tests that `-t` left out look like skipped ones",
}


class Place(msgspec.Struct, gc=False):
    """Where a test begins, in Jest with `--testLocationInResults`."""

    line: int | None = None


class Assertion(msgspec.Struct, rename="camel"):
    """One test."""

    title: str = ""
    status: str | None = None
    ancestor_titles: list[str] = []
    duration: float | None = None
    start_at: float | None = None
    location: Place | None = None
    failure_messages: list[str] | None = None
    failing: bool | None = None
    retry_reasons: list[str] | None = None
    cut: bool = msgspec.field(default=False, name="__cut__")


class File(msgspec.Struct, rename="camel"):
    """One file of tests; `message` is the one error of a file that could not be loaded."""

    name: str = ""
    status: str | None = None
    message: str | None = None
    start_time: float | None = None
    end_time: float | None = None
    assertion_results: list[Assertion] | None = None


class Report(msgspec.Struct, rename="camel"):
    """The document; `num_runtime_error_test_suites` is Jest's only."""

    start_time: float | None = None
    success: bool | None = None
    num_total_tests: int | None = None
    num_runtime_error_test_suites: int | None = None
    was_interrupted: bool | None = None
    test_results: list[File] | None = None


def read(source: Source) -> Reading:
    """Read a report."""
    document = load(source, Report)
    report = document.value
    files = [file for file in report.test_results or () if file.name]
    if not document.cut and (report.test_results is None or (report.test_results and not files)):
        raise unknown(source, "is Jest or Vitest JSON without the results of tests")
    is_jest = report.num_runtime_error_test_suites is not None
    producer = "Jest" if is_jest else "Vitest"
    entry = LedgerEntry(
        source.name,
        producer=producer,
        doubts=document.doubts,
        missing=document.missing,
    )
    root = project_root([with_slashes(file.name) for file in files])
    rows = [row for file in files for row in _rows(file, root, source.name)]
    refuse_if_empty(document, source, len(rows))
    entry.read, entry.salvaged = len(rows), len(rows) if document.cut else 0
    _note_doubts(report, files, entry, _CANNOT_TELL[producer], cut=document.cut)
    start = epoch(report.start_time)
    info = blank_info(
        started_at=start,
        duration_s=_wall(start, files),
        producer=producer,
        errors=[] if rows else ["no tests were found"],
        incomplete=document.cut or bool(report.was_interrupted),
    )
    return Reading(rows, info, entry)


def _wall(start: float | None, files: list[File]) -> float | None:
    ends = [end for file in files if (end := epoch(file.end_time)) is not None]
    return span(max(ends) - start) if ends and start is not None else None


def _note_doubts(
    report: Report, files: list[File], entry: LedgerEntry, cannot_tell: str, *, cut: bool
) -> None:
    named = [test for file in files for test in file.assertion_results or ()]
    n_tests = sum(len(file.assertion_results or ()) for file in report.test_results or ())
    entry.doubts.append(cannot_tell)
    entry.doubts += [f"half a result left out: {test.title!r}" for test in named if test.cut]
    if n := n_tests - len(named):
        entry.doubts.append(f"{n} tests left out: the name of their file would stand behind them")
    stated = report.num_total_tests
    if stated is not None and stated != n_tests and not cut:
        text = f"the summary says {stated} tests, the file holds {n_tests}"
        entry.doubts.append(text)
        entry.missing += [text] * (stated > n_tests)


def _rows(file: File, root: str, source: str) -> list[Row]:
    path = below(root, with_slashes(file.name))
    rows = [_row(test, path, root) for test in file.assertion_results or () if not test.cut]
    failed = any(row.status == "failed" for row in rows)
    if file.status == "failed" and file.message and not failed:
        rows.append(_unloaded(file, path, root, has_tests=bool(rows)))
    for row in rows:
        row.source = source
    return rows


def _unloaded(file: File, path: str, root: str, *, has_tests: bool) -> Row:
    """Make a row of the error of a file as a whole: it could not be loaded, or a hook failed."""
    message = file.message or ""
    error = _failure(_without_heading(message), root, raw=message)
    if not has_tests:
        error.phase = "collection"
    return Row(
        file=clean_title(path),
        title="(suite)" if has_tests else COLLECTION,
        status="failed",
        attempts=[Attempt("error", started_at=epoch(file.start_time), errors=[error])],
    )


def _without_heading(message: str) -> str:
    """Take off Jest's "  ● Test suite failed to run" and the indent of what stands below it."""
    heading, _, below = clean(message).partition("\n")
    if not heading.endswith(_NO_SUITE):
        return message
    return "\n".join([line.removeprefix("    ") for line in below.split("\n")])


def _row(test: Assertion, path: str, root: str) -> Row:
    status = _status(test)
    is_todo = test.status == "todo"
    return Row(
        file=clean_title(path),
        title=clean_title(test.title),
        status=status,
        line=test.location.line if test.location else None,
        suite=PATH_SEPARATOR.join([clean_title(title) for title in test.ancestor_titles if title]),
        attempts=_attempts(test, status, root),
        expected_status="failed" if test.failing else None,
        skip_reason="todo" if is_todo else None,
        annotations=[{"type": "todo"}] if is_todo else [],
    )


def _status(test: Assertion) -> Status:
    status = _STATUSES.get(test.status or "", "not_run")
    if status == "passed" and test.failing:
        return "xfailed"
    return "flaky" if status == "passed" and _earlier(test) else status


def _earlier(test: Assertion) -> list[str]:
    """List the errors of tries before the last one."""
    if test.retry_reasons or test.status != "passed":
        return test.retry_reasons or []
    return test.failure_messages or []


def _attempts(test: Assertion, status: Status, root: str) -> list[Attempt]:
    earlier = [Attempt("failed", errors=[_failure(text, root)]) for text in _earlier(test)]
    messages: list[Any] = (test.failure_messages or []) if status == "failed" else []
    last = Attempt(
        {"flaky": "passed", "xfailed": "failed"}.get(status, status),
        started_at=epoch(test.start_at),
        duration_s=span(test.duration / 1000) if test.duration is not None else None,
        errors=[_failure(text, root) for text in messages],
    )
    return [*earlier, last]


def _failure(text: str, root: str, raw: str | None = None) -> Failure:
    cleaned = clean(text).strip("\n").rstrip()
    return painted(failure(cleaned or "(no error text)", root=root), text if raw is None else raw)
