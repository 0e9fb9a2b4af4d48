"""The report of a CI step, drawn in a process of its own out of what the step has read."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.cli import inputs
from fictures_reports.cli.ci_printing import command, quote

if TYPE_CHECKING:
    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement


def rendered(step: Step, found: Judgement, title: str) -> Path | None:
    """Draw the report in a process of its own; a failure is a warning, for the numbers stand."""
    if step.report == "none":
        return None
    target = step.output / f"report.{step.report}"
    given = {"output": target, "format": step.report, "title": title} | _given(step, found)
    # -P: a module that lies among the results is not run.
    words = [sys.executable, "-P", "-m", "fictures_reports.cli.ci_drawing"]
    # The runs go through a pipe that only the two hold, so that no file is read twice.
    done = subprocess.run(words, check=False, capture_output=True, input=pickle.dumps(given))  # noqa: S603
    if target.is_file():
        return target
    told = done.stderr.decode(errors="replace").strip()
    quote(told)
    last = told.splitlines()[-1] if told else f"the command ended with {done.returncode}"
    command(step, "warning", f"the report could not be drawn, the numbers stand: {last}")
    return None


def _given(step: Step, found: Judgement) -> dict[str, Any]:
    """Return what `render` takes; gates that a first run could not be asked are none."""
    settings = inputs.settings()
    given: dict[str, Any] = {
        "gates": [gate["gate"] for gate in found.document["gates"]],
        "areas": settings.areas,
        "owners": settings.owners,
        "known_issues": settings.known_issues,
        "notes": inputs.notes(Path(step.notes) if step.notes else None),
        "allow_incomplete": step.allow_incomplete,
    }
    if found.comparison is None:
        words = " ".join(found.base_words)
        return given | {"notebook": "run", "run": found.after, "baseline": words}
    # a variant is compared with its own part of the base, which a whole branch would hide
    runs = found.comparison.before_runs if step.variant else found.before_runs
    return given | {
        "notebook": "comparison",
        "before": runs[-1],
        "earlier_before": list(runs[:-1]),
        "after": found.after,
        "history": found.history,
        "renames": settings.renames,
        "removed": found.comparison.removed,
        "partial": step.partial,
        "stream": found.after.info.stream,
    }
