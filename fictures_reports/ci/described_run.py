"""The run of a job, with what its build says of it: branch, commit, stream, build and a name."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from fictures_reports.ci.build import Build
    from fictures_reports.run import Run

#: Letters of a commit that people are shown.
SHORT: Final = 7


def described(run: Run, build: Build, stream: str | None) -> Run:
    """Return the run with the facts of its build; outside of CI it stays as it is.

    A run out of a history has its own, and so has one whose producer tells them.
    """
    import msgspec

    if run.info.build or not build.facts.run:
        return run
    facts = {
        "label": name_of(build),
        "build": build.key,
        "commit": build.facts.commit or run.info.commit,
        "branch": build.facts.branch or run.info.branch,
        "stream": run.info.stream or stream,
    }
    return replace(run, info=msgspec.structs.replace(run.info, **facts))


def name_of(build: Build) -> str:
    """Name a run of a build for people, such as "feat/x at bbbbbbb, run 1001"."""
    facts = build.facts
    where = facts.branch or facts.tag or ""
    commit = f"at {facts.commit[:SHORT]}" if facts.commit else ""
    return ", ".join(
        filter(None, (" ".join(filter(None, (where, commit))), f"run {number(build)}"))
    )


def number(build: Build) -> str:
    """Return what the CI system calls the build, with the attempt if it is a further one."""
    attempt = build.facts.attempt or 1
    return f"{build.facts.run}" + (f" attempt {attempt}" if attempt > 1 else "")
