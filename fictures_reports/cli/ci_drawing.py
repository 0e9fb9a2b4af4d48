"""Draw the report of a CI step: `ci_report` starts this and writes to its standard input."""

from __future__ import annotations

import pickle
import sys
from contextlib import suppress
from importlib import import_module

from fictures_reports.cli import faults


def main() -> None:
    """Render what stands in the pipe, and exit; what goes wrong is one line on stderr.

    The step writes to the pipe after it has compared; until then the imports are done.
    """
    with suppress(Exception):  # what is missing is said below, if there is anything to draw
        import_module("fictures_reports.report.rendering.render")
        import_module("fictures_reports.report.rendering.html_export")
        import_module("fictures_reports.report.sections")
    text = sys.stdin.buffer.read()
    if not text:  # the step failed before it had something to draw
        return
    given = pickle.loads(text)  # noqa: S301  # the step's own, through its pipe

    def draw() -> int:
        from fictures_reports.report.rendering.render import render

        render(given.pop("notebook"), **given)
        return faults.OK

    sys.exit(faults.guarded(draw, debug=faults.is_debug(())))


if __name__ == "__main__":
    main()
