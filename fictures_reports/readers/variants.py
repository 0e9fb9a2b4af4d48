"""Files that hold the same cases: variants of one run, further attempts of it, or other runs.

Below the folder that all files have in common, a *branch* is a folder or file beside others. Where
branches hold the same cases, they are attempts if a later one holds only cases that had not passed
before; variants if their times overlap or they were queued on one machine; else runs of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Final

from fictures_reports.errors import SeveralRuns
from fictures_reports.readers.attempts_across_files import attempt_in, join_attempts, rows_of
from fictures_reports.readers.branch_names import are_in_order, parted, variant_of, without_shard
from fictures_reports.readers.branches import (
    SAME_TESTS,
    Branch,
    are_copies,
    branch_of,
    clashes,
    layout_of,
    path_of,
)
from fictures_reports.readers.formats import BY_NAME
from fictures_reports.readers.rows import Reading, case_id

#: seconds between the end of one variant and the start of the next, on a machine for both
_QUEUED_S: Final = 600.0
_AGAIN: Final = ("rerun", "retry", "retries", "attempt", "last-failed", "lastfailed", "again")


def name_parts(readings: Sequence[Reading]) -> None:
    """Tell variants and attempts among files apart: rows get variants, attempts are joined.

    Raises `SeveralRuns` where files hold the same cases and are neither.
    """
    _take_attempts(readings)
    _below([(reading, path_of(reading)) for reading in readings], 0)


def _take_attempts(readings: Sequence[Reading]) -> None:
    """Join what {attempt} or a folder attempt-N says to be attempts."""
    by_variant: defaultdict[str, defaultdict[int, list[Reading]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for reading in readings:
        if reading.attempt is None:
            reading.attempt = attempt_in(path_of(reading)[:-1])
        if reading.attempt is not None:
            key = f"{reading.variant}\n{reading.entry.format}\n{_beside_attempt(reading)}"
            by_variant[key][reading.attempt].append(reading)
    for together in by_variant.values():
        for tries in _told_apart(together):
            if len(tries) > 1:
                join_attempts([tries[number] for number in sorted(tries)])


_Tries = dict[int, list[Reading]]


def _told_apart(tries: _Tries) -> list[_Tries]:
    """Part attempts of which one holds several variants, by where their files lie below it.

    attempt-1/linux.xml and attempt-2/linux.xml are tries of one, attempt-1/windows.xml is another.
    """
    if not any(_share_cases(readings) for readings in tries.values()):
        return [tries]
    by_place: defaultdict[str, defaultdict[int, list[Reading]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for number, readings in tries.items():
        for reading in readings:
            by_place[_below_attempt(reading)][number].append(reading)
    return [dict(sorted(of_place.items())) for of_place in by_place.values()]


def _share_cases(readings: Sequence[Reading]) -> bool:
    """Tell whether two files hold mostly the same cases; shards may share a set-up."""
    cases = [{case_id(row) for row in rows_of(reading)} for reading in readings]
    return any(
        len(cases_a & cases_b) > SAME_TESTS * min(len(cases_a), len(cases_b))
        for cases_a, cases_b in combinations(cases, 2)
    )


def _below_attempt(reading: Reading) -> str:
    """Name what lies below an attempt's folder, without endings and the numbers of runs."""
    path = path_of(reading)
    place = max((n for n, part in enumerate(path[:-1]) if attempt_in([part]) is not None),
                default=len(path) - 3)  # fmt: skip
    names = [variant_of(part, is_file=False) for part in path[max(place + 1, 0) : -1]]
    return "/".join([*names, variant_of(path[-1], is_file=True)])


def _beside_attempt(reading: Reading) -> str:
    """Name the folders above an attempt: those of another are another variant's."""
    path = path_of(reading)[:-1]
    for place, folder in enumerate(path):
        if attempt_in([folder]) is not None:
            return "/".join([*path[:place], folder.lower().rpartition("attempt")[0]])
    return ""


def _below(files: list[tuple[Reading, list[str]]], depth: int) -> None:
    """Look at what lies beside each other at a depth of the paths, and then below it."""
    if len(files) < 2:
        return
    groups: defaultdict[str, list[tuple[Reading, list[str]]]] = defaultdict(list)
    for reading, path in files:
        is_one_of_many = depth + 1 == len(path) and _has_file_per_test(reading)
        groups["" if is_one_of_many else "".join(path[depth : depth + 1])].append((reading, path))
    if len(groups) > 1:
        branches = [branch_of(name, group, depth) for name, group in groups.items()]
        for clash in clashes(branches):
            _resolve(clash, branches, "/".join(files[0][1][:depth]))
        _name_lone_shards(branches)
    if any(depth + 1 < len(path) for _, path in files):
        for group in groups.values():
            _below(group, depth + 1)


def _has_file_per_test(reading: Reading) -> bool:
    """Tell formats with a file for each attempt: those of one folder are no branches."""
    form = BY_NAME.get(reading.entry.format)
    return form is not None and form.has_files_per_attempt


def _by_start(branch: Branch) -> tuple[float, int, str]:
    return branch.start or 0.0, -len(branch.name), branch.name


