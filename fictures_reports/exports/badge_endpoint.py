"""A badge: JSON that shields.io's endpoint badge draws, kept where it can be fetched."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.wording import counted
from fictures_reports.exports.judged_run import judged
from fictures_reports.guards import path_of
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.exports.judged_run import JudgedRun
    from fictures_reports.run import Run


def badge_of(
    subject: Comparison | Run, path: str | Path, *, title: str = "tests", **options: Any
) -> Path:
    """Write how the run ended as an endpoint of shields.io; return the path.

    `title` stands on the left; options are those of `exports.judged_run.judged`.
    """
    target = path_of(path, "the path of the badge")
    write(json.dumps(endpoint_of(judged(subject, **options), title)) + "\n", target)
    return target


def _failing(judged_run: JudgedRun, new: int, ran: int) -> str:
    """Count what fails, and of it what is none of the known failures, where that is less."""
    failed = judged_run.run.totals["failed"]
    kind = "new" if judged_run.comparison else "not known"
    return f"{failed:,} of {ran:,} fail" + (f", {new:,} {kind}" if new < failed else "")


def endpoint_of(judged_run: JudgedRun, title: str = "tests") -> dict[str, Any]:
    """Return label, message and colour: red where it fails for a reason that nobody knew."""
    totals = judged_run.run.totals
    ran = totals["cases"] - totals["skipped"] - totals["not_run"]
    passed = totals["passed"] + totals["flaky"]
    new = sum(1 for _ in judged_run.failures)
    if not ran:
        message, colour = "no test ran", "red"
    elif new:
        message, colour = _failing(judged_run, new, ran), "red"
    elif judged_run.missed or judged_run.run.info.errors:
        missed = counted(len(judged_run.missed), "gate")
        message, colour = (f"{missed} not met" if judged_run.missed else "run failed"), "red"
    elif totals["failed"]:
        message, colour = f"{passed:,} of {ran:,} pass", "yellow"
    else:
        message, colour = f"{passed:,} pass", "brightgreen"
    return {"schemaVersion": 1, "label": title, "message": message, "color": colour}
