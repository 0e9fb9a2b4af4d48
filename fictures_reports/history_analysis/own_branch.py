"""The runs of a history that a run is to be seen beside: those of its stream and branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.history_analysis.incidents import lines_of
from fictures_reports.history_analysis.own_stream import of_own_stream

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run


def of_own_branch(history: pd.DataFrame, *runs: Run) -> pd.DataFrame:
    """Return the rows of one branch of a history: that of the first run that has a past on one.

    `history` is a frame as `History.load` gives it, with or without the columns branch and stream;
    the stream is that of the last run, see `of_own_stream`. A run's branch is known from itself, or
    from the history. Where no run's is, or the history has no other runs of it, the branch with the
    most runs is taken.
    """
    if "branch" not in history or history.empty:
        return history
    history = of_own_stream(history, runs[-1])
    for run in runs:
        is_of_branch = history["branch"] == branch_of(history, run)
        if (history.loc[is_of_branch, "run_id"] != run.run_id).any():
            return history[is_of_branch]
    lines = [line for _, line in lines_of(history)]
    run_ids = max(lines, key=lambda line: line["run_id"].nunique())["run_id"]
    return history[history["run_id"].isin(run_ids)]


def branch_of(history: pd.DataFrame, run: Run) -> str | None:
    """Return the branch of a run as it says itself, or as the history does; None if unknown."""
    if run.info.branch:
        return run.info.branch
    known = history.loc[history["run_id"] == run.run_id, "branch"].dropna()
    return str(known.iloc[0]) if len(known) else None
