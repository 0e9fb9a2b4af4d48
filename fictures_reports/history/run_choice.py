"""Which runs and columns of a history are asked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from fictures_reports.errors import HistoryError, NoRuns, did_you_mean
from fictures_reports.guards import text_or_none, texts
from fictures_reports.history.tables import HISTORY_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.stores import Store


def chosen(
    rows: pa.Table, last: int | None, since: str | date | None, branch: str | None
) -> pa.Table:
    """Keep the newest `last` of the runs that `since` and `branch` leave; oldest first."""
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    refuse_few(last)
    text_or_none(branch=branch)
    if branch is not None:
        rows = rows.filter(pc.equal(rows["branch"], branch))
    if since is not None:
        start = pa.scalar(moment(since), pa.timestamp("us", tz="UTC"))
        rows = rows.filter(pc.greater_equal(rows["run_at"], start))
    return rows if last is None else rows.slice(max(0, len(rows) - last))


def refuse_branch(branch: str | None, known: Iterable[str | None], path: str | Path) -> None:
    """Raise `NoRuns` for a branch that no run is of, with the branches that there are."""
    names = sorted({name for name in known if isinstance(name, str)})
    if branch is not None and branch not in names:
        there = ", ".join(names) or "not recorded"
        raise NoRuns(f"{path}: no run of branch {branch!r} – branches are {there}")


def refuse_cases(cases: Sequence[str], found: Iterable[str], store: Store, path: str) -> None:
    """Raise `NoRuns` for a case that no run of the history has; `found` are known to be there."""
    from difflib import get_close_matches

    missing = set(cases) - set(found)
    if not missing:
        return
    known = store.read(store.rows().to_pylist(), None, ["case_id"])["case_id"].unique().to_pylist()
    for case in sorted(missing - set(known)):
        close = get_close_matches(case, known, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"such as {min(known, default='')!r}"
        raise NoRuns(f"{path}: no case {case!r} among {len(known):,} – {hint}")


def refuse_few(last: int | None) -> None:
    """Raise `NoRuns` for a number of runs that leaves none."""
    if last is not None and (not isinstance(last, int) or last < 1):
        raise NoRuns(f"last {last!r}: no number of runs, expected 1 or more")


def named_columns(columns: str | Sequence[str], known: Collection[str]) -> list[str]:
    """Return the columns asked for, a text as one; raise `HistoryError` if one is not known."""
    names = texts(columns, "columns", "status")
    for name in names:
        if name not in known:
            raise HistoryError(f"no column {name!r}{did_you_mean(name, HISTORY_COLUMNS)}")
    return names


def moment(since: str | date) -> datetime:
    """Return the moment, in UTC, that a day or moment means; raise `NoRuns` for other words."""
    try:
        day = datetime.fromisoformat(since) if isinstance(since, str) else since
    except ValueError as error:
        raise NoRuns(f"since {since!r}: no day or moment, expected such as 2025-11-02") from error
    if not isinstance(day, date):
        raise NoRuns(f"since {since!r}: no day or moment, expected such as 2025-11-02")
    start = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return start if start.tzinfo else start.replace(tzinfo=UTC)
