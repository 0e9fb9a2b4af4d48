"""Copies of one id, of which one side has more: those that ended alike are paired.

Copies are numbered worst first, so that equal bags get equal ids. Where a copy came or went, the
numbers would hold a failure against a pass that is another copy's.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Copies = dict[str, list[tuple[str, str]]]


def aligned_copies(before: pd.DataFrame, after: pd.DataFrame) -> dict[str, str]:
    """Map ids of `before` to those by which copies are compared with the copies of `after`.

    Only ids of which the sides have unequal numbers of copies, and only those that change.
    """
    before_copies, after_copies = _copies(before), _copies(after)
    ids: dict[str, str] = {}
    for name in before_copies.keys() | after_copies.keys():
        olds, news = before_copies.get(name, []), after_copies.get(name, [])
        if olds and news and len(olds) != len(news):
            ids |= _paired(name, olds, news)
    return {old: new for old, new in ids.items() if old != new}


def without_number(case: str) -> str:
    """Return the id that a copy has without its number.

    >>> without_number("a.ts › opens #2")
    'a.ts › opens'
    """
    base, mark, number = case.rpartition(" #")
    return base if mark and number.isdecimal() else case


def _copies(results: pd.DataFrame) -> Copies:
    """Group cases with their statuses by the id that they are copies of."""
    cases = results["case_id"].tolist()
    there = set(cases)
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for case, status in zip(cases, results["status"].tolist(), strict=True):
        base = without_number(case)
        found[base if base in there else case].append((case, status))
    return found


def _paired(name: str, olds: list[tuple[str, str]], news: list[tuple[str, str]]) -> dict[str, str]:
    """Pair copies that ended alike, then the others in their order; the rest get new numbers."""
    left: list[str] = []
    free = sorted(news)
    ids: dict[str, str] = {}
    for case, status in sorted(olds):
        same = next((copy for copy in free if copy[1] == status), None)
        if same is None:
            left.append(case)
            continue
        free.remove(same)
        ids[case] = same[0]
    ids |= dict(zip(left, (case for case, _ in free), strict=False))
    unpaired = [case for case in left if case not in ids]
    taken = {case for case, _ in news}
    numbers = (new for n in range(2, 2 + len(olds) + len(news))
               if (new := f"{name} #{n}") not in taken)  # fmt: skip
    return ids | dict(zip(unpaired, numbers, strict=False))
