"""A sequence of phases as a table: counts, pass rate and duration of each run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.counts import pass_rate, pass_rates, passed_of
from fictures_reports.analysis.wording import counted, duration, moment, percent
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import iso, plain
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import Section

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

    def __bool__(self) -> bool:
        """Whether there are phases: a comparison of two runs has none."""
        return bool(self.runs)

    @property
    def rates(self) -> pd.DataFrame:
        """Label, rate (0–1, of all cases) and cases of each run, in order."""
        return pass_rates(self.runs)

    @property
    def statuses(self) -> list[str]:
        """The statuses that occur in any phase, in their order."""
        names = [name for name in self.runs[0].totals if name != "cases"]
        return [name for name in names if any(run.totals[name] for run in self.runs)]


def values(report: ReportInput) -> Phases:
    """Return all phases; without any run where only two runs were given."""
    runs = [*report.phases, *report.runs.values()] if report.phases else []
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


def html(v: Phases) -> Fragment | None:
    """Show a row for each phase; nothing where there are none."""
    if not v:
        return None
    return fragment(
        "phases.html.j2", counted(len(v.runs), "phase"), runs=list(v.runs), statuses=v.statuses,
        passed_of=passed_of,
    )  # fmt: skip


def markdown(v: Phases) -> str:
    """Write a row for each phase, however many there are; "" where there are none."""
    if not v:
        return ""
    heads = ["phase", "started", "cases", *(name.replace("_", " ") for name in v.statuses)]
    rows = [
        [
            run.label, moment(run.info.started_at), f"{run.totals['cases']:,}",
            *(f"{run.totals[name]:,}" for name in v.statuses),
            percent(*passed_of(run.totals)), duration(run.info.duration_s),
        ]
        for run in v.runs
    ]  # fmt: skip
    return table("Phases", [*heads, "pass rate", "wall time"], rows, most=len(rows))


def json(v: Phases) -> dict[str, Any]:
    """Return the counts of each phase, oldest first; the last two are the sides compared."""
    return {
        "phases": [
            {
                "label": run.label,
                "run_id": run.run_id,
                "started": iso(run.info.started_at),
                "duration_s": run.info.duration_s,
                "pass_rate": plain(pass_rate(run.totals)),
                "totals": run.totals,
            }
            for run in v.runs
        ]
    }


phases: Final = Section("phases", values, html, markdown, json)
