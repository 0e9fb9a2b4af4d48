"""What stands between a run and its gates: blockers, and what fixing each would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import projection
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.readiness import blockers, way_to
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import listing
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class Readiness:
    """The gates, the way to each, and frames as `blockers` and `projection.skips` return them."""

    run: Run
    gates: Sequence[Gate]
    ways: list[str]
    blockers: pd.DataFrame
    skips: pd.DataFrame
    #: as `projection.steps` returns them
    steps: pd.DataFrame


def values(report: ReportInput) -> Readiness:
    """Work out what keeps the judged run from its gates, and whom to ask."""
    run, gates = report.last, report.gates
    ways = [way for gate in gates if (way := way_to(gate, run))]
    found = blockers(run, areas=report.areas, owners=report.owners)
    return Readiness(run, gates, ways, found, projection.skips(run), projection.steps(run))


def html(v: Readiness) -> Fragment:
    """Show the gates as a checklist, the blockers with advice, and what the skips may add."""
    return fragment(
        "readiness.html.j2", counted(len(v.blockers), "blocker"), run=v.run, gates=list(v.gates),
        ways=v.ways, blockers=rows_of(v.blockers), skips=rows_of(v.skips),
        assumptions=projection.ASSUMPTIONS, passed=passed_of(v.run.totals)[0],
    )  # fmt: skip


def markdown(v: Readiness) -> str:
    """Write the way to each gate that more passed tests would meet; nothing if there is none."""
    return listing("What would meet the gates", [f"- {text(way)}" for way in v.ways])


def json(v: Readiness) -> dict[str, Any]:
    """Return ways, blockers and skips, and what they rest on."""
    return {
        "readiness": {
            "ways": v.ways,
            "blockers": plain_rows(v.blockers.rename(columns={"group": "cluster"})),
            "skips": plain_rows(v.skips),
            "steps": plain_rows(v.steps),
            "assumptions": list(projection.ASSUMPTIONS),
        }
    }


readiness: Final = Section("readiness", values, html, markdown, json)
