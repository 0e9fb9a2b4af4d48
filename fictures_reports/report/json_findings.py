"""What was found beyond the counts, as plain rows: how sure, which causes, what blocks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis import confidence, durations, projection, readiness
from fictures_reports.analysis import known_issues as known
from fictures_reports.analysis import tool_versions as drift
from fictures_reports.analysis.causes import Causes, causes
from fictures_reports.analysis.rates import decomposition, rates
from fictures_reports.analysis.renames import suggestions
from fictures_reports.report.json_rows import plain_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run


@dataclass(frozen=True)
class Context:
    """What is known beside the runs that are reported: settings, a history, further runs."""

    areas: Mapping[str, Sequence[str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    known_issues: Sequence[Mapping[str, Any]] = ()
    #: what a history knows of the tests that changed, see `analysis.past`
    past: pd.DataFrame | None = None
    #: further runs of each side, oldest first
    earlier_before: Sequence[Run] = ()
    earlier_after: Sequence[Run] = ()


def of_run(run: Run, gates: Sequence[Gate], context: Context) -> dict[str, Any]:
    """Return what stands between a run and its gates, and what became of its known issues."""
    blockers = readiness.blockers(run, areas=context.areas, owners=context.owners)
    issues = known.review(run, [known.issue(table) for table in context.known_issues])
    return {
        "readiness": {
            "ways": [way for gate in gates if (way := readiness.way_to(gate, run))],
            "blockers": plain_rows(blockers.rename(columns={"group": "cluster"})),
            "skips": plain_rows(projection.skips(run)),
            "assumptions": list(projection.ASSUMPTIONS),
        },
        "known_issues": plain_rows(issues),
    }


def of_comparison(
    c: Comparison, gates: Sequence[Gate], context: Context, formed: Causes | None = None
) -> dict[str, Any]:
    """Return how sure a comparison is, what its changes are made of, and `of_run` of its end.

    `formed` are the comparison's causes where they are at hand.
    """
    evidence, several = confidence.paired(c), None
    before, after = [*context.earlier_before, c.before], [*context.earlier_after, c.after]
    if len(before) > 1 or len(after) > 1:
        several = plain_rows(confidence.several(before, after))
    return {
        "rates": plain_rows(rates(c).reset_index(names="of")),
        "decomposition": plain_rows(decomposition(c)),
        "chance": asdict(evidence) | {"sentence": evidence.sentence},
        "over_runs": several,
        "history": None if context.past is None else plain_rows(context.past),
        "causes": plain_rows((formed or causes(c)).flow),
        "durations": plain_rows(durations.changed(c)),
        "renames": plain_rows(suggestions(c)),
        "drift": plain_rows(drift.drift(c)),
        **of_run(c.after, gates, context),
    }
