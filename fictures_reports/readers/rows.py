"""What every reader hands over: rows, run facts and one ledger entry per input file.

Plain structs, so that a reader is a function `Source → Reading` and knows nothing of pandas. None
refers to itself, so the collector of cycles need not know them (`gc=False`): with it, reading takes
a third longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from fictures_reports.own_categories import OwnCategory
from fictures_reports.schema import Status

#: Between the titles of a title path, as Playwright prints it.
PATH_SEPARATOR = " › "


class Failure(msgspec.Struct, omit_defaults=True, gc=False):
    """One error of an attempt, with ANSI codes taken out."""

    #: The error's text up to (not including) its code frame and stack; call log included.
    message: str
    phase: str | None = None
    error_type: str | None = None
    #: "file:line" or "file:line:column"
    location: str | None = None
    #: source lines around it, as the producer quoted them
    snippet: str | None = None
    #: stack or traceback below the message
    stack: str | None = None
    #: of message and snippet, as `readers.colours` writes them
    colours: dict[str, str] = {}


class Attachment(msgspec.Struct, omit_defaults=True, gc=False):
    """A file or text that the test left behind."""

    name: str
    content_type: str = ""
    #: as the producer recorded it (often absolute and on another machine), unless the file was
    #: found below the input; then where it lies now
    path: str | None = None
    #: base64, where the producer put the content into the result file
    body: str | None = None


class Attempt(msgspec.Struct, omit_defaults=True, gc=False):
    """One try within a result."""

    #: as the producer said it: passed, failed, timedOut, skipped, interrupted, rerun, error …
    status: str
    #: epoch seconds
    started_at: float | None = None
    duration_s: float | None = None
    worker: int | None = None
    errors: list[Failure] = []
    stdout: str | None = None
    stderr: str | None = None
    attachments: list[Attachment] = []
    #: what is open about this attempt, such as {"steps": …}; kept small
    extra: dict[str, Any] = {}
    #: of stdout and stderr, as `readers.colours` writes them; not of what passed
    colours: dict[str, str] = {}


class Row(msgspec.Struct, gc=False):
    """One case in one run; `frame` derives the columns that follow from the attempts."""

    file: str
    title: str
    status: Status
    project: str = ""
    variant: str = ""
    line: int | None = None
    suite: str = ""
    tags: list[str] = []
    attempts: list[Attempt] = []
    expected_status: str | None = None
    #: only where no attempt has them; otherwise the first attempt's start and the attempts' sum
    started_at: float | None = None
    duration_s: float | None = None
    shard: int | None = None
    #: as declared; what a test printed before giving up is classify's business
    skip_reason: str | None = None
    annotations: list[dict[str, str]] = []
    source: str = ""


class LedgerEntry(msgspec.Struct):
    """What became of one input file."""

    file: str
    #: its name in `formats.FORMATS`, filled in by `read.read_file`, or "unknown"
    format: str = ""
    producer: str | None = None
    producer_version: str | None = None
    #: results taken from this file into the run
    read: int = 0
    #: of those, from a file that broke off
    salvaged: int = 0
    #: results left out because another file of the same run already gave them
    repeated: int = 0
    #: None, or why the file was not read
    refused: str | None = None
    #: everything that this file leaves open or that does not add up, in words
    doubts: list[str] = []
    #: what of this file's results is known to be missing, in words
    missing: list[str] = []


class ErrorPlace(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where an error of the run came from; "" where that is not known."""

    #: one of `schema.Phase`
    phase: str = ""
    #: as the producer names it, relative to its root where that is known
    file: str = ""
    #: whether the runner itself died of it
    died: bool = False


class RunInfo(msgspec.Struct, frozen=True):
    """Facts about a run as a whole; None where the producer does not tell."""

    run_id: str
    label: str
    #: epoch seconds
    started_at: float | None = None
    #: wall time
    duration_s: float | None = None
    producer: str | None = None
    producer_version: str | None = None
    n_workers: int | None = None
    n_shards: int | None = None
    commit: str | None = None
    branch: str | None = None
    #: the line of runs that it belongs to: one suite in one workflow and job, or a name given
    stream: str | None = None
    #: key of the CI build and attempt that it was put into a history by
    build: str | None = None
    #: base URL, browser, time-outs, retries … as the producer recorded them
    environment: dict[str, Any] = {}
    #: errors that belong to no test: global set-up, collection, web server
    errors: list[str] = []
    #: error → where it came from, where the producer says so
    error_places: dict[str, ErrorPlace] = {}
    #: whether something is known to be missing (cut file, interrupted run)
    incomplete: bool = False
    #: those of the rules that the run was classified with, beside the built-in ones
    own_categories: tuple[OwnCategory, ...] = ()


class Reading(msgspec.Struct):
    """One file, read; where `rows` is a generator, info and entry are complete after its end."""

    rows: Iterable[Row]
    info: RunInfo
    entry: LedgerEntry
    #: the part of the run that the file holds, from 1
    shard: int | None = None
    #: what its path says by {variant} and {attempt}, or by a folder attempt-N
    variant: str = ""
    attempt: int | None = None


def blank_info(**facts: Any) -> RunInfo:
    """Start the facts of a run whose id and label are given later."""
    return RunInfo(run_id="", label="", **facts)


def id_of_test(row: Row) -> str:
    """Name the test as its author wrote it: file › title path, the same from every format."""
    if row.suite:
        path = f"{row.suite}{PATH_SEPARATOR}{row.title}"
        return f"{row.file}{PATH_SEPARATOR}{path}" if row.file else path
    return f"{row.file}{PATH_SEPARATOR}{row.title}" if row.file else row.title


def case_id(row: Row) -> str:
    """Name the case: its test [project] {variant}, the same from every format."""
    return case_of(id_of_test(row), row.project, row.variant)


def case_of(test: str, project: str, variant: str) -> str:
    """Name the case of a test in a project and a variant, "" where there is none.

    >>> case_of("cart.spec.ts › pays", "chromium", "windows")
    'cart.spec.ts › pays [chromium] {windows}'
    """
    case = f"{test} [{project}]" if project else test
    return f"{case} {{{variant}}}" if variant else case
