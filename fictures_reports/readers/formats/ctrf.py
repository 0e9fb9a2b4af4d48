"""CTRF, the Common Test Report Format: {"results": {"tool", "summary", "tests": […]}}.

Durations are milliseconds by the specification, but seconds in some files; starts are seconds or
milliseconds. Names are camelCase, snake_case in pytest's older reporter.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from fictures_reports.readers.files.json_document import load, refuse_if_empty
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats.ctrf_errors import errors_in
from fictures_reports.readers.formats.pytest_nodes import Node, from_node_id
from fictures_reports.readers.rows import (
    Attachment,
    Attempt,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
)
from fictures_reports.readers.statuses import status_of
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted, painted_output
from fictures_reports.readers.text.error_places import has_run
from fictures_reports.readers.text.javascript_errors import failure as playwright_failure
from fictures_reports.readers.text.linear import WORD, linear
from fictures_reports.readers.text.locations import relate
from fictures_reports.readers.text.python_errors import failure as pytest_failure
from fictures_reports.readers.text.times import epoch, span
from fictures_reports.schema import Status

_STATUSES: dict[str, Status] = {
    "passed": "passed", "failed": "failed", "skipped": "skipped", "pending": "skipped",
}  # fmt: skip
_RAW: dict[str, Status] = {
    "interrupted": "interrupted", "todo": "skipped", "disabled": "skipped",
    "xfailed": "xfailed", "xpassed": "xpassed",
}  # fmt: skip
#: An author's decision, as runners call it.
_DECLARED = frozenset({"todo", "fixme", "disabled", "ignored", "quarantined"})
#: What the attempt is called where the result has a word of its own.
_WORDS = {"xfailed": "failed", "xpassed": "passed"}
#: Larger numbers of retries are none.
_MOST_RETRIES = 1000
_WRAPPER = linear(rf"^The test (?:failed|was skipped|errored) in the ([{WORD}]+) phase")
#: where the project's part of an absolute path usually begins
_ROOTS = linear(r"/((?:tests?|e2e|specs?|src|cypress|__tests__|playwright|server|app)/.+)\n?$")


class Tool(msgspec.Struct):
    """What ran the tests."""

    name: str | None = None
    version: str | None = None


class Try(msgspec.Struct, rename="camel"):
    """An earlier attempt, in newer files."""

    attempt: int | None = None
    status: str | None = None
    duration: float | None = None
    message: str | None = None
    trace: str | None = None
    snippet: str | None = None
    start: float | None = None


class File(msgspec.Struct, rename="camel"):
    """An attachment."""

    name: str = ""
    content_type: str = ""
    path: str | None = None


class Test(msgspec.Struct, rename="camel"):
    """One result; the snake_case names are pytest's, before 0.6."""

    __test__ = False
    name: str = ""
    status: str | None = None
    duration: float | None = None
    start: float | None = None
    stop: float | None = None
    suite: str | list[str] | None = None
    message: str | None = None
    trace: str | None = None
    snippet: str | None = None
    line: int | None = None
    raw_status: str | None = None
    raw_status_of_pytest: str | None = msgspec.field(default=None, name="raw_status")
    file_path: str | None = None
    file_path_of_pytest: str | None = msgspec.field(default=None, name="file_path")
    tags: list[str] | None = None
    retries: int | None = None
    retry_attempts: list[Try] | None = None
    flaky: bool | None = None
    browser: str | None = None
    attachments: list[File] | None = None
    stdout: list[str] | None = None
    stderr: list[str] | None = None
    #: whatever a reporter adds, such as Playwright's annotations
    extra: Any = None
    cut: bool = msgspec.field(default=False, name="__cut__")


class Results(msgspec.Struct):
    """What `results` holds."""

    tool: Tool | None = None
    summary: dict[str, Any] | None = None
    tests: list[Test] = []
    environment: dict[str, Any] | None = None
    extra: Any = None


class Report(msgspec.Struct):
    """The document."""

    results: Results | None = None
    extra: Any = None


