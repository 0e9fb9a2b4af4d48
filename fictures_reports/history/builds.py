"""Runs of one CI build: its attempts, and the variants that jobs of it kept by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def of_one_build(
    runs: pd.DataFrame, build: str | None, branch: str | None = None, commit: str | None = None
) -> set[str]:
    """Return the ids of the runs of a build, of any attempt; none where no build is known.

    `runs` is a frame as `History.runs` gives it. A run of another branch or commit, where both are
    known, is of another build, whatever its key.
    """
    if build is None:
        return set()
    wanted = without_attempt(build)
    rows = zip(*(runs[name] for name in ("run_id", "build", "branch", "commit")), strict=True)
    return {
        str(run_id)
        for run_id, key, *where in rows
        if isinstance(key, str)
        and without_attempt(key) == wanted
        and all(map(_fits, where, (branch, commit)))
    }


def is_of_another_build(runs: pd.DataFrame, run_id: str, build: str | None) -> bool:
    """Tell whether a run with these results was kept for another build: equal, but not the same."""
    if build is None:
        return False
    builds = runs.loc[runs["run_id"] == run_id, "build"].tolist()
    return bool(builds) and all(isinstance(name, str) and name != build for name in builds)


def _fits(known: object, wanted: str | None) -> bool:
    return wanted is None or not isinstance(known, str) or known == wanted


def without_attempt(build: str) -> str:
    """Take the attempt off a build's key.

    >>> without_attempt("github:1001/2"), without_attempt("jenkins:shop-3")
    ('github:1001', 'jenkins:shop-3')
    """
    head, _, attempt = build.rpartition("/")
    return head if head and attempt.isdecimal() else build
