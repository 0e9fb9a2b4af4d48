"""Runs of one CI build: its attempts, and the variants that jobs of it kept by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fictures_reports.history.store import History


def of_one_build(history: History, build: str | None) -> set[str]:
    """Return the ids of the runs of a build, of any attempt; none where no build is known."""
    if build is None or not (history.is_remote or history.exists):
        return set()
    runs, wanted = history.runs(), without_attempt(build)
    return {
        str(run_id)
        for run_id, key in zip(runs["run_id"], runs["build"], strict=True)
        if isinstance(key, str) and without_attempt(key) == wanted
    }


def without_attempt(build: str) -> str:
    """Take the attempt off a build's key.

    >>> without_attempt("github:1001/2"), without_attempt("jenkins:shop-3")
    ('github:1001', 'jenkins:shop-3')
    """
    head, _, attempt = build.rpartition("/")
    return head if head and attempt.isdecimal() else build
