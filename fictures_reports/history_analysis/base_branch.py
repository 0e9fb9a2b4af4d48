"""The base branch: what a change is compared with, case by case, and what is known of its tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known as known_name
from fictures_reports.analysis.standing import Base
from fictures_reports.analysis.wording import counted
from fictures_reports.errors import NoRuns
from fictures_reports.history import History, open_history
from fictures_reports.history.builds import is_of_another_build, of_one_build
from fictures_reports.history.streams import named, with_streams
from fictures_reports.history.tables import INCOMPLETE, run_at
from fictures_reports.history_analysis.flakiness import NEEDED, flakiness
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.history_analysis.own_stream import of_own_stream, stream_of
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident
    from fictures_reports.run import Run

#: Letters of a commit that people are shown.
_SHORT: Final = 7
#: Runs that are looked at: an older past says little of today.
LAST: Final = 200
#: Statuses that decide nothing: the test was not carried out, for a reason outside of it.
_UNDECIDED: Final = ("not_run", "interrupted")


#: How a run is named that stands for its whole branch.
_WHOLE_BRANCH: Final = "branch:"
_NO_RUN_BEFORE: Final = (
    "No whole run{of} in the history is from before the run after and its build, so none tells how"
    " tests failed before."
)


@dataclass(frozen=True, eq=False)
class Baseline:
    """The runs to compare with, and what is known of their branch; None if there is no history."""

    runs: tuple[Run, ...]
    base: Base | None


def baseline_for(
    before: Sequence[Run], after: Run, history: str = "", stream: str | None = None
) -> Baseline:
    """Find what `after` is compared with, and what its failures are judged by.

    A side before that is only `HISTORY@branch:NAME` is put together by `base_branch`; other runs
    stay as they are, and `history`, or the one that the last of them is taken from, tells what
    their branch did before `after`. `stream` is the one to stay in, see `of_own_stream`.
    """
    source = before[-1].sources[0] if len(before[-1].sources) == 1 else ""
    path, _, selector = source.rpartition("@")
    branch = selector.removeprefix(_WHOLE_BRANCH)
    if len(before) == 1 and branch != selector and "~" not in branch and History(path).exists:
        run, base = base_branch(path, branch, after, stream=stream)
        return Baseline((run,), base)
    if not history:
        return Baseline(tuple(before), None)
    return Baseline(tuple(before), base_of(history, before[-1].info.branch, after, stream=stream))


def base_branch(
    source: str,
    branch: str,
    after: Run,
    *,
    stream: str | None = None,
    now: datetime | None = None,
) -> tuple[Run, Base]:
    """Put a baseline together of the last runs of a branch, leaving out what does not count.

    Each case has its result in the last run that counts, or, where it was not carried out there,
    its last result before. Outages, over or going on, runs that are known to be incomplete, runs
    dated in the future and `after` itself do not count. All are of one stream, see `of_own_stream`.
    Raises `NoRuns` if no run does.
    """
    rows, where = _rows_before(source, branch, after, stream, now or datetime.now(UTC))
    found = incidents(rows)
    outages = _outages(found)
    runs = rows.drop_duplicates("run_id")[["run_id", "label"]]
    usable = runs[~runs["run_id"].isin(outages)]
    if usable.empty:
        raise NoRuns(f"{source}: no run of branch {branch!r} can be compared with")
    last = usable.iloc[-1]
    run = History(source).run(str(last["run_id"]))
    completed, n_earlier = _completed(run, source, branch, usable["run_id"].tolist())
    sentence = _sentence(f"{branch}{where}", str(last["label"]), n_earlier, runs, found)
    return completed, _base(branch, rows, found, sentence)


def base_of(
    source: str,
    branch: str | None,
    after: Run,
    *,
    stream: str | None = None,
    now: datetime | None = None,
) -> Base:
    """Say what the runs of a branch before a run did; of all without a branch for None."""
    rows, where = _rows_before(source, branch, after, stream, now or datetime.now(UTC))
    name = branch or "the runs before"
    n_runs = rows["run_id"].nunique()
    sentence = (
        f"Failures are held against {counted(n_runs, 'run')} of {name}{where}."
        if n_runs
        else _NO_RUN_BEFORE.format(of=f" of {branch}{where}" if branch else where)
    )
    return _base(name, rows, incidents(rows), sentence)


def _rows_before(
    source: str, branch: str | None, after: Run, stream: str | None, now: datetime
) -> tuple[pd.DataFrame, str]:
    """Load the whole runs of one stream that began before `after`, and not in the future.

    Earlier attempts and other variants of the build that `after` is of are no runs before it.

    Rows have the oldest run first. Returned with them is which stream that is, such as
    ", stream e2e"; "" where there is only one.
    """
    history = History(source)
    # read once: each look into a bucket takes many requests
    runs = history.runs() if history.exists else None
    rows, where = _of_stream(source, runs, branch, after, stream)
    if branch is None and len(rows["branch"].dropna().unique()) > 1:
        rows = rows[rows["branch"].isna()]
    began = min(now, run_at(after.results, after.info.started_at, now))
    run_ids_of_build = _of_one_build(runs, after)
    counts = (rows["run_at"] <= began) & ~rows["run_id"].isin(run_ids_of_build)
    return rows[counts & ~rows["run_id"].isin(rows.attrs.get(INCOMPLETE, ()))], where


def _of_one_build(runs: pd.DataFrame | None, after: Run) -> set[str]:
    """Return the ids of `after` and of all runs of its build; equal results of another are not."""
    if runs is None:
        return {after.run_id}
    info = after.info
    run_ids = of_one_build(runs, info.build, info.branch, info.commit)
    if is_of_another_build(runs, after.run_id, info.build):
        return run_ids
    return run_ids | {after.run_id}


def _of_stream(
    source: str, runs: pd.DataFrame | None, branch: str | None, after: Run, stream: str | None
) -> tuple[pd.DataFrame, str]:
    """Load the last runs of the stream that `after` is to be seen in."""
    rows = open_history(source, last=LAST, branch=branch, columns=NEEDED)
    if runs is None:
        return rows, ""
    of_branch = runs if branch is None else runs[runs["branch"] == branch]
    known = with_streams(of_branch)["stream"]
    if known.nunique(dropna=False) < 2:
        return rows, ""
    wanted = stream or stream_of(rows, after)
    names = named(known)
    of_stream = of_own_stream(rows, after, stream)
    name = wanted if wanted in names else known_name(of_stream["stream"].iloc[0])
    if name is None:
        return of_stream, ", runs without a stream"
    rows = open_history(source, last=LAST, branch=branch, stream=name, columns=NEEDED)
    return rows, f", stream {name}"


def _outages(found: list[Incident]) -> set[str]:
    return {run for incident in found if incident.is_outage for run in incident.runs}


def _completed(run: Run, source: str, branch: str, usable: list[str]) -> tuple[Run, int]:
    """Give cases that were not carried out in the last run their last result before."""
    import pandas as pd

    undecided = run.results["status"].isin(_UNDECIDED)
    if not undecided.any():
        return run, 0
    cases = run.results.loc[undecided, "case_id"].tolist()
    earlier = History(source).load(last=LAST, branch=branch, cases=cases)
    counts = earlier["run_id"].isin(usable) & ~earlier["status"].isin(_UNDECIDED)
    decided = earlier[counts].drop_duplicates("case_id", keep="last")
    open_rows = run.results[~run.results["case_id"].isin(decided["case_id"])]
    results = pd.concat([open_rows, decided[list(run.results.columns)]], ignore_index=True)
    return replace(run, results=results), len(decided)


def _base(name: str, rows: pd.DataFrame, found: list[Incident], sentence: str) -> Base:
    """Count what each case did in the runs that count, and keep how it failed."""
    outages = _outages(found)
    counting = rows[~rows["run_id"].isin(outages)]
    ran = counting[counting["status"].isin(RAN)]
    failed = ran["status"].isin(["failed", "flaky"])
    states = flakiness(rows, found=found).set_index("case_id")["state"]
    cases = (
        ran.assign(failed=failed).groupby("case_id")["failed"].agg(n_runs="size", n_failed="sum")
    )
    cases = cases.assign(state=states.reindex(cases.index), since=_since(ran).reindex(cases.index))
    failures = rows.loc[
        rows["status"].isin(["failed", "flaky"]), ["case_id", "status", "category", "signature"]
    ]
    return Base(
        name, cases.rename_axis("case_id"), failures, sentence, leaves_out_outages=bool(outages)
    )


def _since(ran: pd.DataFrame) -> pd.Series[str]:
    """Name the first run of each case's last failures in a row; none where it passes."""
    import pandas as pd

    ordered = ran.sort_values(["case_id", "run_at", "run_id"], kind="stable")
    good = ordered["status"] != "failed"
    # from the end: rows before which, seen from there, no pass came
    passed_later = good[::-1].groupby(ordered["case_id"][::-1]).cumsum()[::-1] > 0
    first = ordered[~passed_later].drop_duplicates("case_id")
    names = map(_with_commit, first["label"], first["commit"])
    return pd.Series(list(names), index=first["case_id"], dtype="str")


def _with_commit(label: str, commit: Any) -> str:
    """Name a run with the first letters of its commit, unless its label has them."""
    short = commit[:_SHORT] if isinstance(commit, str) else ""
    return f"{label} ({short})" if short and short not in label else label


def _sentence(
    branch: str, label: str, n_earlier: int, runs: pd.DataFrame, found: list[Incident]
) -> str:
    which = f"the last of {len(runs):,} runs" if len(runs) > 1 else "the only run"
    text = f"Compared with {label}, {which} of {branch}"
    left_out = [
        incident
        for incident in found
        if incident.is_outage and incident.until in (None, *runs["label"][-1:])
    ]
    for incident in left_out:
        tests = f"{len(incident.cases)} tests: {incident.name}"
        text += f" but for {_labels(incident, runs)}, an outage ({tests})"
    if n_earlier:
        text += f"; {counted(n_earlier, 'test')} with an earlier result"
    return f"{text}."


def _labels(incident: Incident, runs: pd.DataFrame) -> str:
    labels = runs.loc[runs["run_id"].isin(incident.runs), "label"].tolist()
    return labels[0] if len(labels) == 1 else f"{labels[0]} to {labels[-1]}"
