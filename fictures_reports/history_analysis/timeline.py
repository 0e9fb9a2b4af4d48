"""One test over time: its results in a history, a row for each run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.name_patterns import matching
from fictures_reports.errors import HistoryError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "run_at", "label", "commit", "branch", "stream", "case_id", "project", "variant", "status",
    "category", "message", "duration_s", "n_attempts", "measured", "limit", "unit",
)  # fmt: skip
#: What `timeline` needs of a history.
NEEDED: Final = (*COLUMNS, "test_id", "title", "run_id")


def timeline(history: pd.DataFrame, test: str) -> pd.DataFrame:
    """Return the results of one test, oldest first: a row per run, project and variant.

    `history` is a frame as `History.load` gives it, `test` a case id, a test id, a title or a shell
    pattern. The columns are `COLUMNS`: durations in seconds, what is not known is missing. Raises
    `HistoryError` where no test is called so.
    """
    for column in ("case_id", "test_id", "title"):
        found = matching(test, history[column].dropna().unique())
        if found:
            rows = history[history[column].isin(list(found))]
            return rows[list(COLUMNS)].reset_index(drop=True)
    titles = sorted(history["title"].dropna().unique())
    hint = did_you_mean(test, titles)
    raise HistoryError(f"no test {test!r}" + (hint if "did you mean" in hint else ""))
