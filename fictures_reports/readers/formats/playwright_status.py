"""What became of a Playwright test: the outcome it reports, told apart more finely."""

from __future__ import annotations

from collections.abc import Sequence

from fictures_reports.readers.statuses import status_of
from fictures_reports.schema import Status

_SKIPS = ("skip", "fixme")
#: What an outcome means by itself.
_OUTCOMES: dict[str, Status] = {"flaky": "flaky", "expected": "passed"}


def playwright_status(
    outcome: str | None,
    tries: Sequence[str],
    expected: str | None,
    annotations: Sequence[dict[str, str]],
) -> Status:
    """Name the status of a test from its attempts, its outcome and what was declared.

    Playwright counts tests that never started, and those that were interrupted, as skipped, and
    what failed before it was skipped as flaky. `outcome` is asked only where no attempt tells.
    """
    status = status_of(tries, expected=expected)
    if outcome == "unexpected" and status in ("skipped", "passed"):
        return "failed"
    if not tries and outcome in _OUTCOMES:
        return "xfailed" if expected == "failed" and outcome == "expected" else _OUTCOMES[outcome]
    if status != "skipped":
        return status
    declared = any(annotation["type"] in _SKIPS for annotation in annotations)
    return "skipped" if declared or expected == "skipped" else "not_run"


def skip_reason(annotations: Sequence[dict[str, str]]) -> str | None:
    """Return the reason that the author gave with skip or fixme."""
    for annotation in annotations:
        if annotation["type"] in _SKIPS and annotation.get("description"):
            return annotation["description"]
    return None


def slot(parallel_index: int | None, worker_index: int | None) -> int | None:
    """Name the worker that ran an attempt: its slot, or the worker's own number before 1.51.

    A worker that crashed before it had a number is -1 in the files and unknown here.
    """
    known = (i for i in (parallel_index, worker_index) if i is not None and i >= 0)
    return None if worker_index == -1 else next(known, None)
