"""What stands between a run and its gates: blockers, and what fixing each would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import projection
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.readiness import advice_on_skips, way_to
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.gate_bars import gate_bars
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import blocks, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section
from fictures_reports.report.sections.named_cases import MOST_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.gate_bars import GateBar
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


#: Steps that are drawn; the others stand in the tables.
_MOST_STEPS: Final = 12


@dataclass(frozen=True, eq=False)
class Readiness:
    """The gates, the way to each, and frames as their functions return them."""

    run: Run
    gates: Sequence[Gate]
    ways: list[str]
    #: of `readiness.blockers`
    blockers: pd.DataFrame
    #: of `projection.skips` and `projection.skips_by_reason`
    skips: pd.DataFrame
    reasons: pd.DataFrame
    #: of `projection.order`, the blockers' advice and age beside it
    order: pd.DataFrame
    #: of `projection.projection` by category and, where there are areas, by area
    by: dict[str, pd.DataFrame]
    bars: Sequence[GateBar]


def values(report: ReportInput) -> Readiness:
    """Work out what keeps the judged run from its gates, and whom to ask."""
    import pandas as pd

    run, gates = report.last, report.gates
    distances = [distance for gate in gates if (distance := way_to(gate, run))]
    found = report.blockers
    advice = advice_on_skips(run) | dict(zip(found["group"], found["advice"], strict=True))
    reasons = projection.skips_by_reason(run)
    steps = projection.order(run, reasons=reasons, failures=report.projected)
    oldest = dict(zip(found["group"], found["age"], strict=True))
    steps = steps.assign(
        advice=[advice.get(group, "") for group in steps["group"]],
        age=pd.Series([oldest.get(group) for group in steps["group"]], dtype="object"),
    )
    by = {"category": projection.projection(run, "category")}
    if report.areas:
        by["area"] = projection.projection(run, "area", report.areas)
    return Readiness(
        run,
        gates,
        distances,
        found,
        projection.skips(run),
        reasons,
        steps,
        by,
        gate_bars(report),
    )


def html(v: Readiness) -> Fragment | None:
    """Show gates as a checklist, blockers, next steps, and what the skips may add.

    Nothing where there is no gate, nothing failed and nothing was skipped.
    """
    if not len(v.gates) and v.order.empty and v.reasons.empty:
        return None
    return fragment(
        "readiness.html.j2", counted(len(v.blockers), "blocker"), run=v.run, gates=list(v.gates),
        blockers=rows_of(v.blockers), skips=rows_of(v.reasons), steps=rows_of(v.order),
        by={name: rows_of(rows) for name, rows in v.by.items()},
        shown=_MOST_STEPS, bars=v.bars,
        assumptions=projection.ASSUMPTIONS, passed=passed_of(v.run.totals)[0],
    )  # fmt: skip


def markdown(v: Readiness) -> str:
    """Say how a missed gate can be met, step by step; nothing where all hold."""
    if not v.ways:
        return ""
    steps = rows_of(v.order)
    given_advice: set[str] = {""}
    lines = []
    for step in steps[:MOST_NAMES]:
        # an advice that stands above is not given again
        advice = "" if step.advice in given_advice else f". {text(step.advice)}"
        lines.append(f"{_line(step)}{advice}")
        given_advice.add(step.advice)
    title = f"Next steps, from {counted(passed_of(v.run.totals)[0], 'passing test')} on"
    return blocks(*map(text, v.ways), listing(title, shortened(lines, len(steps))))


def _line(step: Any) -> str:
    if step.kind == "skip":
        waiting = counted(step.cases, "skipped test")
        return f"{step.step}. {text(step.name)}: {waiting}, then up to {step.passed_so_far} pass"
    gives = f"{step.if_fixed}, then {_about(step)}{step.passed_so_far} pass"
    return f"{step.step}. {text(step.name)}{_since(step)}: {gives}"


def _since(step: Any) -> str:
    """Say for how many runs in a row a step's oldest test has failed, if these are several."""
    return f", failing for {step.age} runs" if step.age and step.age > 1 else ""


def _about(step: Any) -> str:
    return "" if step.if_fixed[0].isdigit() else "about "


def json(v: Readiness) -> dict[str, Any]:
    """Return ways, blockers, order, projections and skips, and what they rest on."""
    named = {"group": "cluster"}
    return {
        "readiness": {
            "ways": v.ways,
            "blockers": plain_rows(v.blockers.rename(columns=named)),
            "order": plain_rows(v.order.rename(columns=named)),
            "projection": {name: plain_rows(rows[_PROJECTED]) for name, rows in v.by.items()},
            "skips": plain_rows(v.skips),
            "skip_reasons": plain_rows(v.reasons.rename(columns=named)),
            "assumptions": list(projection.ASSUMPTIONS),
            "assumed": dict(projection.ASSUMED),
        }
    }


_PROJECTED: Final = [
    "name", "cases", "passed_if_fixed", "rate_if_fixed", "passed_so_far", "alike", "if_fixed",
]  # fmt: skip
readiness: Final = Section("readiness", values, html, markdown, json)
