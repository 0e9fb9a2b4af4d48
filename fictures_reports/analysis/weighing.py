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
    import pandas as pd

    index = after.counts.index.union(before.counts.index, sort=False)
    sides = {"before": before.counts.reindex(index), "after": after.counts.reindex(index)}
    table = pd.DataFrame(index=index)
    for name, counts in sides.items():
        table[f"{name}_outcome"] = counts["outcome"].fillna("absent").astype("str")
        table[f"n_{name}"] = counts["n"].fillna(0).astype("int64")
        table[f"failed_{name}"] = counts["failed"].fillna(0).astype("int64")
    columns = ("n_before", "failed_before", "n_after", "failed_after")
    worse, better = both_directions(list(zip(*(table[c].tolist() for c in columns), strict=True)))
    is_worse = pd.Series(worse.significant, index=index)
    is_better = pd.Series(better.significant, index=index)
    return _settled(
        table.assign(p_worse=worse.p_values, p_better=better.p_values), is_worse, is_better
    )


def _settled(
    table: pd.DataFrame, is_worse: pd.Series[bool], is_better: pd.Series[bool]
) -> pd.DataFrame:
    """Name what changed; of cases that both sides tried their results decide, not their outcomes.

    What did not change though it failed on both sides is still failing if it always failed on one
    of them or in half of all runs, else still passing: flaky then as before.
    """
    import pandas as pd

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
    outcomes = table["before_outcome"], table["after_outcome"]
    outcomes = outcomes[0], outcomes[1].where(~counts_as_failed, "failed")
    change = pd.Series(
        [CHANGE_OF[pair] for pair in zip(*outcomes, strict=True)], index=table.index, dtype="str"
    )
    for rows, name in (
        (both, "still_passing"),
        (both & failing, "still_failing"),
        (mended, "fixed"),
        (broke, "broken"),
    ):
        change = change.where(~rows, name)
    unsure = (broke & ~is_worse) | (mended & ~is_better)
    return table.assign(
        before_outcome=outcomes[0],
        after_outcome=outcomes[1],
        change=change,
        unsure=unsure,
        runs_needed=_runs_needed(table, unsure, mended),
    )


def _runs_needed(
    table: pd.DataFrame, unsure: pd.Series[bool], mended: pd.Series[bool]
) -> pd.Series[Any]:
    """Count the runs a side that would tell: what is fixed is what breaks the other way round."""
    import pandas as pd

    rows = table.assign(mended=mended)[unsure]
    needed = [
        runs_to_notice(before, after, mended=is_mended)
        for before, after, is_mended in zip(
            rows["n_before"].tolist(),
            rows["n_after"].tolist(),
            rows["mended"].tolist(),
            strict=True,
        )
    ]
    return pd.Series(needed, index=rows.index, dtype="Int64").reindex(table.index)
