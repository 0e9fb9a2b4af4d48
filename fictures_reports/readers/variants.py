"""Files that hold the same cases: variants of one run, attempts of it, or runs of their own.

In go the readings of all files. Afterwards the rows of variants bear their names, attempts are
joined, and what is neither was refused:

    linux/junit.xml, windows/junit.xml    ran at the same time: variants "linux" and "windows"
    results.xml, results-rerun.xml        the later one has only what had not passed: an attempt
    monday/junit.xml, friday/junit.xml    their times are apart: `SeveralRuns`

Below the folder that all files have in common, a *branch* is a folder or file beside others. At
each depth, branches that hold the same cases are sorted into variants, each a list of branches
that are its attempts, the first one first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Final, NamedTuple

from fictures_reports.readers.attempts_across_files import join_attempts, rows_of
from fictures_reports.readers.branch_names import variant_of, without_shard
from fictures_reports.readers.branches import (
    Branch,
    are_copies,
    branch_of,
    clashes,
    has_file_per_attempt,
    layout_of,
    path_of,
)
from fictures_reports.readers.named_attempts import join_named_attempts
from fictures_reports.readers.rows import Reading
from fictures_reports.readers.runs_apart import QUEUED_S, refuse_runs_apart

_WORDS_FOR_ATTEMPTS: Final = (
    "rerun", "retry", "retries", "attempt", "last-failed", "lastfailed", "again",
)  # fmt: skip


class _Sorted(NamedTuple):
    """Branches that hold the same cases, by what they are."""

    variants: list[list[Branch]]
    #: by the name of a branch: those that say the same of the same run
    copies: dict[str, list[Branch]]


def name_parts(readings: Sequence[Reading]) -> None:
    """Tell variants and attempts among files apart: rows get variants, attempts are joined.

    Raises `SeveralRuns` where files hold the same cases and are neither.
    """
    join_named_attempts(readings)
    _name_below([(reading, path_of(reading)) for reading in readings], 0)


def _name_below(files: list[tuple[Reading, list[str]]], depth: int) -> None:
    """Look at what lies beside each other at a depth of the paths, and then below it."""
    if len(files) < 2:
        return
    groups: defaultdict[str, list[tuple[Reading, list[str]]]] = defaultdict(list)
    for reading, path in files:
        is_one_of_many = depth + 1 == len(path) and has_file_per_attempt(reading)
        groups["" if is_one_of_many else "".join(path[depth : depth + 1])].append((reading, path))
    if len(groups) > 1:
        branches = [branch_of(name, group, depth) for name, group in groups.items()]
        for clash in clashes(branches):
            _resolve(clash, branches, "/".join(files[0][1][:depth]))
        _name_lone_shards(branches)
    if any(depth + 1 < len(path) for _, path in files):
        for group in groups.values():
            _name_below(group, depth + 1)


def _resolve(clash: Sequence[Branch], beside: Sequence[Branch], folder: str) -> None:
    """Make attempts and variants of branches that hold the same cases.

    Where there are several variants, folders of equal layout beside them are variants, too.
    """
    variants, copies = _sorted_into_variants(clash)
    if len(variants) > 1:
        refuse_runs_apart(variants, folder)
    for attempts in variants:
        join_attempts([branch.readings for branch in attempts])
    if len(variants) > 1:
        others = [] if clash[0].is_file else [b for b in beside if b not in clash]
        alike = [[b] for b in others if layout_of(b) == layout_of(clash[0])]
        for attempts in [*variants, *alike]:
            also = [copy for branch in attempts for copy in copies.get(branch.name, ())]
            _name_variant(attempts, also)


def _sorted_into_variants(clash: Sequence[Branch]) -> _Sorted:
    """Take the branches by their start: each is a copy, a further attempt, or a new variant."""
    variants: list[list[Branch]] = []
    copies: dict[str, list[Branch]] = {}
    for branch in sorted(clash, key=lambda b: (b.start or 0.0, -len(b.name), b.name)):
        earlier = (other for attempts in variants for other in attempts)
        if twin := next((other for other in earlier if are_copies(other, branch)), None):
            copies.setdefault(twin.name, []).append(branch)
        elif attempts := _attempts_before(branch, variants):
            attempts.append(branch)
        else:
            variants.append([branch])
    return _Sorted(variants, copies)


def _attempts_before(branch: Branch, variants: list[list[Branch]]) -> list[Branch] | None:
    """Find what a branch is a further attempt of; the one with the most alike name, of several."""
    fitting = [attempts for attempts in variants if _is_further(branch, attempts)]
    return max(fitting, key=lambda attempts: _likeness(attempts[0].name, branch.name), default=None)


def _likeness(name_a: str, name_b: str) -> int:
    """Count the characters that two names begin with alike."""
    pairs = zip(name_a, name_b, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _is_further(branch: Branch, attempts: Sequence[Branch]) -> bool:
    """Tell whether a branch starts later and holds only cases that had not passed before."""
    last = attempts[-1]
    if branch.start is None or last.start is None or branch.start <= last.start:
        return False
    last_end = last.end or last.start
    if branch.start < last_end:
        return False
    has_passed: dict[tuple[str, str], bool] = {}
    for earlier in attempts:
        has_passed |= earlier.cases
    if not branch.cases or not all(has_passed.get(case) is False for case in branch.cases):
        return False
    # a variant after one in which every test failed looks the same
    is_all = len(branch.cases) == len(has_passed)
    is_soon = branch.start - last_end <= QUEUED_S
    is_named = any(word in branch.name.lower() for word in _WORDS_FOR_ATTEMPTS)
    return is_named or not (is_all and is_soon)


def _name_lone_shards(branches: Sequence[Branch]) -> None:
    """Name shards beside which no other variant's lies, for that one broke off, by their names."""
    named = {reading.variant for branch in branches for reading in branch.readings}
    for branch in branches:
        first = branch.readings[0]
        is_shard = branch.is_file and first.shard is not None
        if is_shard and not first.variant and _variant(branch) in named - {""}:
            _name_variant([branch])


def _variant(branch: Branch) -> str:
    """Name the variant of a branch; the shards of one variant are of one name."""
    name = variant_of(branch.name, is_file=branch.is_file)
    shards = {reading.shard for reading in branch.readings}
    number = shards.pop()
    return name if shards or number is None else without_shard(name, number)


def _name_variant(attempts: Sequence[Branch], copies: Iterable[Branch] = ()) -> None:
    """Give the rows of a variant its name, which is that of its first folder or file.

    Copies of a branch are of its variant, too: `merge` then takes one of them.
    """
    name = _variant(attempts[0])
    for branch in [*attempts, *copies]:
        for reading in branch.readings:
            reading.variant = f"{reading.variant}/{name}" if reading.variant else name
            for row in rows_of(reading):
                row.variant = reading.variant
    attempts[0].readings[0].entry.doubts.append(
        f"holds tests that others hold, too: taken for the variant {name!r} by its name"
    )
