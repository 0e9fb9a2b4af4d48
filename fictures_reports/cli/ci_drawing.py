"""Draw the report of a CI step: `ci_report` starts this and writes to its standard input."""

from __future__ import annotations

import pickle
import sys

from fictures_reports.cli import faults


def main() -> None:
    """Render what stands in the pipe, and exit; what goes wrong is one line on stderr."""
    given = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  # the step's own, through its pipe

    def drawn() -> int:
        from fictures_reports.report.rendering.render import render

        render(given.pop("notebook"), **given)
        return faults.OK

    sys.exit(faults.guarded(drawn, debug=faults.is_debug(())))


if __name__ == "__main__":
    main()
