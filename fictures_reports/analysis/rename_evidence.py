"""What speaks for two cases, one gone and one new, being the same test: a score and words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.likeness import Words, likeness, words_of
from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

#: What the signs count; tuned with benchmarks/judgement.py on edits of real titles.
SAME_TITLE, TITLE_SLOPE = 3.0, 6.0
SAME_SUITE, SAME_FILE, SAME_NAME, OTHER_FILE, PER_FOLDER = 1.0, 1.5, 0.75, -0.75, 0.5
#: where the describe or file that a test would have left, or come to, is on both sides
KEPT_SUITE, KEPT_FILE = -2.5, -1.5
#: titles of so many words are seldom given twice: that the file is still there counts a third
TELLING: Final = 4
SAME_FAILURE, OTHER_FAILURE, SAME_TIME, OTHER_TIME = 2.0, -0.5, 0.4, -0.4
#: by how many of the two neighbours are the same
PLACES: Final = (-1.0, 0.25, 1.25)
#: where a test that is on both sides has a title as much like the old or the new one
COMMON_TITLE: Final = -2.0
#: numbers in titles are those of parameters and of test cases in lists
OTHER_NUMBERS: Final = -4.0
#: Durations below this are noise (seconds); these factors are the same, and another time.
_SHORTEST_S: Final = 0.02
_SAME_FACTOR, _OTHER_FACTOR = 1.3, 4.0


@dataclass(frozen=True)
class Named:
    """A case with what it is recognised by."""

    case_id: str
    project: str
    variant: str
    file: str
    suite: str
    title: str
    #: of the title's end, in brackets
    parameters: str
    words: Words
    failure: str
    duration_s: float | None
    #: the cases around it in its file that both sides have; None where their order says nothing
    place: tuple[str, str] | None = None

    @cached_property
    def numbers(self) -> list[str]:
        """The numbers in the title."""
        return sorted(word for word in self.words.elements() if word.isdecimal())

    @cached_property
    def folder_parts(self) -> list[str]:
        """The file's path, its name first."""
        return self.file.split("/")[::-1]


def named(results: pd.DataFrame, cases: Sequence[str] | None = None) -> list[Named]:
    """Take what is needed of some cases of a results frame, in its order; all by default."""
    columns = ["case_id", "project", "variant", "file", "suite", "title", "status", "message",
               "duration_s"]  # fmt: skip
    wanted = None if cases is None else set(cases)
    rows = results if wanted is None else results[results["case_id"].isin(wanted)]
    return [_named(row) for row in rows_of(rows[columns])]


def _named(row: Any) -> Named:
    title, parameters = parted(known(row.title) or "")
    return Named(
        row.case_id,
        known(row.project) or "",
        known(row.variant) or "",
        known(row.file) or "",
        known(row.suite) or "",
        title,
        parameters,
        words_of(title),
        (known(row.message) or "") if row.status == "failed" else "",
        known(row.duration_s),
    )


def parted(title: str) -> tuple[str, str]:
    """Part a title from the parameters in brackets at its end.

    >>> parted("test_parks[blue]"), parted("opens")
    (('test_parks', '[blue]'), ('opens', ''))
    """
    at = title.find("[")
    if at > 0 and title.endswith("]"):
        return title[:at], title[at:]
    return title, ""


@dataclass(frozen=True)
class CommonNames:
    """What both sides have: it says what is common, and what did not move."""

    files: frozenset[str]
    suites: frozenset[tuple[str, str]]
    #: by file: the titles of its tests
    titles: Mapping[str, Mapping[str, Words]]
    #: titles in other files than the test's own are as good as any
    everywhere: Mapping[str, int]
    weight: Mapping[str, float]


def common_names(cases: Sequence[Named], weight: Mapping[str, float]) -> CommonNames:
    """Note the files, describes and titles of the cases that both sides have."""
    titles: dict[str, dict[str, Words]] = {}
    for case in cases:
        titles.setdefault(case.file, {})[case.title] = case.words
    return CommonNames(
        frozenset(titles),
        frozenset((case.file, case.suite) for case in cases),
        titles,
        Counter(case.title for case in cases),
        weight,
    )


