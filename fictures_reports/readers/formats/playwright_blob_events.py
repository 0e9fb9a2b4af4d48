"""What the events of a blob report say of its tests, gathered while the lines are read.

The tests of a project are listed first. Then each attempt begins, takes steps, prints, attaches and
ends, its events between those of other workers; ids say what belongs together:

    onProject    lists the test {"testId": "t1", "title": "pays", …} under its file and titles
    onTestBegin  {"testId": "t1", "result": {"id": "r1", "retry": 0, "startTime": …}}
    onStepBegin  {"resultId": "r1", "step": {"id": "s1", "title": "Before Hooks"}}
    onStepEnd    {"resultId": "r1", "step": {"id": "s1", "error": {…}}}
    onTestEnd    {"test": {"testId": "t1", …}, "result": {"id": "r1", "status": "failed", …}}

`Blob.cases` then has a `Listed` for t1, whose `attempts` hold what r1 did. `playwright_blob_rows`
makes rows of them.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from fictures_reports.readers.formats.playwright_blob_resources import Resource
from fictures_reports.readers.formats.playwright_json import Annotation, Error
from fictures_reports.readers.text.clean import clean_title

#: suites in suites; a file that goes deeper was not written by Playwright
_DEEPEST: Final = 50


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


class Declared(msgspec.Struct, rename="camel"):
    """What a test at its end says to have been declared, also while it ran."""

    test_id: str = ""
    expected_status: str | None = None
    annotations: list[Annotation] = []


class Step(msgspec.Struct, rename="camel"):
    """A hook, fixture, action or user step; at its end only id and error."""

    id: str = ""
    parent_step_id: str | None = None
    title: str = ""
    category: str = ""
    error: Error | None = None


class OnTestBegin(msgspec.Struct, rename="camel"):
    """An attempt begins."""

    test_id: str = ""
    result: Outcome = msgspec.field(default_factory=Outcome)


class OnTestEnd(msgspec.Struct):
    """An attempt ends."""

    test: Declared = msgspec.field(default_factory=Declared)
    result: Outcome = msgspec.field(default_factory=Outcome)


class OnStep(msgspec.Struct, rename="camel"):
    """A step begins or ends."""

    result_id: str = ""
    step: Step = msgspec.field(default_factory=Step)


class OnStdIO(msgspec.Struct, rename="camel"):
    """Something was printed."""

    result_id: str | None = None
    type: str = "stdout"
    data: str = ""
    is_base64: bool = False


class OnAttach(msgspec.Struct, rename="camel"):
    """Something was attached; an event of its own since 1.54."""

    result_id: str = ""
    attachments: list[Resource] = []


class AttemptEvents:
    """One attempt, put together from its events; one that never ended has no `end`."""

    def __init__(self, begin: Outcome) -> None:
        self.begin = begin
        self.end: Outcome | None = None
        self.steps: dict[str, Step] = {}
        self.printed: dict[str, list[str]] = {"stdout": [], "stderr": []}
        self.attachments: list[Resource] = []


class Listed(msgspec.Struct):
    """A test as listed under its project, whether it ran or not."""

    project: str
    file: str
    titles: tuple[str, ...]
    entry: dict[str, Any]
    attempts: list[AttemptEvents] = []
    declared: Declared | None = None


class Blob:
    """All tests of one blob and what happened to them."""

    def __init__(self) -> None:
        #: by test id, in the order in which they are listed
        self.cases: dict[str, Listed] = {}
        #: small attachments of the zip, by their path in it
        self.resources: dict[str, bytes] = {}
        self._attempts: dict[str, AttemptEvents] = {}

    def add_project(self, name: str, suites: Any) -> None:
        """List the tests of a project; version 1 has `suites` and `tests`, version 2 `entries`."""
        for suite in suites if isinstance(suites, list) else ():
            for titles, entry in _tests_in(suite, ()):
                file, *above = titles
                test_id = str(entry.get("testId") or f"{name}{titles}{entry.get('title')}")
                self.cases[test_id] = Listed(name, file, tuple(above), entry)

    def take(self, method: str, params: msgspec.Raw) -> None:
        """Add an event about a test; others mean nothing here."""
        if method in _TAKEN:
            event, add = _TAKEN[method]
            add(self, msgspec.json.decode(params, type=event))

    def begin(self, event: OnTestBegin) -> None:
        """Start an attempt of a test that is listed."""
        attempt = self._attempts[event.result.id] = AttemptEvents(event.result)
        if case := self.cases.get(event.test_id):
            case.attempts = [*case.attempts, attempt]

    def end(self, event: OnTestEnd) -> None:
        """Keep how an attempt ended, and what its test declares."""
        if attempt := self._attempts.get(event.result.id):
            attempt.end = event.result
        if case := self.cases.get(event.test.test_id):
            case.declared = event.test

    def step(self, event: OnStep) -> None:
        """Keep a step; its end adds the error."""
        if attempt := self._attempts.get(event.result_id):
            known = attempt.steps.setdefault(event.step.id, event.step)
            known.error = known.error or event.step.error

    def print(self, event: OnStdIO) -> None:
        """Keep what an attempt printed."""
        attempt = self._attempts.get(event.result_id or "")
        if attempt is not None and event.type in attempt.printed:
            attempt.printed[event.type].append(_text(event))

    def attach(self, event: OnAttach) -> None:
        """Keep what an attempt attached."""
        if attempt := self._attempts.get(event.result_id):
            attempt.attachments += event.attachments


#: Event → what it holds, and what adds that to the blob.
_TAKEN: Final[dict[str, tuple[type[msgspec.Struct], Callable[[Blob, Any], None]]]] = {
    "onTestBegin": (OnTestBegin, Blob.begin),
    "onTestEnd": (OnTestEnd, Blob.end),
    "onStepBegin": (OnStep, Blob.step),
    "onStepEnd": (OnStep, Blob.step),
    "onStdIO": (OnStdIO, Blob.print),
    "onAttach": (OnAttach, Blob.attach),
}


def _text(event: OnStdIO) -> str:
    if not event.is_base64:
        return event.data
    try:
        return base64.b64decode(event.data).decode("utf-8", "replace")
    except ValueError:
        return ""


def _tests_in(
    suite: Any, above: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Go through the tests below a suite, each with the titles above it: the file's first."""
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
