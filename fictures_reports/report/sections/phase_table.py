"""A sequence of runs as a table: counts, pass rate, duration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.counts import pass_rate, passed_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class Phases:
    """Runs in order, the two that are compared last."""

    runs: Sequence[Run]
    #: pass rate (0–1) that a gate asks for, None where no gate does
    target: float | None

    @property
    def rates(self) -> pd.DataFrame:
        """Label, rate (0–1, of all cases) and cases of each run, in order."""
        import pandas as pd

        rows = [(run.label, pass_rate(run.totals), len(run.results)) for run in self.runs]
        return pd.DataFrame(rows, columns=["label", "rate", "cases"])


def values(report: ReportInput) -> Phases | None:
    """Return all phases; None where only two runs were given."""
    if not report.phases:
        return None
    runs = [*report.phases, *report.runs.values()]
    return Phases(runs, _target(report.gates, report.last))


def _target(gates: Sequence[Gate], run: Run) -> float | None:
    """Return the pass rate (0–1) that the first gate on passed tests asks for, if there is one."""
    for gate in gates:
        if gate.comparator in (">", ">=") and "[" not in gate.gate:
            if gate.metric == "pass_rate":
                return gate.limit / 100
            if gate.metric == "passed" and len(run.results):
                return gate.limit / len(run.results)
    return None


def html(v: Phases) -> Fragment:
    """Show a row for each phase."""
    used = [s for s in v.runs[0].totals if s != "cases" and any(r.totals[s] for r in v.runs)]
    return fragment(
        "phases.html.j2", counted(len(v.runs), "phase"), runs=list(v.runs), statuses=used,
        passed_of=passed_of,
    )  # fmt: skip


phases: Final = Section(
    "phases", values, html,
    markdown=LeftOut("it is about the last two runs, whose counts it has"),
    json=LeftOut("it is about the last two runs; each earlier one has a JSON of its own"),
)  # fmt: skip
