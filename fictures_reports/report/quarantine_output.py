"""Known issues as settings, as JSON and as a table for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.terminal_text import printable_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_NONE: Final = "# No test is proposed.\n"


def as_toml(proposals: pd.DataFrame) -> str:
    """Write proposals as known issues for fictures-reports.toml; `proposals` as in `quarantine`.

    A failure by another cause than the one that a test always had stays unknown.
    """
    return "\n".join(_issue(row) for row in rows_of(proposals)) or _NONE


def _issue(row: Any) -> str:
    values = {
        "case": row.case_id, "cause": known(row.cause), "owner": row.owner, "reason": row.reason,
        "expires": row.expires.isoformat(),
    }  # fmt: skip
    lines = [f"{name} = {_quoted(value)}" for name, value in values.items() if value is not None]
    return "\n".join(["[[known_issues]]", *lines, ""])


def _quoted(text: str) -> str:
    """Write a TOML basic string: its escapes are JSON's, and DEL needs one, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def as_json(frame: pd.DataFrame, name: str) -> str:
    """Write the rows of a frame as a JSON object with one key; missing values are null."""
    text = json.dumps({name: plain_rows(frame)}, ensure_ascii=False, indent=2)
    return printable_json(text) + "\n"


def proposals_table(proposals: pd.DataFrame) -> str:
    """Lay proposals out for a terminal."""
    rows = [(r.case_id, r.owner, r.expires.isoformat(), r.reason) for r in rows_of(proposals)]
    return _table(("case", "owner", "expires", "reason"), rows)


def life_table(issues: pd.DataFrame) -> str:
    """Lay out what became of known issues, as `quarantine_life.life` gives it."""
    rows = [
        (r.state, next(filter(None, map(known, (r.case, r.test, r.signature, r.cause)))), r.owner,
         r.expires, f"{r.n_failed} of {r.n_runs}", known(r.last_failed) or "–")
        for r in rows_of(issues)
    ]  # fmt: skip
    return _table(("state", "what", "owner", "expires", "failed in", "last in"), rows)


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    cells = [[str(cell).replace("\n", " ") for cell in row] for row in (heads, *rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "".join(f"{line}\n" for line in lines)
