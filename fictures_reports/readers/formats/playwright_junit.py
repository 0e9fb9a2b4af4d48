r"""Playwright's JUnit reporter.

    <testsuites id="" name="" tests="2" failures="1" skipped="0" errors="0" time="1.5">
    <testsuite name="a.spec.ts" timestamp="…" hostname="chromium" tests=… time=… errors="0">
    <testcase name="group › title" classname="a.spec.ts" time="0.1">
    <failure message="a.spec.ts:6:3 title" type="FAILURE"><![CDATA[  [chromium] › a.spec.ts:6:3 › …

The cause stands only in the body, one block per attempt. A flaky test is a plain pass here.
"""

from __future__ import annotations

from collections import Counter

from fictures_reports.readers.files.junit_xml import Case, Part, Stream
from fictures_reports.readers.files.sources import Source
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
    properties,
    started,
    take_attachments,
)
from fictures_reports.readers.formats.playwright_json import tags_in
from fictures_reports.readers.rows import (
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
from fictures_reports.readers.text.javascript_errors import failure, in_frame
from fictures_reports.readers.text.linear import DIGIT, SPACE, WORD, linear
from fictures_reports.readers.text.locations import relate
from fictures_reports.readers.text.times import seconds
from fictures_reports.schema import Status

_HEADER = linear(
    rf"^ *(?:{DIGIT}+\) )?(?:\[(?P<project>[^\]]+)\] › )?(?P<file>[^{SPACE}].*?)"
    rf":(?P<line>{DIGIT}{{1,9}}):{DIGIT}+ › "
)
_RETRY = linear(rf"(?m)^    Retry #{DIGIT}+ ─+ *$")
_BEHIND_ERRORS = linear(rf"(?m)^    (?:attachment #{DIGIT}+: |Error Context: )")
_INDENT = "    "
#: Texts without code frame, behind which the next error starts after a blank line.
_BARE = linear(
    rf"^(?:Test timeout of [{DIGIT}.]+m?s exceeded.*|Tearing down \".*"
    rf"|\"[{WORD}]+\" hook timeout .*|Fixture \".*\" timeout .*|Test was interrupted\."
    r"|Expected to fail, but passed\.|Worker teardown timeout .*)$"
)
_CANNOT_TELL = (
    "retries and flaky tests are not visible in this format; one that passed on a retry is a pass",
    "workers, starts of single tests, tags and expected statuses are not in this format",
)


def read(source: Source) -> Reading:
    """Read a report."""
    stream, doubts = Stream(source), Doubts()
    rows = [_row(case, source.name, doubts) for case in stream]
    relate(rows)
    entry = LedgerEntry(
        source.name, producer="Playwright", read=len(rows), salvaged=stream.salvaged
    )
    entry.doubts = [*stream.doubts, *doubts.tell()]
    retried = any(part for row in rows for part in row.attempts[1:])
    entry.doubts += _CANNOT_TELL[1:] if retried and _has_flaky(rows) else _CANNOT_TELL
    if silent := sum(row.status == "skipped" and not row.skip_reason for row in rows):
        entry.doubts.append(
            f"{silent} skipped tests give no reason; what they printed is not in this format"
        )
    when = started(stream, entry.doubts)
    _refuse_listing(rows, stream, entry)
    if not entry.refused:
        fails = any(row.status in MAY_HAVE_FAILED for row in rows)
        entry.missing += compare_totals(stream, _counted(rows), entry.doubts, fails=fails)
    projects = list(dict.fromkeys(row.project for row in rows if row.project))
    info = blank_info(
        started_at=when,
        duration_s=seconds(stream.root.get("time", "")),
        producer="Playwright",
        environment={"projects": [{"name": name} for name in projects]} if projects else {},
        incomplete=stream.cut,
    )
    return Reading(rows, info, entry)


def _has_flaky(rows: list[Row]) -> bool:
    return any(row.status == "flaky" for row in rows)


def _counted(rows: list[Row]) -> dict[str, int]:
    """Count as the reporter's header does; failures and errors are one until 1.58."""
    by_status = Counter(row.status for row in rows)
    return {"tests": len(rows), "skipped": by_status["skipped"] + by_status["not_run"]}


def _refuse_listing(rows: list[Row], stream: Stream, entry: LedgerEntry) -> None:
    """Leave out what `playwright test --list` writes: every test skipped, in no time."""
    wall = seconds(stream.root.get("time", ""))
    untouched = not any(row.attempts or row.duration_s for row in rows if row.status != "skipped")
    if untouched and any(row.status == "not_run" for row in rows) and wall is not None and wall < 2:
        entry.refused = (
            f"lists {len(rows)} tests and ran none (playwright test --list overwrites the report)"
        )
        entry.read = 0
        rows.clear()


def _row(case: Case, name: str, doubts: Doubts) -> Row:
    file = clean_title(with_slashes(case.attributes.get("classname", "")))
    file = clean_title(with_slashes(case.suite.attributes.get("name", ""))) or file
    project = clean_title(case.suite.attributes.get("hostname", ""))
    *suites, title = _titles(case.attributes.get("name", ""), project)
    notes = [(kind, clean(text)) for kind, text in properties(case.parts)]
    status = _status(case, notes, doubts)
    attempts = _attempts(case, status, doubts)
    return Row(
        file=file,
        title=title,
        status=status,
        project=project,
        line=_line(case),
        suite=" › ".join(suites),
        tags=tags_in(case.attributes.get("name", "")),
        attempts=attempts,
        expected_status="failed" if _declared(notes, "fail") else None,
        duration_s=duration(case.attributes, doubts)
        if len(attempts) < 2 or not _timed(attempts)
        else None,
        skip_reason=_skip_reason(notes) if status == "skipped" else None,
        annotations=[
            {"type": kind, "description": text} if text else {"type": kind} for kind, text in notes
        ],
        source=name,
    )


def _timed(attempts: list[Attempt]) -> bool:
    return all(attempt.duration_s is not None for attempt in attempts)


def _titles(name: str, project: str) -> list[str]:
    """Split "[project] describe › title"; the prefix is there with `includeProjectInTestName`."""
    name = clean(clean_title(name), bare_colours=True)
    if project:
        name = name.removeprefix(f"[{project}] ")
    return [part for part in name.split(" › ") if part] or [""]


def _declared(notes: list[tuple[str, str]], *kinds: str) -> bool:
    return any(kind in kinds for kind, _ in notes)


def _skip_reason(notes: list[tuple[str, str]]) -> str | None:
    return next((text for kind, text in notes if kind in ("skip", "fixme") and text), None)


def _status(case: Case, notes: list[tuple[str, str]], doubts: Doubts) -> Status:
    if parts(case, *FAILURES):
        return "failed"
    if parts(case, "skipped"):
        if _declared(notes, "skip", "fixme"):
            return "skipped"
        doubts.note(
            "skipped without the `skip` or `fixme` property that every declared skip has: taken as"
            " not run; interrupted tests look the same",
            case.attributes.get("name", ""),
        )
        return "not_run"
    last = "skipped" if _declared(notes, "skip", "fixme") else "passed"
    if _has_retries(case):
        return status_of(["failed", last])
    return "xfailed" if _declared(notes, "fail") else "passed"


def _line(case: Case) -> int | None:
    """Read the test's line from the header of the failure text, the only place that has it."""
    for part in parts(case, *FAILURES):
        if match := _HEADER.match(part.text.lstrip("\n")):
            return int(match["line"])
    return None


def _attempts(case: Case, status: Status, doubts: Doubts) -> list[Attempt]:
    if status == "not_run" and not printed(case.parts, "system-out"):
        return []
    tries, deciding = _tries(case, status)
    raw_out, raw_err = (printed(case.parts, f"system-{name}") for name in ("out", "err"))
    deciding.stdout, deciding.attachments = take_attachments(_text(raw_out))
    deciding.stderr = _text(raw_err)
    painted_output(deciding, raw_out, raw_err, bare_colours=True)
    if len(tries) == 1 or _has_retries(case):
        deciding.duration_s = duration(case.attributes, doubts)
    return tries


def _has_retries(case: Case) -> bool:
    return bool(parts(case, *FLAKY, *RERUNS))


def _tries(case: Case, status: Status) -> tuple[list[Attempt], Attempt]:
    """List the attempts, and tell which of them the testcase's own time and output are of.

    With `includeRetries` these are the first try's where all failed, and the last one's where not;
    the retries of the former stand in the failure's text a second time.
    """
    retries = [_retry(part) for part in parts(case, *FLAKY, *RERUNS)]
    if not (failures := parts(case, *FAILURES)):
        tries = [*retries, Attempt(_last_word(case, status))]
        return tries, tries[-1]
    tries = [Attempt("failed", errors=errors) for part in failures for errors in _blocks(part)]
    n_repeated = len(tries) - 1 if retries else 0
    for attempt, retry in zip(tries[1:], retries, strict=False):
        attempt.duration_s, attempt.attachments = retry.duration_s, retry.attachments
        attempt.stdout, attempt.stderr = retry.stdout, retry.stderr
    tries += retries[n_repeated:]
    return tries, tries[0] if retries else tries[-1]


def _last_word(case: Case, status: Status) -> str:
    """Name what came of the last try, which was skipped where only earlier ones failed."""
    if _has_retries(case):
        return "skipped" if status == "failed" else "passed"
    return {"xfailed": "failed", "not_run": "skipped"}.get(status, status)


def _text(text: str | None) -> str | None:
    return (clean(text, bare_colours=True).strip("\n") or None) if text else None


def _retry(part: Part) -> Attempt:
    """Read <flakyFailure> or <rerunFailure>, written with `includeRetries`."""
    stack = next((inner.text for inner in part.parts if inner.tag == "stackTrace"), part.text)
    raw = stack or part.attributes.get("message", "")
    text = clean(raw, bare_colours=True).strip("\n")
    stdout, attachments = take_attachments(_text(printed(part.parts, "system-out")))
    return Attempt(
        "failed",
        duration_s=seconds(part.attributes.get("time", "")),
        errors=[painted(failure(text), raw, bare_colours=True)] if text else [],
        stdout=stdout,
        stderr=_text(printed(part.parts, "system-err")),
        attachments=attachments,
    )


def _blocks(part: Part) -> list[list[Failure]]:
    """Split a failure's text into attempts, and each attempt into its errors."""
    text = clean(part.text, bare_colours=True).strip("\n")
    header = _HEADER.match(text)
    if not header:
        summary = part.attributes.get("message", "")
        error = failure(text or clean(summary, bare_colours=True))
        return [[painted(error, part.text if text else summary, bare_colours=True)]]
    body = text[text.find("\n") + 1 :] if "\n" in text else ""
    blocks = [
        [painted(error, part.text, bare_colours=True) for error in _errors(block)]
        for block in (_RETRY.split(body) if "Retry #" in body else [body])
    ]
    return [block for block in blocks if block] or [[failure("(no error text)")]]


def _errors(block: str) -> list[Failure]:
    behind = _BEHIND_ERRORS.search(block)
    text = block[: behind.start()] if behind else block
    text = "\n".join([line.removeprefix(_INDENT) for line in text.split("\n")])
    text = text.strip("\n").rstrip()
    return [failure(block) for block in split_errors(text)] if text else []


def split_errors(text: str) -> list[str]:
    """Split the errors of one attempt: a new one starts behind a blank line after code or stack."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if found[-1] and line.strip() and _starts_error(found[-1], line):
            found.append([])
        found[-1].append(line)
    return ["\n".join(lines).strip("\n") for lines in found]


def _starts_error(before: list[str], line: str) -> bool:
    if before[-1].strip() or line[0] == " ":
        return False
    last = next((earlier for earlier in reversed(before) if earlier.strip()), "")
    if _BARE.match(last) and last == before[0]:
        return True
    return in_frame(last) or (last[:1] == " " and last.lstrip(" ").startswith("at "))