def _resolve(clash: Sequence[Branch], beside: Sequence[Branch], folder: str) -> None:
    """Make attempts and variants of branches that hold the same cases."""
    lines: list[list[Branch]] = []
    copies: dict[str, list[Branch]] = {}
    for branch in sorted(clash, key=_by_start):
        placed = (earlier for line in lines for earlier in line)
        twin = next((earlier for earlier in placed if are_copies(earlier, branch)), None)
        if twin is not None:
            copies.setdefault(twin.name, []).append(branch)
            continue
        line = _line_for(branch, lines)
        if line is None:
            lines.append([branch])
        else:
            line.append(branch)
    if len(lines) > 1:
        _refuse_others(lines, folder)
    for line in lines:
        join_attempts([branch.readings for branch in line])
    if len(lines) > 1:
        of_folder = [] if clash[0].is_file else [b for b in beside if b not in clash]
        _name([*lines, *([b] for b in of_folder if layout_of(b) == layout_of(clash[0]))], copies)


def _line_for(branch: Branch, lines: list[list[Branch]]) -> list[Branch] | None:
    """Find what a branch is a further attempt of; the one with the most alike name, of several."""
    fitting = [line for line in lines if _is_further(branch, line)]
    return max(fitting, key=lambda line: _likeness(line[0].name, branch.name), default=None)


def _is_further(branch: Branch, line: list[Branch]) -> bool:
    """Tell whether a branch starts later and holds only cases that had not passed before."""
    last = line[-1]
    if branch.start is None or last.start is None or branch.start < (last.end or last.start):
        return False
    if branch.start <= last.start:
        return False
    known: dict[tuple[str, str], bool] = {}
    for earlier in line:
        known |= earlier.cases
    if not branch.cases or not all(known.get(case) is False for case in branch.cases):
        return False
    # a variant after one in which every test failed looks the same
    is_all = len(branch.cases) == len(known)
    is_soon = branch.start - (last.end or last.start) <= _QUEUED_S
    return not (is_all and is_soon) or any(word in branch.name.lower() for word in _AGAIN)


def _likeness(name_a: str, name_b: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(name_a, name_b, strict=False)) if a != b),
                min(len(name_a), len(name_b)))  # fmt: skip


def _refuse_others(lines: list[list[Branch]], folder: str) -> None:
    ordered = sorted((line[0] for line in lines), key=lambda branch: branch.start or 0.0)
    known = all(branch.start is not None for branch in ordered)
    if known and _ran_together(lines):
        return
    first, second = ordered[0], ordered[1]
    n_common = len(first.cases.keys() & second.cases.keys())
    why = "their times are apart" if known else "when they ran is not known"
    why = "they are of two commits" if len(_commits(lines)) > 1 else why
    raise SeveralRuns(
        folder or ".",
        f"holds several runs: {n_common} tests of {first.name} are in {second.name}, too,"
        f" and {why}",
        _hint(first, folder),
    )


def _commits(lines: list[list[Branch]]) -> set[str]:
    infos = [reading.info for line in lines for branch in line for reading in branch.readings]
    return {info.commit for info in infos if info.commit}


def _ran_together(lines: list[list[Branch]]) -> bool:
    """Tell whether lines are of one build: their times overlap, or they came soon after another.

    That is not enough where their names put them into an order in time, as "before" and "after"
    do; and what ran on two commits is two runs.
    """
    if len(_commits(lines)) > 1:
        return False
    names = [variant_of(line[0].name, is_file=line[0].is_file) for line in lines]
    longest_wait = 0.0 if are_in_order(names) else _QUEUED_S
    spans = sorted(
        (line[0].start or 0.0, max(b.end or b.start or 0.0 for b in line)) for line in lines
    )
    until = spans[0][1]
    for start, end in spans[1:]:
        if start - until > longest_wait or (start >= until and not longest_wait):
            return False
        until = max(until, end)
    return True


def _hint(branch: Branch, folder: str) -> str:
    above = f"{folder}/" if folder else ""
    name, ending = parted(branch.name) if branch.is_file else (branch.name, "")
    file_below = "" if branch.is_file else _only_file(branch)
    given = [f"'{above}{{{word}}}{ending}{file_below}'" for word in ("variant", "attempt")]
    return (
        f"give {given[0]} if {name!r} names a variant, {given[1]} if an attempt; runs of their own"
        f" are read by `history {folder or '.'}` or fr.read_runs"
    )


def _only_file(branch: Branch) -> str:
    """Name what lies below a folder if it is one file."""
    if len(branch.readings) > 1:
        return ""
    path = path_of(branch.readings[0])
    return "/" + "/".join(path[path.index(branch.name) + 1 :])


def _name_lone_shards(branches: Sequence[Branch]) -> None:
    """Name shards beside which no other variant's lies, for that one broke off, by their names."""
    named = {reading.variant for branch in branches for reading in branch.readings}
    for branch in branches:
        first = branch.readings[0]
        is_shard = branch.is_file and first.shard is not None
        if is_shard and not first.variant and _variant(branch) in named - {""}:
            _name([[branch]], {})


def _variant(branch: Branch) -> str:
    """Name the variant of a branch; the shards of one variant are of one name."""
    name = variant_of(branch.name, is_file=branch.is_file)
    shards = {reading.shard for reading in branch.readings}
    number = shards.pop()
    return name if shards or number is None else without_shard(name, number)


def _name(lines: Iterable[list[Branch]], copies: Mapping[str, Sequence[Branch]]) -> None:
    """Give the rows of each line its variant, which is the name of its first folder or file.

    Copies of a branch are of its variant, too: `merge` then takes one of them.
    """
    for line in lines:
        name = _variant(line[0])
        for branch in [*line, *(copy for part in line for copy in copies.get(part.name, ()))]:
            for reading in branch.readings:
                reading.variant = f"{reading.variant}/{name}" if reading.variant else name
                for row in rows_of(reading):
                    row.variant = reading.variant
        line[0].readings[0].entry.doubts.append(
            f"holds tests that others hold, too: taken for the variant {name!r} by its name"
        )
