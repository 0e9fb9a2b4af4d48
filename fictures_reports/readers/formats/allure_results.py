"""Allure's results folder: one JSON file per attempt, containers and attachments beside them.

    {"uuid", "historyId", "fullName", "name", "status", "statusDetails", "start", "stop",
     "labels": [{"name": "suite", "value": …}], "parameters", "steps", "attachments"}

Attempts of one test share a `historyId`; the one that began last is the final one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from fictures_reports.readers.files.json_document import load
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats.allure_containers import (
    Container,
    Details,
    Fixture,
    note_fixtures,
)
from fictures_reports.readers.formats.allure_environment import facts_beside
from fictures_reports.readers.formats.pytest_nodes import Node, from_junit
from fictures_reports.readers.rows import (
    PATH_SEPARATOR,
    Attachment,
    Attempt,
    ErrorPlace,
    Failure,
    LedgerEntry,
    Reading,
    Row,
    blank_info,
    case_id,
)
from fictures_reports.readers.statuses import status_of
from fictures_reports.readers.text import steps
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted
from fictures_reports.readers.text.javascript_errors import failure as playwright_failure
from fictures_reports.readers.text.locations import relate
from fictures_reports.readers.text.python_errors import failure as pytest_failure
from fictures_reports.readers.text.times import epoch
from fictures_reports.schema import Status

_NOT_RUN = "This test was skipped due to test setup error"
_DEEPEST = 30


class Label(msgspec.Struct):
    """What the test is filed under: suite, host, thread, framework, tag …"""

    name: str | None = None
    value: Any = None


class Parameter(msgspec.Struct):
    """A parameter; Playwright's project is one."""

    name: str | None = None
    value: Any = None


class File(msgspec.Struct):
    """An attachment; `source` is a file name in the same folder."""

    name: str | None = None
    source: str | None = None
    type: str | None = None


class Step(msgspec.Struct):
    """A step: how it ended, and the attachments made in it."""

    name: Any = None
    status: Any = None
    start: Any = None
    stop: Any = None
    attachments: list[File] = []
    steps: list[Step] = []


class Result(msgspec.Struct, rename="camel"):
    """One attempt of one test."""

    uuid: str | None = None
    full_name: str | None = None
    name: str | None = None
    status: str | None = None
    status_details: Details | None = None
    stage: str | None = None
    #: epoch milliseconds
    start: float | None = None
    stop: float | None = None
    labels: list[Label] = []
    #: file or folders, file and classes
    title_path: list[str] | None = None
    parameters: list[Parameter] = []
    attachments: list[File] = []
    steps: list[Step] = []
    #: of a container or the globals; a result has none of them
    children: list[str] | None = None
    befores: list[Fixture] | None = None
    afters: list[Fixture] | None = None
    errors: list[Details] | None = None


class AllureReading(Reading):
    """A result, or what stands beside results, until `join_attempts` puts them together."""

    uuid: str | None = None
    container: Container | None = None
    #: where the file lies; None in an archive
    path: Path | None = None


def read(source: Source) -> Reading:
    """Read one result file."""
    document = load(source, Result)
    result = document.value
    if result.name is None and result.full_name is None:
        if (container := _container(result)) is not None:
            entry = LedgerEntry(source.name, producer="Allure", doubts=document.doubts)
            return AllureReading([], blank_info(), entry, container=container, path=source.path)
        raise unknown(source, "is JSON, but no Allure result: it names no test")
    valued = (label for label in reversed(result.labels) if label.value is not None)
    labels = {label.name: str(label.value) for label in valued}
    framework = labels.get("framework")
    entry = LedgerEntry(
        source.name, producer=framework, read=1, doubts=document.doubts, missing=document.missing
    )
    entry.salvaged = int(document.cut)
    row = _row(result, labels, source.name)
    start, stop = epoch(result.start), epoch(result.stop)
    info = blank_info(
        started_at=start,
        duration_s=stop - start
        if start is not None and stop is not None and stop >= start
        else None,
        producer=f"Allure ({framework})" if framework else "Allure",
        incomplete=document.cut or row.status == "interrupted",
    )
    relate([row])
    return AllureReading([row], info, entry, uuid=result.uuid, path=source.path)


