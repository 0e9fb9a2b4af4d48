"""Are we ready: what blocks, how much each blocker holds, and what to look at first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import area_of, owners_of
from fictures_reports.analysis.common_facts import advice_for, common_facts
from fictures_reports.analysis.projection import projection
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

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
    new: Collection[str] = (),
    ages: Mapping[str, int] | None = None,
    groups: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return what stands in the way, cause by cause: new ones first, then those that hold most.

    Of equal ones the older comes first, then by owner, those that nobody answers for last.

    One row per cause, or group of causes that people named: as `projection` has it, and new (its
    tests among `new`, the case ids that fail newly), age (most runs in a row that one of its tests
    has failed, of `ages`: case id → runs; missing where no history says), files, titles, owners
    (lists), common (what all its tests have in common: addresses, locators, states, files), facts
    (the same as a sentence) and advice (of the rule that decided). `areas` as in `area_of`,
    `owners` maps an area to who answers for it. `groups` is what `projection` gives, where that is
    at hand.
    """
    groups = projection(run) if groups is None else groups
    failing, advice, given = _failing_by_group(run), advice_by_rule(rules), ages or {}
    rows = [failing.get(group, []) for group in groups["group"]]
    titles: list[Any] = [[row.title for row in blocked] for blocked in rows]
    files: list[Any] = [list(dict.fromkeys(row.file for row in blocked)) for blocked in rows]
    owned = owners_of(areas or {}) | dict(owners or {})
    owner_of = _owner_of(run, areas or {}, owned)
    answering = [{owner_of.get(row.case_id, ""): None for row in blocked} for blocked in rows]
    asked: list[Any] = [[owner for owner in owners if owner] for owners in answering]
    shared: list[Any] = [common_facts(blocked) for blocked in rows]
    found = groups.assign(
        new=[sum(row.case_id in new for row in blocked) for blocked in rows],
        age=_ages(rows, given),
        titles=titles,
        files=files,
        owners=asked,
        common=shared,
        facts=[_facts(blocked, facts) for blocked, facts in zip(rows, shared, strict=True)],
        advice=[_advised(blocked, advice) for blocked in rows],
    )
    oldest = [0 if age is None else age for age in found["age"]]
    facts = zip(found["new"].tolist(), found["cases"].tolist(), oldest, asked, strict=True)
    ranks = [(not new, -cases, -age, not owners, owners[:1]) for new, cases, age, owners in facts]
    found = found.iloc[sorted(range(len(ranks)), key=ranks.__getitem__)].reset_index(drop=True)
    passed = _passed(run)
    return found.assign(passed_so_far=passed + found["cases"].cumsum())


def _ages(rows: Sequence[Sequence[Any]], ages: Mapping[str, int]) -> pd.Series[Any]:
    import pandas as pd

    known_ages = [[ages[row.case_id] for row in blocked if row.case_id in ages] for blocked in rows]
    return pd.Series([max(days) if days else None for days in known_ages], dtype="object")


def _facts(rows: Sequence[Any], shared: Sequence[str]) -> str:
    """Say what a blocker's tests report: all the same, or what is common to them."""
    reasons = {reason(row) for row in rows}
    if len(reasons) == 1:
        return reasons.pop()
    if shared:
        return f"in common: {'; '.join(shared)}"
    return f"{len(reasons)} different messages" if reasons else ""


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
    """Say which causes, fixed one after the other, would let a gate hold, and what each adds.

    Reasons of skips are named where failures alone cannot do it; the order is given as well where
    everything together does not suffice.
    """
    from fictures_reports.analysis.projection import shortest_way

    missing = missing_for(gate, run)
    if not missing:
        return ""
    needed = _passed(run) + missing
    steps = rows_of(shortest_way(run, needed))
    failing = int((run.results["status"] == "failed").sum())
    text = f"{gate.gate}: {counted(missing, 'more test')} must pass"
    if failing < missing:
        text += (
            f"; fixing every failure gives {failing}, the other {missing - failing} must come from "
            "tests that do not run now"
        )
    most = steps[-1].passed_so_far if steps else _passed(run)
    if most < needed:
        text += f"; all that is known gives at most {most}, so the gate is out of reach"
    if not steps:
        return f"{text}."
    is_shortest = most >= needed and steps[-1].kind == "failure"
    how = "in the fewest steps" if is_shortest else "in order"
    return f"{text}; {how}: {listed([_step(step) for step in steps])}."


def _step(step: Any) -> str:
    """Name a step with what it holds, and how many tests pass after it."""
    skip = step.kind == "skip"
    return (
        f"{'skipped: ' if skip else ''}{step.name} ({step.cases}) → "
        f"{'up to ' if step.least_so_far < step.passed_so_far else ''}{step.passed_so_far}"
    )


def _passed(run: Run) -> int:
    from fictures_reports.analysis.counts import passed_of

    return passed_of(run.totals)[0]


def _failing_by_group(run: Run) -> Mapping[str, list[Any]]:
    failed = (run.results["status"] == "failed").to_numpy()
    groups: dict[str, list[Any]] = {}
    if not failed.any():
        return groups
    failing, ids = run.results[failed], run.cause_ids[failed]
    for row, cluster in zip(rows_of(failing), ids.tolist(), strict=True):
        groups.setdefault(known(cluster) or row.case_id, []).append(row)
    return groups


def _advised(rows: Sequence[Any], advice: Mapping[str, str]) -> str:
    """Return the advice that most rows share, with how many of them where not all do."""
    given = Counter(advice_for(row, advice) for row in rows).most_common(1)
    if not given:
        return ""
    words, n = given[0]
    return words if n == len(rows) or not words else f"For {n:,} of {len(rows):,}: {words}"


def advice_on_skips(run: Run) -> dict[str, str]:
    """Return by the id of its cause what the rule of a skip's reason advises; "" for none."""
    skipped = (run.results["status"] == "skipped").to_numpy()
    advice = advice_by_rule()
    rules, causes = (column[skipped].tolist() for column in (run.results["rule"], run.cause_ids))
    found: dict[str, str] = {}
    for rule, cause in zip(rules, causes, strict=True):
        if known(cause):
            found.setdefault(cause, advice.get(known(rule) or "", ""))
    return found


def _owner_of(run: Run, areas: Areas, owners: Mapping[str, str]) -> dict[str, str]:
    """Map each case to who answers for its area; cases without an owner are left out."""
    if not owners:
        return {}
    names = area_of(run.results, areas)
    pairs = zip(run.results["case_id"], names, strict=True)
    return {case: owners[area] for case, area in pairs if area in owners}


def advice_by_rule(rules: Sequence[Rule] = ()) -> dict[str, str]:
    """Return the advice of each built-in rule and of `rules` by its id; "" for none."""
    from fictures_reports.classification.rule_files import default_rules

    return {rule.id: rule.advice or "" for rule in (*default_rules(), *rules)}
