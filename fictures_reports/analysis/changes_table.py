"""The table of a comparison: one row per case of either side, with what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.standing import standings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.analysis.standing import Base
    from fictures_reports.run import Run

#: Columns of a result that `changes` holds for both sides, as before_… and after_….
SIDE_COLUMNS: Final = ("status", "category", "rule", "evidence", "message", "duration_s")
_WEIGHED: Final = (
    "unsure", "runs_needed", "n_before", "failed_before", "n_after", "failed_after", "p_worse",
    "p_better",
)  # fmt: skip
_IDENTITY: Final = ["project", "variant", "test_id", "file", "suite", "title", "line"]


def changes_table(weighed: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Put what became of each case beside its rows of both sides, in the order of their files."""
    import numpy as np
    import pandas as pd
    from pandas.api.extensions import take

    sides = {"before": before, "after": after}
    places = {n: pd.Index(rows["case_id"]).get_indexer(weighed.index) for n, rows in sides.items()}
    named = pd.concat([after[_IDENTITY], before[_IDENTITY]], ignore_index=True).take(
        np.where(places["after"] >= 0, places["after"], len(after) + places["before"])
    )
    columns: dict[str, Any] = {"case_id": weighed.index}
    columns |= {name: named[name].array for name in _IDENTITY}
    outcomes = [weighed[f"{side}_outcome"].to_numpy(dtype="object") for side in sides]
    columns["change"] = weighed["change"].array
    columns["flaky"] = (outcomes[0] == "flaky") | (outcomes[1] == "flaky")
    columns |= {name: weighed[name].array for name in _WEIGHED}
    for side, rows in sides.items():
        columns[f"{side}_outcome"] = weighed[f"{side}_outcome"].array
        for name in SIDE_COLUMNS:
            # a case that the side lacks has the place -1, which gives a missing value
            columns[f"{side}_{name}"] = take(rows[name].array, places[side], allow_fill=True)
    changes = pd.DataFrame(columns)
    # runs that were put together without a reader have neither
    changes["variant"] = changes["variant"].fillna("")
    changes["test_id"] = changes["test_id"].fillna(changes["case_id"])
    return changes.sort_values(["file", "project", "line"], kind="stable", ignore_index=True)


def with_standings(
    changes: pd.DataFrame,
    before: Run,
    after: Run,
    base: Base | None,
    issues: Sequence[KnownIssue],
) -> pd.DataFrame:
    """Add whose failure each is that fails after, and what is flaky only after."""
    import pandas as pd

    judged = standings(changes, before, after, base=base, issues=issues)
    cases = changes["case_id"].tolist() if judged else []
    found = [judged.get(case, (None, None)) for case in cases]
    columns = zip(*found, strict=True) if found else [[None] * len(changes)] * 2
    standing, words = (pd.array(list(column), dtype="str") for column in columns)
    outcomes = [changes[f"{side}_outcome"].to_numpy(dtype="object") for side in ("before", "after")]
    newly_flaky = (outcomes[1] == "flaky") & (outcomes[0] != "flaky") & (outcomes[0] != "failed")
    return changes.assign(newly_flaky=newly_flaky, standing=standing, standing_words=words)
