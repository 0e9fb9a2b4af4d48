"""Folders or files beside others, with the cases that they hold, and which hold the same ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations
from typing import Final

import msgspec

from fictures_reports.readers.attempts_across_files import rows_of
from fictures_reports.readers.formats import BY_NAME
from fictures_reports.readers.row_columns import duration_of, start_of
from fictures_reports.readers.rows import Reading, case_id

#: Branches that share more of their cases than this hold the same tests.
SAME_TESTS: Final = 0.5
#: seconds; writers round the moment that a run began
_SAME_START_S: Final = 1.0
#: seconds; and a test's duration
_SAME_TIME_S: Final = 1e-4


#: By format and case: how it ended, and after how many seconds.
Times = dict[tuple[str, str], tuple[str, float | None]]


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


def branch_of(name: str, group: list[tuple[Reading, list[str]]], depth: int) -> Branch:
    """Gather what lies below a name at a depth of the paths."""
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


def clashes(branches: Sequence[Branch]) -> list[list[Branch]]:
    """Group the branches that hold the same cases."""
    holding: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for place, branch in enumerate(branches):
        for case in branch.cases:
            holding[case].append(place)
    pairs = {pair for places in holding.values() if len(places) > 1
             for pair in combinations(places, 2)}  # fmt: skip
    group = list(range(len(branches)))
    for i, j in sorted(pairs):
        if _is_clash(branches[i], branches[j]):
            old, new = group[j], group[i]
            group = [new if number == old else number for number in group]
    found: defaultdict[int, list[Branch]] = defaultdict(list)
    for place, number in enumerate(group):
        found[number].append(branches[place])
    return [clash for clash in found.values() if len(clash) > 1]


def _is_clash(branch_a: Branch, branch_b: Branch) -> bool:
    n_common = len(branch_a.cases.keys() & branch_b.cases.keys())
    if n_common <= SAME_TESTS * min(len(branch_a.cases), len(branch_b.cases)):
        return False
    return not _are_shards(branch_a, branch_b) and not are_copies(branch_a, branch_b)


def _are_shards(branch_a: Branch, branch_b: Branch) -> bool:
    """Tell shards, each of which runs the set-up, from other runs of it."""
    sides = (branch_a.readings, branch_b.readings)
    shards_a, shards_b = ({reading.shard for reading in readings} for readings in sides)
    return None not in shards_a | shards_b and not shards_a & shards_b


def are_copies(branch_a: Branch, branch_b: Branch) -> bool:
    """Tell whether two branches say the same of the same run: `merge` then takes one of them."""
    times_a, times_b = _times(branch_a), _times(branch_b)
    if branch_a.start is None or branch_b.start is None:
        return times_a == times_b
    if abs(branch_a.start - branch_b.start) > _SAME_START_S:
        return False
    if times_a == times_b:
        return branch_a.start == branch_b.start or _tell_apart(times_a)
    return _are_alike(times_a, times_b)


def _tell_apart(times: Times) -> bool:
    """Tell durations that no other run would repeat from those of tests that take no time."""
    return len({time for _, time in times.values() if time}) > 1


def _times(branch: Branch) -> Times:
    return {
        (reading.entry.format, case_id(row)): (row.status, duration_of(row))
        for reading in branch.readings
        for row in rows_of(reading)
    }


def _are_alike(times_a: Times, times_b: Times) -> bool:
    """Compare two reports of one moment, of which one may say more of retries.

    What passed in one and failed in the other is of two runs.
    """
    common = times_a.keys() & times_b.keys()
    if any({times_a[case][0], times_b[case][0]} == {"passed", "failed"} for case in common):
        return False
    close = [
        case
        for case in common
        if (a := times_a[case][1]) is not None
        and (b := times_b[case][1]) is not None
        and abs(a - b) <= _SAME_TIME_S
    ]
    return 2 * len(close) > len(common) and _tell_apart({case: times_a[case] for case in close})


def has_file_per_attempt(reading: Reading) -> bool:
    """Tell formats with a file for each attempt: those of one folder are no branches."""
    form = BY_NAME.get(reading.entry.format)
    return form is not None and form.has_files_per_attempt


def path_of(reading: Reading) -> list[str]:
    """Return the parts of the path that a file was read from."""
    return reading.entry.file.replace("\\", "/").split("/")


def layout_of(branch: Branch) -> set[tuple[str, str]]:
    """List which formats lie where below a folder, whatever the files are called."""
    paths = [(reading, path_of(reading)) for reading in branch.readings]
    return {
        (reading.entry.format, "/".join(path[path.index(branch.name) + 1 : -1]))
        for reading, path in paths
    }
