"""Whose failure is it: new, flaky before, failing on the base, too, or somebody's known issue?

The evidence against a change must not contain the change: what is held against it are the side
before and runs of the base branch, with the words that they failed with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from fictures_reports.analysis.known_issues import is_open, known_failures
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.runner_settings import retries_before_and_after
from fictures_reports.analysis.wording import counted, percent
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.run import Run

Standing = Literal["new", "known_flaky", "failing_on_base", "known_issue"]
STANDINGS: Final[tuple[Standing, ...]] = get_args(Standing)
#: So many failures in a row must have at least this chance at a flaky test's own rate.
LEAST_CHANCE: Final = 0.01
#: Categories of which the words say little about the test: the surroundings failed.
_SURROUNDINGS: Final = ("network", "crash", "environment")
#: What a test did before that fails now; of a flaky one `_retried` says it.
_BEFORE: Final = {
    "absent": "was not there before",
    "passed": "passed before",
    "skipped": "was skipped before",
    "not_run": "did not run before",
    "xfailed": "was declared to fail before: the declaration is gone or does not cover this",
}


@dataclass(frozen=True, eq=False)
class Base:
    """What the base branch did, in runs that count.

    `cases` has one row per case, by case_id: `state` (as `flakiness` gives it), `n_runs` in which
    it passed or failed, `n_failed` of these (or passed on a retry), and `since` (label and commit
    of the first run of its last failures in a row; missing where its last result is no failure).
    `failures` has one row per failing or flaky result: case_id, status, category, signature.
    """

    name: str
    cases: pd.DataFrame
    failures: pd.DataFrame
    #: which runs these are, and what of them was left out
    sentence: str = ""
    #: whether the branch had outages, in which runs are not counted
    leaves_out_outages: bool = False


class Judged(NamedTuple):
    """A standing, and the words that prove it."""

    standing: Standing
    words: str


def standings(
    changes: pd.DataFrame,
    before: Run,
    after: Run,
    *,
    base: Base | None = None,
    issues: Sequence[KnownIssue] = (),
    day: date | None = None,
) -> dict[str, Judged]:
    """Tell whose failure each case is that fails after; the first that fits, in this order.

    known_issue: an open issue names it. failing_on_base: it fails before (and in the base branch's
    last results), for the same cause. known_flaky: the base calls it flaky, it failed there with
    words like these (for network, crash and environment: in the same category), and so many
    failures in a row have at least a chance of `LEAST_CHANCE` at its rate. Else new. Without a
    base, a side before of several runs is the base.
    """
    failing = changes[changes["after_outcome"] == "failed"]
    if failing.empty:
        return {}
    issued = known_failures(after, issues)
    evidence = _Evidence(before, after, base)
    return {
        row.case_id: _judged(row, issued.get(row.case_id), evidence, day)
        for row in rows_of(failing)
    }


def _judged(row: Any, issue: KnownIssue | None, evidence: _Evidence, day: date | None) -> Judged:
    if issue is not None and is_open(issue, day):
        return Judged("known_issue", issue_words(issue))
    found = _on_base(row, evidence) or _flaky(row, evidence)
    if found is None:
        why = [_retried(row, evidence), _why_new(row, evidence)]
        found = Judged("new", "; ".join(dict.fromkeys(filter(None, why))))
    if issue is not None:
        expired = f"{issue.owner}'s known issue expired on {issue.expires.isoformat()}"
        return Judged(found.standing, f"{found.words}; {expired}")
    return found


def issue_words(issue: KnownIssue) -> str:
    """Say who answers for a known issue, until when, and why."""
    return f"{issue.owner} answers for it until {issue.expires.isoformat()}: {issue.reason}"


def _on_base(row: Any, evidence: _Evidence) -> Judged | None:
    if (
        not row.n_before
        or row.failed_before < row.n_before
        or not evidence.is_same_as_before(row.case_id)
    ):
        return None
    on_base = evidence.on_base(row.case_id)
    if on_base is None or known(on_base.since) is None:
        return Judged("failing_on_base", "failed before for the same cause")
    return Judged("failing_on_base", f"fails on {evidence.base}, too, since {on_base.since}")


def _flaky(row: Any, evidence: _Evidence) -> Judged | None:
    if not row.unsure and row.n_after > 1 and row.change == "broken":
        return None  # what the two sides themselves show outranks a history
    on_base = evidence.on_base(row.case_id)
    if on_base is not None:
        n_failed, n_runs, is_flaky = on_base.n_failed, on_base.n_runs, on_base.state == "flaky"
        where = f"of {counted(int(n_runs), 'run')} {evidence.where}"
    else:
        n_failed, n_runs = int(row.failed_before), int(row.n_before)
        is_flaky, where = 0 < n_failed < n_runs, f"of the {counted(n_runs, 'run')} before"
    if not is_flaky or not n_runs or not evidence.is_known(row.case_id):
        return None
    if (n_failed / n_runs) ** int(row.failed_after) < LEAST_CHANCE:
        return None
    return Judged("known_flaky", f"failed or was retried in {percent(n_failed, n_runs, 0)} {where}")


def _retried(row: Any, evidence: _Evidence) -> str:
    """Say that a test passed only on a retry before, and whether it still has one; "" else."""
    if row.before_outcome != "flaky" or row.n_before != 1:
        return ""
    retries = evidence.retries_of(row.project)
    if retries is None or retries[1] >= retries[0]:
        return "passed only on a retry before"
    if not retries[1]:
        return "passed only on a retry before, and there are none now"
    return f"passed only on a retry before, and there are fewer now ({retries[0]} → {retries[1]})"


def _why_new(row: Any, evidence: _Evidence) -> str:
    on_base = evidence.on_base(row.case_id)
    if on_base is not None and on_base.n_runs:
        on = f"of {counted(int(on_base.n_runs), 'run')} {evidence.where}"
        if not on_base.n_failed:
            n = counted(int(on_base.n_runs), "run")
            return f"passed in {'all ' if on_base.n_runs > 1 else ''}{n} {evidence.where}"
        if known(on_base.since) is not None:
            since = f"has failed on {evidence.base} since {on_base.since}"
            if row.before_outcome == "failed":
                return f"{since}, for another cause"
            return f"{since}, though not in the run compared with"
        how_often = f"failed or was retried in {int(on_base.n_failed)} {on}"
        if not evidence.is_known(row.case_id):
            return f"{how_often}, never with these words"
        return f"{how_often}: too rarely to explain this" if on_base.state == "flaky" else how_often
    if evidence.base:
        return f"no run on {evidence.base} has it"
    if row.before_outcome == "failed":
        return "failed before for another cause"
    if row.n_before > 1:
        return f"failed in {row.failed_before} of the {row.n_before} runs before"
    return _BEFORE.get(row.before_outcome, "")


class _Evidence:
    """What a failure is judged by: its causes after, before and on the base, and its past."""

    def __init__(self, before: Run, after: Run, base: Base | None) -> None:
        self.base = "" if base is None else base.name
        #: behind a number of runs: which these are
        self.where = f"on {self.base}"
        if base is not None and base.leaves_out_outages:
            self.where += ", outages left out"
        self._runs = before, after
        rows = [] if base is None else rows_of(base.cases.reset_index())
        self._past = {row.case_id: row for row in rows}
        self._causes, self._categories = _by_case(before, after, base)

    def on_base(self, case_id: str) -> Any:
        """Return a case's row of the base; None where the base does not have it."""
        return self._past.get(case_id)

    def retries_of(self, project: str) -> tuple[int, int] | None:
        """Return how many retries a project had before and after; None where it is not known."""
        return retries_before_and_after(*self._runs, project)

    def is_same_as_before(self, case_id: str) -> bool:
        """Tell whether a case fails for a cause that it failed for on the side before."""
        after, before = (self._causes[side].get(case_id, set()) for side in ("after", "before"))
        return bool(after & before)

    def is_known(self, case_id: str) -> bool:
        """Tell whether a case failed like this on the side before or on the base."""
        return any(
            marks["after"].get(case_id, set()) & marks[side].get(case_id, set())
            for marks in (self._causes, self._categories)
            for side in marks
            if side != "after"
        )


