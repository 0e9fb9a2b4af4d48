"""A suite that moved as a whole: a folder, package, describe or project, and all ids with it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

#: So many of the cases that are missing must be there under the new name, and at least so many.
LEAST_SHARE: Final = Fraction(9, 10)
LEAST_CASES: Final = 3
Kind = Literal["folder", "package", "describe", "project"]
#: Projects with different ones of these are different places, not one that was renamed.
_PLACES: Final = (
    "chrom", "firefox", "webkit", "safari", "edge", "iphone", "ipad", "pixel", "galaxy", "android",
    "ios", "windows", "linux", "macos", "ubuntu", "stage", "prod", "api", "mobile", "desktop",
)  # fmt: skip
_BETWEEN: Final = " › "


@dataclass(frozen=True)
class Move:
    """One name that became another; `ids` maps old case ids to new ones, one to one."""

    old: str
    new: str
    ids: Mapping[str, str]
    kind: Kind = "folder"

    @property
    def sentence(self) -> str:
        """Say what moved, e.g. `tests/ became suites/shop/: 40 tests`."""
        if self.kind == "folder":
            old, new = self.old or "the top folder", self.new or "the top folder"
        else:
            old = f"{self.kind} “{self.old}”" if self.old else f"no {self.kind}"
            new = f"“{self.new}”" if self.new else f"no {self.kind}"
        return f"{old} became {new}: {len(self.ids):,} tests"


class _Case(NamedTuple):
    case_id: str
    project: str
    variant: str
    file: str
    suite: str
    title: str


def moved(before: pd.DataFrame, after: pd.DataFrame) -> Move | None:
    """Find the one change of a name by which most missing cases are found; None if none does.

    `before` and `after` are results of two sides. A path prefix, a package (or namespace), a
    describe (or class) and a project are tried in this order. At least `LEAST_SHARE` of the cases
    that `after` lacks must be there under the new name, which no two of them share; a project must
    not be another place.
    """
    gone = _only_in(before, after)
    if len(gone) < LEAST_CASES or not (new := _only_in(after, before)):
        return None
    kinds: Sequence[tuple[Kind, Callable[[_Case], object], Callable[[_Case, _Case], _Names]]] = (
        ("folder", _rest_of_path, _prefixes_of),
        ("package", _rest_of_class, _packages_of),
        ("describe", _rest_of_suite, _segments_of),
        ("project", _rest_of_project, _projects_of),
    )
    for kind, unchanged_part, names in kinds:
        move = _found(kind, gone, new, unchanged_part, names)
        if move is not None and not (kind == "project" and _are_places(move.old, move.new)):
            return move
    return None


_Names = tuple[str, str]


def _found(
    kind: Kind,
    gone: Sequence[_Case],
    new: Sequence[_Case],
    unchanged_part: Callable[[_Case], object],
    names: Callable[[_Case, _Case], _Names],
) -> Move | None:
    """Find the change of one kind of name that most pairs with an equal rest have in common."""
    by_rest: defaultdict[object, list[_Case]] = defaultdict(list)
    for case in new:
        by_rest[unchanged_part(case)].append(case)
    pairs = [(old, case) for old in gone for case in by_rest.get(unchanged_part(old), ())]
    votes = Counter(names(*pair) for pair in pairs)
    best = min(votes, key=lambda change: (-votes[change], change), default=None)
    if best is None or best[0] == best[1]:
        return None
    ids = {old.case_id: case.case_id for old, case in pairs if names(old, case) == best}
    enough = len(ids) >= LEAST_SHARE * len(gone) and len(ids) >= LEAST_CASES
    if not enough or not len(ids) == len(set(ids.values())) == votes[best]:
        return None
    return Move(*best, ids, kind)


def _only_in(side: pd.DataFrame, other_side: pd.DataFrame) -> list[_Case]:
    """List the cases that only one side has; those without a file cannot move."""
    is_only_here = ~side["case_id"].isin(other_side["case_id"].tolist())
    if not is_only_here.any():
        return []
    rows = side[list(_Case._fields)][is_only_here]
    return [_Case(*row) for row in rows_of(rows.fillna(""))]


def _rest_of_path(case: _Case) -> object:
    if not case.file:
        return case  # equal to no other
    return case.file.rpartition("/")[2], case.case_id[len(case.file) :]


def _prefixes_of(old: _Case, new: _Case) -> _Names:
    return _prefixes(old.file, new.file)


def _prefixes(old: str, new: str) -> _Names:
    """Cut two paths at the longest end that they share, folder by folder.

    >>> _prefixes("tests/cart/a.py", "suites/shop/cart/a.py")
    ('tests/', 'suites/shop/')
    """
    first, second = old.split("/"), new.split("/")
    n = 0
    while n < min(len(first), len(second)) and first[-1 - n] == second[-1 - n]:
        n += 1
    differing = first[: len(first) - n], second[: len(second) - n]
    old_prefix, new_prefix = ("".join(f"{part}/" for part in path) for path in differing)
    return old_prefix, new_prefix


def _packaged(suite: str) -> tuple[list[str], str]:
    """Split the class that a title path begins with at its dots or backslashes; and the rest.

    >>> _packaged("com.shop.CartTest › adds")
    (['com', 'shop', 'CartTest'], 'adds')
    """
    name, _, titles = suite.partition(_BETWEEN)
    if " " in name:  # a describe in words
        return [name], titles
    mark = next((mark for mark in ("\\", "::", ".") if mark in name), ".")
    return name.split(mark), titles


def _rest_of_class(case: _Case) -> object:
    if not case.suite:
        return case  # equal to no other
    names, titles = _packaged(case.suite)
    file = case.file.rpartition("/")[2]
    return file, names[-1], titles, case.title, case.project, case.variant


def _packages_of(old: _Case, new: _Case) -> _Names:
    """Cut two classes at the longest end that they share, package by package."""
    first, second = (_packaged(case.suite)[0] for case in (old, new))
    old_prefix, new_prefix = _prefixes("/".join(first), "/".join(second))
    mark = "\\" if "\\" in old.suite + new.suite else "."
    return old_prefix.rstrip("/").replace("/", mark), new_prefix.rstrip("/").replace("/", mark)


def _rest_of_suite(case: _Case) -> object:
    return case.file, case.title, case.project, case.variant


def _segments_of(old: _Case, new: _Case) -> _Names:
    """Leave out the titles that two title paths begin and end with."""
    first, second = ([part for part in case.suite.split(_BETWEEN) if part] for case in (old, new))
    while first and second and first[0] == second[0]:
        first, second = first[1:], second[1:]
    while first and second and first[-1] == second[-1]:
        first, second = first[:-1], second[:-1]
    return _BETWEEN.join(first), _BETWEEN.join(second)


def _rest_of_project(case: _Case) -> object:
    return case.file, case.suite, case.title, case.variant


def _projects_of(old: _Case, new: _Case) -> _Names:
    return old.project, new.project


def _are_places(name_a: str, name_b: str) -> bool:
    """Tell browsers, systems and environments apart, which are no two names of one."""
    places_a, places_b = ({p for p in _PLACES if p in name.lower()} for name in (name_a, name_b))
    return not (places_a <= places_b or places_b <= places_a)
