"""Since when is a case, a cluster or a duration the way it is?

Each branch is judged by itself. Durations are judged after each run was divided by its common
factor, which is told as one change of all: a slower machine is no forty slower tests.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from fictures_reports.analysis.common_factor import common_factors, timed
from fictures_reports.history_analysis.changepoints import SHORTEST, change_points
from fictures_reports.history_analysis.incidents import (
    Line,
    columns_of,
    incidents,
    lines_of,
    only,
    without_excused,
)
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.history_analysis.changepoints import ChangePoint
    from fictures_reports.history_analysis.incidents import Incident

#: Durations that moved by less than this factor are left unsaid.
FACTOR: Final = 1.2
#: What a change of all durations has for its name.
ALL: Final = "all"
#: What is used of a history.
_NEEDED: Final = (
    "run_id", "run_at", "label", "commit", "branch", "stream", "case_id", "title", "status",
    "duration_s", "signature", "category",
)  # fmt: skip
_WRONG: Final = ["failed", "flaky"]
_COLUMNS: Final = [
    "what", "name", "title", "since", "run_at", "between", "n_between", "before", "after",
    "probability", "commit",
]  # fmt: skip


def since_when(
    history: pd.DataFrame,
    *,
    found: Sequence[Incident] | None = None,
    names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Find for each case and each cluster of failures since when it is the way it is.

    `history` is a frame as `History.load` gives it, of which run_id, run_at, label, commit, branch,
    stream, case_id, title, status, duration_s, signature and category are used. `found` are its
    `incidents`, which are looked for if they are not given: what is part of one is told there.
    `names` as for `incidents`.

    One row per change, the latest first: what ("case fails", "case takes", "all take" or "cluster
    occurs"), name (case id, cluster, or "all"), title, since (label of the first run of the new
    way), run_at of that run, between (labels of the runs that hold the change with 99 %), n_between
    (how many runs these are), before and after, probability, commit (that of the first run of the
    new way), branch and stream (all missing where they are not known), and is_last (the latest
    change of that name on its branch and stream). Before and after are rates
    (0–1); where a case takes them seconds, each divided by the common factor of its run; where all
    take them these factors.
    """
    import pandas as pd

    from fictures_reports.failures.names_over_runs import names_over_runs

    names = names_over_runs(history) if names is None else names
    found = incidents(history, names=names) if found is None else found
    tables = [
        _of_line(of, line, [incident for incident in found if incident.line == of], names)
        for of, line in lines_of(without_excused(only(history, _NEEDED), found))
    ]
    table = pd.concat(tables, ignore_index=True) if tables else _of_line(Line(), history, [], names)
    key = ["what", "name", "branch", "stream"]
    latest = table.groupby(key, dropna=False)["run_at"].transform("max") == table["run_at"]
    table = table.assign(is_last=latest.astype("bool"))
    by = ["run_at", "what", "name"]
    return table.sort_values(by, ascending=[False, True, True], ignore_index=True)


def _of_line(
    of: Line, rows: pd.DataFrame, found: list[Incident], names: Mapping[str, str]
) -> pd.DataFrame:
    import pandas as pd

    changes = [*_of_cases(rows, found), *_of_durations(rows), *_of_clusters(rows, found, names)]
    table = pd.DataFrame(changes, columns=_COLUMNS).astype({"commit": "str"})
    return table.assign(**columns_of(of, table))


def _of_cases(rows: pd.DataFrame, found: list[Incident]) -> Iterator[tuple[Any, ...]]:
    changing = rows.loc[rows["status"].isin(_WRONG), "case_id"].unique()
    ran = rows[rows["status"].isin(RAN) & rows["case_id"].isin(changing)]
    runs = rows["run_id"].drop_duplicates().tolist()
    for case, part in ran.groupby("case_id", sort=False):
        flags = part["status"].isin(_WRONG).to_numpy(dtype="float64")
        explained = _explained_by_incidents(str(case), found, runs)
        ids = part["run_id"].tolist()
        changes = [c for c in change_points(flags) if ids[c.at] not in explained]
        yield from _change_rows("case fails", case, part, changes)


def _explained_by_incidents(case: str, found: Iterable[Incident], runs: list[str]) -> set[str]:
    """Return the runs in which the incidents of a case came and after which they went."""
    incident_runs = {run for incident in found if case in incident.cases for run in incident.runs}
    return incident_runs | {after for run, after in pairwise(runs) if run in incident_runs}


def _of_durations(rows: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Judge what all cases of a run have in common, and each case beside that."""
    passed = timed(rows[["run_id", "case_id", "status", "duration_s"]])
    if passed.empty:
        return
    factors = common_factors(passed)
    runs = rows.loc[passed.drop_duplicates("run_id").index].assign(title="all tests")
    of_runs = runs["run_id"].map(factors).to_numpy(dtype="float64")
    yield from _change_rows("all take", ALL, runs, _steps(np.log(of_runs)))
    alone = (passed["duration_s"] / passed["run_id"].map(factors)).to_numpy(dtype="float64")
    # Numbers first: a frame for each of thousands of tests, most without a step, takes longest.
    for case, places in passed.groupby("case_id", sort=False).indices.items():
        if changes := _steps(np.log(alone[places])):
            yield from _change_rows("case takes", case, rows.loc[passed.index[places]], changes)


def _steps(logs: Any) -> list[ChangePoint]:
    """Find where durations, given as logarithms, changed by `FACTOR` or more."""
    if len(logs) < SHORTEST or np.ptp(logs) < np.log(FACTOR):
        return []
    return [
        c._replace(before=float(np.exp(c.before)), after=float(np.exp(c.after)))
        for c in change_points(logs, "mean")
        if abs(c.after - c.before) >= np.log(FACTOR)
    ]


def _of_clusters(
    rows: pd.DataFrame, found: list[Incident], names: Mapping[str, str]
) -> Iterator[tuple[Any, ...]]:
    from fictures_reports.history_analysis.aggregates import clusters_of

    runs = rows.drop_duplicates("run_id")[["run_id", "label", "run_at", "commit"]]
    failed = rows[rows["status"].isin(_WRONG) & rows["signature"].notna()]
    if failed.empty:
        return
    named = {incident.name for incident in found}
    cluster = failed["signature"].map(clusters_of(failed, failed))
    for name, part in failed.groupby(cluster):
        title = names[part["signature"].iloc[0]]
        if title not in named:
            flags = runs["run_id"].isin(part["run_id"]).to_numpy(dtype="float64")
            yield from _change_rows(
                "cluster occurs", name, runs.assign(title=title), change_points(flags)
            )


def _change_rows(
    kind: str, name: Any, part: pd.DataFrame, changes: list[ChangePoint]
) -> Iterator[tuple[Any, ...]]:
    if not changes:
        return
    labels, moments, commits = (part[name].tolist() for name in ("label", "run_at", "commit"))
    title = part["title"].iloc[-1]
    for c in changes:
        between = f"{labels[c.low - 1]} … {labels[c.high]}"
        yield (kind, name, title, labels[c.at], moments[c.at], between, c.high - c.low + 2,
               c.before, c.after, c.probability, commits[c.at])  # fmt: skip
