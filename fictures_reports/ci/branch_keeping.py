"""Keep a run in a branch: add it, drop what is too old, too much or of branches that are gone."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.ci.history_branch import Declined, Late
from fictures_reports.ci.keeping import keep, why_not
from fictures_reports.ci.secrets import Secrets, masked_run
from fictures_reports.errors import HistoryError
from fictures_reports.history import History

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fictures_reports.ci.build import Build
    from fictures_reports.ci.history_branch import HistoryBranch
    from fictures_reports.run import Run

#: Of n jobs that push at once one gets through each time.
_TRIES: Final = 40
_LONGEST_PAUSE_S: Final = 4.0
#: So often a hook may decline before it is taken at its word.
_MOST_DECLINED: Final = 4
#: More files than this are packed, one for each month.
_MOST_FILES: Final = 32


@dataclass(frozen=True)
class Limits:
    """How much a branch may hold."""

    #: runs of each branch and stream
    runs: int = 50
    #: bytes of all files
    size: int = 50_000_000


def keep_in_branch(
    run: Run,
    branch: HistoryBranch,
    folder: Path,
    build: Build,
    stream: str | None,
    limits: Limits,
    environment: Mapping[str, str],
    variant: str = "",
) -> str:
    """Add a run to a branch and push it; return a sentence on what became of it.

    `folder` gets the branch's files. Texts that look like secrets are masked first. Raises
    `HistoryError` if it cannot be pushed.
    """
    if words := why_not(build):
        return words
    clean = masked_run(run, Secrets.of(environment))
    declined = 0
    for attempt in range(_TRIES):
        tip = branch.fetch(folder)
        before = _files(folder)
        words = keep(clean, str(folder), build, stream, f"branch {branch.name}", variant)
        cut = tidy(folder, branch.heads() | _own_branches(build), limits)
        if _files(folder) == before:
            return words
        try:
            branch.push(folder, tip, len(History(folder).runs()))
        except Late as error:
            declined += isinstance(error, Declined)
            if declined > _MOST_DECLINED:
                raise
            _pause(attempt)
        else:
            return " ".join(filter(None, [words, cut]))
    raise HistoryError(f"branch {branch.name}: others were always faster – run the job again")


def _own_branches(build: Build) -> set[str]:
    facts = build.facts
    return {name for name in (facts.branch, facts.base, facts.default_branch) if name}


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def _pause(attempt: int) -> None:
    """Wait a random while, so that those who collided do not do so again."""
    longest = min(_LONGEST_PAUSE_S, 0.1 * 2**attempt)
    time.sleep(random.uniform(0.02, longest))  # noqa: S311


def tidy(folder: Path, branches: set[str], limits: Limits) -> str:
    """Drop runs of other branches and beyond the limits; pack many files. Say if it is too much."""
    history = History(folder)
    known = set(history.runs()["branch"].dropna())
    for gone in sorted(known - branches):
        history.prune(0, branch=gone)
    history.prune(limits.runs)
    if len(_files(folder)) > _MOST_FILES:
        history.compact()
    history.vacuum()
    return _within(history, folder, limits)


def _within(history: History, folder: Path, limits: Limits) -> str:
    """Keep fewer runs of each branch while the files take too much room."""
    runs = limits.runs
    while _size(folder) > limits.size and runs > 1:
        history.compact()
        if _size(folder) > limits.size:
            runs = max(1, runs * 3 // 4)
            history.prune(runs)
    if runs == limits.runs:
        return ""
    most = f"{limits.size / 1e6:g} MB"
    return f"The branch may take {most}: the last {runs} runs of each branch and stream are kept."


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.iterdir())
