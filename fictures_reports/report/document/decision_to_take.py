"""What somebody has to decide on when the phase ends, with what each answer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.wording import counted
from fictures_reports.report.document.phase_readiness import is_ready, ordered_steps
from fictures_reports.report.document.steps_so_far import reach, steps_so_far

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.document.document_input import DocumentInput


def decision(d: DocumentInput) -> str:
    """Say what is to be decided; "" where no test ran, since then nothing is known."""
    question = _question(d) if d.after.totals["cases"] else ""
    return f"**To decide:** {question}" if question else ""


def _question(d: DocumentInput) -> str:
    failing = d.after.totals["failed"]
    if is_ready(d):
        fails = "test fails" if failing == 1 else "tests fail"
        failing_words = f"; {failing:,} {fails}" if failing else ""
        return f"nothing counted here keeps the next phase from beginning{failing_words}."
    if not d.gates:
        condition = (
            "of these blockers the next phase waits for" if failing else "results it waits for"
        )
        return f"which {condition}; no gate says so."
    if not d.missing:
        names = "its gate is met" if len(d.gates) == 1 else "all gates are met"
        return f"hold the next phase until {names}, or begin it as it is."
    return _about_target(d)


def _about_target(d: DocumentInput) -> str:
    begin = f"begin it with {d.passing:,} of the {d.needed:,} that are wanted"
    if (most := reach(d)) < d.needed:
        passes = "test passes" if most == 1 else "tests pass"
        fixed = f"at most {most:,} {passes}"
        return f"lower the target, or {begin}: with all that is known fixed, {fixed}."
    return f"hold the next phase until {' and '.join(_to_do(d))}, or {begin}."


def _to_do(d: DocumentInput) -> Iterator[str]:
    """Say what the target takes: the urgent steps, and flaky tests where these are not enough."""
    n = sum(rank in ("critical", "high") for rank, _ in ordered_steps(d))
    _, least, most = steps_so_far(d)[n - 1] if n else (None, d.passing, d.passing)
    if n:
        these = "this blocker is" if n == 1 else f"these {n} blockers are"
        sure = f"{least:,} to " if least < most else ""
        yield f"{these} fixed, which gives {sure}{counted(most, 'passing test')}"
    if most < d.needed:
        yield f"{counted(d.unsteady, 'flaky test passes', 'flaky tests pass')} every time"
