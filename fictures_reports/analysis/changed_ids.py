"""Cases that are called otherwise than before and are the same: joined while comparing only."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from fictures_reports.analysis.aligned_copies import aligned_copies
from fictures_reports.analysis.moves import moved
from fictures_reports.analysis.renames import renamed
from fictures_reports.patterns import Pattern
from fictures_reports.readers.first_version_ids import new_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fictures_reports.analysis.moves import Move
    from fictures_reports.run import Run

#: What a test's name may hold anew each time: a UUID, a date with or without a time, a time stamp,
#: a port behind a host or the word.
_CHANGES_EACH_TIME: Final = Pattern(
    r"(?i)\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b"
    r"|\b20\d\d-?[01]\d-?[0-3]\d(?:[T _-]?[0-2]\d[:.-]?[0-5]\d(?:[:.-]?[0-5]\d)?(?:\.\d+)?"
    r"(?:Z|[+-]\d\d:?\d\d)?)?\b"
    r"|\b[0-3]\d[./][01]\d[./]20\d\d\b|\b1[5-9]\d{8}(?:\d{3})?\b"
    r"|(?:\b(?:localhost|\d{1,3}(?:\.\d{1,3}){3})|\])[:-]\d{4,5}\b|\bport[-_= ]?\d{4,5}\b"
)
_GONE: Final = "\x00"


@dataclass(frozen=True)
class ChangedIds:
    """Old case ids and the new ones of the same cases, one to one."""

    kind: Literal["names", "parameters"]
    ids: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """Say how many cases were joined and why, with the first as an example."""
        old, new = min(self.ids.items())
        n = len(self.ids)
        if self.kind == "names":
            subject = "1 test is" if n == 1 else f"{n:,} tests are"
            return f"{subject} called otherwise than before: {old!r} is now {new!r}"
        subject = "1 test differs" if n == 1 else f"{n:,} tests differ"
        return (
            f"{subject} from before only by a date, UUID, time stamp or port in the name, and"
            f" {'is' if n == 1 else 'are'} compared as the same: {old!r} is now {new!r}"
        )


@dataclass(frozen=True)
class MatchedSides:
    """The runs of two sides with equal ids for equal cases, and what they differed by."""

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    changed: tuple[ChangedIds, ...]
    move: Move | None


def matched_sides(before: tuple[Run, ...], after: tuple[Run, ...]) -> MatchedSides:
    """Join the ids of the first version, then parameters, then what moved as a whole, then copies.

    A move is looked for between the last runs; the other runs of a side have the same ids.
    """
    if _have_equal_ids(before, after):
        return MatchedSides(before, after, (), None)
    found = []
    if ids := _of_first_version(before, after):
        found.append(ChangedIds("names", ids))
        before = tuple(renamed(run, ids) for run in before)
    if ids := _by_parameters(before, after):
        found.append(ChangedIds("parameters", ids))
        before, after = (tuple(renamed(run, ids) for run in runs) for runs in (before, after))
    move = moved(before[-1].results, after[-1].results)
    if move is not None:
        before = tuple(renamed(run, move.ids) for run in before)
    if len(before) == len(after) == 1 and (
        ids := aligned_copies(before[0].results, after[0].results)
    ):
        before = (renamed(before[0], ids),)
    return MatchedSides(before, after, tuple(found), move)


def _have_equal_ids(before: tuple[Run, ...], after: tuple[Run, ...]) -> bool:
    """Tell whether two single runs have the same cases, as most have: then nothing is to match."""
    if not len(before) == len(after) == 1:
        return False
    old, new = (runs[0].results["case_id"].tolist() for runs in (before, after))
    return len(old) == len(new) == len(set(new)) and set(old) == set(new)


def _cases(runs: Iterable[Run]) -> set[str]:
    return {case for run in runs for case in run.results["case_id"].tolist()}


def _of_first_version(before: tuple[Run, ...], after: tuple[Run, ...]) -> dict[str, str]:
    cases_before, cases_after = _cases(before), _cases(after)
    return (
        new_ids(cases_before - cases_after, cases_after - cases_before)
        if cases_before != cases_after
        else {}
    )


def _by_parameters(before: tuple[Run, ...], after: tuple[Run, ...]) -> dict[str, str]:
    """Map the ids that differ in such a parameter to the latest one.

    A name that two cases of one run have without it says nothing, and is left alone.
    """
    cases_before, cases_after = _cases(before), _cases(after)
    odd = {_without(case) for case in cases_before - cases_after} & {
        _without(case) for case in cases_after - cases_before
    }
    if not odd:
        return {}
    by_name: defaultdict[str, list[str]] = defaultdict(list)
    ties: set[str] = set()
    for run in (*before, *after):
        names = [(name, case) for name, case in _named(run) if name in odd]
        ties |= {name for name, n in Counter(name for name, _ in names).items() if n > 1}
        for name, case in names:
            by_name[name].append(case)
    return {
        case: cases[-1]
        for name, cases in by_name.items() if name not in ties
        for case in cases if case != cases[-1]
    }  # fmt: skip


def _named(run: Run) -> Iterator[tuple[str, str]]:
    return ((_without(case), case) for case in run.results["case_id"])


def _without(case: str) -> str:
    """Take out of an id what changes each time; the file stays as it is."""
    file, mark, title = case.partition(" › ")
    return f"{file}{mark}{_CHANGES_EACH_TIME.sub(lambda _: _GONE, title)}"


def of_first_version(renames: Mapping[str, str], before: Run, after: Run) -> dict[str, str]:
    """Give renames today's ids where they name a case as the first version called it."""
    sides = [run.results["case_id"] for run in (before, after)]
    olds, news = (
        new_ids(set(names) - set(cases), cases)
        for names, cases in zip((renames, renames.values()), sides, strict=True)
    )
    return {olds.get(old, old): news.get(new, new) for old, new in renames.items()}
