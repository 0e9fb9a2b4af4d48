"""What a build is compared with: the runs of a branch in the history, or nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.history.store import History
from fictures_reports.history.streams import named

if TYPE_CHECKING:
    from fictures_reports.ci.build import Build

_NO_BRANCH: Final = (
    "The branch of this build is not known: compared with the latest run in the history."
)


@dataclass(frozen=True)
class Baseline:
    """The runs that a build is held against, and what has to be said of the choice."""

    #: HISTORY@branch:NAME or HISTORY@latest; None where there is nothing to compare with yet
    runs: str | None
    #: one sentence; "" where the choice goes without saying
    words: str = ""


def baseline_of(path: str, build: Build, stream: str | None = None) -> Baseline:
    """Choose the branch that a build is held against; a history that is not there is empty.

    Only runs of `stream` count, if the history has it. First comes the branch that the change goes
    to, then the default branch, and the branch itself where neither is known. Another branch's
    latest run is no baseline.
    """
    history = History(path)
    branches = _branches(history, stream) if history.exists else None
    wanted = _wanted(build)
    if not branches:
        return Baseline(None, f"No baseline yet: this is the first run of {_name(build, wanted)}.")
    if branches == {None}:
        return Baseline(f"{path}@latest", _nameless(wanted))
    for place, branch in enumerate(wanted):
        if branch in branches:
            said = (
                f"{wanted[0]} has no runs in the history: compared with {branch}." if place else ""
            )
            return Baseline(f"{path}@branch:{branch}", said)
    if not wanted:
        return Baseline(f"{path}@latest", _NO_BRANCH)
    known = ", ".join(sorted(name for name in branches if name))
    return Baseline(
        None, f"No baseline yet: the history has no run of {_either(wanted)}, but of {known}."
    )


def _branches(history: History, stream: str | None) -> set[str | None]:
    runs = history.runs()
    has_stream = stream is not None and stream in named(runs["stream"])
    names = (history.runs(stream=stream) if has_stream else runs)["branch"]
    return {name if isinstance(name, str) else None for name in names}


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
