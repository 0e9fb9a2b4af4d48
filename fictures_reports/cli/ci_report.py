"""The report of a CI step, drawn in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from fictures_reports.cli import inputs
from fictures_reports.cli.ci_printing import command, quote

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement


def rendered(step: Step, found: Judgement) -> Path | None:
    """Draw the report in a process of its own; a failure is a warning, for the numbers stand."""
    if step.report == "none":
        return None
    target = step.output / f"report.{step.report}"
    # -P: a module that lies among the results is not run.
    words = [sys.executable, "-P", "-m", "fictures_reports", *_words(step, found)]
    words += ["-o", str(target), "--format", step.report]
    done = subprocess.run(words, check=False, capture_output=True)  # noqa: S603
    if target.is_file():
        return target
    told = done.stderr.decode(errors="replace").strip()
    quote(told)
    last = told.splitlines()[-1] if told else f"the command ended with {done.returncode}"
    command(step, "warning", f"the report could not be drawn, the numbers stand: {last}")
    return None


def _words(step: Step, found: Judgement) -> list[str]:
    """Return the command that draws the report."""
    # No input can be read as an option.
    runs = [
        name if not name.startswith("-") else f"./{name}" for name in (found.before, step.after)
    ]
    gates = [gate["gate"] for gate in found.document["gates"]]
    words = ["compare", *runs] if found.before else ["run", runs[1]]
    words += [f"--gate={gate}" for gate in gates if gate not in inputs.settings().gates]
    given = {"rules": step.rules, "notes": step.notes, "stream": step.stream}
    if found.before:
        given["history"] = step.history
    words += [f"--{name}={value}" for name, value in given.items() if value]
    flags = {"allow-incomplete": step.allow_incomplete, "partial": step.partial and found.before}
    return [*words, *(f"--{name}" for name, is_set in flags.items() if is_set)]
