"""The tidy rows of runs as text or Parquet, and the cases of a report as Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.report.csv_cells import csv_cell
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.terminal_text import one_line, printable_json
from fictures_reports.safe_write import replacing
from fictures_reports.schema import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from fictures_reports.run import Run

_TABLE: Final = ["status", "category", "duration_s", "file", "title"]
_NESTED: Final = [column.name for column in COLUMNS if column.dtype == "object"]


def as_text(runs: Sequence[Run], kind: str) -> str:
    """Write all rows as "table" (a few columns), "csv" or "json" (every column).

    Lists and objects stand in CSV as JSON, and a text that a spreadsheet program would compute
    has an apostrophe before it.
    """
    import msgspec

    frame = _joined(runs)
    if kind == "json":
        rows = msgspec.json.format(msgspec.json.encode(plain_rows(frame))).decode()
        return printable_json(rows) + "\n"
    if kind == "csv":
        nested = {name: [msgspec.json.encode(v).decode() for v in frame[name]] for name in _NESTED}
        return frame.assign(**nested).map(csv_cell).to_csv(index=False)
    shown = frame[_TABLE] if len(runs) == 1 else frame[["run_id", *_TABLE]]
    shown = shown.map(lambda value: one_line(value) if isinstance(value, str) else value)
    text: str = shown.to_string(index=False, na_rep="–", max_colwidth=90, justify="left")
    return text + "\n"


def write_parquet(runs: Sequence[Run], path: Path) -> None:
    """Write all rows as one Parquet file with the schema's columns."""
    import msgspec

    frame = _joined(runs)
    # Open-ended objects have no one Arrow type; as JSON they survive any engine.
    nested = {name: [msgspec.json.encode(v).decode() for v in frame[name]] for name in _NESTED}
    with replacing(path) as part:
        frame.assign(**nested).to_parquet(part, index=False)


def write_cases(subject: Comparison | Run, path: Path) -> None:
    """Write all cases as one Parquet file, a row for each.

    Of a comparison the columns of `Comparison.changes`, of a run those of the schema. Raises
    `RenderError` if the file cannot be written.
    """
    if not isinstance(subject, Comparison):
        write_parquet([subject], path)
        return
    with replacing(path) as part:
        subject.changes.to_parquet(part, index=False)


def _joined(runs: Sequence[Run]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([run.results for run in runs], ignore_index=True)
