"""Keep the run of a build in a history: red ones too, each attempt beside the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.described_run import number
from fictures_reports.ci.variant_parts import put_together
from fictures_reports.history import History

if TYPE_CHECKING:
    from fictures_reports.ci.build import Build
    from fictures_reports.run import Run


def keep(run: Run, place: str, build: Build, stream: str | None, variant: str = "") -> str:
    """Add a run with what is known of its build; return a sentence on what became of it.

    A `variant` is put together with the others that the build has there. Only trusted builds
    write: a change from a fork must not be what others are compared with.
    Raises `HistoryError` if the history cannot be written.
    """
    if not build.facts.is_trusted:
        return "The run was not kept: the change comes from a fork, or its job may not write."
    facts = build.facts
    given = {
        "commit": facts.commit or run.info.commit,
        "branch": facts.branch or run.info.branch,
        "stream": stream or run.info.stream,
        "build": build.key,
    }
    label = label_of(run, build)
    history = History(place)
    is_new = history.append(run, label=label, **given)
    if variant and build.key:
        whole = history.run(put_together(history, given | {"label": label}))
        names = sorted(set(whole.results["variant"].dropna()))
        return f"Kept as {label} in {place}, which has {', '.join(names)} now."
    return f"Kept as {label} in {place}." if is_new else f"{label} was in {place} before."


def label_of(run: Run, build: Build) -> str:
    """Name a run by its build and attempt; by its own label outside of CI."""
    return number(build) if build.facts.run else run.label
