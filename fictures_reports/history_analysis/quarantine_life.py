"""What became of known issues over the last runs: which are used, and which should leave the list.

A flaky test passes in most runs, so that one run says little of its issue; several do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from fictures_reports.analysis.known_issues import is_open, review, without_texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import pandas as pd

    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.run import Run

Life = Literal["used", "expired", "passing now", "not run", "matches nothing"]
COLUMNS: Final = (
    "case", "test", "signature", "cause", "owner", "reason", "expires", "state", "n_runs",
    "n_failed", "last_failed", "cases",
)  # fmt: skip
_RAN: Final = ("passed", "flaky", "failed", "xpassed")


def life(runs: Sequence[Run], issues: Sequence[KnownIssue], day: date) -> pd.DataFrame:
    """Return one row per known issue, in their order, with what the runs show of it.

    `runs` are the last ones, oldest first. Columns: case, test, signature, cause, owner, reason,
    expires (ISO date), state, n_runs (in which a case that it names ran), n_failed (in which one
    failed, or passed only on a retry), last_failed (label; missing if none did) and cases (ids that
    match, of all runs). The state is "expired" after its last day, else "used" if a case failed in
    any of the runs, "passing now" if all passed, "not run" if none ran, or "matches nothing".
    """
    import pandas as pd

    matched = [_matches(run, issues, day) for run in runs]
    rows = [_row(issue, [of_run[i] for of_run in matched], day) for i, issue in enumerate(issues)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype({"n_runs": "int64", "n_failed": "int64"})


def _matches(
    run: Run, issues: Sequence[KnownIssue], day: date
) -> list[tuple[str, list[str], set[str]]]:
    """Return for each issue the run's label, the cases that it names, and their statuses.

    A case that passes has no cause and no text: those of an issue that names cases, too, count only
    where it fails.
    """
    status = dict(zip(run.results["case_id"], run.results["status"], strict=True))
    fitting = review(run, issues, day)["cases"].tolist()
    named = review(run, [without_texts(issue) for issue in issues], day)["cases"].tolist()
    found = []
    for fitting_cases, all_named in zip(fitting, named, strict=True):
        good = [case for case in all_named if status[case] not in ("failed", "flaky")]
        cases = list(dict.fromkeys([*fitting_cases, *good]))
        found.append((run.label, cases, {str(status[case]) for case in cases}))
    return found


def _row(
    issue: KnownIssue, matched: list[tuple[str, list[str], set[str]]], day: date
) -> dict[str, Any]:
    failed = [label for label, _, statuses in matched if statuses & {"failed", "flaky"}]
    n_runs = sum(bool(statuses & set(_RAN)) for _, _, statuses in matched)
    cases = list(dict.fromkeys(case for _, cases_, _ in matched for case in cases_))
    named = {name: getattr(issue, name) for name in COLUMNS[:6]}
    return named | {
        "expires": issue.expires.isoformat(),
        "state": _state(issue, day, failed=bool(failed), ran=bool(n_runs), matches=bool(cases)),
        "n_runs": n_runs,
        "n_failed": len(failed),
        "last_failed": failed[-1] if failed else None,
        "cases": cases,
    }


def _state(issue: KnownIssue, day: date, *, failed: bool, ran: bool, matches: bool) -> Life:
    if not is_open(issue, day):
        return "expired"
    if failed:
        return "used"
    if not matches:
        return "matches nothing"
    return "passing now" if ran else "not run"
