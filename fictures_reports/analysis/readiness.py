"""Are we ready: what blocks, how much each blocker holds, and what to look at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import area_of, owners_of
from fictures_reports.analysis.projection import projection, shortest_way
from fictures_reports.analysis.result_summary import known, rows_of, why
from fictures_reports.analysis.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.classification import Rule
    from fictures_reports.run import Run


#: Steps that a sentence names.
_MOST_STEPS: Final = 10
#: What a step's count says of tests that are not failing.
_IDLE: Final = {"failure": "", "skip": " that did not run"}


def blockers(
    run: Run,
    rules: Sequence[Rule] = (),
    *,
    areas: Areas | None = None,
    owners: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return what stands in the way, cause by cause, the one that holds most tests first.

    One row per cluster of failures: name, category, cases, passed_if_fixed, rate_if_fixed (0–1),
    files, titles, owners (lists), facts (the example's reason) and advice (of the rule that
    decided). `areas` as in `area_of`, `owners` maps an area to who answers for it.
    """
    groups = projection(run)
    failing = _failing_by_group(run)
    advice = _advice(rules)
    rows = [failing.get(group, []) for group in groups["group"]]
    titles: list[Any] = [[row.title for row in own] for own in rows]
    files: list[Any] = [list(dict.fromkeys(row.file for row in own)) for own in rows]
    owned = owners_of(areas or {}) | dict(owners or {})
    owner_of = _owner_of(run, areas or {}, owned)
    answering = [{owner_of.get(row.case_id, ""): None for row in own} for own in rows]
    asked: list[Any] = [[owner for owner in own if owner] for own in answering]
    return groups.assign(
        titles=titles,
        files=files,
        owners=asked,
        facts=[why(own[0]) if own else "" for own in rows],
        advice=[advice.get(known(own[0].rule) or "", "") if own else "" for own in rows],
    )


def missing_for(gate: Gate, run: Run) -> int | None:
    """Return how many more tests must pass for a gate on passed tests to hold; None for others."""
    if gate.holds:
        return 0
    if gate.note:
        return None
    if gate.comparator not in (">", ">=") or "[" in gate.gate:
        return None
    if gate.metric == "passed":
        return round(gate.short_by)
    if gate.metric == "pass_rate":
        n = len(run.results) - run.totals["xfailed"]
        return next((k for k in range(n + 1) if 100 * k / n >= gate.limit), n) - _passed(run)
    return None


def way_to(gate: Gate, run: Run) -> str:
    """Say which causes, fixed one after the other, would let a gate hold, added up.

    What does not run comes last, where fixing the failures is not enough. "" where no more passed
    tests would help, or none are missing.
    """
    missing = missing_for(gate, run)
    if not missing:
        return ""
    passed = _passed(run)
    rows = rows_of(shortest_way(run, passed + missing))
    text = f"{gate.gate}: {counted(missing, 'more test')} must pass"
    if not rows:
        return f"{text}; no test fails or was left out."
    names = [f"{row.name} ({row.cases:,}{_IDLE[row.kind]})" for row in rows[:_MOST_STEPS]]
    totals = [f"{n:,}" for n in (passed, *(row.passed_so_far for row in rows))]
    if more := len(rows) - len(names):
        names.append(f"{more:,} more")
        totals = [*totals[: _MOST_STEPS + 1], *(["…"] if more > 1 else []), totals[-1]]
    chain = " → ".join(totals)
    rest = passed + missing - rows[-1].passed_so_far
    short = f"; that is {rest:,} too few" if rest > 0 else ""
    return f"{text}; in the fewest steps: {listed(names)}: {chain}{short}."


def _passed(run: Run) -> int:
    from fictures_reports.analysis.counts import passed_of

    return passed_of(run.totals)[0]


def _failing_by_group(run: Run) -> Mapping[str, list[Any]]:
    failing = run.results[run.results["status"] == "failed"]
    ids = run.cluster_ids.reindex(failing.index)
    groups: dict[str, list[Any]] = {}
    for row, cluster in zip(rows_of(failing), ids.tolist(), strict=True):
        groups.setdefault(known(cluster) or row.case_id, []).append(row)
    return groups


def _owner_of(run: Run, areas: Areas, owners: Mapping[str, str]) -> dict[str, str]:
    """Map each case to who answers for its area; cases without an owner are left out."""
    if not owners:
        return {}
    names = area_of(run.results, areas)
    pairs = zip(run.results["case_id"], names, strict=True)
    return {case: owners[area] for case, area in pairs if area in owners}


def _advice(rules: Sequence[Rule]) -> dict[str, str]:
    from fictures_reports.classification.rule_files import default_rules

    return {rule.id: rule.advice or "" for rule in (*default_rules(), *rules)}
