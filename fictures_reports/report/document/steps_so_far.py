"""How many tests would pass after each step of the order of work and those before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.report.document.phase_readiness import ordered_steps

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput


def steps_so_far(d: DocumentInput) -> list[tuple[Any, int, int]]:
    """Return each step with the least and the most tests that pass once it is done.

    What is hedged ("about 5 tests"), and what does not run now, may add nothing.
    """
    least = most = d.passing
    found = []
    for _, step in ordered_steps(d):
        most += step.cases
        least += step.cases if step.kind == "failure" and step.if_fixed[0].isdigit() else 0
        found.append((step, least, most))
    return found


def reach(d: DocumentInput) -> int:
    """Return how many tests pass if every step is done and holds what it may.

    Flaky tests that the target leaves out count once they pass at the first try.
    """
    steps = steps_so_far(d)
    return (steps[-1][2] if steps else d.passing) + d.unsteady
