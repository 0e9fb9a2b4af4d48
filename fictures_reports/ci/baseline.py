"""What a build is compared with: the runs of a branch in the history, or nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.history.builds import of_one_build
from fictures_reports.history.store import History
from fictures_reports.history.streams import named

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.ci.build import Build

_NO_BRANCH: Final = (
    "The branch of this build is not known: compared with the latest run in the history."
)


@dataclass(frozen=True)
class Baseline:
    """The runs that a build is compared with, and why these were chosen."""

    #: HISTORY@branch:NAME or HISTORY@latest; None where there is nothing to compare with yet
    runs: str | None
    #: one sentence; "" where the choice goes without saying
    words: str = ""


def baseline_of(path: str, build: Build, stream: str | None = None) -> Baseline:
    """Choose the branch that a build is compared with; a history that is not there is empty.

    Only runs of `stream` count, if the history has it. First comes the branch that the change goes
    to, then the default branch, and the branch itself where neither is known. Another branch's
    latest run is no baseline.
    """
    history = History(path)
    wanted = _wanted(build)
    if not history.exists:
        return _first_run(_name(build, wanted))
    runs = history.runs()
    of_build = of_one_build(runs, build.key, build.facts.branch, build.facts.commit)
    before = _runs_before(runs, stream, of_build)
    branches = {name if isinstance(name, str) else None for name in before["branch"]}
    if not branches:
        return _first_run(str(stream) if _is_new(runs, stream) else _name(build, wanted))
    if branches == {None}:
        return Baseline(_latest(path, before, of_build), _nameless(wanted))
    for place, branch in enumerate(wanted):
        if branch in branches:
            sentence = (
                f"{wanted[0]} has no runs in the history: compared with {branch}." if place else ""
            )
            return Baseline(f"{path}@branch:{branch}", sentence)
    if not wanted:
        return Baseline(_latest(path, before, of_build), _NO_BRANCH)
    known = ", ".join(sorted(name for name in branches if name))
    return Baseline(
        None, f"No baseline yet: the history has no run of {_either(wanted)}, but of {known}."
    )


def _first_run(name: str) -> Baseline:
    return Baseline(None, f"No baseline yet: this is the first run of {name}.")


def _is_new(runs: pd.DataFrame, stream: str | None) -> bool:
    """Tell whether the history names streams, and this is none of them."""
    streams = named(runs["stream"])
    return bool(streams) and stream is not None and stream not in streams


def _latest(path: str, before: pd.DataFrame, of_build: set[str]) -> str:
    """Name the latest run; by its id where runs of this build are in the history, too."""
    return f"{path}@{before['run_id'].iloc[-1] if of_build else 'latest'}"


def _runs_before(runs: pd.DataFrame, stream: str | None, of_build: set[str]) -> pd.DataFrame:
    """Return the runs of the stream, if the history has it, without those of this build."""
    names = named(runs["stream"])
    if stream in names and len(names) > 1:  # all are of the only one
        runs = runs[runs["stream"] == stream]
    return runs[~runs["run_id"].isin(of_build)]


def _wanted(build: Build) -> list[str]:
    facts = build.facts
    names = [facts.base, facts.default_branch]
    if not any(names):
        names = [facts.branch]
    return list(dict.fromkeys(name for name in names if name))


def _name(build: Build, wanted: list[str]) -> str:
    return build.facts.branch or build.facts.tag or next(iter(wanted), "this history")


def _nameless(wanted: list[str]) -> str:
    if not wanted:
        return ""
    return f"The history names no branches, so not {wanted[0]}: compared with its latest run."


def _either(names: list[str]) -> str:
    return " or ".join(names)
