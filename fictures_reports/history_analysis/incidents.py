"""Incidents: tests that began to fail together, more of them than chance would have it.

For each cause and run, the cases that begin to fail for it are counted: they fail for it in this
run, and did not since they last passed. Were they independent, as many as their own rates give
would begin so; the count is a Poisson variable then, whose tail is an upper bound for a sum of
unequal chances (Hoeffding, W. (1956), On the distribution of the number of successes in independent
trials, Annals of Mathematical Statistics 27, 713–721). A rate is the share of a case's other
results at which it began to fail for this cause, drawn towards that of all cases.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from fictures_reports.analysis.common_cause import LEAST_IN_OUTAGE
from fictures_reports.history.streams import with_streams
from fictures_reports.history_analysis.incident_chance import largest_chance, poisson_tail
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pandas as pd


class Line(NamedTuple):
    """What a line of runs is of; None where it is not known."""

    branch: str | None = None
    stream: str | None = None


#: The share of histories without any incident in which one may be seen.
ALPHA: Final = 0.01
#: How many results of its own weigh as much as the rate of all cases.
WEIGHT: Final = 10.0
#: What is used of a history.
_NEEDED: Final = (
    "run_id", "run_at", "label", "commit", "branch", "stream", "case_id", "status", "category",
    "signature",
)  # fmt: skip
#: The share of those that ran that an outage took at least.
LEAST_SHARE: Final = 0.5


@dataclass(frozen=True)
class Occurrence:
    """One time that an incident came: from which run to which (positions in the line of runs)."""

    first: int
    #: the last run in which half of its cases failed
    last: int
    is_over: bool
    cases: frozenset[str]
    is_outage: bool


@dataclass(frozen=True)
class Incident:
    """Cases that began to fail together for one cause, once or again and again.

    `since` and `until` are labels of runs, `until` the last run of its last occurrence, None if it
    goes on. `commits` are those of the last run before it and of its first run, None where they are
    not known. `runs` are the ids of all runs in which it was.
    """

    id: str
    cause: str
    name: str
    branch: str | None
    cases: tuple[str, ...]
    since: str
    commits: tuple[str | None, str | None]
    until: str | None
    n_occurrences: int
    is_outage: bool
    runs: tuple[str, ...]
    stream: str | None = None

    @property
    def line(self) -> Line:
        """The line of runs that it happened in."""
        return Line(self.branch, self.stream)

    @property
    def is_over(self) -> bool:
        """Whether it does not go on in the latest run."""
        return self.until is not None

    @property
    def is_recurring(self) -> bool:
        """Whether it came more than once."""
        return self.n_occurrences > 1


def incidents(history: pd.DataFrame, *, names: Mapping[str, str] | None = None) -> list[Incident]:
    """Find the incidents of each branch and stream of a history, the oldest first.

    `history` is a frame as `History.load` gives it: run_id, run_at, label, commit, branch, stream,
    case_id, status, category and signature are used. `names` maps signatures to names of causes;
    by default it is made of the history, see `names_over_runs`.
    """
    from fictures_reports.failures.names_over_runs import names_over_runs

    if not (history["status"] == "failed").any():
        return []
    # most histories of few runs have no incident: nothing is named for them
    named = cache(lambda: names_over_runs(history) if names is None else names)
    lines = lines_of(only(history, _NEEDED))
    return [incident for line, rows in lines for incident in _in_line(line, rows, named)]


def only(history: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return a history with some columns, as far as it has them.

    Whoever picks rows of it spares the copies of long texts.
    """
    return history[[name for name in columns if name in history]]


def lines_of(history: pd.DataFrame) -> Iterator[tuple[Line, pd.DataFrame]]:
    """Cut a history into its branches in each stream, rows oldest run first.

    Runs whose branch is not known are one line of their stream; see `with_streams` for runs
    without a stream. `history` may lack the columns branch and stream.
    """
    ordered = _oldest_first(with_streams(history))
    if "branch" not in ordered:
        ordered = ordered.assign(branch=None)
    firsts = [ordered[name].unique() for name in ("branch", "stream")]
    if all(len(names) == 1 for names in firsts):  # most histories; forming groups takes far longer
        yield Line(*map(_known, (names[0] for names in firsts))), ordered
        return
    grouped = ordered.groupby(["branch", "stream"], dropna=False, sort=False)
    names = grouped[["branch", "stream"]].head(1).itertuples(index=False)
    number = grouped.ngroup().to_numpy()  # iterating over the groups would copy all rows once more
    for i, name in enumerate(names):
        yield Line(*map(_known, name)), ordered[number == i]


