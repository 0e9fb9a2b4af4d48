"""Playwright's JSON reporter, from 1.25 on.

    {"config": {…}, "suites": [{"file", "specs": [{"tests": [{"results": […]}]}], "suites": […]}],
     "errors": […], "stats": {…}}

A spec may hold the tests of several projects, or stand once per project: rows are made of tests.

Parts that are there once per test are tuples of structs without cycles (`gc=False`): the collector
of cycles lets go of them at once. With lists it takes most of the time that decoding takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from fictures_reports.readers.files.json_document import load, refuse_if_empty
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats.playwright_run import (
    Config,
    doubt_totals,
    looks_listed,
    run_info,
)
from fictures_reports.readers.formats.playwright_status import playwright_status, skip_reason, slot
from fictures_reports.readers.rows import (
    Attachment,
    Attempt,
    ErrorPlace,
    Failure,
    LedgerEntry,
    Reading,
    Row,
)
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted, painted_output
from fictures_reports.readers.text.error_places import has_run, place_of
from fictures_reports.readers.text.javascript_errors import failure, relative
from fictures_reports.readers.text.steps import NestedStep, any_failed, nested, steps_to_keep
from fictures_reports.readers.text.times import span, timestamp
from fictures_reports.readers.text.user_code import is_library
from fictures_reports.schema import Status


class Location(msgspec.Struct, gc=False):
    """A place in a source file; lines and columns count from 1."""

    file: str = ""
    line: int | None = None
    column: int | None = None


class Error(msgspec.Struct, gc=False):
    """`error` and the entries of `errors`; stack and snippet only in `error`."""

    message: str | None = None
    value: str | None = None
    stack: str | None = None
    location: Location | None = None
    snippet: str | None = None
    #: since 1.49; in `errors` its text is part of the message
    cause: Error | None = None


class Output(msgspec.Struct, gc=False):
    """A piece of stdout or stderr: text, or base64 where it was no text."""

    text: str | None = None
    buffer: str | None = None


class FileOrText(msgspec.Struct, rename="camel", gc=False):
    """An attachment: a path on the machine that ran, or a base64 body."""

    name: str = ""
    content_type: str = ""
    path: str | None = None
    body: str | None = None


class Annotation(msgspec.Struct, gc=False):
    """What the author or the runner said about a test."""

    type: str = ""
    description: Any = None


class Result(msgspec.Struct, rename="camel", gc=False):
    """One attempt. `startTime` is missing in 1.25, `errors` in places there too."""

    worker_index: int | None = None
    #: the slot, from 1.51 on; `worker_index` counts every worker that was started anew
    parallel_index: int | None = None
    status: str | None = None
    duration: float | None = None
    error: Error | None = None
    errors: tuple[Error, ...] | None = None
    stdout: tuple[Output, ...] = ()
    stderr: tuple[Output, ...] = ()
    start_time: str | None = None
    attachments: tuple[FileOrText, ...] = ()
    annotations: tuple[Annotation, ...] | None = None
    #: what the test called steps; those of the runner itself are in traces and blobs only
    steps: tuple[NestedStep, ...] | None = None
    cut: bool = msgspec.field(default=False, name="__cut__")


class Test(msgspec.Struct, rename="camel", gc=False):
    """One case in one project. `status` is the outcome: expected, unexpected, flaky, skipped."""

    __test__ = False
    annotations: tuple[Annotation, ...] = ()
    expected_status: str | None = None
    project_name: str | None = None
    results: tuple[Result, ...] = ()
    status: str | None = None
    cut: bool = msgspec.field(default=False, name="__cut__")


class Spec(msgspec.Struct, gc=False):
    """A test as written; `tags` come without @ and since 1.42."""

    title: str = ""
    tags: list[str] | None = None
    tests: tuple[Test, ...] = ()
    file: str = ""
    line: int | None = None


class Suite(msgspec.Struct, gc=False):
    """A file, or a describe within it."""

    title: str = ""
    file: str | None = None
    specs: tuple[Spec, ...] = ()
    suites: tuple[Suite, ...] | None = None


class Stats(msgspec.Struct, rename="camel"):
    """Totals; only times in 1.39, missing before."""

    start_time: str | None = None
    #: milliseconds
    duration: float | None = None
    expected: int | None = None
    skipped: int | None = None
    unexpected: int | None = None
    flaky: int | None = None


class Report(msgspec.Struct):
    """The document."""

    config: Config | None = None
    suites: list[Suite] | None = None
    errors: list[Error] = []
    stats: Stats | None = None


def _keys(report: Report) -> dict[str, int]:
    """Count where the keys of results stand: one in each object that may have it."""
    n_suites = n_specs = n_tests = 0
    waiting = list(report.suites or ())
    while waiting:
        suite = waiting.pop()
        waiting += suite.suites or ()
        n_suites += 1
        n_specs += len(suite.specs)
        n_tests += sum(len(spec.tests) for spec in suite.specs)
    return {"suites": n_suites + 1, "specs": n_suites, "tests": n_specs, "results": n_tests}


def read(source: Source) -> Reading:
    """Read a report; raises `UnknownFormat` if it holds neither suites nor root errors."""
    document = load(source, Report, _keys)
    report, config = document.value, document.value.config or Config()
    if report.suites is None and not report.errors and not document.cut:
        raise unknown(source, "is JSON with a config, but no suites and no errors")
    entry = LedgerEntry(
        source.name,
        "",
        "Playwright",
        config.version,
        doubts=document.doubts,
        missing=document.missing,
    )
    root = with_slashes(config.root_dir or "")
    rows = [row for suite in report.suites or () for row in _rows(suite, (), "", root, entry)]
    refuse_if_empty(document, source, len(rows) + len(report.errors))
    shard = config.shard.current if config.shard else None
    for row in rows:
        row.source, row.shard = source.name, shard
    entry.read, entry.salvaged = len(rows), len(rows) if document.cut else 0
    stats = report.stats or Stats()
    if not report.errors:
        looks_listed(rows, stats.duration, entry, config)
    doubt_totals(rows, stats, entry)
    errors = root_errors(report.errors, config, rows)
    info = run_info(config, stats.start_time, stats.duration, errors, rows, cut=document.cut)
    return Reading(rows, info, entry, shard)


def root_errors(errors: Iterable[Error], config: Config, rows: list[Row]) -> dict[str, ErrorPlace]:
    """Return the words of errors that belong to no test, each with where it came from."""
    root, ran = with_slashes(config.root_dir or ""), has_run(rows)
    setup, teardown = _paths(config.global_setup), _paths(config.global_teardown)
    found = {}
    for error in errors:
        text = clean(error.message or error.value or error.stack or "error without text")
        file = clean(with_slashes(error.location.file)) if error.location else ""
        stack = with_slashes(error.stack or "")
        place = place_of(text, ran=ran, stack=stack, file=file, setup=setup, teardown=teardown)
        found[text] = msgspec.structs.replace(place, file=relative(file, root))
    return found


def _paths(value: Any) -> list[str]:
    """Read `globalSetup`: a path, or several."""
    listed = value if isinstance(value, list) else [value]
    return [with_slashes(path) for path in listed if isinstance(path, str)]


def _rows(
    suite: Suite, above: tuple[str, ...], file: str, root: str, entry: LedgerEntry
) -> Iterator[Row]:
    if not file:
        file = clean_title(with_slashes(suite.file or suite.title))
    else:
        above = (*above, clean_title(suite.title)) if suite.title else above
    for spec in suite.specs:
        for test in spec.tests:
            if test.cut:
                entry.doubts.append(f"half a result left out: {spec.title!r}")
                continue
            yield _row(spec, test, " › ".join(above), file, root)
    for inner in suite.suites or ():
        yield from _rows(inner, above, file, root, entry)


def _row(spec: Spec, test: Test, suite: str, file: str, root: str) -> Row:
    annotations = _annotations(test)
    attempts = [_attempt(result, root) for result in test.results if not result.cut]
    status = _status(test, attempts, annotations)
    return Row(
        file=file,
        title=clean_title(spec.title),
        status=status,
        project=test.project_name or "",
        line=spec.line or None,
        suite=suite,
        tags=spec.tags if spec.tags is not None else tags_in(f"{suite} {spec.title}"),
        attempts=attempts,
        expected_status=test.expected_status,
        skip_reason=skip_reason(annotations) if status == "skipped" else None,
        annotations=annotations,
    )


def _status(test: Test, attempts: list[Attempt], annotations: list[dict[str, str]]) -> Status:
    tries = [attempt.status for attempt in attempts]
    status = playwright_status(test.status, tries, test.expected_status, annotations)
    if status == "failed" and test.expected_status == "failed" and tries[-1:] == ["passed"]:
        attempts[-1].errors.append(Failure("Expected to fail, but passed."))
    return status


def tags_in(titles: str) -> list[str]:
    """Find the @tags in titles, as Playwright itself did before specs had a `tags` key."""
    return [word[1:] for word in titles.split() if word[0] == "@" and len(word) > 1]


def _annotations(test: Test) -> list[dict[str, str]]:
    given = list(test.annotations)
    for result in test.results:  # since 1.53 some stand only there
        given += [a for a in result.annotations or () if a not in given]
    return [
        {"type": a.type, "description": clean(str(a.description))}
        if a.description is not None
        else {"type": a.type}
        for a in given
    ]


def _attempt(result: Result, root: str) -> Attempt:
    stdout, stderr = _joined(result.stdout), _joined(result.stderr)
    attempt = Attempt(
        status=result.status or "unknown",
        started_at=timestamp(result.start_time)[0] if result.start_time else None,
        duration_s=_seconds(result.duration),
        worker=slot(result.parallel_index, result.worker_index),
        errors=_errors(result, root) if result.error or result.errors else [],
        stdout=_output(stdout),
        stderr=_output(stderr),
        attachments=[
            Attachment(a.name, a.content_type, a.path, a.body) for a in result.attachments
        ],
        extra=steps_to_keep(nested(result.steps)) if any_failed(result.steps) else {},
    )
    return painted_output(attempt, stdout, stderr)


def _seconds(milliseconds: float | None) -> float | None:
    return span(milliseconds / 1000) if milliseconds is not None else None


def _joined(pieces: Sequence[Output]) -> str:
    return "".join([piece.text or _unpacked(piece.buffer) for piece in pieces]) if pieces else ""


def _output(text: str) -> str | None:
    """Make readable what a test printed; None if it printed nothing."""
    return (clean(text).strip("\n") or None) if text else None


def _unpacked(buffer: str | None) -> str:
    import base64
    import binascii

    try:
        return base64.b64decode(buffer or "").decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _errors(result: Result, root: str) -> list[Failure]:
    first = result.error
    if not result.errors:
        return [_failure(first, root, first)] if first else []
    return [_failure(error, root, None if i else first) for i, error in enumerate(result.errors)]


def _failure(error: Error, root: str, detail: Error | None) -> Failure:
    """Take one error apart; `detail` holds its snippet and location, where the file gives them."""
    raw = error.message or error.value or error.stack or ""
    snippet = detail.snippet if detail else None
    location = error.location or (detail.location if detail else None)
    found = failure(
        clean(raw) or "(no error text)",
        root=root,
        location=place(location, root),
        snippet=clean(snippet) if snippet else None,
    )
    stack = error.stack or (detail.stack if detail else None)
    if stack and (found.location is None or is_library(found.location)):
        found.location = failure(clean(stack), root=root).location or found.location
    return painted(found, raw, snippet=snippet)


def place(location: Location | None, root: str) -> str | None:
    """Write a location as file:line:column, relative to the root folder."""
    if location is None or not location.file or location.line is None:
        return None
    column = f":{location.column}" if location.column else ""
    return f"{relative(location.file, root)}:{location.line}{column}"
