"""The events of a blob report, gathered into tests and their attempts."""

from __future__ import annotations

import base64
import zipfile
from collections.abc import Iterator
from typing import Any

import msgspec

from fictures_reports.readers.files.archives import ARCHIVE_ERRORS
from fictures_reports.readers.formats.playwright_json import Annotation, Error, place, tags_in
from fictures_reports.readers.formats.playwright_status import playwright_status, skip_reason, slot
from fictures_reports.readers.rows import Attachment, Attempt, Failure, Row
from fictures_reports.readers.text import steps
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted, painted_output
from fictures_reports.readers.text.javascript_errors import failure
from fictures_reports.readers.text.times import epoch, span, timestamp
from fictures_reports.schema import Phase

#: Pictures and texts up to this size travel in the row; all of one blob up to the second.
_LARGEST_BODY = 256 * 2**10
_LARGEST_BODIES = 16 * 2**20
_HOOKS: dict[str, Phase] = {
    "Before Hooks": "setup",
    "beforeAll hook": "setup",
    "beforeEach hook": "setup",
    "After Hooks": "teardown",
    "afterEach hook": "teardown",
    "afterAll hook": "teardown",
    "Worker Cleanup": "teardown",
}
_DEEPEST = 50
#: resources that a report can show
_SHOWN = (".png", ".jpeg", ".jpg", ".txt", ".md", ".markdown", ".json")


class Resource(msgspec.Struct, rename="camel"):
    """An attachment; its path points into `resources/`, a body is base64."""

    name: str = ""
    content_type: str = ""
    path: str | None = None
    base64: str | None = None
    body: str | None = None


class Outcome(msgspec.Struct, rename="camel"):
    """A result at its begin (id, retry, worker, start) or end (duration, status, errors)."""

    id: str = ""
    retry: int = 0
    worker_index: int | None = None
    parallel_index: int | None = None
    #: epoch milliseconds; an ISO text in some version-1 files
    start_time: int | float | str | None = None
    duration: float | None = None
    status: str | None = None
    errors: list[Error] = []
    error: Error | None = None
    attachments: list[Resource] = []
    annotations: list[Annotation] = []


class Tested(msgspec.Struct, rename="camel"):
    """The test at its end: what was declared while it ran."""

    test_id: str = ""
    expected_status: str | None = None
    annotations: list[Annotation] = []


class Begun(msgspec.Struct, rename="camel"):
    """`onTestBegin`."""

    test_id: str = ""
    result: Outcome = msgspec.field(default_factory=Outcome)


class Finished(msgspec.Struct):
    """`onTestEnd`."""

    test: Tested = msgspec.field(default_factory=Tested)
    result: Outcome = msgspec.field(default_factory=Outcome)


class Step(msgspec.Struct, rename="camel"):
    """A hook, fixture, action or user step; at its end only id and error."""

    id: str = ""
    parent_step_id: str | None = None
    title: str = ""
    category: str = ""
    error: Error | None = None


class Stepped(msgspec.Struct, rename="camel"):
    """`onStepBegin` and `onStepEnd`."""

    result_id: str = ""
    step: Step = msgspec.field(default_factory=Step)


class Printed(msgspec.Struct, rename="camel"):
    """`onStdIO`."""

    result_id: str | None = None
    type: str = "stdout"
    data: str = ""
    is_base64: bool = False


class Attached(msgspec.Struct, rename="camel"):
    """`onAttach`, since 1.54."""

    result_id: str = ""
    attachments: list[Resource] = []


class Result:
    """One attempt, put together from its events."""

    def __init__(self, begin: Outcome) -> None:
        self.begin = begin
        self.end: Outcome | None = None
        self.steps: dict[str, Step] = {}
        self.printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.attachments: list[Resource] = []


class Planned(msgspec.Struct):
    """A test as listed under its project, whether it ran or not."""

    project: str
    file: str
    titles: tuple[str, ...]
    entry: dict[str, Any]
    results: list[Any] = []
    tested: Tested | None = None


