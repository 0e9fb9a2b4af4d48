"""The table of results: the rows of many runs as one frame, or one run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.result_rows import frame_from
from fictures_reports.history.saved_runs import run_of
from fictures_reports.history.stored_facts import TOLD_OF_WHOLENESS, is_whole
from fictures_reports.history.tables import INCOMPLETE, RESULTS
from fictures_reports.history.typed_dataset import dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.location import Location
    from fictures_reports.run import Run

#: The order of rows: oldest run first, and within a run by place, whatever a compaction did.
_ORDER: Final = ("run_at", "run_id", "row")
#: What names the test in rows of the first version, which have no `test_id`.
_NAMES_A_TEST: Final = ("case_id", "project")


def frame_of_runs(
    place: Location, chosen: pa.Table, cases: str | Sequence[str] | None, columns: Sequence[str]
) -> pd.DataFrame:
    """Load the results of some runs; `chosen` are their rows of the table of runs."""
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    ids = chosen["ingest_id"].to_pylist()
    wanted = pc.field("ingest_id").isin(pa.array(ids, pa.string()))  # typed, if there are none
    if cases is not None:
        names = [cases] if isinstance(cases, str) else list(cases)
        wanted &= pc.field("case_id").isin(pa.array(names, pa.string()))
    wished = {*columns, *_ORDER, *(_NAMES_A_TEST if "test_id" in columns else ())}
    needed = [name for name in RESULTS.names if name in wished]
    rows = _rows(place, ids, wanted, needed)
    frame = frame_from(rows.sort_by([(name, "ascending") for name in _ORDER]), columns)
    facts = chosen.select(TOLD_OF_WHOLENESS).to_pylist()
    frame.attrs[INCOMPLETE] = tuple(row["run_id"] for row in facts if not is_whole(row))
    return frame


def run_from(place: Location, row: dict[str, Any], source: str) -> Run:
    """Load one run, whose row of the table of runs is `row`."""
    import pyarrow.compute as pc

    rows = _rows(place, [row["ingest_id"]], pc.field("ingest_id") == row["ingest_id"])
    return run_of(rows, row, source)


def _rows(place: Location, ids: list[str], wanted: Any, columns: Any = None) -> pa.Table:
    with explained(place.path):
        target = log.table(place.results, place.options)
        names = files.holding(target, ids)
        return dataset(target, names, RESULTS).to_table(columns, filter=wanted)