def read(source: Source) -> Reading:
    """Read a report."""
    document = load(source, Report)
    results = document.value.results
    if results is None or (results.tool is None and results.summary is None and not results.tests):
        raise unknown(source, "is JSON with results, but no CTRF report")
    tool = results.tool or Tool()
    entry = LedgerEntry(
        source.name,
        producer=tool.name,
        producer_version=tool.version,
        doubts=document.doubts,
        missing=document.missing,
    )
    tests = [test for test in results.tests if not test.cut]
    scale = _duration_scale(tests)
    if scale == 1.0 and tests:
        entry.doubts.append("durations are seconds here, not milliseconds as CTRF has them")
    full_names = _has_full_names(tests, tool.name or "")
    rows = [
        _row(test, tool.name or "", scale, source.name, full_names=full_names) for test in tests
    ]
    refuse_if_empty(document, source, len(rows))
    relate(rows)
    entry.read, entry.salvaged = len(rows), len(rows) if document.cut else 0
    _note_doubts(results, rows, entry, cut=document.cut)
    summary = results.summary or {}
    start, stop = (epoch(_number(summary.get(key))) for key in ("start", "stop"))
    environment = results.environment or {}
    errors = errors_in(document.value.extra, results.extra, ran=has_run(rows))
    info = blank_info(
        started_at=start,
        duration_s=stop - start if start and stop and stop >= start else None,
        producer=tool.name,
        producer_version=tool.version,
        commit=_text(environment.get("commit")),
        branch=_text(environment.get("branchName")),
        environment={k: v for k, v in environment.items() if isinstance(v, str | int | float)},
        errors=list(errors),
        error_places=errors,
        incomplete=document.cut or any(row.status == "interrupted" for row in rows),
    )
    return Reading(rows, info, entry)


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _duration_scale(tests: list[Test]) -> float:
    """Tell by start and stop whether durations are milliseconds (0.001) or seconds (1.0)."""
    votes: Counter[float] = Counter()
    for test in tests:
        start, stop = epoch(test.start), epoch(test.stop)
        if test.duration and start is not None and stop is not None and stop > start:
            span = stop - start
            in_ms = abs(test.duration / 1000 - span) <= abs(test.duration - span)
            votes[0.001 if in_ms else 1.0] += 1
    return votes.most_common(1)[0][0] if votes else 0.001


def _note_doubts(results: Results, rows: list[Row], entry: LedgerEntry, *, cut: bool) -> None:
    entry.doubts.append("workers, declared failures and errors outside of tests are not in CTRF")
    if "pytest" in (entry.producer or ""):
        entry.doubts.append("modules that could not be collected are not in pytest's CTRF")
    summary = results.summary or {}
    for name, stated in summary.items():
        if name not in ("tests", "passed", "failed") or not isinstance(stated, int) or cut:
            continue
        alike = sum(test.status == name for test in results.tests)
        counted = len(rows) if name == "tests" else alike
        if stated != counted:
            text = f"the summary says {stated} {name}, the file holds {counted}"
            entry.doubts.append(text)
            if name == "tests" and stated > counted:
                entry.missing.append(text)


def _row(test: Test, tool: str, scale: float, name: str, *, full_names: bool) -> Row:
    project, node = _identity(test, tool, full_names=full_names)
    attempts = _attempts(test, tool, scale)
    status = _status(test, attempts)
    annotations = _annotations(test)
    descriptions = (annotation.get("description") for annotation in annotations)
    description = next(filter(None, descriptions), None)
    reason = clean(test.message).strip() if status == "skipped" and test.message else ""
    return Row(
        file=node.file,
        title=node.title,
        status=status,
        project=project,
        line=test.line if test.line and test.line > 0 else None,
        suite=node.suite,
        tags=[tag.removeprefix("@") for tag in test.tags or ()],
        attempts=attempts,
        expected_status="failed"
        if status in ("xfailed", "xpassed") or _is_declared_to_fail(test)
        else None,
        skip_reason=(reason or description or _declared(test)) if status == "skipped" else None,
        annotations=annotations,
        source=name,
    )


def _declared(test: Test) -> str | None:
    return _raw(test) if _raw(test) in _DECLARED else None


def _annotations(test: Test) -> list[dict[str, str]]:
    """List the marks of an author: those of Playwright in `extra`, else the raw status."""
    listed = test.extra.get("annotations") if isinstance(test.extra, dict) else None
    found = [
        {
            key: clean(annotation[key])
            for key in ("type", "description")
            if isinstance(annotation.get(key), str) and annotation[key]
        }
        for annotation in (listed if isinstance(listed, list) else ())
        if isinstance(annotation, dict) and isinstance(annotation.get("type"), str)
    ]
    declared = _declared(test)
    return found or ([{"type": declared}] if declared else [])


def _levels(test: Test) -> tuple[list[str], int | None]:
    """Split the suite text, and tell which of its levels is the file."""
    path = with_slashes(test.file_path or test.file_path_of_pytest or "")
    levels = test.suite if isinstance(test.suite, list) else (test.suite or "").split(" > ")
    levels = [clean_title(level) for level in levels if level]
    return levels, next((i for i, level in enumerate(levels) if _is_file(level, path)), None)


def _has_full_names(tests: list[Test], tool: str) -> bool:
    """Tell whether names begin with those of the suites, as Jest's do.

    Either all do or none: a title may begin with its suite's name by itself.
    """
    if tool == "playwright":
        return False
    found = [(test, *_levels(test)) for test in tests]
    inner = [
        (clean_title(test.name), levels[index + 1 :])
        for test, levels, index in found
        if index is not None and index + 1 < len(levels)
    ]
    return bool(inner) and all(name.startswith(" ".join(suites) + " ") for name, suites in inner)


