"""Attempts that paths name: by {attempt} in what was given, or by a folder attempt-N.

attempt-1/linux.xml, attempt-2/linux.xml      two attempts of one variant: they are joined
linux/attempt-1/a.xml, mac/attempt-1/a.xml    attempts of two variants
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from itertools import combinations

from fictures_reports.readers.attempts_across_files import attempt_in, join_attempts, rows_of
from fictures_reports.readers.branch_names import variant_of
from fictures_reports.readers.branches import SAME_TESTS, path_of
from fictures_reports.readers.rows import Reading, case_id


def join_named_attempts(readings: Sequence[Reading]) -> None:
    """Join the readings whose paths say that they are attempts of the same."""
    for reading in readings:
        if reading.attempt is None:
            reading.attempt = attempt_in(path_of(reading)[:-1])
    named = [reading for reading in readings if reading.attempt is not None]
    for of_one_place in _grouped(named, _place_of_attempts):
        for attempts in _of_each_variant(_grouped(of_one_place, lambda reading: reading.attempt)):
            if len(attempts) > 1:
                join_attempts(sorted(attempts, key=lambda files: files[0].attempt or 0))


def _grouped(
    readings: Sequence[Reading], key: Callable[[Reading], Hashable]
) -> list[list[Reading]]:
    groups: defaultdict[Hashable, list[Reading]] = defaultdict(list)
    for reading in readings:
        groups[key(reading)].append(reading)
    return list(groups.values())


def _place_of_attempts(reading: Reading) -> tuple[str, str, str]:
    """Say what attempts of one thing have in common: variant, format, and the folders above."""
    return reading.variant, reading.entry.format, _above_attempt(reading)


def _above_attempt(reading: Reading) -> str:
    """Name the folders above an attempt's and the beginning of its name."""
    path = path_of(reading)[:-1]
    for place, folder in enumerate(path):
        if attempt_in([folder]) is not None:
            return "/".join([*path[:place], folder.lower().rpartition("attempt")[0]])
    return ""


def _of_each_variant(attempts: list[list[Reading]]) -> list[list[list[Reading]]]:
    """Part attempts of which one holds several variants, by where their files lie below it.

    attempt-1/linux.xml and attempt-2/linux.xml are of one variant, attempt-1/windows.xml is of
    another. Shards of one variant stay together.
    """
    if not any(_share_cases(files) for files in attempts):
        return [attempts]
    by_place: defaultdict[str, list[list[Reading]]] = defaultdict(list)
    for files in attempts:
        for below in _grouped(files, _below_attempt):
            by_place[_below_attempt(below[0])].append(below)
    return list(by_place.values())


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
