"""What somebody has to decide on when the phase ends, with what each answer means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.document.phase_readiness import ordered_steps
from fictures_reports.report.document.steps_so_far import reach, steps_so_far

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput


def decision(d: DocumentInput) -> str:
    """Say what is to be decided; "" where no test ran, since then nothing is known."""
    said = _question(d) if d.after.totals["cases"] else ""
    return f"**To decide:** {said}" if said else ""


def _question(d: DocumentInput) -> str:
    missed = [gate for gate in d.gates if not gate.holds]
    failing = d.after.totals["failed"]
    if not missed and not d.gates and failing:
        return "which of these blockers the next phase waits for; no gate says so."
    if not missed:
        rest = f", with {counted(failing, 'failing test')}" if failing else ""
        return f"nothing counted here keeps the next phase from its begin{rest}."
    if not d.missing:
        names = "its gate is met" if len(d.gates) == 1 else "all gates are met"
        return f"hold the next phase until {names}, or begin it as it is."
    return _about_target(d)


def _about_target(d: DocumentInput) -> str:
    passed, _ = passed_of(d.after.totals)
    needed = passed + d.missing
    begin = f"begin it with {passed:,} of the {needed:,} that are wanted"
    if (most := reach(d)) < needed:
        return (
            f"lower the target, or {begin}: with all that is known fixed, at most {most:,} tests "
            "pass."
        )
    urgent = [rank for rank, _ in ordered_steps(d) if rank in ("critical", "high")]
    _, least, most = steps_so_far(d)[len(urgent) - 1]
    these = "this blocker is" if len(urgent) == 1 else f"these {len(urgent)} blockers are"
    gives = f"{most:,}" if least == most else f"{least:,} to {most:,}"
    return (
        f"hold the next phase until {these} fixed, which gives {gives} passing tests, or {begin}."
    )