def _known(name: Any) -> str | None:
    return name if isinstance(name, str) else None


def _oldest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Order rows by run; those of a history are so already, and are not copied."""
    moments = rows["run_at"]
    if moments.is_monotonic_increasing and moments.nunique() == rows["run_id"].nunique():
        return rows.reset_index(drop=True)
    return rows.sort_values(["run_at", "run_id"], kind="stable", ignore_index=True)


def by_case(rows: pd.DataFrame) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the places of rows ordered by case, and where in them each case begins.

    The rows of one case stay in their order. Sorting numbers is many times faster than sorting ids.
    """
    import pandas as pd

    codes, _ = pd.factorize(rows["case_id"], sort=True)
    places = np.argsort(codes, kind="stable")
    codes = codes[places]
    begins = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else codes
    return places, begins


def columns_of(of: Line, table: pd.DataFrame) -> dict[str, pd.Series[str]]:
    """Return the columns branch and stream for a table about one line."""
    import pandas as pd

    return {
        name: pd.Series([value] * len(table), index=table.index, dtype="str")
        for name, value in of._asdict().items()
    }


def without_excused(history: pd.DataFrame, found: Sequence[Incident]) -> pd.DataFrame:
    """Leave out the failures that lie in an incident that is over and came once.

    It counts once, as the incident: its cases are neither flaky nor broken for it.
    """
    excused = {
        (run, case)
        for incident in found
        if incident.is_over and not incident.is_recurring
        for run in incident.runs
        for case in incident.cases
    }
    if not excused:
        return history
    is_kept = (history["status"] != "failed").to_numpy(dtype=bool, copy=True)
    failed = history[~is_kept]
    pairs = zip(failed["run_id"].tolist(), failed["case_id"].tolist(), strict=True)
    is_kept[~is_kept] = [pair not in excused for pair in pairs]
    return history[is_kept]


def _in_line(
    of: Line, line: pd.DataFrame, names: Callable[[], Mapping[str, str]]
) -> list[Incident]:
    if not (line["status"] == "failed").any():
        return []
    runs = line.drop_duplicates("run_id")[["run_id", "label", "commit"]]
    rows = _with_causes(line, runs)
    begun = rows[rows["begins"]]
    if begun.empty:
        return []
    occurrences = {
        cause: _occurrences(cause, group, rows, len(runs), begun["cause"].nunique())
        for cause, group in begun.groupby("cause", sort=False)
    }
    if not any(occurrences.values()):
        return []
    named = _names(line, rows, names())
    found = [
        _incident(of, str(cause), named[str(cause)], group, runs)
        for cause, all_of_it in occurrences.items()
        for group in _recurring(all_of_it)
    ]
    position = {run: i for i, run in enumerate(runs["run_id"])}
    return sorted(found, key=lambda incident: (position[incident.runs[0]], incident.id))


