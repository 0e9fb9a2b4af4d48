"""What may be chance, and how many runs would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison


def unsure_sentences(c: Comparison) -> Sequence[str]:
    """Say of how many changes chance is not ruled out, and how many runs a side would.

    Nothing where each side is one run: that a single run proves little goes without saying.
    """
    rows = c.changes[c.changes["unsure"]]
    if rows.empty or len(c.before_runs) == len(c.after_runs) == 1:
        return []
    needed = counted(int(rows["runs_needed"].max()), "run")
    tests = counted(len(rows), "test")
    return [f"Not enough runs to rule out chance for {tests}: {needed} a side would."]
