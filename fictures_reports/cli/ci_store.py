"""Where the CI step keeps its runs: a folder or bucket, or a branch that is put into a folder."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fictures_reports.cli import inputs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.ci.build import Build
    from fictures_reports.ci.history_branch import HistoryBranch
    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.run import Run

#: `--store branch` or `--store branch:NAME`; a folder of that name is `./branch`.
_BRANCH: Final = "branch"


def branch_named(store: str, build: Build) -> HistoryBranch | None:
    """Return the branch that a store names; None for a folder or bucket."""
    kind, _, name = store.partition(":")
    if kind != _BRANCH:
        return None
    from fictures_reports.ci.history_branch import DEFAULT_NAME, HistoryBranch

    options = ("ci.skip",) if build.system == "gitlab" else ()
    return HistoryBranch(name.strip() or DEFAULT_NAME, push_options=options)


@contextmanager
def opened(step: Step) -> Iterator[Step]:
    """Give the step a folder as its store: that of its own, or what its branch holds."""
    branch = branch_named(step.store, step.build)
    if branch is None:
        yield step
        return
    with TemporaryDirectory() as place:
        folder = Path(place, branch.name.replace("/", "-"))
        branch.fetch(folder)
        yield replace(step, store=str(folder), branch=branch)


def keep(step: Step, run: Run) -> str:
    """Keep the run and return a sentence on what became of it; raises `HistoryError`."""
    stream = inputs.stream_of(step.stream or None).name
    if step.branch is None:
        from fictures_reports.ci.keeping import keep

        return keep(run, step.store, step.build, stream, variant=step.variant)
    from fictures_reports.ci.branch_keeping import Limits, keep_in_branch

    given = inputs.settings().store
    limits = Limits(given.runs, round(given.megabytes * 1e6))
    folder = Path(step.store)
    return keep_in_branch(
        run, step.branch, folder, step.build, stream, limits, os.environ, step.variant
    )
