"""Rows → the results frame: everything that follows from the attempts is derived here, once.

Rows come as a stream and leave their memory batch by batch, so that a file of a gigabyte needs
little more than its finished frame.
"""

from __future__ import annotations

import hashlib
from array import array
from collections import Counter
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.rows import Attempt, Row, case_id, deciding_attempt
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pandas as pd
    import pyarrow as pa  # type: ignore[import-untyped]

_BATCH = 8192
#: What readers fill; the other columns of the schema stay missing for `classify`.
_FILLED = (
    "case_id", "project", "file", "line", "suite", "title", "tags", "status", "phase",
    "n_attempts", "attempts", "expected_status", "started_at", "duration_s", "worker", "shard",
    "message", "error_type", "location", "snippet", "skip_reason",
    "stdout", "stderr", "annotations", "attachments", "source",
)  # fmt: skip
_LARGEST_INT = 2**63


def frame(rows: Iterable[Row], run_id: str) -> pd.DataFrame:
    """Lay rows out as a results frame, one row each, in their order.

    The why and facts columns stay missing for `classify`, but for message, error_type, location,
    snippet, phase and skip_reason. Cases that occur again get " #2", " #3" … behind their id.
    """
    table = Table()
    table.add(rows)
    return table.frame(run_id)


class Table:
    """Columns that grow batch by batch."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[Any]] = {name: [] for name in _FILLED}
        self._objects: dict[str, list[Any]] = {
            column.name: [] for column in COLUMNS if column.dtype == "object"
        }
        self._hashes = array("q")
        self._digest = hashlib.sha256()
        self.n_rows = 0

    def add(self, rows: Iterable[Row]) -> None:
        """Take all rows of a stream."""
        stream = iter(rows)
        while batch := list(islice(stream, _BATCH)):
            self._add(batch)

    def _add(self, batch: list[Row]) -> None:
        columns = _columns(batch)
        self._hashes.extend(map(hash, columns["case_id"]))
        self._sign(columns)
        for name, values in columns.items():
            if name in self._objects:
                self._objects[name] += values
            else:
                self._pieces[name].append(_arrow(values, _DTYPES[name]))
        self.n_rows += len(batch)

    def _sign(self, columns: dict[str, Sequence[Any]]) -> None:
        for name in ("case_id", "status", "started_at", "duration_s", "n_attempts"):
            values = columns[name]
            if isinstance(values[0], str):
                self._digest.update("\x1f".join(values).encode("utf-8", "replace"))
            else:
                self._digest.update(msgspec.json.encode(values))

    def run_id(self, *facts: object) -> str:
        """Derive the run's id from what it holds: the same results always get the same."""
        digest = self._digest.copy()
        digest.update(repr(facts).encode("utf-8", "replace"))
        return digest.hexdigest()[:12]

    def n_duplicates(self) -> int:
        """Count the rows whose case occurred before."""
        import numpy as np

        return len(self._hashes) - len(np.unique(np.frombuffer(self._hashes, dtype="int64")))

    def frame(self, run_id: str) -> pd.DataFrame:
        """Put the columns together in the schema's order; the table is empty afterwards."""
        import pandas as pd
        import pyarrow as pa

        if self.n_duplicates() if self.n_rows else 0:
            ids = [name for piece in self._pieces["case_id"] for name in piece.to_pylist()]
            self._pieces["case_id"] = [_arrow(list(numbered(ids)), "str")]
        self._pieces["run_id"] = [pa.repeat(pa.scalar(run_id, pa.large_string()), self.n_rows)]
        return pd.DataFrame({c.name: self._column(c.name, c.dtype) for c in COLUMNS}, copy=False)

    def _column(self, name: str, dtype: str) -> pd.Series[Any]:
        if dtype == "object":
            return _object_series(self._objects.pop(name))
        pieces = self._pieces.pop(name, [])
        return _series(pieces or [_nulls(self.n_rows, dtype)], dtype)


_DTYPES = {column.name: column.dtype for column in COLUMNS}


def numbered(ids: Sequence[str]) -> Iterator[str]:
    """Tell repeated ids apart: the second becomes "… #2", the third "… #3"."""
    seen: Counter[str] = Counter()
    taken = set(ids)
    for name in ids:
        seen[name] += 1
        if seen[name] == 1:
            yield name
            continue
        while (candidate := f"{name} #{seen[name]}") in taken:
            seen[name] += 1
        taken.add(candidate)
        yield candidate


#: Columns that stand in the row as they are.
_PLAIN = (
    "project", "file", "line", "suite", "title", "tags", "status", "expected_status", "shard",
    "skip_reason", "annotations", "source",
)  # fmt: skip