def _container(result: Result) -> Container | None:
    """Take the fixtures or errors of a file that is no result; None if it has neither."""
    parts = (result.children, result.befores, result.afters, result.errors)
    if not any(part is not None for part in parts):
        return None
    children, befores, afters, errors = parts
    return Container(children or [], befores or [], afters or [], errors or [])


def join_attempts(readings: Sequence[Reading]) -> None:
    """Put the files of one run together: attempts of a test into one row, fixtures into results."""
    results = [reading for reading in readings if _container_of(reading) is None]
    _join_fixtures(readings, results)
    _join_attempts(results)
    _add_environment(readings[0])


def _add_environment(reading: Reading) -> None:
    """Take the facts about the run that lie beside its results."""
    path = reading.path if isinstance(reading, AllureReading) else None
    if path is not None and (facts := facts_beside(path.parent)):
        reading.info = msgspec.structs.replace(reading.info, environment=facts)


def _container_of(reading: Reading) -> Container | None:
    return reading.container if isinstance(reading, AllureReading) else None


def _join_fixtures(readings: Sequence[Reading], results: Sequence[Reading]) -> None:
    """Tell the results of fixtures that failed; what is left are errors of the run."""
    beside = [reading for reading in readings if _container_of(reading) is not None]
    attempts = {}
    for reading in results:
        reading.rows = list(reading.rows)
        if isinstance(reading, AllureReading) and reading.uuid and reading.rows:
            attempts[reading.uuid] = reading.rows[0].attempts[0]
    containers = list(filter(None, map(_container_of, beside)))
    errors = note_fixtures(containers, attempts)
    if not results:
        errors["no results of tests stand beside these containers"] = ErrorPlace()
    for i, reading in enumerate(beside):
        times = results[0].info if results else reading.info
        of_file = {} if i else errors
        reading.info = msgspec.structs.replace(times, errors=list(of_file), error_places=of_file)


def _join_attempts(readings: Sequence[Reading]) -> None:
    """Move the attempts of one test into the row of the last one; the others' files say so."""
    by_case: dict[str, list[tuple[Reading, Row]]] = {}
    for reading in readings:
        reading.rows = list(reading.rows)
        for row in reading.rows:
            by_case.setdefault(case_id(row), []).append((reading, row))
    for tries in by_case.values():
        tries.sort(key=lambda item: item[1].attempts[0].started_at or 0.0)
        reading, last = tries[-1]
        for earlier, _ in tries[:-1]:
            earlier.rows, earlier.entry.read = [], 0
            earlier.entry.doubts.append(f"an earlier attempt of the test in {reading.entry.file}")
        last.attempts = [attempt for _, row in tries for attempt in row.attempts]
        _settle(last, [row for _, row in tries])


def _settle(last: Row, tries: list[Row]) -> None:
    """Write the status that several attempts make."""
    statuses = [row.status for row in tries]
    if len(tries) > 1 and (status := status_of(statuses)) != "skipped":
        last.status = "xfailed" if status == "failed" and statuses[-1] == "xfailed" else status


def _row(result: Result, labels: dict[str | None, str], name: str) -> Row:
    project, file, suite, title = _identity(result, labels)
    details = result.status_details or Details()
    status = _status(result, details)
    message = clean(details.message or "").strip()
    is_surprise = _passed_unexpectedly(result, details, labels)
    return Row(
        file=file,
        title=title,
        status=status,
        project=project,
        suite=suite,
        tags=[str(label.value) for label in result.labels if label.name == "tag" and label.value],
        attempts=[_attempt(result, details, labels, status)],
        expected_status="failed" if is_surprise or status == "xfailed" else None,
        skip_reason=_skip_reason(message) if status in ("skipped", "xfailed") else None,
        source=name,
    )


def _passed_unexpectedly(result: Result, details: Details, labels: dict[str | None, str]) -> bool:
    """Tell whether a test of Playwright's passed though it was declared to fail: without error."""
    is_playwright = (labels.get("framework") or "").lower() == "playwright"
    return is_playwright and result.status == "failed" and not (details.message or details.trace)


def _skip_reason(message: str) -> str | None:
    return message.removeprefix("Skipped: ").removeprefix("XFAIL ").split("\n\n", 1)[0] or None


