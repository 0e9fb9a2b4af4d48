"""What happened to a case from one side to the other: a name for every pair of outcomes."""

from __future__ import annotations

from itertools import product
from typing import Final

from fictures_reports.schema import CHANGES, OUTCOMES, Change, Outcome

#: Outcomes of a test that ran and did not fail.
GOOD: Final = ("passed", "flaky")
_KINDS: Final = ("failed", "good", "xfailed", "idle", "absent")
_BY_BEFORE: Final[dict[str, tuple[Change, Change, Change, Change, Change | None]]] = {
    #           → failed           good             xfailed           idle               absent
    "failed": ("still_failing", "fixed", "declared", "masked", "vanished"),
    "good": ("broken", "still_passing", "declared", "lost", "lost"),
    "xfailed": ("undeclared", "fixed", "still_declared", "masked", "vanished"),
    "idle": ("unmasked", "gained", "declared", "still_skipped", "left"),
    "absent": ("arrived_failing", "arrived", "declared", "arrived_skipped", None),
}


def change_of(before: Outcome, after: Outcome) -> Change | None:
    """Name what happened to a case; None if neither side has it.

    An expected failure ran, so it is an outcome of its own: neither a skip nor a failure.

    >>> change_of("failed", "skipped"), change_of("failed", "flaky"), change_of("passed", "absent")
    ('masked', 'fixed', 'lost')
    >>> change_of("failed", "xfailed"), change_of("xfailed", "failed")
    ('declared', 'undeclared')
    """
    return _BY_BEFORE[_kind(before)][_KINDS.index(_kind(after))]


def _kind(outcome: Outcome) -> str:
    if outcome in GOOD:
        return "good"
    return "idle" if outcome in ("skipped", "not_run") else outcome


#: (before, after) → change, for all pairs of outcomes.
CHANGE_OF: Final = {(b, a): change_of(b, a) for b, a in product(OUTCOMES, OUTCOMES)}
#: Changes by which a test that did not fail before fails now.
NEW_FAILURES: Final = ("broken", "unmasked", "undeclared", "arrived_failing")
#: Changes by which a test that ran before no longer runs, or is not there.
NO_LONGER_RUN: Final = ("lost", "masked", "vanished")
#: What can be counted of a comparison: each change, and what is made of several.
CHANGE_METRICS: Final = (
    *CHANGES, "new_failures", "new_failures_not_flaky", "regressions", "new_flaky", "gone",
    "known_flaky", "failing_on_base", "known_issues",
)  # fmt: skip
