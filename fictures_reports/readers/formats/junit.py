"""JUnit XML of other tools: jest, vitest, mocha, cypress, surefire, TestNG, PHPUnit, gotestsum …

What they share is little: a name, a class name or file, a time, and children that tell the outcome.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fictures_reports.readers.files.junit_xml import Attributes, Case, Part, Stream
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.formats.junit_identity import file_of, identity_of, names_of
from fictures_reports.readers.formats.junit_results import (
    FAILURES,
    FLAKY,
    MAY_HAVE_FAILED,
    RERUNS,
    Doubts,
    compare_totals,
    duration,
    parts,
    printed,
    properties_as_annotations,
    started,
    take_attachments,
)
from fictures_reports.readers.formats.pytest_nodes import COLLECTION
from fictures_reports.readers.rows import (
    Attempt,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
)
from fictures_reports.readers.text.clean import clean, with_slashes
from fictures_reports.readers.text.colours import painted, painted_output
from fictures_reports.readers.text.javascript_errors import failure as split_failure
from fictures_reports.readers.text.linear import DIGIT, SPACE, WORD, linear
from fictures_reports.readers.text.other_frames import place_in
from fictures_reports.readers.text.python_errors import place as python_place
from fictures_reports.readers.text.times import seconds, timestamp
from fictures_reports.schema import Status

#: How the tools name their files' roots or first suites, and how such a name begins.
_PRODUCERS = {
    "jest tests": "jest-junit", "vitest tests": "Vitest", "nosetests": "nose",
    "cucumber-js": "cucumber-js", "mypy": "mypy",
}  # fmt: skip
_PRODUCER_STARTS = (("Mocha Tests", "mocha-junit-reporter"), ("fastlane", "fastlane"))
#: What Jest calls a file that could not be loaded.
NO_SUITE = "Test suite failed to run"
_GO_SKIP = linear(rf"(?m)^[{SPACE}]*[^{SPACE}]+\.go:{DIGIT}+: (.+)$")
#: a class that a runner names as the type: "java.net.ConnectException", "Net::ReadTimeout"
_TYPE = linear(
    rf"^[{WORD}.$\\]*[A-Z][{WORD}$]*(?:Error|Exception|Failure|Failed|Timeout)$"
    rf"|^(?:[{WORD}$]+(?:\.|::|\\))+(?:[A-Z][{WORD}$]*|timeout|gaierror)$|^(?:Error|Exception)$"
)


def read(source: Source) -> Reading:
    """Read a file, one row per test; info and entry are complete when the rows are exhausted."""
    reading = Reading((), blank_info(), LedgerEntry(source.name))
    reading.rows = _rows(reading, source)
    return reading


def _rows(reading: Reading, source: Source) -> Iterator[Row]:
    stream, doubts, entry = Stream(source), Doubts(), reading.entry
    counted: Counter[str] = Counter()
    for case in stream:
        row = _row(case, source.name, doubts)
        counted["tests"] += 1
        counted[row.status] += 1
        entry.read += 1
        yield row
    for row in _suite_errors(stream, source.name):
        entry.read += 1
        yield row
    entry.salvaged = entry.read if stream.salvaged else 0
    entry.producer = _producer(stream)
    entry.doubts = [*stream.doubts, *doubts.tell()]
    when = started(stream, entry.doubts)
    fails = any(counted[status] for status in MAY_HAVE_FAILED) or entry.read > counted["tests"]
    entry.missing += _compare(stream, counted, entry.doubts, fails=fails)
    reading.info = blank_info(
        started_at=when,
        duration_s=_wall(stream),
        producer=entry.producer,
        incomplete=stream.cut,
    )


def _compare(stream: Stream, counted: Counter[str], doubts: list[str], *, fails: bool) -> list[str]:
    names = {"tests": counted["tests"]}
    if not any(suite.above for suite in stream.suites):
        names["skipped"] = counted["skipped"] + counted["xfailed"]
    return compare_totals(stream, names, doubts, fails=fails)


def _wall(stream: Stream) -> float | None:
    if (stated := seconds(stream.root.get("time", ""))) is not None:
        return stated
    outer = [suite for suite in stream.suites if suite.above is None]
    times = [seconds(suite.attributes.get("time", "")) for suite in outer]
    known = [time for time in times if time is not None]
    return sum(known) if known else None


def _producer(stream: Stream) -> str | None:
    names = [stream.root.get("name", "")]
    names += [suite.attributes.get("name", "") for suite in stream.suites[:1]]
    for name in names:
        starts = (producer for start, producer in _PRODUCER_STARTS if name.startswith(start))
        if producer := _PRODUCERS.get(name) or next(starts, None):
            return producer
    marks = stream.suites[0].attributes if stream.suites else {}
    if "{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation" in marks:
        return "Maven Surefire"
    if any("assertions" in suite.attributes for suite in stream.suites[:3]):
        return "PHPUnit"
    return None


def _row(case: Case, name: str, doubts: Doubts) -> Row:
    attributes = case.attributes
    file, suite, title = identity_of(case)
    status, reason = _status(case)
    attempts = _attempts(case, status, doubts)
    if status == "failed" and (unloaded := _unloaded(attributes, file)):
        file, suite, title = unloaded, "", COLLECTION
        for error in attempts[-1].errors:
            error.phase = "collection"
    line = attributes.get("line", "")
    started_at = timestamp(attributes["timestamp"])[0] if "timestamp" in attributes else None
    if started_at is not None and attempts[0].started_at is None:
        attempts[0].started_at = started_at
    return Row(
        file=file,
        title=title,
        status=status,
        suite=suite,
        line=int(line) if line.isdecimal() and 0 < len(line) < 9 and int(line) else None,
        attempts=attempts,
        skip_reason=reason,
        expected_status="failed" if status == "xfailed" else None,
        annotations=properties_as_annotations(case),
        source=name,
    )


def _unloaded(attributes: Attributes, file: str) -> str | None:
    """Name the file of a case that stands for all tests of a file that could not be loaded.

    Jest's JUnit names its class so, Vitest's names a case like its file.
    """
    name, classname = (attributes.get(key, "") for key in ("name", "classname"))
    if classname == NO_SUITE:
        return with_slashes(name) or file
    return file if file and with_slashes(name) == file == with_slashes(classname or name) else None


def _status(case: Case) -> tuple[Status, str | None]:
    status = case.attributes.get("status", "").lower()
    if not case.parts and not status:  # most results are such
        return "passed", None
    if parts(case, *FAILURES):
        return "failed", None
    for part in parts(case, "skipped"):
        message = clean(part.attributes.get("message", "")).strip()
        if message == "expected test failure":
            return "xfailed", message
        if part.attributes.get("type", "").lower().endswith("xfail"):
            return "xfailed", _cause_of_xfail(message) or None
        return "skipped", message or _skip_text(part.text)
    if parts(case, *FLAKY):
        return "flaky", None
    if status in ("skipped", "ignored", "disabled", "notrun"):
        return "skipped", None
    return "passed", None


def _cause_of_xfail(message: str) -> str:
    """Read "AssertionError('known')" out of how unittest-xml-reporting prints an exception.

    What stands behind it is an address, which differs in each run.
    """
    if not message.startswith("expected failure: (<class "):
        return message.removeprefix("expected failure: ")
    _, _, error = message.partition(">, ")
    return error.rpartition(", <traceback object at ")[0] or error


def _skip_text(text: str) -> str | None:
    """Read a reason out of the element: Go's log names it behind the file, others write it bare."""
    text = clean(text).strip()
    if ".go:" in text and (match := _GO_SKIP.search(text)):
        return str(match[1]).strip()
    return None if text.startswith("=== RUN") else text or None


