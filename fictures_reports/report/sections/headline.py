"""What stands large at the top of a page, and what stands below it instead of in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis import verdict as sentences
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.analysis.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: Characters of a headline: two lines of a wide screen.
MOST: Final = 180


def headline_of(c: Comparison) -> tuple[str, str]:
    """Say what happened, most urgent first, and what of it stands below the headline.

    The second is "" where all of it has room.
    """
    whole, parts = sentences.finding(c), sentences.changed(c)
    if len(whole) <= MOST or whole != f"{listed(parts)}.":
        return whole, ""
    fits = [n for n in range(2, len(parts)) if len(listed(parts[:n])) < MOST]
    n = max(fits, default=1)
    return f"{listed(parts[:n])}.", f"Also {listed(parts[n:])}." if parts[n:] else ""


def without_the_same(errors: Sequence[tuple[Run, str]], headline: str) -> list[tuple[Run, str]]:
    """Leave out of the lines on runs' errors what the headline says already.

    Of a message that stands there the kind is left; that no reason was recorded is left out.
    """
    lines = []
    for run, line in errors:
        messages = [
            message for error in run.info.errors if (message := first_line(error)) in headline
        ]
        if run.info.errors:
            lines.append((run, _without(line, messages)))
    return lines


def _without(line: str, messages: Sequence[str]) -> str:
    for message in messages:
        line = line.replace(f": {message} (", " (", 1)
    return line
