"""Keep the run of a build in a history: red ones too, each attempt beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.described_run import number
from fictures_reports.ci.variant_parts import put_together
from fictures_reports.history import History

if TYPE_CHECKING:
    from fictures_reports.ci.build import Build
    from fictures_reports.run import Run


def why_not(build: Build) -> str:
    """Say why a build's run is not kept; "" where it is.

    Only trusted builds write: a change from a fork must not be what others are compared with.
    """
    if build.facts.is_trusted:
        return ""
    return "The run was not kept: the change comes from a fork, or its job may not write."


def keep(
    run: Run, place: str, build: Build, stream: str | None, name: str = "", variant: str = ""
) -> str:
    """Add a run with what is known of its build; return a sentence on what became of it.

    `name` is what the history is called, where that is not its path. A `variant` is put together
    with the others that the build has there. Raises `HistoryError` if it cannot be written.
    """
    if words := why_not(build):
        return words
    facts = build.facts
    given = {
        "commit": facts.commit or run.info.commit,
        "branch": facts.branch or run.info.branch,
        "stream": stream or run.info.stream,
        "build": build.key,
    }
    label = label_of(run, build)
    history, where = History(place), name or place
    done = history.add(run, label=label, **given)
    if variant and build.key:
        whole = history.run(put_together(history, given | {"label": label}))
        names = sorted(set(whole.results["variant"].dropna()))
        return f"Kept as {label} in {where}, which has {', '.join(names)} now."
    return (
        f"Kept as {done.label} in {where}."
        if done.is_new
        else f"{done.label} was in {where} before."
    )


def label_of(run: Run, build: Build) -> str:
    """Name a run by its build and attempt; by its own label outside of CI."""
    return number(build) if build.facts.run else run.label
