"""What may be missing: variants and files of the side before that are gone on purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.name_patterns import matching

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.run import Run


def cases_of(names: Sequence[str], before: Run, after: Run) -> list[str]:
    """Return the cases of the variants and files with these names of which nothing came after.

    A name is a variant, or a file by its path, the end of its path or a pattern for it.
    """
    if not names:
        return []
    rows = before.results[["case_id", "variant", "source"]]
    rows = rows[~rows["case_id"].isin(after.results["case_id"])]
    variants_after = set(after.results["variant"].dropna())
    variants = {v for v in rows["variant"].dropna() if v and v not in variants_after}
    sources = set(rows["source"].dropna())
    chosen = {v for name in names for v in matching(name, variants)}
    files = {s for name in names for s in sources if _is_file(name, s)}
    return rows.loc[rows["variant"].isin(chosen) | rows["source"].isin(files), "case_id"].tolist()


def unknown_names(names: Sequence[str], before: Run, after: Run) -> list[str]:
    """Return the names that are neither a variant nor a file of either side: slips of the pen."""
    variants, sources = (
        {v for run in (before, after) for v in run.results[column].dropna().unique() if v}
        for column in ("variant", "source")
    )
    return [
        name
        for name in names
        if not matching(name, variants) and not any(_is_file(name, source) for source in sources)
    ]


def _is_file(name: str, source: str) -> bool:
    """Tell whether a name is a file's path, its end, or one of the folders that it lies in."""
    parts = source.replace("\\", "/").split("/")
    asked = name.replace("\\", "/").strip("/").split("/")
    if any(parts[i : i + len(asked)] == asked for i in range(len(parts))):
        return True
    return any(matching(name, ["/".join(parts[i:])]) for i in range(len(parts)))


def waived(changes: pd.DataFrame, removed: Sequence[str]) -> pd.Series[bool]:
    """Say of each row of `changes` whether it is gone and a name in `removed` means it."""
    import pandas as pd

    if not removed:
        return pd.Series(data=False, index=changes.index, dtype="bool")
    gone = changes.loc[changes["after_outcome"] == "absent", "case_id"]
    named = {case for pattern in removed for case in matching(pattern, gone)}
    return changes["case_id"].isin(named)
