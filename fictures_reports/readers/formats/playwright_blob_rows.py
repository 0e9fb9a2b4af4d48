"""A row for each test that a blob report lists: what its attempts' events amount to.

In goes a `Blob`, whose events were gathered; out comes a `Row` for each of its tests, with the
status that Playwright gives it. An attempt that never ended was interrupted, a test without an
attempt did not run. Steps tell whether an error came from a hook (set-up, tear-down) or the body.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fictures_reports.readers.formats.playwright_blob_events import (
    AttemptEvents,
    Blob,
    Declared,
    Listed,
    Outcome,
    Step,
)
from fictures_reports.readers.formats.playwright_blob_resources import attachment
from fictures_reports.readers.formats.playwright_json import Error, place, tags_in
from fictures_reports.readers.formats.playwright_status import playwright_status, skip_reason, slot
from fictures_reports.readers.rows import Attempt, Failure, Row
from fictures_reports.readers.text import steps
from fictures_reports.readers.text.clean import clean, clean_title, with_slashes
from fictures_reports.readers.text.colours import painted, painted_output
from fictures_reports.readers.text.javascript_errors import failure
from fictures_reports.readers.text.times import epoch, span, timestamp
from fictures_reports.schema import Phase

_PHASES: Final[dict[str, Phase]] = {
    "Before Hooks": "setup",
    "beforeAll hook": "setup",
    "beforeEach hook": "setup",
    "After Hooks": "teardown",
    "afterEach hook": "teardown",
    "afterAll hook": "teardown",
    "Worker Cleanup": "teardown",
}
#: steps in steps; ids that lead round in a circle end here
_DEEPEST: Final = 50


def rows_of_blob(blob: Blob, root: str, shard: int | None) -> list[Row]:
    """Make a row of every test; `root` is the folder that places in stacks are relative to."""
    return [_row(blob, case, root, shard) for case in blob.cases.values()]


def _row(blob: Blob, case: Listed, root: str, shard: int | None) -> Row:
    annotations = _annotations(case)
    attempts = [_attempt(blob, events, root) for events in case.attempts]
    expected = (case.declared or Declared()).expected_status or _expected(annotations)
    endings = [attempt.status for attempt in attempts]
    status = playwright_status(None, endings, expected, annotations)
    if status == "failed" and expected == "failed" and endings[-1:] == ["passed"]:
        attempts[-1].errors.append(Failure("Expected to fail, but passed."))
    title, suite = str(case.entry.get("title") or ""), " › ".join(t for t in case.titles if t)
    return Row(
        file=with_slashes(case.file),
        title=clean_title(title),
        status=status,
        project=case.project,
        line=_line(case.entry),
        suite=suite,
        tags=_tags(case.entry, f"{suite} {title}"),
        attempts=attempts,
        expected_status=expected,
        shard=shard,
        skip_reason=skip_reason(annotations) if status == "skipped" else None,
        annotations=annotations,
    )


def _line(entry: dict[str, Any]) -> int | None:
    location = entry.get("location")
    line = location.get("line") if isinstance(location, dict) else None
    return line if isinstance(line, int) and line > 0 else None


def _tags(entry: dict[str, Any], titles: str) -> list[str]:
    """Return the tags that are listed; blobs of version 1 have them in the titles alone."""
    tags = entry.get("tags")
    if isinstance(tags, list):
        return [str(tag).removeprefix("@") for tag in tags]
    return tags_in(titles)


def _expected(annotations: list[dict[str, str]]) -> str:
    kinds = {annotation["type"] for annotation in annotations}
    return "skipped" if kinds & {"skip", "fixme"} else "passed"


def _annotations(case: Listed) -> list[dict[str, str]]:
    """Join the annotations of the list, of the test at its end and of its attempts, each once."""
    listed = [a for a in case.entry.get("annotations") or () if isinstance(a, dict)]
    found = [(str(a.get("type") or ""), a.get("description")) for a in listed]
    of_test = (case.declared or Declared()).annotations
    of_attempts = [a for events in case.attempts for a in (events.end or events.begin).annotations]
    found += [(a.type, a.description) for a in (*of_test, *of_attempts)]
    unique = dict.fromkeys(
        (kind, None if text is None else clean(str(text))) for kind, text in found
    )
    return [
        {"type": kind} if text is None else {"type": kind, "description": text}
        for kind, text in unique
    ]


def _attempt(blob: Blob, events: AttemptEvents, root: str) -> Attempt:
    begin, end = events.begin, events.end or Outcome(status="interrupted")
    stdout, stderr = "".join(events.printed["stdout"]), "".join(events.printed["stderr"])
    errors = end.errors or ([end.error] if end.error else [])
    attachments = [*end.attachments, *events.attachments]
    attempt = Attempt(
        status=end.status or "interrupted",
        started_at=_start(begin.start_time),
        duration_s=span(end.duration / 1000) if end.duration is not None else None,
        worker=slot(begin.parallel_index, begin.worker_index),
        errors=[_failure(error, root, events) for error in errors],
        stdout=clean(stdout).strip("\n") or None,
        stderr=clean(stderr).strip("\n") or None,
        attachments=[attachment(resource, blob.resources) for resource in attachments],
        extra=_steps(events),
    )
    return painted_output(attempt, stdout, stderr)


def _start(value: float | str | None) -> float | None:
    if isinstance(value, str):
        return timestamp(value)[0]
    return epoch(value)


def _steps(events: AttemptEvents) -> dict[str, Any]:
    listed = [
        (step.id, step.parent_step_id or "", step.title, step.error is not None)
        for step in events.steps.values()
    ]
    return steps.steps_to_keep(steps.by_parent(listed))


def _failure(error: Error, root: str, events: AttemptEvents) -> Failure:
    found = failure(
        _text(error) or "(no error text)",
        root=root,
        location=place(error.location, root),
        snippet=clean(error.snippet) if error.snippet else None,
    )
    found.phase = found.phase or _phase(error, events)
    return painted(found, _coloured(error), snippet=error.snippet)


def _text(error: Error) -> str:
    """Join message, cause and stack.

    The stack repeats the message, up to 1.40 with "Error: " in front that the message lacks.
    """
    message, stack = clean(error.message or error.value or ""), clean(error.stack or "")
    text = stack if message and message in stack else f"{message}\n{stack}".strip("\n")
    cause = clean(error.cause.message or error.cause.value or "") if error.cause else ""
    return text.replace(message, f"{message}\n[cause]: {cause}", 1) if cause else text


def _coloured(error: Error) -> str:
    """Join the texts that may have colours; the stack repeats the message, at times without."""
    cause = error.cause or Error()
    texts = (error.message or error.value, cause.message or cause.value, error.stack)
    return "\n".join(filter(None, texts))


def _phase(error: Error, events: AttemptEvents) -> Phase | None:
    """Tell from the step that failed with this error whether it was set-up, body or tear-down.

    None where no step failed with it.
    """
    for step in events.steps.values():
        if step.error is not None and step.error.message == error.message:
            titles = (above.title for above in _with_those_above(step, events))
            return next((_PHASES[title] for title in titles if title in _PHASES), "call")
    return None


def _with_those_above(step: Step, events: AttemptEvents) -> Iterator[Step]:
    """Go from a step to the one that it lies in, and so on."""
    above: Step | None = step
    for _ in range(_DEEPEST):
        if above is None:
            return
        yield above
        above = events.steps.get(above.parent_step_id or "")
