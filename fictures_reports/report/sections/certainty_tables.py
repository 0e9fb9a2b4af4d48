"""How sure a comparison is: rates with intervals, the parts of the change, what chance gives."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import confidence
from fictures_reports.analysis.durations import over_runs
from fictures_reports.analysis.rates import decomposition, rates
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class Certainty:
    """What the evidence is worth; frames as the functions named alike return them."""

    evidence: confidence.Evidence
    rates: pd.DataFrame
    decomposition: pd.DataFrame
    n_before: int
    n_after: int
    #: each case's verdict over several runs a side, and the durations that changed over them; None
    #: where each side is one run
    several: pd.DataFrame | None
    durations: pd.DataFrame | None


def values(report: ReportInput) -> Certainty:
    """Weigh a comparison, with several runs a side also each case over all of them."""
    c = report.comparison
    before, after = c.before_runs, c.after_runs
    several = durations = None
    if len(before) > 1 or len(after) > 1:
        several, durations = confidence.over_runs(c), over_runs(before, after)
    shares = rates(c).reset_index(names="of")
    return Certainty(
        confidence.paired(c), shares, decomposition(c), len(before), len(after), several, durations
    )


def html(v: Certainty) -> Fragment:
    """Show the sentence about chance and the tables."""
    return fragment(
        "certainty.html.j2", v.evidence.sentence, evidence=v.evidence, rates=rows_of(v.rates),
        parts=[part for part in rows_of(v.decomposition) if part.cases], several=v.several,
        durations=[] if v.durations is None else rows_of(v.durations),
        n_before=v.n_before, n_after=v.n_after,
    )  # fmt: skip


def json(v: Certainty) -> dict[str, Any]:
    """Return rates, decomposition, chance, and the verdicts over several runs."""
    return {
        "rates": plain_rows(v.rates),
        "decomposition": plain_rows(v.decomposition),
        "chance": asdict(v.evidence) | {"sentence": v.evidence.sentence},
        "over_runs": None if v.several is None else plain_rows(v.several),
    }


certainty: Final = Section(
    "certainty", values, html, LeftOut("the first screen has the rates in a sentence"), json
)