def _status(result: Result, details: Details) -> Status:
    message = details.message or ""
    match result.status:
        case "passed":
            return "passed"
        case "failed" | "broken":
            return "failed"
        case "skipped":
            if message.startswith(_NOT_RUN):
                return "not_run"
            return "xfailed" if message.startswith("XFAIL") else "skipped"
    return "not_run" if result.stage in ("pending", "scheduled") else "interrupted"


def _identity(result: Result, labels: dict[str | None, str]) -> tuple[str, str, str, str]:
    """Name project, file, suites and title as the framework's own reports do."""
    framework = (labels.get("framework") or "").lower()
    title = clean_title(result.name or result.full_name or "")
    full = clean_title(result.full_name or "")
    if framework == "playwright" and "suite" in labels:
        suite = clean_title(labels.get("subSuite", "")).replace(" > ", " › ")
        project = clean_title(labels.get("parentSuite", ""))
        return project, with_slashes(clean_title(labels["suite"])), suite, title
    if framework == "pytest" and "#" in full:
        node = _pytest_node(full, result.title_path)
        bracket = title.find("[") if title.startswith(node.title) else -1
        function = node.title + (title[bracket:] if bracket > 0 else "")
        return "", node.file, node.suite, function
    suites = [labels[name] for name in ("parentSuite", "suite", "subSuite") if labels.get(name)]
    path = full.partition("#")[0] if "#" in full else ""
    file = with_slashes(path) if "." in path.rsplit("/", 1)[-1] and "/" in path else ""
    above = [clean_title(s) for s in suites if with_slashes(s) != file]
    return "", file, " › ".join(above), title


def _pytest_node(full: str, title_path: list[str] | None) -> Node:
    """Place a pytest test by its file and classes, of which newer releases write a list.

    Parameters with "::" spill into both: "test_shop.test_odd[a#test_odd" is test_odd of test_shop.
    """
    classname, _, function = full.rpartition("#")
    classname = classname.partition(f".{function}[")[0]
    path = [part for part in title_path or () if not part.startswith(f"{function}[")]
    module = next((i for i, part in enumerate(path) if part.endswith(".py")), None)
    if module is None:
        return from_junit(classname, function, None)[0]
    return Node(
        clean_title("/".join(path[: module + 1])),
        PATH_SEPARATOR.join(path[module + 1 :]),
        clean_title(function),
    )


def _attempt(
    result: Result, details: Details, labels: dict[str | None, str], status: Status
) -> Attempt:
    start, stop = epoch(result.start), epoch(result.stop)
    known = start is not None and stop is not None and stop >= start
    return Attempt(
        status="passed"
        if _passed_unexpectedly(result, details, labels)
        else result.status or status,
        started_at=start,
        duration_s=stop - start if known and start is not None and stop is not None else None,
        errors=_errors(details, labels) if status == "failed" else [],
        attachments=_attachments(result),
        extra=steps.steps_to_keep(_steps(result.steps)) if status == "failed" else {},
    )


def _steps(level: list[Step], depth: int = 0) -> Iterator[steps.Step]:
    for step in level if depth < _DEEPEST else ():
        times = [epoch(t) if isinstance(t, int | float) else None for t in (step.start, step.stop)]
        start, stop = times
        took = stop - start if start is not None and stop is not None and stop >= start else None
        yield steps.Step(depth, str(step.name or ""), step.status in ("failed", "broken"), took)
        yield from _steps(step.steps, depth + 1)


def _errors(details: Details, labels: dict[str | None, str]) -> list[Failure]:
    message, trace = clean(details.message or ""), clean(details.trace or "")
    if not message and not trace:
        return []
    if (labels.get("framework") or "").lower() == "pytest":
        return [painted(pytest_failure(message, trace), details.trace, details.message)]
    text = trace if trace.startswith(message) else f"{message}\n{trace}".strip("\n")
    return [painted(playwright_failure(text), details.trace, details.message)]


def _attachments(result: Result) -> list[Attachment]:
    found, level = list(result.attachments), list(result.steps)
    for _ in range(_DEEPEST):
        found += [item for step in level for item in step.attachments]
        level = [inner for step in level for inner in step.steps]
    return [Attachment(clean(f.name or ""), f.type or "", f.source) for f in found]
