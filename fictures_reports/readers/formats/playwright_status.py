"""What became of a Playwright test: the outcome it reports, told apart more finely."""

from __future__ import annotations

from collections.abc import Sequence

from fictures_reports.schema import Status

_SKIPS = ("skip", "fixme")


def status_of(
    outcome: str | None,
    tries: Sequence[str],
    expected: str | None,
    annotations: Sequence[dict[str, str]],
) -> Status:
    """Name the status of a test from its outcome, its attempts' statuses and what was declared.

    Playwright counts tests that never started, and those that were interrupted, as skipped.
    """
    if outcome == "flaky":
        return "flaky"
    if outcome == "unexpected":
        return (
            "interrupted"
            if tries and set(tries) <= {"interrupted", "skipped"} and "interrupted" in tries
            else "failed"
        )
    if outcome == "expected":
        return "xfailed" if expected == "failed" else "passed"
    if outcome == "skipped":
        return _skipped(tries, expected, annotations)
    return _derived(tries, expected, annotations)


def _skipped(
    tries: Sequence[str], expected: str | None, annotations: Sequence[dict[str, str]]
) -> Status:
    if "interrupted" in tries:
        return "interrupted"
    declared = any(annotation["type"] in _SKIPS for annotation in annotations)
    return "skipped" if declared or expected == "skipped" else "not_run"


def _derived(
    tries: Sequence[str], expected: str | None, annotations: Sequence[dict[str, str]]
) -> Status:
    """Work the outcome out as Playwright does, for files that do not tell it."""
    expected = expected or "passed"
    started = [one for one in tries if one not in ("skipped", "interrupted")]
    if not started:
        return _skipped(tries, expected, annotations)
    if all(one == expected for one in started):
        return status_of("expected", tries, expected, annotations)
    if any(one == expected for one in started):
        return "flaky"
    return "failed"


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
