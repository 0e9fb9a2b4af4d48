"""The stream of a history that a run is to be seen in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.history.streams import with_streams

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run


def of_own_stream(history: pd.DataFrame, run: Run, stream: str | None = None) -> pd.DataFrame:
    """Return the rows of one stream: the one given, else the run's own, else the likeliest.

    `history` is a frame as `History.load` gives it. The likeliest stream has the most of the run's
    cases; of several the one without a name, or else that of the newest run.
    """
    if "stream" not in history:
        return history
    rows = with_streams(history)
    streams = rows["stream"].unique().tolist()
    if len(streams) < 2:
        return rows
    wanted = stream or stream_of(rows, run)
    if wanted in streams:
        return rows[rows["stream"] == wanted]
    chosen = _likeliest(rows, run)
    return rows[rows["stream"] == chosen] if chosen else rows[rows["stream"].isna()]


def stream_of(history: pd.DataFrame, run: Run) -> str | None:
    """Return the stream of a run as it says itself, or as the history does; None if unknown."""
    if run.info.stream:
        return run.info.stream
    known = history.loc[history["run_id"] == run.run_id, "stream"].dropna()
    return str(known.iloc[0]) if len(known) else None


def _likeliest(rows: pd.DataFrame, run: Run) -> str:
    """Return the stream with most of a run's cases; "" for the one without a name."""
    known = rows.assign(stream=rows["stream"].fillna(""))
    common = known["case_id"].isin(run.results["case_id"])
    n_cases = known["case_id"].where(common).groupby(known["stream"]).nunique()
    newest = known.groupby("stream")["run_at"].max()
    best = n_cases.index[n_cases == n_cases.max()]
    return "" if "" in best else str(newest[best].idxmax())
