"""Which test fails where: the tests that fail against the projects and variants of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.change_phrases import is_matrix
from fictures_reports.analysis.result_summary import place_of
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.run import Run

#: Tests of the table; the others are counted.
MOST_TESTS: Final = 30
#: What a place says that has several results of one test, such as copies: the first that occurs.
_WORST: Final = ("failed", "interrupted", "flaky", "not_run", "skipped", "xpassed", "xfailed")
_RANK: Final = {status: i for i, status in enumerate(_WORST)}


@dataclass(frozen=True)
class PlacedTest:
    """One test: its result in each place, None where it has none."""

    title: str
    file: str
    results: Sequence[Any]

    @property
    def first_failure(self) -> Any:
        """The first result that failed."""
        return next(row for row in self.results if row is not None and row.status == "failed")

    @property
    def fails_everywhere(self) -> bool:
        """Whether no place tells anything else."""
        return all(row is not None and row.status == "failed" for row in self.results)


@dataclass(frozen=True)
class PlaceMatrix:
    """Tests that fail, those that do not fail everywhere first, against places."""

    places: Sequence[str]
    tests: Sequence[PlacedTest]


def place_matrix(run: Run) -> PlaceMatrix | None:
    """Return the failing tests of a run with what each did in every project and variant.

    None where the run has one place only, or where no test that ran in several places failed.
    """
    if not is_matrix(run.results):
        return None
    rows = run.results[run.results["test_id"].notna()]
    failed = rows.loc[rows["status"] == "failed", "test_id"]
    tests: dict[str, dict[str, Any]] = {}
    for row in rows_of(rows[rows["test_id"].isin(failed)]):
        row_of_place = tests.setdefault(row.test_id, {})
        place = place_of(row) or "elsewhere"
        row_of_place[place] = _worse(row_of_place.get(place), row)
    places = _places(run, tests)
    found = [_test(row_of_place, places) for row_of_place in tests.values()]
    if len(places) < 2 or not found:
        return None
    return PlaceMatrix(places, sorted(found, key=lambda test: test.fails_everywhere))


def _places(run: Run, tests: dict[str, dict[str, Any]]) -> list[str]:
    """Return the places of the tests that fail, in the order in which the run has them."""
    used = {place for row_of_place in tests.values() for place in row_of_place}
    pairs = run.results[["project", "variant"]].drop_duplicates()
    every = dict.fromkeys(place_of(row) or "elsewhere" for row in rows_of(pairs))
    return [place for place in every if place in used]


def _worse(row_a: Any, row_b: Any) -> Any:
    if row_a is None:
        return row_b
    return min(row_a, row_b, key=lambda row: _RANK.get(row.status, len(_RANK)))


def _test(row_of_place: dict[str, Any], places: Sequence[str]) -> PlacedTest:
    first = next(iter(row_of_place.values()))
    return PlacedTest(
        str(first.title), str(first.file), [row_of_place.get(place) for place in places]
    )
