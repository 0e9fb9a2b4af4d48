"""Keep the run of a build in a history: red ones too, each attempt beside the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from fictures_reports.ci.described_run import number
from fictures_reports.ci.earlier_attempts import attempts_before, is_further
from fictures_reports.ci.variant_parts import put_together
from fictures_reports.history import History
from fictures_reports.history.tables import run_at

if TYPE_CHECKING:
    from fictures_reports.ci.build import Build
    from fictures_reports.run import Run

#: Seconds between the starts of two attempts, where their own times contradict their numbers.
_APART_S: Final = 1.0


def why_not(build: Build) -> str:
    """Say why a build's run is not kept; "" where it is.

    Only trusted builds write: a change from a fork must not be what others are compared with.
    """
    if build.facts.is_trusted:
        return ""
    if build.facts.is_trusted is None:
        return "The run was not kept: it is not known whether the change comes from a fork."
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
    run = _after_earlier_attempts(run, history, build)
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


def _after_earlier_attempts(run: Run, history: History, build: Build) -> Run:
    """Return the run with a start behind those of earlier attempts of its build.

    Runs are seen in the order of their starts. A later attempt began later, though a result that
    comes out of a cache, or a clock that is wrong, may say something else.
    """
    import msgspec

    if not is_further(build) or not history.exists:
        return run
    attempts = attempts_before(history.runs(), build)
    if attempts is None:
        return run
    least = attempts["run_at"].max().timestamp() + _APART_S
    began = run_at(run.results, run.info.started_at, datetime.now(UTC)).timestamp()
    if began >= least:
        return run
    return replace(run, info=msgspec.structs.replace(run.info, started_at=least))


def label_of(run: Run, build: Build) -> str:
    """Name a run by its build and attempt; by its own label outside of CI."""
    return number(build) if build.facts.run else run.label