def score(old: Named, new: Named, common: CommonNames) -> tuple[float, float]:
    """Return how much speaks for one test, and how alike the titles are (0–1)."""
    same = old.title == new.title
    alike = 1.0 if same else likeness(old.words, new.words, common.weight)
    total = SAME_TITLE if same else TITLE_SLOPE * (alike - 0.5)
    total += OTHER_NUMBERS if old.numbers != new.numbers else 0.0
    total += _of_suites(old, new, common) + _of_files(old, new, common)
    total += _of_failures(old, new) + _of_places(old, new) + _of_times(old, new)
    if total > 0 and (
        _is_common(old, common) if same else _is_one_of_many(old, new, alike, common)
    ):
        total += COMMON_TITLE
    return total, alike


def _is_common(old: Named, common: CommonNames) -> bool:
    return old.title in common.everywhere


def _is_one_of_many(old: Named, new: Named, alike: float, common: CommonNames) -> bool:
    """Tell one more of a kind, of which the file has several, from a title that was changed."""
    nothing: dict[str, Words] = {}
    files = {old.file, new.file}
    return any(
        likeness(case.words, words, common.weight) >= alike
        for file in files
        for words in common.titles.get(file, nothing).values()
        for case in (old, new)
    )


def _of_suites(old: Named, new: Named, common: CommonNames) -> float:
    if old.suite == new.suite:
        return SAME_SUITE if old.suite or old.file == new.file else 0.0
    total = 2.0 * (likeness(words_of(old.suite), words_of(new.suite), common.weight) - 0.5)
    stays = {(old.file, old.suite), (new.file, new.suite)} & common.suites
    return total + (KEPT_SUITE if stays else 0.0)


def _of_files(old: Named, new: Named, common: CommonNames) -> float:
    if old.file == new.file:
        return SAME_FILE
    stays = KEPT_FILE if {old.file, new.file} & common.files else 0.0
    if old.title == new.title and old.suite == new.suite and len(old.words) >= TELLING:
        stays /= 3
    old_parts, new_parts = old.folder_parts, new.folder_parts
    if old_parts[0] != new_parts[0]:
        return OTHER_FILE + stays
    shared = next((n for n, (a, b) in enumerate(zip(old_parts, new_parts, strict=False)) if a != b),
                  min(len(old_parts), len(new_parts)))  # fmt: skip
    return SAME_NAME + min(2, shared - 1) * PER_FOLDER + stays


def _of_failures(old: Named, new: Named) -> float:
    if not old.failure or not new.failure:
        return 0.0
    return SAME_FAILURE if old.failure == new.failure else OTHER_FAILURE


def _of_places(old: Named, new: Named) -> float:
    if old.place is None or new.place is None or old.file != new.file:
        return 0.0
    return PLACES[sum(a == b for a, b in zip(old.place, new.place, strict=True))]


def _of_times(old: Named, new: Named) -> float:
    if not old.duration_s or not new.duration_s:
        return 0.0
    low, high = sorted((old.duration_s, new.duration_s))
    if high < _SHORTEST_S:
        return 0.0
    factor = high / low
    return SAME_TIME if factor <= _SAME_FACTOR else OTHER_TIME if factor >= _OTHER_FACTOR else 0.0


def evidence(old: Named, new: Named) -> str:
    """Say what speaks for it in words."""
    signs = []
    signs.append("same file" if old.file == new.file else f"moved from {old.file} to {new.file}")
    signs.append("same title" if old.title == new.title else "titles alike")
    if old.suite != new.suite:
        signs.append(f"{old.suite or 'no describe'} became {new.suite or 'no describe'}")
    if _of_failures(old, new) > 0:
        signs.append("same failure text")
    if _of_times(old, new) > 0:
        signs.append("same duration")
    return ", ".join(signs)
