"""Stored results: those of many runs as one frame, or of one as a run again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.own_names import named_in
from fictures_reports.history.result_rows import frame_from
from fictures_reports.history.saved_runs import run_of
from fictures_reports.history.stored_facts import is_whole, own_categories_of, without_results
from fictures_reports.history.tables import INCOMPLETE, NO_TEST_RAN, OWN_CATEGORIES, RESULTS
from fictures_reports.history.typed_dataset import dataset
from fictures_reports.readers.first_version_ids import new_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.history.location import Location
    from fictures_reports.run import Run

#: The order of rows: oldest run first, and within a run by place, whatever a compaction did.
_ORDER: Final = ("run_at", "run_id", "row")
#: What names the test in rows of the first version, which have no `test_id`.
_NAMES_A_TEST: Final = ("case_id", "test_id", "project")


def frame_of_runs(
    read: Callable[..., pa.Table],
    chosen: pa.Table,
    cases: str | Sequence[str] | None,
    columns: Sequence[str],
) -> pd.DataFrame:
    """Load the results of some runs; `chosen` are their rows of the table of runs.

    `read` takes such rows, a filter and columns, and returns stored results.
    """
    import pyarrow as pa

    facts = chosen.to_pylist()
    names = None if cases is None else [cases] if isinstance(cases, str) else list(cases)
    wanted = None if names is None else _of_cases([*names, *_old_ids(read, facts, names)])
    wished = {"ingest_id", *columns, *_ORDER, *_NAMES_A_TEST}
    needed = [name for name in RESULTS.names if name in wished]
    rows = named_in(read(facts, wanted, needed), facts)
    schema, stored, places = rows.schema, rows.columns, _places(rows)
    del rows  # so that a column that is ordered takes the place of the one that was not
    if places is not None:
        for i, column in enumerate(stored):
            stored[i] = column.take(places)
    frame = frame_from(pa.table(stored, schema), columns)
    # What reading took for a moment is given back: of two million rows it is as much as these are.
    pa.default_memory_pool().release_unused()
    frame.attrs[INCOMPLETE] = tuple(row["run_id"] for row in facts if not is_whole(row))
    frame.attrs[OWN_CATEGORIES] = own_categories_of(facts)
    frame.attrs[NO_TEST_RAN] = tuple(without_results(row) for row in facts if not row["n_results"])
    return frame


def _places(rows: pa.Table) -> pa.Array | None:
    """Return how rows are sorted by `_ORDER`; None for those that are, as in most histories."""
    import numpy as np
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    places = pc.sort_indices(rows, [(name, "ascending") for name in _ORDER])
    is_ordered = (np.diff(places.to_numpy().astype("int64")) > 0).all()
    return None if is_ordered else places


def _of_cases(names: Sequence[str]) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.field("case_id").isin(pa.array(names, pa.string()))


def _old_ids(
    read: Callable[..., pa.Table], facts: list[dict[str, Any]], names: Sequence[str]
) -> list[str]:
    """Find what the first version called these cases: `frame_from` gives such rows today's ids."""
    import pyarrow.compute as pc

    old = read(facts, pc.field("test_id").is_null(), ["case_id"])
    if not old.num_rows:
        return []
    new = read(facts, pc.field("test_id").is_valid(), ["case_id"])
    olds, news = (set(rows["case_id"].unique().to_pylist()) for rows in (old, new))
    return [before for before, now in new_ids(olds, news).items() if now in names]


def run_from(read: Callable[..., pa.Table], row: dict[str, Any], source: str) -> Run:
    """Load one run, whose row of the table of runs is `row`; `read` as for `frame_of_runs`."""
    return run_of(named_in(read([row]), [row]), row, source)


def rows_of(
    place: Location, runs: Sequence[dict[str, Any]], wanted: Any = None, columns: Any = None
) -> pa.Table:
    """Read the results of some runs of a Delta table, as far as a filter wants them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = [row["ingest_id"] for row in runs]
    chosen = pc.field("ingest_id").isin(pa.array(ids, pa.string()))  # typed, if there are none
    wanted = chosen if wanted is None else chosen & wanted
    with explained(place.path):
        target = log.table(place.results, place.options)
        names = files.holding(target, ids)
        return dataset(target, names, RESULTS).to_table(columns, filter=wanted)