_Marks = dict[str, dict[str, set[str]]]


def _by_case(before: Run, after: Run, base: Base | None) -> tuple[_Marks, _Marks]:
    """Name the causes of each case on each side, and which of the surroundings failed.

    A failure without a text is known by its category.
    """
    import pandas as pd

    from fictures_reports.failures.clusters import cluster_ids

    parts = {"after": after.results, "before": before.results}
    parts |= {} if base is None else {"base": base.failures}
    wrong = {n: part["status"].isin(["failed", "flaky"]).to_numpy() for n, part in parts.items()}
    columns = {
        name: [v for n, part in parts.items() for v in part[name][wrong[n]].tolist()]
        for name in ("case_id", "status", "category", "signature")
    }
    rows = pd.DataFrame(columns, dtype="str")
    sides = [name for name in parts for _ in range(int(wrong[name].sum()))]
    causes: _Marks = {name: {} for name in parts}
    categories: _Marks = {name: {} for name in parts}
    for side, row in zip(sides, rows_of(rows.assign(cause=cluster_ids(rows))), strict=True):
        causes_of_case = causes[side].setdefault(row.case_id, set())
        causes_of_case.add(known(row.cause) or f"no text: {row.category}")
        if row.category in _SURROUNDINGS:
            categories[side].setdefault(row.case_id, set()).add(row.category)
    return causes, categories
