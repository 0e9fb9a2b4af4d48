"""The first section: the verdict, the author's words, the achievement and the blockers by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis import verdict
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import numbered, section
from fictures_reports.report.document.phase_readiness import ordered_steps
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_MOST_BLOCKERS: Final = 5
_KINDS: Final = {"failure": "failing", "skip": "skipped"}
#: Changes that are an achievement, best first.
ACHIEVED: Final = {
    "fixed": ("test that failed passes", "tests that failed pass"),
    "gained": ("test that did not run passes", "tests that did not run pass"),
    "arrived": ("new test passes", "new tests pass"),
}


def executive_summary(d: DocumentInput) -> str:
    """Say what happened in a few lines; names and counts only, the rest stands below."""
    said = d.comparison.verdict if d.comparison else verdict.run_verdict(d.after)
    return section(
        "Executive summary", text(said), place(d, "Summary", always=True), _achievement(d),
        _blockers(d),
    )  # fmt: skip


def _achievement(d: DocumentInput) -> str:
    for change, forms in ACHIEVED.items():
        files = Counter(row.file for row in d.changes.values() if row.change == change)
        if files:
            n = files.total()
            where = listed([text(f"{file} ({k})") for file, k in files.most_common(3)])
            return f"**Key achievement:** {n:,} {forms[n != 1]}: {where}."
    return ""


def _blockers(d: DocumentInput) -> str:
    """Name what matters most, in the order in which it is worth fixing."""
    steps = [step for rank, step in ordered_steps(d) if rank in ("critical", "high")]
    steps = steps or [step for _, step in ordered_steps(d)]
    lines = [
        f"{text(step.name)}: {counted(step.cases, f'{_KINDS[step.kind]} test')}" for step in steps
    ]
    return f"**Primary blockers:**\n\n{numbered(lines, _MOST_BLOCKERS)}" if lines else ""
