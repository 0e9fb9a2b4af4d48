"""Whether a case changed from one side to the other, or only seems to have: by its runs' results.

With one run a side, what failed only after is broken and what failed only before is fixed. With
several, a case is broken if it fails significantly more often, or never failed before and failed in
every run after, which may still be chance and is then marked as unsure; it is fixed likewise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.changes import CHANGE_OF
from fictures_reports.analysis.two_directions import both_directions, runs_to_notice

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.sides import Side


def weigh(before: Side, after: Side) -> pd.DataFrame:
    """Return for each case of either side what became of it.

    One row per case by case_id, those of `after` first: before_outcome, after_outcome ("absent"
    where a side lacks the case), change, n_before, failed_before, n_after, failed_after (runs that
    tried it and runs in which it failed), p_worse and p_better (exact one-sided tests, 1 where a
    side did not try it), unsure (it changed, and chance is not ruled out), and runs_needed (how
    many runs a side would rule it out, if they go on like this; missing where it is not unsure).
    """
    import numpy as np
    import pandas as pd

    index = after.counts.index.union(before.counts.index, sort=False)
    table: dict[str, Any] = {}
    for name, side in (("before", before), ("after", after)):
        # the place of a case that the side lacks is -1: the value appended here
        places = side.counts.index.get_indexer(index)
        outcome = side.counts["outcome"].fillna("absent").to_numpy(dtype="object")
        table[f"{name}_outcome"] = np.append(outcome, "absent")[places]
        for column, count in ((f"n_{name}", "n"), (f"failed_{name}", "failed")):
            table[column] = np.append(side.counts[count].to_numpy(dtype="int64"), 0)[places]
    columns = ("n_before", "failed_before", "n_after", "failed_after")
    worse, better = both_directions(list(zip(*(table[c].tolist() for c in columns), strict=True)))
    table |= {
        "p_worse": np.array(worse.p_values, dtype="float64"),
        "p_better": np.array(better.p_values, dtype="float64"),
    }
    is_worse = np.array(worse.significant, dtype="bool")
    is_better = np.array(better.significant, dtype="bool")
    table = _settled(table, is_worse, is_better)
    words = ("before_outcome", "after_outcome", "change")
    table |= {name: pd.array(table[name], dtype="str") for name in words}
    return pd.DataFrame(table, index=index)


def _settled(table: dict[str, Any], is_worse: Any, is_better: Any) -> dict[str, Any]:
    """Name what changed; of cases that both sides tried their results decide, not their outcomes.

    What did not change though it failed on both sides is still failing if it always failed on one
    of them or in half of all runs, else still passing: flaky then as before. The columns are arrays
    and not pandas': this runs for each comparison, and most runs are small.
    """
    import numpy as np

    n_before, failed_before = table["n_before"], table["failed_before"]
    n_after, failed_after = table["n_after"], table["failed_after"]
    both = (n_before > 0) & (n_after > 0)
    broke = both & (is_worse | ((failed_before == 0) & (failed_after == n_after)))
    mended = both & ~broke & (is_better | ((failed_before == n_before) & (failed_after == 0)))
    mostly = 2 * (failed_before + failed_after) >= n_before + n_after
    always = (failed_before == n_before) | (failed_after == n_after)
    failing = (failed_before > 0) & (failed_after > 0) & (always | mostly)
    # What broke counts as failed though it may have passed once; what fails half of the time, too.
    counts_as_failed = broke | (both & failing & ~mended & (2 * failed_after >= n_after))
    outcome_after = np.where(counts_as_failed, "failed", table["after_outcome"])
    outcomes = zip(table["before_outcome"].tolist(), outcome_after.tolist(), strict=True)
    change = np.array([CHANGE_OF[pair] for pair in outcomes], dtype="object")
    change[both] = "still_passing"
    change[both & failing] = "still_failing"
    change[mended] = "fixed"
    change[broke] = "broken"
    unsure = (broke & ~is_worse) | (mended & ~is_better)
    return table | {
        "after_outcome": outcome_after,
        "change": change,
        "unsure": unsure,
        "runs_needed": _runs_needed(table, unsure, mended),
    }


def _runs_needed(table: dict[str, Any], unsure: Any, mended: Any) -> Any:
    """Count the runs a side that would tell: what is fixed is what breaks the other way round."""
    import pandas as pd

    columns = (unsure, table["n_before"], table["n_after"], mended)
    needed = [
        runs_to_notice(before, after, mended=is_mended) if is_unsure else None
        for is_unsure, before, after, is_mended in zip(*(c.tolist() for c in columns), strict=True)
    ]
    return pd.array(needed, dtype="Int64")
