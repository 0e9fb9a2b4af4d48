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
    of_build = of_one_build(history, build.key, build.facts.branch, build.facts.commit)
    branches = _branches(history, stream, of_build) if history.exists else None
    wanted = _wanted(build)
    if not branches:
        name = stream if _is_new(history, stream) else _name(build, wanted)
        return Baseline(None, f"No baseline yet: this is the first run of {name}.")
    if branches == {None}:
        return Baseline(_latest(history, stream, of_build), _nameless(wanted))
    for place, branch in enumerate(wanted):
        if branch in branches:
            sentence = (
                f"{wanted[0]} has no runs in the history: compared with {branch}." if place else ""
            )
            return Baseline(f"{path}@branch:{branch}", sentence)
    if not wanted:
        return Baseline(_latest(history, stream, of_build), _NO_BRANCH)
    known = ", ".join(sorted(name for name in branches if name))
    return Baseline(
        None, f"No baseline yet: the history has no run of {_either(wanted)}, but of {known}."
    )


def _is_new(history: History, stream: str | None) -> bool:
    """Tell whether the history names streams, and this is none of them."""
    streams = named(history.runs()["stream"]) if history.exists else []
    return bool(streams) and stream is not None and stream not in streams


def _branches(history: History, stream: str | None, of_build: set[str]) -> set[str | None]:
    names = _runs_before(history, stream, of_build)["branch"]
    return {name if isinstance(name, str) else None for name in names}


def _latest(history: History, stream: str | None, of_build: set[str]) -> str:
    """Name the latest run; by its id where runs of this build are in the history, too."""
    selector = _runs_before(history, stream, of_build)["run_id"].iloc[-1] if of_build else "latest"
    return f"{history.path}@{selector}"


def _runs_before(history: History, stream: str | None, of_build: set[str]) -> pd.DataFrame:
    """Return the runs of the stream, if the history has it, without those of this build."""
    runs = history.runs()
    has_stream = stream is not None and stream in named(runs["stream"])
    runs = history.runs(stream=stream) if has_stream else runs
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
