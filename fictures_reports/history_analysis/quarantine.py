"""Which flaky tests could be put into quarantine: known issues with an owner and a last day.

Only tests that `flakiness` calls flaky: a broken one is to be mended, and one with too few runs is
not known to be either. Each proposal says what proves it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.known_issues import ids_of_tests, is_open
from fictures_reports.analysis.name_patterns import matching
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.flakiness import flakiness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    import pandas as pd

    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.history_analysis.incidents import Incident

#: The owner of a test for which nobody is named: a known issue has to have one.
NOBODY: Final = "nobody yet"
_COUNTED: Final = ("rate", "rate_low", "rate_high", "n_events", "n_runs", "on_retry", "on_commit")
COLUMNS: Final = (
    "case_id", "project", "file", "title", *_COUNTED, "cause", "cause_name", "owner", "reason",
    "expires",
)  # fmt: skip


def proposals(
    history: pd.DataFrame,
    day: date,
    *,
    days: int = 14,
    excluded: Sequence[str] = (),
    issues: Sequence[KnownIssue] = (),
    owner_of: Callable[[str, str], str | None] | None = None,
    found: Sequence[Incident] | None = None,
) -> pd.DataFrame:
    """Propose a known issue for each flaky test, the one that fails most often first.

    `history` as for `flakiness`, and so is `found`. Left out are tests whose case id, test id, file
    or title an `excluded` name or pattern means, and those that an open one of `issues` names.
    `owner_of` is asked with a file and a case id.

    One row per case: case_id, project, file, title, rate, rate_low, rate_high, n_events, n_runs,
    on_retry, on_commit (as `flakiness` has them), cause (id of the one cause by which it failed in
    all its failed runs, missing where there were several or no text), cause_name (the headline of
    its latest failure; missing without a text), owner (`NOBODY` where none is known), reason (what
    proves it, in words) and expires (the last day, `days` after `day`).
    """
    import pandas as pd

    judged = flakiness(history, found=found)
    flaky = judged[judged["state"] == "flaky"].drop_duplicates("case_id")
    flaky = flaky.assign(test_id=flaky["case_id"].map(_test_ids(history)))
    left_out = _named(flaky, excluded) | _known(flaky, issues, day)
    flaky = flaky[~flaky["case_id"].isin(left_out)].reset_index(drop=True)
    causes = _causes(history, set(flaky["case_id"]))
    rows = []
    for row in rows_of(flaky):
        cause, name, label = causes.get(row.case_id, (None, None, None))
        owner = (owner_of(row.file, row.case_id) if owner_of else None) or NOBODY
        proposed = {"cause": cause, "cause_name": name, "owner": owner}
        rows.append(
            proposed | {"reason": _reason(row, name, label), "expires": day + timedelta(days)}
        )
    names = [name for name in COLUMNS if name not in flaky]
    beside = pd.DataFrame(rows, columns=names, index=flaky.index)
    texts = ("cause", "cause_name", "owner", "reason")
    return flaky.join(beside.astype(dict.fromkeys(texts, "str")))[list(COLUMNS)]


def _test_ids(history: pd.DataFrame) -> pd.Series[str]:
    """Map each case to its test; without a value where the history does not name it."""
    named = history.reindex(columns=["case_id", "test_id"])
    newest = named.drop_duplicates("case_id", keep="last").set_index("case_id")
    return newest["test_id"].astype("str")


def _named(cases: pd.DataFrame, patterns: Iterable[str]) -> set[str]:
    """Return the ids of the cases that a name or pattern means, in whatever way."""
    names = [cases["case_id"], ids_of_tests(cases), cases["file"], cases["title"]]
    return {
        case
        for pattern in patterns
        for column in names
        for case in cases["case_id"][column.isin(matching(pattern, column))]
    }


def _known(cases: pd.DataFrame, issues: Iterable[KnownIssue], day: date) -> set[str]:
    """Return the ids of the cases that an open issue names."""
    tests = ids_of_tests(cases)
    found: set[str] = set()
    for issue in issues:
        if is_open(issue, day):
            by_case = cases["case_id"].isin(matching(issue.case or "", cases["case_id"]))
            by_test = tests.isin(matching(issue.test or "", tests))
            found |= set(cases["case_id"][by_case | by_test])
    return found


def _causes(
    history: pd.DataFrame, cases: set[str]
) -> dict[str, tuple[str | None, str | None, str]]:
    """Map each case that failed to its one cause, the name of its latest, and that run's label.

    The cause is that which each run by itself would give: so the issue would have fitted each.
    """
    from fictures_reports.failures.cause_names import name_of
    from fictures_reports.failures.clusters import cluster_ids

    ids: dict[str, set[Any]] = {}
    latest: dict[str, tuple[str | None, str]] = {}
    ordered = history.sort_values(["run_at", "run_id"], kind="stable")
    wrong = ordered[ordered["status"].isin(["failed", "flaky"]) & ordered["case_id"].isin(cases)]
    of_runs = ordered[ordered["run_id"].isin(wrong["run_id"])]
    for _, rows in of_runs.groupby("run_id", sort=False):
        found = rows.assign(cluster=cluster_ids(rows))
        for row in rows_of(found.loc[found.index.intersection(wrong.index)]):
            if row.status == "failed":
                ids.setdefault(row.case_id, set()).add(known(row.cluster))
            text = known(row.signature)
            latest[row.case_id] = (name_of(text) if text else None, row.label)
    only = {case: next(iter(causes)) for case, causes in ids.items() if len(causes) == 1}
    return {case: (only.get(case), *named_cause) for case, named_cause in latest.items()}


def _reason(row: Any, cause: str | None, label: str | None) -> str:
    """Say what proves that a test is flaky, e.g. "flaky: failed in 7 of 60 runs (…)"."""
    rate = percent(row.n_events, row.n_runs)
    low, high = percent(row.rate_low, 1), percent(row.rate_high, 1)
    runs = f"{row.n_events} of {counted(row.n_runs, 'run')}"
    at_first = " at first" if row.on_retry else ""
    sentence = f"flaky: failed{at_first} in {runs} ({rate}, 95 % interval {low} – {high})"
    proof = [
        f"{how} {'once' if n == 1 else f'{n} times'}"
        for n, how in (
            (row.on_retry, "passed on a retry"),
            (row.on_commit, "failed and later passed on the same commit"),
        )
        if n
    ] or ["failed in several places of its line of runs and passed in between"]
    last = f"; last in {label}" if label else ""
    return f"{sentence}; {', '.join(proof)}{last}{f': {cause}' if cause else ''}"
