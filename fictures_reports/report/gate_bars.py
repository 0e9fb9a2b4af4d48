"""Gates as the page shows them: what each reads, how far it is from its target, what would do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.readiness import missing_for
from fictures_reports.analysis.wording import counted

if TYPE_CHECKING:
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


@dataclass(frozen=True)
class GateBar:
    """A gate; of one on passed tests also where it stands, in counts of tests."""

    gate: Gate
    #: how many tests more must pass; None where that cannot be counted
    missing: int | None
    passed: int
    #: how many would pass if no test failed, and how many must
    reach: int
    target: int
    of: int
    #: what fixing every failure leaves to do, in words
    left: str

    @property
    def words(self) -> str:
        """What the gate says behind its expression."""
        return self.gate.sentence[len(self.gate.gate) + 2 :]


def gate_bars(report: ReportInput) -> list[GateBar]:
    """Return a bar for each gate, missed ones first."""
    return sorted((_bar(gate, report.last) for gate in report.gates), key=lambda b: b.gate.holds)


def _bar(gate: Gate, run: Run) -> GateBar:
    missing = None if gate.holds else missing_for(gate, run)
    passed, of = passed_of(run.totals)
    failed = run.totals["failed"]
    return GateBar(
        gate, missing, passed, passed + failed, passed + (missing or 0), of, _left(missing, failed)
    )


def _left(missing: int | None, failed: int) -> str:
    if not missing:
        return ""
    if missing <= failed:
        return f"Fixing {missing:,} of {counted(failed, 'failure')} would meet it."
    return (
        f"Fixing every failure makes {failed:,} more pass; the other {missing - failed:,} must "
        "come from tests that do not run now."
    )
