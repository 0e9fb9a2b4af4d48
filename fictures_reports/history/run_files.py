"""A run as one Parquet file: its results as rows, its facts, errors and ledger in the footer.

A file that `compact` wrote holds several runs. Every engine reads the rows, which are those of the
table `results`. Files are never changed: a run that is amended, classified again or removed gets a
new file beside the old one, and of two copies of a run the one with the greater append id counts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from fictures_reports.history.result_rows import results_table
from fictures_reports.history.run_file_columns import smaller
from fictures_reports.history.run_file_footer import RUNS_KEY, VERSION_KEY
from fictures_reports.history.stored_facts import run_row
from fictures_reports.history.tables import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.run import Run

ENDING: Final = ".parquet"
#: Set in the facts of a run that was removed; such a file has no rows of it.
REMOVED: Final = "removed"
#: zstd at 19 takes some 20 ms more per run than at 9, and a tenth less room.
_LEVEL: Final = 19
#: Repeating texts are stored once each; of these hardly any value comes twice.
_ENCODINGS: Final = {
    "started_at": "DELTA_BINARY_PACKED", "duration_s": "BYTE_STREAM_SPLIT",
    "duration_ms": "DELTA_BINARY_PACKED",
    "row": "DELTA_BINARY_PACKED", "line": "DELTA_BINARY_PACKED",
    "case_id": "DELTA_BYTE_ARRAY", "test_id": "DELTA_BYTE_ARRAY", "title": "DELTA_BYTE_ARRAY",
}  # fmt: skip
#: Rows that are skipped or read together.
_GROUP: Final = 50_000


def save(run: Run, path: str | Path) -> None:
    """Write a run to a file, or under a name of its own into a folder.

    Durations finer than whole milliseconds are rounded to multiples of 2**-20 s, about 1 µs.
    """
    row = run_row(run, run.info, first_id(run.run_id, run.info.build, run.info.commit), _now())
    target = Path(path)
    if target.is_dir() or str(path).endswith(("/", "\\")):
        target /= name_of(row)
    from fictures_reports.safe_write import replacing

    with replacing(target) as part:
        write(part, results_table(run, row), [row])


def _now() -> datetime:
    return datetime.now(UTC)


def first_id(run_id: str, build: str | None, commit: str | None) -> str:
    """Return the append id of a run that comes for the first time: equal wherever it does."""
    return f"0-{run_id}{_key(build, commit)}"


def _key(build: str | None, commit: str | None) -> str:
    if build is None and commit is None:
        return ""
    return "-" + sha256(f"{build or ''}\n{commit or ''}".encode()).hexdigest()[:8]


def name_of(row: dict[str, Any]) -> str:
    """Name the file of a run: start, where it has one; id; a hash of build and commit; revision.

    >>> name_of({"run_id": "5f0c", "started_at": 0.0, "ingest_id": "0-5f0c"})
    '19700101T000000Z-5f0c.parquet'
    """
    began = row.get("started_at")
    start = "" if began is None else f"{datetime.fromtimestamp(began, UTC):%Y%m%dT%H%M%SZ}-"
    revision = "" if row["ingest_id"].startswith("0-") else f"-r{row['ingest_id']}"
    key = _key(row.get("build"), row.get("first_commit"))
    return f"{start}{_plain(row['run_id'])}{key}{revision}{ENDING}"


def _plain(run_id: str) -> str:
    """Return an id as part of a file's name; those of other tools may hold anything."""
    is_plain = run_id.replace("-", "").replace("_", "").isalnum() and run_id.isascii()
    return run_id if is_plain and len(run_id) < 65 else sha256(run_id.encode()).hexdigest()[:12]


def write(path: Path, rows: pa.Table, runs: Sequence[dict[str, Any]]) -> None:
    """Write results and the facts of their runs as one file."""
    import pyarrow.parquet as pq  # type: ignore[import-untyped]

    rows = smaller(rows)
    names = rows.column_names
    facts = {VERSION_KEY: str(SCHEMA_VERSION), RUNS_KEY: msgspec.json.encode(runs).decode()}
    with pq.ParquetWriter(
        path, rows.schema, compression="zstd", compression_level=_LEVEL, store_schema=False,
        use_dictionary=[name for name in names if name not in _ENCODINGS],
        column_encoding={name: kind for name, kind in _ENCODINGS.items() if name in names},
        write_statistics=["ingest_id", "case_id", "run_at"],
    ) as file:  # fmt: skip
        file.write_table(rows, _GROUP)
        file.add_key_value_metadata(facts)