def _attempts(case: Case, status: Status, doubts: Doubts) -> list[Attempt]:
    took = duration(case.attributes, doubts)
    if not case.parts:
        return [Attempt(status, None, took)]
    raw_out, raw_err = (printed(case.parts, f"system-{name}") for name in ("out", "err"))
    stdout, attachments = take_attachments(_text(raw_out))
    stderr = _text(raw_err)
    last = Attempt(
        {"xfailed": "failed", "flaky": "passed"}.get(status, status),
        duration_s=took,
        errors=[_failure(part) for part in parts(case, *FAILURES)],
        stdout=stdout,
        stderr=stderr,
        attachments=attachments,
    )
    painted_output(last, raw_out, raw_err)
    repeats = [_repeat(part) for part in parts(case, *FLAKY, *RERUNS)]
    return [*repeats, last] if status == "flaky" else [last, *repeats]


def _repeat(part: Part) -> Attempt:
    """Read <flakyFailure> or <rerunFailure>: surefire puts the stack into <stackTrace>."""
    stack = next((inner.text for inner in part.parts if inner.tag == "stackTrace"), "")
    inner = Part(part.tag, part.attributes, stack or part.text)
    return Attempt(
        "failed",
        duration_s=seconds(part.attributes.get("time", "")),
        errors=[_failure(inner)],
        stdout=_text(printed(part.parts, "system-out")),
        stderr=_text(printed(part.parts, "system-err")),
    )


def _text(text: str | None) -> str | None:
    return (clean(text).strip("\n") or None) if text else None


def _failure(part: Part) -> Failure:
    """Read one failure: the message attribute, else the text up to its stack."""
    summary = clean(part.attributes.get("message", "")).strip()
    text = clean(part.text).strip("\n").rstrip()
    found = split_failure(text or summary or "(no error text)")
    kind = part.attributes.get("type", "")
    if (
        text
        and summary
        and not (text.lstrip().startswith(summary) or summary in ("Failed", "undefined"))
    ):
        found.message = (
            summary if not found.message or _is_stack(text) else f"{summary}\n{found.message}"
        )
    error_type = kind if _TYPE.match(kind) else None
    # "Expected: is <2>" begins like a class; one with its package is surely one
    is_sure = error_type and "." in error_type
    found.error_type = error_type if is_sure else found.error_type or error_type
    found.stack = found.stack or (text if text != found.message and text else None)
    found.phase = None
    if found.location is None and 'File "' in text:
        path, line, _ = python_place(text, text.split("\n"))
        found.location = f"{path}:{line}" if path else None
    found.location = found.location or place_in(text)
    return painted(found, part.text, part.attributes.get("message"))


def _is_stack(text: str) -> bool:
    """Tell a body that only repeats the message above a stack or traceback."""
    return "\n\tat " in text or "\n    at " in text or "Traceback (most recent call last)" in text


def _suite_errors(stream: Stream, name: str) -> Iterator[Row]:
    """Make a row of errors that stand in a suite itself: a file that could not be loaded."""
    for suite, part in stream.loose:
        if part.tag in FAILURES:
            yield Row(
                file=file_of(suite),
                title="(suite)",
                status="failed",
                suite=" › ".join(names_of(suite)),
                attempts=[Attempt("error", errors=[_failure(part)])],
                source=name,
            )
