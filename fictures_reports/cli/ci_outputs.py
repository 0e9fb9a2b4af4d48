"""The outputs and the summary of a CI step, where its runner looks for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.cli import output
from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: What GitHub takes as the summary of one step, in bytes; a longer one is dropped as a whole.
SUMMARY_LIMIT: Final = 1024 * 1024
_CUT: Final = "\n\n*The rest was cut: GitHub shows 1 MiB of a summary. See the report.*\n"


def outputs(
    document: Mapping[str, Any], code: int, numbers: Path, report: Path | None
) -> dict[str, str]:
    """Return the outputs of the step, by name; a first run has no changes and no baseline."""
    counts = {change: len(cases) for change, cases in document["changes"].items()}
    # what somebody answers for, or failed before, is no failure of this change
    new = {
        change: sum(case["standing"] == "new" for case in document["changes"].get(change, ()))
        for change in NEW_FAILURES
    }
    run = document.get("after") or document["run"]
    return {
        "verdict": document["verdict"],
        "exit-code": str(code),
        "counts": json.dumps(counts),
        "totals": json.dumps(run["totals"]),
        "standings": json.dumps(document["standings"]),
        "broken": str(new["broken"]),
        "fixed": str(counts.get("fixed", 0)),
        "new-failures": str(sum(new.values())),
        "gates-missed": str(sum(not gate["holds"] for gate in document["gates"])),
        "baseline": str(document["before"]["label"]) if "before" in document else "",
        "report": str(report or ""),
        "json": str(numbers),
    }


def cut(text: str, room: int) -> str:
    r"""Cut a text at a line so that it and the note about it fit in `room` bytes of UTF-8.

    >>> cut("one\ntwo\n", 100)
    'one\ntwo\n'
    """
    data = text.encode()
    if len(data) <= room:
        return text
    left = data[: max(0, room - len(_CUT.encode()))]
    lines = left.rpartition(b"\n")[0]
    return lines.decode() + _CUT if room >= len(_CUT.encode()) else ""


def tell(
    environment: Mapping[str, str], values: Mapping[str, str], summary: str, file: str = ""
) -> list[str]:
    """Append to the files in which a runner looks for outputs and the summary, if it does.

    The summary is written to `file`, too, if one is named. Returns what could not be written, a
    line each: none of it changes what came out.
    """
    from fictures_reports.report.github_text import outputs as output_lines
    from fictures_reports.safe_write import append

    def summarise(path: Path) -> None:
        there = path.stat().st_size if path.exists() else 0
        append(cut(summary, SUMMARY_LIMIT - there), path)

    writes: list[tuple[str, Callable[[Path], None]]] = [
        (environment.get("GITHUB_OUTPUT", ""), lambda path: append(output_lines(values), path)),
        (environment.get("GITHUB_STEP_SUMMARY", ""), summarise),
        (file, lambda path: output.write(summary, path)),
    ]
    failed = []
    for name, write in writes:
        try:
            if name:
                write(Path(name))
        except (ReportsError, OSError) as error:
            failed.append(str(error))
    return failed
