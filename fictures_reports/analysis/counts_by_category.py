"""How often each category occurs in runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run


#: In the attributes of the counts: the colours of categories that rules added, by id.
COLOURS: Final = "fictures_reports.colours"


def category_counts(runs: Mapping[str, Run]) -> pd.DataFrame:
    """Count results by category: index categories, most frequent first; a column for each run.

    `runs` maps a name such as "before" to a run; a category that a run lacks is 0 there.
    The colours of categories that rules added are in `attrs`.
    """
    import pandas as pd

    counts = pd.DataFrame({name: run.categories for name, run in runs.items()})
    counts = counts.fillna(0).astype("int64")
    order = counts.sum(axis=1).sort_values(ascending=False, kind="stable").index
    counts = counts.loc[order].rename_axis("category")
    counts.attrs[COLOURS] = {
        category.id: category.colour
        for run in runs.values()
        for category in run.info.own_categories
    }
    return counts