def _columns(batch: list[Row]) -> dict[str, Sequence[Any]]:
    """Derive the columns of a batch."""
    columns: dict[str, Sequence[Any]] = {n: list(map(attrgetter(n), batch)) for n in _PLAIN}
    attempts = [row.attempts for row in batch]
    deciding = [a[0] if len(a) == 1 else deciding_attempt(r) for a, r in zip(attempts, batch)]  # noqa: B905
    texts = [_NO_TEXTS if a is None or not a.errors else _texts(a) for a in deciding]
    output = [_output(tries, a) for tries, a in zip(attempts, deciding, strict=True)]
    derived: dict[str, Sequence[Any]] = {
        "case_id": list(map(case_id, batch)),
        "attempts": msgspec.to_builtins(attempts),
        "n_attempts": list(map(_n_tries, batch)),
        "started_at": list(map(_start, batch)),
        "duration_s": list(map(_duration, batch)),
        "worker": [None if attempt is None else attempt.worker for attempt in deciding],
        "attachments": [_attachments(tries) for tries in attempts],
    }
    named = ("phase", "message", "error_type", "location", "snippet")
    derived |= dict(zip(named, zip(*texts, strict=True), strict=True))
    derived |= dict(zip(("stdout", "stderr"), zip(*output, strict=True), strict=True))
    return columns | derived


_NO_TEXTS = (None, None, None, None, None)


def _texts(attempt: Attempt) -> tuple[str | None, ...]:
    """Read phase, message, error type, location and snippet off an attempt that has errors."""
    errors = attempt.errors
    first = errors[0]
    message = first.message if len(errors) == 1 else "\n\n".join(e.message for e in errors)
    phase = next((error.phase for error in errors if error.phase), None)
    snippet = next((error.snippet for error in errors if error.snippet), None)
    return phase, message or None, first.error_type, first.location, snippet


_SILENT = (None, None)


def _output(attempts: list[Attempt], last: Attempt | None) -> tuple[str | None, str | None]:
    """Take what the deciding attempt printed; what any other printed only if that one is silent."""
    if last is None:
        return _SILENT
    stdout, stderr = last.stdout, last.stderr
    if len(attempts) > 1:
        for attempt in attempts:
            stdout, stderr = stdout or attempt.stdout, stderr or attempt.stderr
    return stdout, stderr


def _n_tries(row: Row) -> int:
    if row.status == "passed" and len(row.attempts) == 1:
        return 1
    if row.status == "not_run":
        return 0
    return sum(a.status != "skipped" or bool(a.duration_s) for a in row.attempts)


def _start(row: Row) -> float | None:
    first = row.attempts[0].started_at if row.attempts else None
    return row.started_at if first is None else first


def _duration(row: Row) -> float | None:
    if row.duration_s is not None or row.status == "not_run":
        return row.duration_s if row.status != "not_run" else None
    if len(row.attempts) == 1:
        return row.attempts[0].duration_s
    known = [a.duration_s for a in row.attempts if a.duration_s is not None]
    return sum(known) if known else None


def _attachments(attempts: list[Attempt]) -> list[Any]:
    if len(attempts) == 1:
        items = attempts[0].attachments
    else:
        items = [item for attempt in attempts for item in attempt.attachments]
    return msgspec.to_builtins(items) if items else []


def _arrow(values: Sequence[Any], dtype: str) -> pa.Array[Any]:
    """Make an arrow array of one batch's values."""
    import pyarrow as pa

    kind = _arrow_type(dtype)
    try:
        return pa.array(values, type=kind)
    except UnicodeEncodeError:  # a lone surrogate that no reader took out, as in a file's name
        plain = [v.encode("utf-8", "replace").decode() if v is not None else None for v in values]
        return pa.array(plain, type=kind)
    except OverflowError:
        small = [v if v is None or abs(v) < _LARGEST_INT else None for v in values]
        return pa.array(small, type=kind)


def _arrow_type(dtype: str) -> pa.DataType:
    import pyarrow as pa

    if dtype == "str":
        return pa.large_string()
    return pa.int64() if dtype in ("Int64", "int64") else pa.float64()


def _nulls(n_rows: int, dtype: str) -> pa.Array[Any]:
    import pyarrow as pa

    return pa.nulls(n_rows, _arrow_type(dtype))


def _series(pieces: list[Any], dtype: str) -> pd.Series[Any]:
    """Join the batches of a column without copying text."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    chunked = pa.chunked_array(pieces)
    if dtype == "str":
        strings: Any = pd.StringDtype("pyarrow", na_value=np.nan)
        return pd.Series(strings.__from_arrow__(chunked))
    if dtype == "float64":
        return pd.Series(chunked.to_numpy())
    if dtype == "int64":
        return pd.Series(chunked.fill_null(0).to_numpy())
    if dtype == "Int64":
        values = chunked.fill_null(0).to_numpy()
        return pd.Series(pd.arrays.IntegerArray(values, chunked.is_null().to_numpy()))
    return _times(chunked.to_numpy())


def _times(epochs: Any) -> pd.Series[Any]:
    """Turn epoch seconds into UTC timestamps in microseconds; NaN becomes NaT."""
    import numpy as np
    import pandas as pd

    micros = np.full(len(epochs), np.iinfo("int64").min, dtype="int64")
    known = np.isfinite(epochs)
    micros[known] = np.round(epochs[known] * 1e6).astype("int64")
    return pd.Series(micros.view("M8[us]")).dt.tz_localize("UTC")


def _object_series(values: list[Any]) -> pd.Series[Any]:
    import numpy as np
    import pandas as pd

    # np.array would make a matrix of lists of one length
    return pd.Series(np.fromiter(values, dtype=object, count=len(values)), copy=False)
