"""Cases that a run has several times under one id: compared as a bag, for none has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.aligned_copies import without_number

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison


def copies(c: Comparison) -> pd.DataFrame:
    """Return the ids that a side has several times and of whose copies others fail than before.

    One row per id: case, copies_before, failed_before, copies_after, failed_after, words. Copies
    that only one side has at all are no comparison and left out.
    """
    import pandas as pd

    sides = [_bags(getattr(c, side).results).add_suffix(f"_{side}") for side in ("before", "after")]
    table = sides[0].join(sides[1], how="inner")
    several = table[["copies_before", "copies_after"]].max(axis=1) > 1
    differ = (table["failed_before"] != table["failed_after"]) | (
        table["copies_before"] != table["copies_after"]
    )
    found = table[several & differ].rename_axis("case").reset_index()
    return found.assign(words=pd.Series(_words(found), index=found.index, dtype="str"))


def _bags(results: pd.DataFrame) -> pd.DataFrame:
    """Count by id, without the number of a copy, how many there are and how many failed."""
    import pandas as pd

    cases = results["case_id"].tolist()
    there = set(cases)
    names = [base if (base := without_number(case)) in there else case for case in cases]
    failed = results["status"].eq("failed").to_numpy()
    table = pd.DataFrame({"case": names, "failed": failed})
    counts = table.groupby("case", sort=False)["failed"]
    return pd.DataFrame({"copies": counts.size(), "failed": counts.sum()})


def _words(found: pd.DataFrame) -> list[str]:
    columns = ("failed_after", "copies_after", "failed_before", "copies_before")
    rows = zip(*(found[name].tolist() for name in columns), strict=True)
    return [
        f"{failed} of {n} copies fail, before {failed_before} of {n_before}; which cannot be told"
        for failed, n, failed_before, n_before in rows
    ]
