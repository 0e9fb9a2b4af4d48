"""Files that hold the same cases: variants of one run, further attempts of it, or other runs.

Below the folder that all files have in common, a *branch* is a folder or file beside others. Where
branches hold the same cases, they are attempts if a later one holds only cases that had not passed
before; variants if they ran at about the same time; else they are runs of their own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from typing import Final

import msgspec

from fictures_reports.errors import SeveralRuns
from fictures_reports.patterns import Pattern
from fictures_reports.readers.attempts_across_files import attempt_in, join_attempts, rows_of
from fictures_reports.readers.row_columns import duration_of, start_of
from fictures_reports.readers.rows import Reading, case_id

#: Branches that share more of their cases than this hold the same tests.
SAME_TESTS: Final = 0.5
#: seconds between the end of one variant and the start of the next, on a machine for both
_QUEUED_S: Final = 600.0
#: seconds; writers round the moment that a run began
_SAME_START_S: Final = 1.0
_AGAIN: Final = ("rerun", "retry", "retries", "attempt", "last-failed", "lastfailed", "again")
_ENDINGS: Final = (".gz", ".xml", ".json", ".jsonl", ".zip")
#: numbers of runs, which a name of an artifact may end in
_RUN_ID: Final = Pattern(r"[-_.]+\d{8,}$")


class Branch(msgspec.Struct):
    """A folder or file beside others."""

    name: str
    readings: list[Reading]
    #: whether it is a file
    is_file: bool
    #: by format and case: whether it passed
    cases: dict[tuple[str, str], bool]
    start: float | None
    end: float | None


def name_parts(readings: Sequence[Reading]) -> None:
    """Tell variants and attempts among files apart: rows get variants, attempts are joined.

    Raises `SeveralRuns` where files hold the same cases and are neither.
    """
    _take_attempts(readings)
    _below([(reading, _path(reading)) for reading in readings], 0)


def _take_attempts(readings: Sequence[Reading]) -> None:
    """Join what {attempt} or a folder attempt-N says to be attempts."""
    by_variant: defaultdict[str, defaultdict[int, list[Reading]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for reading in readings:
        if reading.attempt is None:
            reading.attempt = attempt_in(_path(reading)[:-1])
        if reading.attempt is not None:
            key = f"{reading.variant}\n{reading.entry.format}\n{_beside_attempt(reading)}"
            by_variant[key][reading.attempt].append(reading)
    for tries in by_variant.values():
        if len(tries) > 1:
            join_attempts([tries[number] for number in sorted(tries)])


def _beside_attempt(reading: Reading) -> str:
    """Name the folders above an attempt: those of another are another variant's."""
    path = _path(reading)[:-1]
    for place, folder in enumerate(path):
        if attempt_in([folder]) is not None:
            return "/".join([*path[:place], folder.lower().rpartition("attempt")[0]])
    return ""


def _path(reading: Reading) -> list[str]:
    return reading.entry.file.replace("\\", "/").split("/")


def _below(files: list[tuple[Reading, list[str]]], depth: int) -> None:
    """Look at what lies beside each other at a depth of the paths, and then below it."""
    if len(files) < 2:
        return
    groups: defaultdict[str, list[tuple[Reading, list[str]]]] = defaultdict(list)
    for reading, path in files:
        groups[path[depth] if depth < len(path) else ""].append((reading, path))
    if len(groups) > 1:
        branches = [_branch(name, group, depth) for name, group in groups.items()]
        for clash in _clashes(branches):
            _resolve(clash, branches, "/".join(files[0][1][:depth]))
    if any(depth + 1 < len(path) for _, path in files):
        for group in groups.values():
            _below(group, depth + 1)


def _branch(name: str, group: list[tuple[Reading, list[str]]], depth: int) -> Branch:
    readings = [reading for reading, _ in group]
    cases: dict[tuple[str, str], bool] = {}
    starts, ends = [], []
    for reading in readings:
        start, end = _span(reading)
        starts += [] if start is None else [start]
        ends += [] if end is None else [end]
        for row in rows_of(reading):
            key = (reading.entry.format, case_id(row))
            cases[key] = row.status in ("passed", "flaky", "xfailed", "skipped")
    is_file = depth + 1 >= max(len(path) for _, path in group)
    start, end = min(starts, default=None), max(ends, default=None)
    return Branch(name, readings, is_file, cases, start, end)


def _span(reading: Reading) -> tuple[float | None, float | None]:
    """Tell from when to when a file's tests ran, in epoch seconds; None where it does not tell."""
    info = reading.info
    if info.started_at is not None:
        return info.started_at, info.started_at + (info.duration_s or 0.0)
    times = [(start, duration_of(row) or 0.0) for row in rows_of(reading)
             if (start := start_of(row)) is not None]  # fmt: skip
    if not times:
        return None, None
    return min(start for start, _ in times), max(start + duration for start, duration in times)


def _clashes(branches: Sequence[Branch]) -> list[list[Branch]]:
    """Group the branches that hold the same cases."""
    holding: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, branch in enumerate(branches):
        for case in branch.cases:
            holding[case].append(place)
    pairs = {pair for places in holding.values() if len(places) > 1
             for pair in combinations(places, 2)}  # fmt: skip
    group = list(range(len(branches)))
    for one, other in sorted(pairs):
        if _is_clash(branches[one], branches[other]):
            old, new = group[other], group[one]
            group = [new if number == old else number for number in group]
    found: defaultdict[int, list[Branch]] = defaultdict(list)
    for place, number in enumerate(group):
        found[number].append(branches[place])
    return [clash for clash in found.values() if len(clash) > 1]


