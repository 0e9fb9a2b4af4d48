"""Whether files that hold the same cases are of one build, and how to say it if they are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from fictures_reports.errors import SeveralRuns
from fictures_reports.readers.branch_names import are_in_order, parted, variant_of
from fictures_reports.readers.branches import Branch, path_of

#: seconds between the end of one variant and the start of the next, on a machine for both
QUEUED_S: Final = 600.0


def refuse_runs_apart(variants: Sequence[Sequence[Branch]], folder: str) -> None:
    """Raise `SeveralRuns` unless all ran in one build; each variant is its attempts in order."""
    first_attempts = [attempts[0] for attempts in variants]
    is_known = all(branch.start is not None for branch in first_attempts)
    if is_known and _ran_together(variants):
        return
    why = "their times are apart" if is_known else "when they ran is not known"
    why = "they are of two commits" if len(_commits(variants)) > 1 else why
    first, second = sorted(first_attempts, key=lambda branch: branch.start or 0.0)[:2]
    n_common = len(first.cases.keys() & second.cases.keys())
    raise SeveralRuns(
        folder or ".",
        f"holds several runs: {n_common} tests of {first.name} are in {second.name}, too,"
        f" and {why}",
        _hint(first, folder),
    )


def _commits(variants: Iterable[Sequence[Branch]]) -> set[str]:
    infos = [reading.info for line in variants for branch in line for reading in branch.readings]
    return {info.commit for info in infos if info.commit}


def _ran_together(variants: Sequence[Sequence[Branch]]) -> bool:
    """Tell whether variants are of one build: their times overlap, or they came soon one by one.

    That is not enough where their names put them into an order in time, as "before" and "after"
    do; and what ran on two commits is two runs.
    """
    if len(_commits(variants)) > 1:
        return False
    names = [variant_of(attempts[0].name, is_file=attempts[0].is_file) for attempts in variants]
    longest_wait = 0.0 if are_in_order(names) else QUEUED_S
    spans = sorted(
        (attempts[0].start or 0.0, max(b.end or b.start or 0.0 for b in attempts))
        for attempts in variants
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
    below = "" if branch.is_file else _only_file_below(branch)
    given = [f"'{above}{{{word}}}{ending}{below}'" for word in ("variant", "attempt")]
    return (
        f"give {given[0]} if {name!r} names a variant, {given[1]} if an attempt; runs of their own"
        f" are read by `history {folder or '.'}` or fr.read_runs"
    )


def _only_file_below(branch: Branch) -> str:
    """Name what lies below a folder if it is one file."""
    if len(branch.readings) > 1:
        return ""
    path = path_of(branch.readings[0])
    return "/" + "/".join(path[path.index(branch.name) + 1 :])