class Blob:
    """All tests of one blob and what happened to them."""

    def __init__(self) -> None:
        self.tests: dict[str, Planned] = {}
        self.results: dict[str, Result] = {}
        self._bodies: dict[str, bytes] = {}
        self._handlers = {
            "onTestBegin": self._begin,
            "onTestEnd": self._end,
            "onStepBegin": self._step,
            "onStepEnd": self._step,
            "onStdIO": self._stdio,
            "onAttach": self._attach,
        }

    def keep_resources(self, archive: zipfile.ZipFile) -> None:
        """Keep small pictures and texts of a zip, for the rows that will name them."""
        room = _LARGEST_BODIES
        for item in archive.infolist():
            is_kept = item.filename.startswith("resources/") and item.file_size <= _LARGEST_BODY
            if not is_kept or not item.filename.endswith(_SHOWN):
                continue
            if (room := room - item.file_size) < 0:
                return
            try:
                self._bodies[item.filename] = archive.read(item)
            except ARCHIVE_ERRORS:
                continue

    def body(self, path: str | None) -> str | None:
        """Return a kept resource in base64."""
        data = self._bodies.get(path or "")
        return None if data is None else base64.b64encode(data).decode()

    def take(self, method: str, params: msgspec.Raw) -> None:
        """Digest an event about a test; others mean nothing here."""
        if handler := self._handlers.get(method):
            handler(params)

    def add_project(self, name: str, suites: Any) -> None:
        """List the tests of a project; version 1 has `suites` and `tests`, version 2 `entries`."""
        for suite in suites if isinstance(suites, list) else ():
            for titles, entry in _tests_in(suite, ()):
                file, *above = titles
                test_id = str(entry.get("testId") or f"{name}{titles}{entry.get('title')}")
                self.tests[test_id] = Planned(name, file, tuple(above), entry)

    def _begin(self, params: msgspec.Raw) -> None:
        begun = msgspec.json.decode(params, type=Begun)
        result = self.results[begun.result.id] = Result(begun.result)
        if test := self.tests.get(begun.test_id):
            test.results = [*test.results, result]

    def _end(self, params: msgspec.Raw) -> None:
        finished = msgspec.json.decode(params, type=Finished)
        if result := self.results.get(finished.result.id):
            result.end = finished.result
        if test := self.tests.get(finished.test.test_id):
            test.tested = finished.test

    def _step(self, params: msgspec.Raw) -> None:
        stepped = msgspec.json.decode(params, type=Stepped)
        if result := self.results.get(stepped.result_id):
            known = result.steps.setdefault(stepped.step.id, stepped.step)
            known.error = known.error or stepped.step.error

    def _stdio(self, params: msgspec.Raw) -> None:
        printed = msgspec.json.decode(params, type=Printed)
        result = self.results.get(printed.result_id or "")
        if result is not None and printed.type in result.printed:
            result.printed[printed.type].append(_text(printed))

    def _attach(self, params: msgspec.Raw) -> None:
        attached = msgspec.json.decode(params, type=Attached)
        if result := self.results.get(attached.result_id):
            result.attachments += attached.attachments


def _text(printed: Printed) -> str:
    if not printed.is_base64:
        return printed.data
    try:
        return base64.b64decode(printed.data).decode("utf-8", "replace")
    except ValueError:
        return ""


