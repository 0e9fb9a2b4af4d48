"""Cases that seem to have been renamed or moved, with the evidence; nothing is joined unasked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.likeness import weights
from fictures_reports.analysis.rename_evidence import Named, common_names, evidence, named, score
from fictures_reports.analysis.rename_patterns import STAR, new_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: A pair with a lower score (see `rename_evidence`) is not offered.
LEAST: Final = 3.25
#: For each other test, of two at most, that would have moved to the same file and describe.
TOGETHER: Final = 0.5
#: So many pairs that one pattern describes are one row.
LEAST_TOGETHER: Final = 2
#: A pair that is better than the next of either case by less than this is a tie.
MARGIN: Final = 0.5
#: So many pairs are looked at; suites that differ that much are not the same.
MOST_PAIRS: Final = 250_000
COLUMNS: Final = ("before", "after", "cases", "likeness", "evidence")


def suggestions(c: Comparison) -> pd.DataFrame:
    """Return what is gone and what is new that looks like the same tests.

    One row per pair, the likeliest first, no case in two pairs: before, after (case ids), cases
    (1), likeness of the titles (0–1), evidence (words). Path, class, title, parameters, failure
    text, neighbours and duration count; where two pairs are about as likely neither is offered.
    A file or describe whose tests all got another is one row, before and after being patterns for
    the settings' `renames`, and cases how many they are. Empty if nothing is alike.
    """
    import pandas as pd

    pairs = matched(c.before.results, c.after.results)
    groups, single = _together(pairs, set(c.before.results["case_id"].tolist()))
    rows = [
        (*patterns, len(members), 1.0, _way_in_words(*members[0][:2]))
        for patterns, members in groups.items()
    ]
    rows += [
        (old.case_id, new.case_id, 1, alike, evidence(old, new)) for old, new, _, alike in single
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _together(
    pairs: Sequence[Pair], cases: set[str]
) -> tuple[dict[tuple[str, str], list[Pair]], list[Pair]]:
    """Group the pairs that one pattern describes, which means no other case; and the others."""
    ways: defaultdict[tuple[str, str], list[Pair]] = defaultdict(list)
    for pair in pairs:
        if _is_relocated(*pair[:2]):
            ways[_patterns(*pair[:2])].append(pair)
    groups = {}
    for patterns, members in ways.items():
        ids = {old.case_id: new.case_id for old, new, *_ in members}
        if len(ids) >= LEAST_TOGETHER and new_names(dict([patterns]), cases) == ids:
            groups[patterns] = members
    grouped = {pair[0].case_id for members in groups.values() for pair in members}
    return groups, [pair for pair in pairs if pair[0].case_id not in grouped]


def _patterns(old: Named, new: Named) -> tuple[str, str]:
    """Name the files of two cases and, where they differ, their describes."""
    if old.suite == new.suite:
        return f"{old.file} › *", f"{new.file} › *"
    before, after = (" › ".join(filter(None, [side.file, side.suite, STAR])) for side in (old, new))
    return before, after


def _way_in_words(old: Named, new: Named) -> str:
    if old.suite == new.suite:
        return f"all tests of {old.file}, with the same titles"
    return f"all tests of {old.suite or old.file}, with the same titles"


Pair = tuple[Named, Named, float, float]
#: from which file and describe to which
Relocation = tuple[str, str, str, str]


def matched(before: pd.DataFrame, after: pd.DataFrame) -> list[Pair]:
    """Pair the cases that only one of two results frames has: old, new, score and likeness."""
    ids_before, ids_after = set(before["case_id"].tolist()), set(after["case_id"].tolist())
    if ids_before <= ids_after or ids_after <= ids_before:
        return []
    old, new = named(before), named(after)
    gone, fresh = _only(old, new), _only(new, old)
    gone, fresh = _in_place(old, new, gone, fresh)
    missing = {case.case_id for case in gone}
    common = common_names([case for case in old if case.case_id not in missing],
                weights(case.words for case in [*old, *fresh]))  # fmt: skip
    pairs = [(a, b) for a, b in _candidates(gone, fresh) if a.parameters == b.parameters]
    together = Counter(_relocations(pairs))
    scored = []
    for old_case, new_case in pairs:
        points, alike = score(old_case, new_case, common)
        points += (
            TOGETHER * min(2, together[_relocation(old_case, new_case)] - 1)
            if _is_relocated(old_case, new_case)
            else 0.0
        )
        if points >= LEAST - MARGIN:
            scored.append((old_case, new_case, points, alike))
    return _one_to_one(scored)


def _relocations(pairs: Iterable[tuple[Named, Named]]) -> Iterator[Relocation]:
    """Go through the changes of file or describe of the pairs whose titles are equal."""
    return (
        _relocation(old_case, new_case)
        for old_case, new_case in pairs
        if _is_relocated(old_case, new_case)
    )


def _is_relocated(old: Named, new: Named) -> bool:
    return old.title == new.title and (old.file, old.suite) != (new.file, new.suite)


def _relocation(old: Named, new: Named) -> Relocation:
    return old.file, new.file, old.suite, new.suite


def _only(cases: Sequence[Named], other_cases: Sequence[Named]) -> list[Named]:
    known = {case.case_id for case in other_cases}
    return [case for case in cases if case.case_id not in known]


def _in_place(
    old: Sequence[Named], new: Sequence[Named], gone: Sequence[Named], fresh: Sequence[Named]
) -> tuple[list[Named], list[Named]]:
    """Give the cases of one side only their neighbours that both sides have."""
    missing = {case.case_id for case in (*gone, *fresh)}
    old_neighbours, new_neighbours = _neighbours(old, missing), _neighbours(new, missing)
    common = [case for case in old_neighbours if case in new_neighbours and case not in missing]
    # tests that run in parallel come in another order each time
    if 2 * sum(old_neighbours[case] == new_neighbours[case] for case in common) < len(common):
        return list(gone), list(fresh)
    placed = [replace(case, place=old_neighbours[case.case_id]) for case in gone]
    return placed, [replace(case, place=new_neighbours[case.case_id]) for case in fresh]


def _neighbours(cases: Sequence[Named], missing: set[str]) -> dict[str, tuple[str, str]]:
    """Map each case to those before and after it in its file, of all but the missing ones."""
    by_file: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for case in cases:
        by_file[case.project, case.variant, case.file].append(case.case_id)
    found: dict[str, tuple[str, str]] = {}
    for group in by_file.values():
        before = _last_kept(group, missing)
        after = _last_kept(group[::-1], missing)[::-1]
        found |= dict(zip(group, zip(before, after, strict=True), strict=True))
    return found


def _last_kept(cases: Sequence[str], missing: set[str]) -> list[str]:
    last, found = "", []
    for case in cases:
        found.append(last)
        last = last if case in missing else case
    return found


def _candidates(gone: Sequence[Named], fresh: Sequence[Named]) -> Iterator[tuple[Named, Named]]:
    """Pair what shares a file, its name, a title or a failure, within a project and a variant."""
    by_key: defaultdict[tuple[str, ...], list[Named]] = defaultdict(list)
    for case in fresh:
        for key in _keys(case):
            by_key[key].append(case)
    n = 0
    for case in gone:
        candidates: dict[str, Named] = {}
        for key in _keys(case):
            candidates |= {candidate.case_id: candidate for candidate in by_key.get(key, ())}
        n += len(candidates)
        if n > MOST_PAIRS:
            return
        yield from ((case, candidate) for candidate in candidates.values())


def _keys(case: Named) -> Iterator[tuple[str, ...]]:
    where = case.project, case.variant
    yield (*where, "title", case.title)
    yield (*where, "file", case.folder_parts[0])
    if case.failure:
        yield (*where, "failure", case.failure)


def _one_to_one(pairs: list[Pair]) -> list[Pair]:
    """Take the best pairs; a case of which two pairs are about as good is left out."""
    pairs = sorted(pairs, key=lambda pair: (-pair[2], pair[0].case_id, pair[1].case_id))
    of_case: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        of_case[f"- {pair[0].case_id}"].append(pair)
        of_case[f"+ {pair[1].case_id}"].append(pair)
    taken: set[str] = set()
    found = []
    for pair in pairs:
        ends = {f"- {pair[0].case_id}", f"+ {pair[1].case_id}"}
        if ends & taken or pair[2] < LEAST:
            continue
        taken |= ends
        rivals = [
            rival for end in ends for rival in of_case[end]
            if rival is not pair and rival[2] > pair[2] - MARGIN
            and not {f"- {rival[0].case_id}", f"+ {rival[1].case_id}"} & (taken - ends)
        ]  # fmt: skip
        if not rivals:
            found.append(pair)
    return found


def renamed(run: Run, pairs: Mapping[str, str]) -> Run:
    """Return the run with cases called by their new ids; `pairs` maps old id → new id."""
    import pandas as pd

    ids = [pairs.get(case, case) for case in run.results["case_id"]]
    columns = {"case_id": pd.Series(ids, index=run.results.index, dtype="str")}
    return replace(run, results=run.results.assign(**columns))
