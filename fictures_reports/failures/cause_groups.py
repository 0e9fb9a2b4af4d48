"""Groups of causes that people named: which results belong to which, by patterns of theirs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.failures.cause_names import GROUP, group_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

#: What a pattern may fit: a name as a whole, a text also in a part of it.
_NAMES: Final = ("case_id", "file", "category")
_TEXTS: Final = ("message", "skip_reason", "signature")


def groups_of(
    results: pd.DataFrame, ids: pd.Series[Any], groups: Mapping[str, Sequence[str]]
) -> pd.Series[Any]:
    """Return the name of the first group that each result with a cause falls into, else missing.

    `groups` maps a name to shell patterns; one of them must fit the case id, the file, the category
    or the cause's id, or a part of what the failure or the reason of the skip says.
    """
    import pandas as pd

    found: pd.Series[Any] = pd.Series(None, index=results.index, dtype="object")
    for name, patterns in groups.items():
        free = found.isna() & ids.notna()
        rows = results[free]
        fits = _fitting(rows, ids[free], patterns)
        found[rows.index[fits]] = name
    return found


def grouped(
    results: pd.DataFrame, ids: pd.Series[Any], groups: Mapping[str, Sequence[str]]
) -> pd.Series[Any]:
    """Return the causes' ids, with those of a named group in their place where there is one."""
    if not groups:
        return ids
    names = groups_of(results, ids, groups)
    return ids.where(names.isna(), names.map(group_id, na_action="ignore"))


def names_of_groups(groups: Iterable[str]) -> dict[str, str]:
    """Map the ids of named groups to their names."""
    return {group_id(name): name for name in groups}


def with_group_signatures(
    results: pd.DataFrame, groups: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Return rows in which the name of a group stands for the signature of what belongs to it.

    Whatever forms causes from these rows, over many runs too, has each group as one cause.
    """
    from fictures_reports.failures.clusters import cluster_ids, skip_ids

    if not groups:
        return results
    ids = cluster_ids(results).fillna(skip_ids(results))
    names = groups_of(results, ids, groups)
    signatures = results["signature"].where(names.isna(), GROUP + names.fillna("").astype("str"))
    return results.assign(signature=signatures.astype(results["signature"].dtype))


def _fitting(rows: pd.DataFrame, ids: pd.Series[Any], patterns: Sequence[str]) -> list[bool]:
    names = [rows[column].fillna("") for column in _NAMES if column in rows]
    texts = [rows[column].fillna("") for column in _TEXTS if column in rows]
    as_whole = zip(ids, *names, strict=True)
    in_part = zip(*texts, strict=True) if texts else (() for _ in ids)
    return [
        any(_fits(pattern, whole, parts) for pattern in patterns)
        for whole, parts in zip(as_whole, in_part, strict=True)
    ]


def _fits(pattern: str, whole: Sequence[str], parts: Sequence[str]) -> bool:
    literal = pattern.replace("[", "[[]")
    return any(fnmatchcase(name, literal) for name in whole) or any(
        fnmatchcase(text, f"*{literal}*") for text in parts
    )
