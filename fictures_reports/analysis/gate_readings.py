"""What a gate reads: exact counts and shares, of the whole or of a part, without known issues.

Known issues and expected failures leave both sides of a pass rate, and a known issue is no failure
in any count: it is counted by itself, as `known_issues`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from fictures_reports.analysis.breakdown import area_of
from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.compare import Comparison, compare
from fictures_reports.analysis.known_issues import is_open, known_failures
from fictures_reports.analysis.name_patterns import matching
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.gate_expressions import Expression
    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.run import Run


def reading(
    subject: Comparison | Run,
    gate: Expression,
    issues: Sequence[KnownIssue] = (),
    *,
    with_known: bool = False,
) -> Fraction | None:
    """Read a metric off a comparison's side after, or off a run; None where it is not known.

    Rates are in percent and pool the results of all runs of the side. `with_known` counts known
    issues as the failures that they are.
    """
    issues = () if with_known else issues
    if gate.is_about_changes and isinstance(subject, Comparison):
        return _of_changes(subject, gate.metric, with_known=with_known)
    run = subject.after if isinstance(subject, Comparison) else subject
    if gate.metric == "duration_s":
        return None if run.info.duration_s is None else Fraction(str(run.info.duration_s))
    if gate.metric == "run_errors":
        return Fraction(len(run.info.errors))
    if gate.is_rate:
        runs = subject.after_runs if isinstance(subject, Comparison) else (subject,)
        return _rate(runs, issues, executed=gate.metric == "executed_pass_rate")
    return Fraction(_count(run, gate.metric, _known_cases(run, issues)))


def cases_of(
    subject: Comparison | Run, gate: Expression, issues: Sequence[KnownIssue] = ()
) -> list[str]:
    """Return the ids of the cases that a metric counts; none for rates, durations and the like."""
    if gate.is_about_changes and isinstance(subject, Comparison):
        return list(subject.changes.loc[counted_as(subject.changes, gate.metric), "case_id"])
    run = subject.after if isinstance(subject, Comparison) else subject
    if gate.is_rate or gate.metric in ("cases", "duration_s", "run_errors"):
        return []
    rows = run.results[~run.results["case_id"].isin(list(_known_cases(run, issues)))]
    column = "status" if gate.metric in OUTCOME_OF else "category"
    return list(rows.loc[rows[column] == gate.metric, "case_id"])


def expired_words(
    subject: Comparison | Run, cases: Sequence[str], issues: Sequence[KnownIssue]
) -> list[str]:
    """Say which known issues would cover some cases had they not expired."""
    run = subject.after if isinstance(subject, Comparison) else subject
    found = known_failures(run, issues)
    over = [found[case] for case in cases if case in found and not is_open(found[case])]
    return [
        f"{issue.owner}'s known issue ({issue.reason}) expired on {issue.expires.isoformat()}"
        for issue in dict.fromkeys(over)
    ]


def _of_changes(c: Comparison, metric: str, *, with_known: bool) -> Fraction | None:
    if metric == "new_failures_not_flaky" and not c.knows_the_past:
        return None
    return Fraction(int(counted_as(c.changes, metric, with_known=with_known).sum()))


def counted_as(changes: pd.DataFrame, metric: str, *, with_known: bool = False) -> pd.Series[bool]:
    """Tell which rows of a comparison's changes a metric counts; see `CHANGE_METRICS`."""
    change, standing = changes["change"], changes["standing"]
    if metric == "known_issues":
        return standing == "known_issue"
    if metric in ("known_flaky", "failing_on_base"):
        return standing == metric
    if metric == "new_flaky":
        return changes["newly_flaky"]
    known = (standing == "known_issue") & (not with_known)
    if metric in ("new_failures", "new_failures_not_flaky"):
        excused = known | (standing == "failing_on_base")
        if metric == "new_failures_not_flaky":
            excused |= standing == "known_flaky"
        return change.isin(NEW_FAILURES) & ~excused
    # of what was removed on purpose nothing is held against the change
    waived = changes["waived"]
    if metric == "regressions":
        return (standing == "new") | ((change == "lost") & ~waived)
    if metric == "gone":
        return (changes["after_outcome"] == "absent") & ~waived
    return (change == metric) & ~known & ~waived


def _count(run: Run, metric: str, known: Collection[str]) -> int:
    if metric == "cases":
        return len(run.results)
    rows = run.results[~run.results["case_id"].isin(list(known))]
    if metric in OUTCOME_OF:
        n_known = len(known) if metric == "xfailed" else 0
        return Counter(rows["status"].tolist())[metric] + n_known
    return Counter(rows["category"].dropna().tolist())[metric]


def _known_cases(run: Run, issues: Sequence[KnownIssue]) -> set[str]:
    return {case for case, issue in known_failures(run, issues).items() if is_open(issue)}


def _rate(runs: Sequence[Run], issues: Sequence[KnownIssue], *, executed: bool) -> Fraction | None:
    good = whole = 0
    for run in runs:
        known = _known_cases(run, issues)
        rows = run.results[~run.results["case_id"].isin(list(known))]
        n = Counter(rows["status"].tolist())
        passed = n["passed"] + n["flaky"] + n["xpassed"]
        good += passed
        whole += passed + n["failed"] if executed else len(rows) - n["xfailed"]
    return Fraction(100 * good, whole) if whole else None


def narrowed(
    subject: Comparison | Run, gate: Expression, areas: Mapping[str, Sequence[str]]
) -> Comparison | Run | None:
    """Narrow a subject to the tests of a file, area, tag or project; None if there are none."""
    if not gate.scope:
        return subject
    if not isinstance(subject, Comparison):
        (part,) = _parts([subject], gate, areas)
        return part if len(part.results) else None
    sides = _parts([*subject.before_runs, *subject.after_runs], gate, areas)
    if not any(len(run.results) for run in sides):
        return None
    n = len(subject.before_runs)
    return compare(sides[:n], sides[n:], **subject.judged_by)


def _parts(runs: Sequence[Run], gate: Expression, areas: Mapping[str, Sequence[str]]) -> list[Run]:
    """Narrow runs alike: to the names that the pattern means in any of them."""
    named = [_names(run, gate.scope, areas) for run in runs]
    wanted = set(matching(gate.pattern, {n for rows in named for names in rows for n in names}))
    chosen = [[not wanted.isdisjoint(names) for names in rows] for rows in named]
    return [replace(run, results=run.results[rows]) for run, rows in zip(runs, chosen, strict=True)]


def _names(run: Run, scope: str, areas: Mapping[str, Sequence[str]]) -> list[list[str]]:
    if scope == "tag":
        return [[tag.lstrip("@") for tag in tags] for tags in run.results["tags"]]
    names = area_of(run.results, areas) if scope == "area" else run.results[scope]
    return [[name] for name in names]
