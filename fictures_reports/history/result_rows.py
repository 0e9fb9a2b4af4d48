"""Results as Arrow rows, and Arrow rows as a frame of results again."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
import pyarrow as pa  # type: ignore[import-untyped]

from fictures_reports.history.tables import HISTORY_COLUMNS, RESULTS, RUN_COLUMNS
from fictures_reports.readers.first_version_ids import new_ids
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.run import Run

_JSON: Final = [column.name for column in COLUMNS if column.dtype == "object"]
#: What the rows of results take from the row of their run.
FACTS: Final = ("run_id", *RUN_COLUMNS, "ingest_id")


def results_table(run: Run, row: dict[str, Any]) -> pa.Table:
    """Lay a run's results out as Arrow rows; `row` is the run's own, as `run_row` gives it."""
    frame, n = run.results, len(run.results)
    month, columns = f"{row['run_at']:%Y-%m}", []
    for field in RESULTS:
        if field.name == "row":
            columns.append(pa.array(range(n), field.type))
        elif field.name == "month":
            columns.append(pa.repeat(pa.scalar(month), n))
        elif field.name in _JSON:
            values = frame[field.name].tolist()
            texts = _attempts(frame) if field.name == "attempts" else map(_listed, values)
            columns.append(pa.array(texts, field.type))
        elif field.name in FACTS:
            columns.append(pa.repeat(pa.scalar(row[field.name], field.type), n))
        else:
            columns.append(pa.Array.from_pandas(frame[field.name], type=field.type))
    return pa.table(columns, schema=RESULTS)


def _listed(value: Any) -> str | None:
    return msgspec.json.encode(value).decode() if value else None


def _attempts(frame: pd.DataFrame) -> list[str | None]:
    """Write attempts as JSON; missing where the row says it all, which most passed rows do."""
    derived = _derived_attempts(frame)
    pairs = zip(frame["attempts"].tolist(), derived, strict=True)
    return [
        None if given == default else msgspec.json.encode(given or []).decode()
        for given, default in pairs
    ]


def _derived_attempts(frame: pd.DataFrame) -> list[list[dict[str, Any]]]:
    """Return what the attempts of each row are if there was one, and it said no more."""
    names = ("status", "started_at", "duration_s", "worker")
    starts = frame["started_at"].astype("int64").tolist()
    known = frame["started_at"].notna().tolist()
    rows = zip(
        frame["status"].tolist(),
        (start / 1e6 if ok else None for start, ok in zip(starts, known, strict=True)),
        (value if value == value else None for value in frame["duration_s"].tolist()),
        frame["worker"].astype("object").where(frame["worker"].notna(), None).tolist(),
        strict=True,
    )
    return [[{k: v for k, v in zip(names, r, strict=True) if v is not None}] for r in rows]


def frame_from(table: pa.Table, columns: Sequence[str] = HISTORY_COLUMNS) -> pd.DataFrame:
    """Make a frame of stored rows with the dtypes that readers give; JSON becomes lists again."""
    import pandas as pd

    index = pd.RangeIndex(table.num_rows)
    # array by array: pandas' own way of reading a table of many columns takes twice as long
    values = {n: _typed(n, table[n]) for n in table.schema.names if n not in _JSON}
    texts = {name: table[name].to_pylist() for name in _JSON if name in table.schema.names}
    values |= {name: _decoded(values, name, cells) for name, cells in texts.items()}
    names = [name for name in columns if name in values]
    if "test_id" not in values or not values["test_id"].isna().any():
        return pd.DataFrame({name: values[name] for name in names}, index=index, copy=False)
    frame = pd.DataFrame(values, index=index, copy=False)
    _fill_first_version(frame)
    return frame[names]


def _typed(name: str, column: pa.ChunkedArray) -> Any:
    """Make an array of a stored column, of the dtype that the schema has."""
    import pandas as pd

    kind = _dtype(column.type)
    # Arrow's own numbers are not to be written to
    values = column.to_pandas().array.copy() if kind is None else kind.__from_arrow__(column)
    if name == "variant":  # tables of the first version lack it
        values = values.fillna("")
    dtype = _dtypes().get(name)
    if dtype is None or values.dtype == dtype:
        return values
    return pd.Series(values, copy=False).astype(dtype).array


@cache
def _dtypes() -> dict[str, Any]:
    """Return the dtype that each column of the schema has."""
    from pandas.api.types import pandas_dtype

    return {column.name: pandas_dtype(column.dtype) for column in COLUMNS}


def _fill_first_version(frame: pd.DataFrame) -> None:
    """Name the tests that tables of the first version lack, as their cases do.

    That is the case without its project and without the number of a copy.
    """
    if "case_id" in frame and "project" in frame:
        missing = frame["test_id"].isna()
        pairs = zip(frame.loc[missing, "case_id"], frame.loc[missing, "project"], strict=True)
        frame.loc[missing, "test_id"] = [_test_of(case, project) for case, project in pairs]
        _key_anew(frame, missing)


def _key_anew(frame: pd.DataFrame, is_old: pd.Series[bool]) -> None:
    """Give rows of the first version the ids that the same tests have in later runs.

    What names the test follows; where no later run has it, the row keeps its id.
    """
    ids = new_ids(frame.loc[is_old, "case_id"].unique(), frame.loc[~is_old, "case_id"].unique())
    rows = is_old & frame["case_id"].isin(list(ids))
    if not rows.any():
        return
    frame.loc[rows, "case_id"] = frame.loc[rows, "case_id"].map(ids)
    named = frame[~is_old].drop_duplicates("case_id", keep="last").set_index("case_id")
    for name in ("test_id", "file", "suite", "title"):
        if name in frame:
            frame.loc[rows, name] = frame.loc[rows, "case_id"].map(named[name])


def _test_of(case: str, project: str) -> str:
    name, mark, number = case.rpartition(" #")
    plain = name if mark and number.isdecimal() and name.endswith(f"[{project}]") else case
    return plain.removesuffix(f" [{project}]") if project else plain


@cache
def _dtype(kind: pa.DataType) -> Any:
    import numpy as np
    import pandas as pd

    if kind == pa.string():
        return pd.StringDtype("pyarrow", na_value=np.nan)
    return pd.Int64Dtype() if kind == pa.int64() else None


def _decoded(stored: Mapping[str, Any], name: str, texts: Sequence[str | None]) -> pd.Series[Any]:
    """Read the lists of a column; a row without a text has an empty one, or what it derives."""
    import numpy as np
    import pandas as pd

    of_row = ("status", "started_at", "duration_s", "worker")
    if name == "attempts" and stored.keys() >= set(of_row):
        defaults = _derived_attempts(pd.DataFrame({n: stored[n] for n in of_row}, copy=False))
    else:
        defaults = [[] for _ in texts]
    values = [
        default if text is None else msgspec.json.decode(text)
        for text, default in zip(texts, defaults, strict=True)
    ]
    cells = np.fromiter(values, dtype="object", count=len(values))  # lists are no matrix here
    return pd.Series(cells, dtype="object", copy=False)
