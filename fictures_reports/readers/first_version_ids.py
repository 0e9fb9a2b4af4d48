"""Ids as the first version wrote them, and what the same tests are called now.

    list › opens › list opens                → cypress/list.cy.js › list › opens
    a.py › test_x[<Price object at 0x7f…>]   → a.py › test_x[<Price object at …>]
    test_cart/describe_cart.py › is_empty    → test_cart.py › describe_cart › is_empty
    src/a.test.ts › src/a.test.ts            → src/a.test.ts › collection
    a.spec.ts › order › is sent              → a.spec.ts › order › order is sent
    pond › fills › pond fills #2             → pond.cy.js › pond › fills #2

Histories, known issues and renames of the first version hold such ids. Copies of one id were
numbered by their place in the file and are by how they ended now: which is which cannot be told,
as for all copies. A Playwright JUnit whose root had lost its attributes gave ids without a project;
these are left alone, for a test without one may be another.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from fictures_reports.readers.identity import stable, stable_suite
from fictures_reports.readers.rows import PATH_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_COLLECTION: Final = "collection"
#: A file and a describe stand before a title that was cut.
_FEWEST_CUT: Final = 2
_NO_SUITE: Final = "Test suite failed to run"


def new_ids(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Map old case ids to the new ones that mean the same, one to one; those that are equal stay.

    An id that could be two others, or that two others could be, is left out.

    >>> new_ids(["list › opens › list opens"], ["list.cy.js › list › opens", "list.cy.js › a"])
    {'list › opens › list opens': 'list.cy.js › list › opens'}
    """
    there = set(new)
    gone = sorted(set(old) - there)
    if not gone or not there:
        return {}
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for case in there - set(old):
        base, number = _parted(case)
        for key in set(_called_before(base)):
            keys[key + number].add(case)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for case in gone:
        base, number = _parted(case)
        matches = set().union(*(keys.get(way(base) + number, ()) for way in _WAYS))
        if len(matches) == 1:
            found[matches.pop()].append(case)
    return {olds[0]: new for new, olds in sorted(found.items()) if len(olds) == 1}


def _parted(case: str) -> tuple[str, str]:
    """Part the number of a copy from its id: " #2"."""
    base, mark, number = case.rpartition(" #")
    return (base, mark + number) if mark and number.isdecimal() else (case, "")


def _called_before(case: str) -> Iterator[str]:
    """Give what the first version may have called a case of today, in the keys' forms."""
    parts = case.split(PATH_SEPARATOR)
    if len(parts) > _FEWEST_CUT and parts[-1].startswith(f"{parts[-2]} "):
        # a title in CTRF that began with its describe's name lost that
        yield PATH_SEPARATOR.join([*parts[:-1], parts[-1][len(parts[-2]) + 1 :]])
    yield case
    yield _as_path(case)
    if len(parts) > 1:
        yield PATH_SEPARATOR.join(parts[1:])  # without the file, which stands beside it
        yield f"full title:{' '.join(parts[1:])}"
    if parts[-1] == _COLLECTION:
        yield f"unloaded:{parts[0]}"


def _as_path(case: str) -> str:
    """Write files, classes and describes alike: pytest's JUnit does not always tell them apart."""
    return f"path:{case.replace('.py' + PATH_SEPARATOR, '/').replace(PATH_SEPARATOR, '/')}"


def _full_title(case: str) -> str:
    """Read the last part, into which mocha's JUnit puts all titles."""
    *around, title = case.split(PATH_SEPARATOR)
    whole = around and (title.startswith(around[0]) or title.endswith(around[-1]))
    return f"full title:{title}" if whole else ""


def _stable(case: str) -> str:
    around, mark, title = case.rpartition(PATH_SEPARATOR)
    return f"{stable_suite(around)}{mark}{stable(title)}"


def _unloaded(case: str) -> str:
    file, *suites = case.split(PATH_SEPARATOR)
    return f"unloaded:{file}" if suites in ([file], [_NO_SUITE, file]) else ""


def _in_library(case: str) -> str:
    """Leave out the file of a test whose function stands in a package, as pytest-bdd's do."""
    file, _, titles = case.partition(PATH_SEPARATOR)
    return titles if "site-packages/" in file else ""


_WAYS: Final[tuple[Callable[[str], str], ...]] = (
    str, _stable, _as_path, _full_title, _unloaded, _in_library,
)  # fmt: skip
