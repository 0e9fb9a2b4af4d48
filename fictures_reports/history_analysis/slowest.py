"""The slowest tests of a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def slowest(history: pd.DataFrame, durations: pd.DataFrame, n: int = 15) -> pd.DataFrame:
    """Return the `n` tests with the longest medians (seconds), longest first, with their names.

    `durations` is what `aggregates.durations` gives of the history; `test` is added: the title,
    and the project where there is one.
    """
    titles = history.drop_duplicates("case_id").set_index("case_id")
    names = titles["title"] + titles["project"].map(lambda p: f" [{p}]" if p else "")
    top = durations.nlargest(n, "median_s").reset_index(drop=True)
    return top.assign(test=top["case_id"].map(names))
