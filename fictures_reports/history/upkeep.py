"""What is done to a history now and then: classify it again, drop what writers left behind."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError
from fictures_reports.history import table_files as files
from fictures_reports.history.tables import RESULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.classification import Rule
    from fictures_reports.history.store import History

#: What `classify` writes.
_ANSWERS: Final = (
    "category", "rule", "evidence", "signature", "measured", "comparator", "limit", "unit",
    "ratio", "timeout_s", "locator", "fixture", "skip_reason", "phase", "error_type", "location",
    "message",
)  # fmt: skip
_ATTEMPTS: Final = 30


def reclassify(history: History, rules: Sequence[Rule] | None) -> int:
    """Write new rows for each run whose answers change, then let them count all at once."""
    from fictures_reports.history import delta_log as log
    from fictures_reports.history import tables
    from fictures_reports.history.store import new_id

    moved: dict[str, str] = {}
    runs = history.runs()
    for run_id, old_id in zip(runs["run_id"], runs["ingest_id"], strict=True):
        run = history.run(run_id)
        again = _classified(run, rules)
        if again is not None:
            new = new_id()
            row = tables.run_row(again, run.info, new, datetime.now(UTC))
            rows = tables.results_table(again, row)
            with log.explained(history.path):
                log.add(f"{history.path}/results", rows, history.options)
            moved[old_id] = new
    if moved:
        _repoint(history, moved)
    return len(moved)


def _classified(run: Any, rules: Sequence[Rule] | None) -> Any:
    """Return the run with other answers, or None if they stay the same."""
    from dataclasses import replace

    from fictures_reports.classification import classify

    results = classify(run.results, rules)
    same = all(_equal(run.results[name], results[name]) for name in _ANSWERS)
    return None if same else replace(run, results=results)


def _equal(a: pd.Series[Any], b: pd.Series[Any]) -> bool:
    return bool(((a == b) | (a.isna() & b.isna())).all())


def _repoint(history: History, moved: dict[str, str]) -> None:
    """Let the runs' rows name the new rows of results, in one commit."""
    import pyarrow as pa
    from deltalake.exceptions import CommitFailedError

    from fictures_reports.history import delta_log as log

    pairs = pa.table({"old": list(moved), "new": list(moved.values())})
    for attempt in range(_ATTEMPTS):
        try:
            with log.explained(history.path):
                target = log.table(f"{history.path}/runs", history.options)
                merge = target.merge(pairs, "runs.ingest_id = pairs.old", "pairs", "runs")
                try:
                    merge.when_matched_update({"ingest_id": "pairs.new"}).execute()
                except CommitFailedError as error:
                    raise log.Collision from error
        except log.Collision:
            log.pause(attempt)
        else:
            return
    raise HistoryError(f"{history.path}: too busy to be classified again – try again")


def compact(uri: str, options: dict[str, str], schema: pa.Schema) -> None:
    """Put the files of a table together, month by month; who appends meanwhile goes first."""
    from fictures_reports.history import delta_log as log

    for month in sorted(set(files.months(log.table(uri, options))), key=str):
        for attempt in range(_ATTEMPTS):
            target = log.table(uri, options)
            names = files.oldest_first(target, month)
            if len(names) < 2:
                break
            try:
                rows = files.reader(target, names, schema, month)
                log.rewrite(target, rows, None if month is None else f"month = '{month}'")
            except log.Collision:
                log.pause(attempt)
            else:
                break


def drop_abandoned(target: Any, live_ids: Callable[[], list[str]], before: str) -> None:
    """Delete rows whose append never finished and began before that id."""
    names = files.all_files(target)
    stored = files.dataset(target, names, RESULTS).to_table(["ingest_id"])["ingest_id"].unique()
    # read after the rows were: what is published between the two must not look dead
    dead = sorted(set(stored.to_pylist()) - set(live_ids()))
    gone = [f"'{name}'" for name in dead if name < before]
    if gone:
        target.delete(f"ingest_id in ({', '.join(gone)})")