def _identity(test: Test, tool: str, *, full_names: bool) -> tuple[str, Node]:
    """Find project, file, suites and title in a name, a suite text and a path."""
    path = with_slashes(test.file_path or test.file_path_of_pytest or "")
    if "pytest" in tool and "::" in test.name:
        return "", from_node_id(test.name)
    levels, index = _levels(test)
    if index is None:
        return test.browser or "", Node(
            _shortened(path), " › ".join(levels), clean_title(test.name)
        )
    file = with_slashes(levels[index])
    if "/" not in file and tool != "playwright":
        file = _shortened(path) or file
    suites = levels[index + 1 :]
    title = clean_title(test.name)
    if full_names and suites:
        title = title.removeprefix(" ".join(suites) + " ")
    project = " › ".join(levels[:index]) or test.browser or ""
    return project, Node(file, " › ".join(suites), title)


def _is_file(level: str, path: str) -> bool:
    level = with_slashes(level)
    return bool(path) and (path == level or path.endswith("/" + level))


def _shortened(path: str) -> str:
    """Take the machine's part off an absolute path, where the project's seems to begin."""
    if not path.startswith("/") and path[1:3] != ":/":
        return path
    match = _ROOTS.search(path)
    return match[1] if match else "/".join(path.rsplit("/", 2)[-2:])


def _raw(test: Test) -> str:
    return test.raw_status or test.raw_status_of_pytest or ""


def _own_status(test: Test) -> Status:
    """Name what came of the last attempt; Playwright's own word where it was to fail."""
    if _is_declared_to_fail(test):
        return "passed" if _raw(test) == "passed" else "xfailed"
    return _RAW.get(_raw(test)) or _STATUSES.get(test.status or "", "not_run")


def _status(test: Test, attempts: list[Attempt]) -> Status:
    reported = _own_status(test)
    if reported in ("not_run", "xfailed", "xpassed"):
        return reported
    expected = "failed" if _is_declared_to_fail(test) else None
    return status_of([attempt.status for attempt in attempts], expected=expected)


def _is_declared_to_fail(test: Test) -> bool:
    """Tell a test of Playwright with `test.fail()` that ran: CTRF calls it passed either way."""
    ran = _raw(test) in ("passed", "failed", "timedOut")
    return ran and any(annotation["type"] == "fail" for annotation in _annotations(test))


def _attempts(test: Test, tool: str, scale: float) -> list[Attempt]:
    status = _own_status(test)
    stdout, stderr = "\n".join(test.stdout or ()), "\n".join(test.stderr or ())
    errors = _errors(test, tool) if status in ("failed", "xfailed") else []
    last = Attempt(
        status="timedOut" if _raw(test) == "timedOut" else _WORDS.get(status, status),
        started_at=epoch(test.start),
        duration_s=_scaled(test.duration, scale),
        errors=errors,
        stdout=clean(stdout) or None,
        stderr=clean(stderr) or None,
        attachments=[Attachment(f.name, f.content_type, f.path) for f in test.attachments or ()],
    )
    painted_output(last, stdout, stderr)
    if test.retry_attempts:
        return [*(_earlier(retry, tool, scale) for retry in test.retry_attempts), last]
    return [*_untold(test, status, tool), last]


def _untold(test: Test, status: Status, tool: str) -> list[Attempt]:
    """Make the earlier attempts of which a file gives the number only."""
    n_earlier = min(test.retries or 0, _MOST_RETRIES) or int(bool(test.flaky))
    if not n_earlier or status not in ("passed", "failed"):
        return []
    errors = _errors(test, tool) if status == "passed" else []
    return [Attempt("failed", errors=errors), *(Attempt("failed") for _ in range(n_earlier - 1))]


def _scaled(duration: float | None, scale: float) -> float | None:
    return span(duration * scale) if duration is not None else None


def _earlier(retry: Try, tool: str, scale: float) -> Attempt:
    failed_test = Test(message=retry.message, trace=retry.trace, snippet=retry.snippet)
    return Attempt(
        status=retry.status or "failed",
        started_at=epoch(retry.start),
        duration_s=_scaled(retry.duration, scale),
        errors=_errors(failed_test, tool),
    )


def _errors(test: Test, tool: str) -> list[Failure]:
    message, trace = clean(test.message or ""), clean(test.trace or "")
    if not message and not trace:
        return []
    if "pytest" in tool:
        wrapper = _WRAPPER.match(message) if message.startswith("The test ") else None
        phase = wrapper[1] if wrapper else _raw(test).removesuffix("_failed")
        phase = phase if phase in ("setup", "call", "teardown") else None
        return [
            painted(
                pytest_failure("" if wrapper else message, trace, phase), test.trace, test.message
            )
        ]
    text = trace if trace.startswith(message) else f"{message}\n{trace}".strip("\n")
    snippet = clean(test.snippet).strip("\n") if test.snippet else None
    found = playwright_failure(text, snippet=snippet or None)
    return [painted(found, test.trace, test.message, snippet=test.snippet)]