def _tests_in(
    suite: Any, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if not isinstance(suite, dict) or len(above) > _DEEPEST:
        return
    titles = (*above, clean_title(str(suite.get("title") or "")))
    for key in ("entries", "suites", "tests"):
        entries = suite.get(key)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and "testId" in entry:
                yield titles, entry
            else:
                yield from _tests_in(entry, titles)


def rows_of(blob: Blob, root: str, shard: int | None) -> list[Row]:
    """Make a row of every test of the blob."""
    return [_row(blob, test, root, shard) for test in blob.tests.values()]


def _row(blob: Blob, test: Planned, root: str, shard: int | None) -> Row:
    entry, tested = test.entry, test.tested or Tested()
    annotations = _annotations(test, tested)
    attempts = [_attempt(blob, result, root) for result in test.results]
    expected = tested.expected_status or _declared(annotations)
    tries = [attempt.status for attempt in attempts]
    status = playwright_status(None, tries, expected, annotations)
    if status == "failed" and expected == "failed" and tries[-1:] == ["passed"]:
        attempts[-1].errors.append(Failure("Expected to fail, but passed."))
    location = entry.get("location")
    line = location.get("line") if isinstance(location, dict) else None
    title, suite = str(entry.get("title") or ""), " › ".join(t for t in test.titles if t)
    tags = entry.get("tags")
    return Row(
        file=with_slashes(test.file),
        title=clean_title(title),
        status=status,
        project=test.project,
        line=line if isinstance(line, int) and line > 0 else None,
        suite=suite,
        tags=[str(t).removeprefix("@") for t in tags]
        if isinstance(tags, list)
        else tags_in(f"{suite} {title}"),
        attempts=attempts,
        expected_status=expected,
        shard=shard,
        skip_reason=skip_reason(annotations) if status == "skipped" else None,
        annotations=annotations,
    )


def _declared(annotations: list[dict[str, str]]) -> str:
    kinds = {annotation["type"] for annotation in annotations}
    return "skipped" if kinds & {"skip", "fixme"} else "passed"


def _annotations(test: Planned, tested: Tested) -> list[dict[str, str]]:
    given = [a for a in test.entry.get("annotations") or () if isinstance(a, dict)]
    found = [(str(a.get("type") or ""), a.get("description")) for a in given]
    found += [(a.type, a.description) for a in tested.annotations]
    for result in test.results:
        found += [(a.type, a.description) for a in (result.end or result.begin).annotations]
    unique = dict.fromkeys(
        (kind, None if text is None else clean(str(text))) for kind, text in found
    )
    return [
        {"type": kind} if text is None else {"type": kind, "description": text}
        for kind, text in unique
    ]


def _attempt(blob: Blob, result: Result, root: str) -> Attempt:
    begin, end = result.begin, result.end or Outcome(status="interrupted")
    stdout, stderr = "".join(result.printed["stdout"]), "".join(result.printed["stderr"])
    attempt = Attempt(
        status=end.status or "interrupted",
        started_at=_start(begin.start_time),
        duration_s=span(end.duration / 1000) if end.duration is not None else None,
        worker=slot(begin.parallel_index, begin.worker_index),
        errors=_errors(end, root, result),
        stdout=clean(stdout).strip("\n") or None,
        stderr=clean(stderr).strip("\n") or None,
        attachments=[_attachment(blob, a) for a in [*end.attachments, *result.attachments]],
        extra=_steps(result),
    )
    return painted_output(attempt, stdout, stderr)


def _start(value: float | str | None) -> float | None:
    if isinstance(value, str):
        return timestamp(value)[0]
    return epoch(value)


def _steps(result: Result) -> dict[str, Any]:
    listed = [
        (step.id, step.parent_step_id or "", step.title, step.error is not None)
        for step in result.steps.values()
    ]
    return steps.steps_to_keep(steps.by_parent(listed))


def _errors(end: Outcome, root: str, result: Result) -> list[Failure]:
    errors = end.errors or ([end.error] if end.error else [])
    return [_failure(error, root, result) for error in errors]


def _failure(error: Error, root: str, result: Result) -> Failure:
    message = clean(error.message or error.value or "")
    stack = clean(error.stack or "")
    # the stack repeats the message, up to 1.40 with "Error: " in front that the message lacks
    text = stack if message and message in stack else f"{message}\n{stack}".strip("\n")
    if error.cause and (cause := clean(error.cause.message or error.cause.value or "")):
        text = text.replace(message, f"{message}\n[cause]: {cause}", 1)
    found = failure(
        text or "(no error text)",
        root=root,
        location=place(error.location, root),
        snippet=clean(error.snippet) if error.snippet else None,
    )
    found.phase = found.phase or _phase(error, result)
    return painted(found, _coloured(error), snippet=error.snippet)


def _coloured(error: Error) -> str:
    """Join the texts that may have colours; the stack repeats the message, at times without."""
    cause = error.cause or Error()
    texts = (error.message or error.value, cause.message or cause.value, error.stack)
    return "\n".join(filter(None, texts))


def _phase(error: Error, result: Result) -> Phase | None:
    """Tell from the step that failed with this error whether it was set-up, body or tear-down."""
    for step in result.steps.values():
        if step.error is not None and step.error.message == error.message:
            above: Step | None = step
            for _ in range(_DEEPEST):
                if above is None:
                    break
                if above.title in _HOOKS:
                    return _HOOKS[above.title]
                above = result.steps.get(above.parent_step_id or "")
            return "call"
    return None


def _attachment(blob: Blob, resource: Resource) -> Attachment:
    body = resource.base64 or resource.body or blob.body(resource.path)
    path = None if body else resource.path
    return Attachment(clean(resource.name), resource.content_type, path, body)
