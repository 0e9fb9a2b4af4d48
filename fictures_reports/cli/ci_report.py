"""The report of a CI step, drawn in a process of its own out of what the step has read."""

from __future__ import annotations

import pickle
import sys
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING, Any

from fictures_reports.cli import inputs
from fictures_reports.cli.ci_printing import command, quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement


@contextmanager
def drawer(step: Step) -> Iterator[Popen[bytes] | None]:
    """Start the process that draws the report; it imports what it needs while runs are read.

    None where no report is asked for. What still runs in the end is stopped: a step that failed
    has nothing to draw.
    """
    if step.report == "none":
        yield None
        return
    # -P: a module that lies among the results is not run.
    words = [sys.executable, "-P", "-m", "fictures_reports.cli.ci_drawing"]
    with Popen(words, stdin=PIPE, stdout=PIPE, stderr=PIPE) as process:  # noqa: S603
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def rendered(
    step: Step, judgement: Judgement, title: str, drawing: Popen[bytes] | None
) -> Path | None:
    """Let the report be drawn; a failure is a warning, for the numbers stand."""
    if drawing is None:
        return None
    target = step.output / f"report.{step.report}"
    given = {"output": target, "format": step.report, "title": title} | _given(step, judgement)
    # The runs go through a pipe that only the two hold, so that no file is read twice.
    _, errors = drawing.communicate(pickle.dumps(given))
    if target.is_file():
        return target
    log = errors.decode(errors="replace").strip()
    quote(step.build.system, log)
    last = log.splitlines()[-1] if log else f"the command ended with {drawing.returncode}"
    command(
        step.build.system, "warning", f"the report could not be drawn, the numbers stand: {last}"
    )
    return None


def _given(step: Step, judgement: Judgement) -> dict[str, Any]:
    """Return what `render` takes; gates that a first run could not be asked are none."""
    settings = inputs.settings()
    given: dict[str, Any] = {
        "gates": [gate["gate"] for gate in judgement.document["gates"]],
        "areas": settings.areas,
        "owners": settings.owners,
        "known_issues": settings.known_issues,
        "notes": inputs.notes(Path(step.notes) if step.notes else None),
        "allow_incomplete": step.allow_incomplete,
    }
    if judgement.comparison is None:
        words = " ".join(judgement.base_words)
        return given | {"notebook": "run", "run": judgement.after, "baseline": words}
    # a variant is compared with its own part of the base, which a whole branch would hide
    runs = judgement.comparison.before_runs if step.variant else judgement.before_runs
    return given | {
        "notebook": "comparison",
        "before": runs[-1],
        "earlier_before": list(runs[:-1]),
        "after": judgement.after,
        "history": judgement.history,
        "renames": settings.renames,
        "removed": judgement.comparison.removed,
        "partial": step.partial,
        "stream": judgement.after.info.stream,
    }