def _is_clash(one: Branch, other: Branch) -> bool:
    n_common = len(one.cases.keys() & other.cases.keys())
    if n_common <= SAME_TESTS * min(len(one.cases), len(other.cases)):
        return False
    return not _are_shards(one, other) and not _are_copies(one, other)


def _are_shards(one: Branch, other: Branch) -> bool:
    """Tell shards, each of which runs the set-up, from other runs of it."""
    ours, theirs = ({reading.shard for reading in side.readings} for side in (one, other))
    return None not in ours | theirs and not ours & theirs


def _are_copies(one: Branch, other: Branch) -> bool:
    """Tell whether two branches say the same of the same run: `merge` then takes one of them."""
    if one.start is not None and other.start is not None:
        if abs(one.start - other.start) > _SAME_START_S:
            return False
        if _times(one) == _times(other):
            return True
        return _told_alike(one, other)
    return _times(one) == _times(other)


def _times(branch: Branch) -> dict[tuple[str, str], tuple[str, float | None]]:
    return {
        (reading.entry.format, case_id(row)): (row.status, duration_of(row))
        for reading in branch.readings
        for row in rows_of(reading)
    }


def _told_alike(one: Branch, other: Branch) -> bool:
    """Compare two reports of one moment, of which one may say more of retries."""
    ours, theirs = _times(one), _times(other)
    common = ours.keys() & theirs.keys()
    timed = [(ours[case][1], theirs[case][1]) for case in common]
    close = [a is not None and b is not None and abs(a - b) <= 1e-4 for a, b in timed]
    return 2 * sum(close) > len(common)


def _resolve(clash: Sequence[Branch], beside: Sequence[Branch], folder: str) -> None:
    """Make attempts and variants of branches that hold the same cases."""
    lines: list[list[Branch]] = []
    for branch in sorted(clash, key=lambda one: (one.start or 0.0, one.name)):
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
        _name([*lines, *([b] for b in of_folder if _layout(b) == _layout(clash[0]))])


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


def _likeness(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
                min(len(one), len(other)))  # fmt: skip


def _refuse_others(lines: list[list[Branch]], folder: str) -> None:
    ordered = sorted((line[0] for line in lines), key=lambda one: one.start or 0.0)
    known = all(branch.start is not None for branch in ordered)
    ends = [max(branch.end or branch.start or 0.0 for branch in line) for line in lines]
    if known and all(
        later.start - max(e for b, e in zip(ordered, sorted(ends), strict=True)
                          if (b.start or 0.0) <= (earlier.start or 0.0)) <= _QUEUED_S
        for earlier, later in pairwise(ordered) if later.start is not None
    ):  # fmt: skip
        return
    first, second = ordered[0], ordered[1]
    n_common = len(first.cases.keys() & second.cases.keys())
    why = "their times are apart" if known else "when they ran is not known"
    raise SeveralRuns(
        folder or ".",
        f"holds several runs: {n_common} tests of {first.name} are in {second.name}, too,"
        f" and {why}",
        _hint(first, folder),
    )


def _hint(branch: Branch, folder: str) -> str:
    above = f"{folder}/" if folder else ""
    name, ending = _parted(branch.name) if branch.is_file else (branch.name, "")
    rest = "" if branch.is_file else _rest(branch)
    given = [f"'{above}{{{word}}}{ending}{rest}'" for word in ("variant", "attempt")]
    return (
        f"give {given[0]} if {name!r} names a variant, {given[1]} if an attempt; runs of their own"
        f" are read by `history {folder or '.'}` or fr.read_runs"
    )


def _rest(branch: Branch) -> str:
    """Name what lies below a folder if it is one file."""
    if len(branch.readings) > 1:
        return ""
    path = _path(branch.readings[0])
    return "/" + "/".join(path[path.index(branch.name) + 1 :])


def _parted(name: str) -> tuple[str, str]:
    """Part a file's name from its endings."""
    stem = name
    while any(stem.lower().endswith(ending) for ending in _ENDINGS):
        stem = stem.rpartition(".")[0]
    return stem, name[len(stem) :]


def _name(lines: Iterable[list[Branch]]) -> None:
    """Give the rows of each line its variant, which is the name of its first folder or file."""
    for line in lines:
        name = _variant(line[0])
        for branch in line:
            for reading in branch.readings:
                reading.variant = f"{reading.variant}/{name}" if reading.variant else name
                for row in rows_of(reading):
                    row.variant = reading.variant
        line[0].readings[0].entry.doubts.append(
            f"holds tests that others hold, too: taken for the variant {name!r} by its name"
        )


def _variant(branch: Branch) -> str:
    name = _parted(branch.name)[0] if branch.is_file else branch.name
    return _RUN_ID.without(name) or name


def _layout(branch: Branch) -> set[tuple[str, str]]:
    """List what lies where below a folder, whatever the files are called."""
    paths = [(reading, _path(reading)) for reading in branch.readings]
    return {
        (reading.entry.format, "/".join(path[path.index(branch.name) + 1 : -1]))
        for reading, path in paths
    }
