"""A suite that moved as a whole: one folder or path prefix became another, and ids with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

#: So many of the cases that are missing must be there under the new path, and at least so many.
LEAST_SHARE: Final = Fraction(9, 10)
LEAST_CASES: Final = 3


@dataclass(frozen=True)
class Move:
    """One path prefix that became another; `ids` maps old case ids to new ones, one to one."""

    old: str
    new: str
    ids: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Say what moved, e.g. `tests/ became suites/shop/: 40 tests`."""
        old, new = self.old or "the top folder", self.new or "the top folder"
        return f"{old} became {new}: {len(self.ids):,} tests"


def moved(before: pd.DataFrame, after: pd.DataFrame) -> Move | None:
    """Find the one prefix by whose change most missing cases are found again; None if none does.

    `before` and `after` are results of two sides; `case_id` and `file` are used. At least
    `LEAST_SHARE` of the cases that `after` lacks must be there under the new path.
    """
    gone = _only_in(before, after)
    new = _only_in(after, before)
    if len(gone) < LEAST_CASES:
        return None
    votes = _votes(gone, new)
    for (old, fresh), _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        ids = {
            case: found
            for case, file in gone.items()
            if file.startswith(old) and (found := fresh + case[len(old) :]) in new
        }
        if len(ids) >= LEAST_SHARE * len(gone) and len(set(ids.values())) == len(ids):
            return Move(old, fresh, ids)
        break
    return None


def _only_in(side: pd.DataFrame, other: pd.DataFrame) -> dict[str, str]:
    """Map the cases that only one side has, and that lie in a file, to their files."""
    there = set(other["case_id"])
    cases = zip(side["case_id"], side["file"], strict=True)
    return {case: file for case, file in cases if file != "" and case not in there}


def _votes(gone: Mapping[str, str], new: Mapping[str, str]) -> Counter[tuple[str, str]]:
    """Count for each change of a prefix how many cases have the same rest of their path and id."""
    by_rest: defaultdict[str, list[str]] = defaultdict(list)
    for case, file in new.items():
        by_rest[_name(file) + case[len(file) :]].append(file)
    votes: Counter[tuple[str, str]] = Counter()
    for case, file in gone.items():
        for other in by_rest.get(_name(file) + case[len(file) :], ()):
            votes[_prefixes(file, other)] += 1
    return votes


def _name(file: str) -> str:
    return file.rpartition("/")[2]


def _prefixes(old: str, new: str) -> tuple[str, str]:
    """Cut two paths at the longest end that they share, folder by folder.

    >>> _prefixes("tests/cart/a.py", "suites/shop/cart/a.py")
    ('tests/', 'suites/shop/')
    """
    first, second = old.split("/"), new.split("/")
    n = 0
    while n < min(len(first), len(second)) and first[-1 - n] == second[-1 - n]:
        n += 1
    kept = first[: len(first) - n], second[: len(second) - n]
    old_prefix, new_prefix = ("".join(f"{part}/" for part in path) for path in kept)
    return old_prefix, new_prefix