def _with_causes(line: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Give each result that ran its run's position, its cause, and whether it begins to fail.

    A cause begins once between two passes: a test that was broken before an outage and is so after
    it did not begin to fail when the outage ended.
    """
    from fictures_reports.failures.clusters import cluster_ids

    position = {run: i for i, run in enumerate(runs["run_id"])}
    rows = line[line["status"].isin(RAN)]
    rows = rows.take(by_case(rows)[0])
    failed = rows["status"] == "failed"
    causes = cluster_ids(rows[["case_id", "status", "category", "signature"]])
    named = causes.fillna("category " + rows["category"].fillna("unknown").astype("str"))
    rows = rows[["run_id", "case_id"]].assign(
        at=rows["run_id"].map(position), cause=named.where(failed, "")
    )
    n_before = rows.groupby("case_id", sort=False).cumcount()
    n_passed = (rows["cause"] == "").groupby(rows["case_id"], sort=False).cumsum()
    is_repeated = rows.assign(n_passed=n_passed).duplicated(["case_id", "n_passed", "cause"])
    return rows.assign(begins=(rows["cause"] != "") & (n_before > 0) & ~is_repeated)


def _occurrences(
    cause: Any, begun: pd.DataFrame, rows: pd.DataFrame, n_runs: int, n_causes: int
) -> list[Occurrence]:
    """Find the runs in which more cases begin to fail for a cause than chance would have it."""
    n_of_case = rows.groupby("case_id", sort=False).size()
    onsets = begun.groupby("case_id", sort=False).size()
    chances: dict[Any, float] = {}
    for at, group in begun.groupby("at"):
        if len(group) > 1:
            ran = rows.loc[rows["at"] == at, "case_id"]
            expected = _expected(ran, set(group["case_id"]), onsets, n_of_case)
            chances[at] = poisson_tail(len(group), expected)
    limit = largest_chance(sorted(chances.values()), n_runs, ALPHA / n_causes)
    found: list[Occurrence] = []
    for at in sorted(at for at, chance in chances.items() if chance <= limit):
        if not found or at > found[-1].last:
            cases = set(begun.loc[begun["at"] == at, "case_id"])
            found.append(_followed(at, cause, cases, rows, onsets, n_runs))
    return found


def _expected(
    ran: pd.Series[str], begun: set[str], onsets: pd.Series[int], n_of_case: pd.Series[int]
) -> float:
    """How many of the cases that ran would begin to fail, by their rates in all other runs."""
    n = n_of_case.reindex(ran).to_numpy() - 1.0
    k = onsets.reindex(ran).fillna(0).to_numpy() - np.array([case in begun for case in ran])
    all_else = (float(onsets.sum()) - len(begun) + 0.5) / (float(n_of_case.sum()) - len(ran) + 1)
    return float(((k + WEIGHT * all_else) / (n + WEIGHT)).sum())


def _followed(
    first: int, cause: Any, begun: set[str], rows: pd.DataFrame, onsets: pd.Series[int], n_runs: int
) -> Occurrence:
    """Follow an incident until half of its cases no longer fail for its cause.

    Cases that begin to fail for it meanwhile and never did otherwise join it.
    """
    cases, last, is_over = set(begun), first, False
    later = rows[rows["at"] >= first]
    for at in sorted(set(later["at"].tolist())):
        ran = later[later["at"] == at]
        failing = set(ran.loc[ran["cause"] == cause, "case_id"])
        ran_here = cases & set(ran["case_id"])
        if not ran_here:
            continue
        if len(ran_here & failing) < LEAST_SHARE * len(ran_here):
            is_over = True
            break
        last = at
        cases |= {case for case in failing if onsets.get(case, 0) <= 1}
    at_first = rows[rows["at"] == first]
    share = len(begun) / len(at_first)
    is_outage = len(begun) >= LEAST_IN_OUTAGE and share >= LEAST_SHARE
    return Occurrence(first, last, is_over and last < n_runs - 1, frozenset(cases), is_outage)


def _share_half(cases_a: frozenset[str], cases_b: frozenset[str]) -> bool:
    return 2 * len(cases_a & cases_b) >= min(len(cases_a), len(cases_b))


def _recurring(found: Sequence[Occurrence]) -> Iterator[list[Occurrence]]:
    """Put occurrences together that share half of the smaller one's cases."""
    groups: list[list[Occurrence]] = []
    for occurrence in found:
        fitting = (group for group in groups if _share_half(group[-1].cases, occurrence.cases))
        if (group := next(fitting, None)) is not None:
            group.append(occurrence)
        else:
            groups.append([occurrence])
    yield from groups


def _incident(
    of: Line, cause: str, name: str, group: list[Occurrence], runs: pd.DataFrame
) -> Incident:
    ids, labels, commits = (runs[column].tolist() for column in ("run_id", "label", "commit"))
    commits = [commit if isinstance(commit, str) else None for commit in commits]
    first, last = group[0], group[-1]
    cases = sorted(frozenset().union(*(occurrence.cases for occurrence in group)))
    key = "\n".join([of.branch or "", cause, ids[first.first]])
    return Incident(
        id=hashlib.sha256(key.encode()).hexdigest()[:12],
        cause=cause,
        name=name,
        branch=of.branch,
        stream=of.stream,
        cases=tuple(cases),
        since=labels[first.first],
        commits=(commits[first.first - 1] if first.first else None, commits[first.first]),
        until=labels[last.last] if last.is_over else None,
        n_occurrences=len(group),
        is_outage=any(occurrence.is_outage for occurrence in group),
        runs=tuple(
            ids[i] for occurrence in group for i in range(occurrence.first, occurrence.last + 1)
        ),
    )


def _names(
    line: pd.DataFrame, rows: pd.DataFrame, of_signatures: Mapping[str, str]
) -> dict[str, str]:
    """Name each cause for people: as its oldest wording is named, or its category."""
    failed = rows[rows["cause"] != ""].sort_values("at", kind="stable")
    signatures = line["signature"].reindex(failed.index)
    names: dict[str, str] = {}
    for cause, signature in zip(failed["cause"], signatures, strict=True):
        if cause not in names:
            names[cause] = of_signatures[signature] if isinstance(signature, str) else cause
    return names
