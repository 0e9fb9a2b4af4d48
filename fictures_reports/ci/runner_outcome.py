"""How the test runner's own step ended: it may fail though no test did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from fictures_reports.run import Run

#: What GitHub, GitLab, Jenkins, Azure and shells call it, in lower case.
_PASSED: Final = ("success", "succeeded", "passed", "ok")
_FAILED: Final = (
    "failure", "failed", "error", "cancelled", "canceled", "aborted", "skipped", "not_built",
    "unstable", "succeededwithissues", "timed_out",
)  # fmt: skip
#: Lines of a log that say how it ended.
_LAST_LINES: Final = 20
#: The end of a log is enough; it may be large.
_TAIL: Final = 64 * 1024


def has_failed(outcome: str) -> bool | None:
    """Tell whether a runner failed, by its outcome in words or its exit code; None for "".

    >>> has_failed("success"), has_failed("Failed"), has_failed("1"), has_failed("")
    (False, True, True, None)
    """
    word = outcome.strip().lower()
    if not word:
        return None
    if word.lstrip("-").isdecimal():
        return int(word) != 0
    if word not in (*_PASSED, *_FAILED):
        raise ReportsError(
            f"outcome is {outcome!r}, expected success, failure or the runner's exit code"
        )
    return word in _FAILED


def failed_without_a_test(run: Run) -> str:
    """Say that the runner failed though none of the run's tests did; "" where one did."""
    if run.totals["failed"]:
        return ""
    why = f": {run.info.errors[0].splitlines()[0]}" if run.info.errors else ""
    if not len(run.results):
        return f"The runner failed and no test ran{why}"
    if not run.is_whole:  # a test that failed may stand in what is missing
        return f"The runner failed, and its results are incomplete{why}"
    n = run.totals["flaky"]
    retried = f" ({n} passed only on a retry)" if n and not why else ""
    return f"The runner failed though no test did{why}{retried}"


def last_lines(path: str) -> str:
    """Return the end of a log without colours; "" where none is named.

    Raises `ReportsError` if it cannot be read.
    """
    if not path:
        return ""
    from fictures_reports.report.terminal_text import printable

    try:
        data = Path(path).read_bytes()[-_TAIL:]
    except OSError as error:
        raise ReportsError(f"{path}: the log cannot be read – {error.strerror}") from error
    from fictures_reports.readers.text.clean import clean

    lines = [line.rstrip() for line in clean(data.decode("utf-8", "replace")).splitlines()]
    return printable("\n".join([line for line in lines if line][-_LAST_LINES:]))
