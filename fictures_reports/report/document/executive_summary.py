"""The first section: the verdict, the author's words, the achievement and the blockers by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.run_verdict import run_verdict
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.decision_to_take import decision
from fictures_reports.report.document.document_layout import numbered, section
from fictures_reports.report.document.phase_readiness import ordered_steps
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_MOST_BLOCKERS: Final = 5
_MOST_FILES: Final = 3
_KINDS: Final = {"failure": "failing", "skip": "skipped"}
#: Changes that are an achievement, best first.
ACHIEVED: Final = {
    "fixed": ("test that failed passes", "tests that failed pass"),
    "gained": ("test that did not run passes", "tests that did not run pass"),
    "arrived": ("new test passes", "new tests pass"),
}


def executive_summary(d: DocumentInput) -> str:
    """Say what happened in a few lines; names and counts only, the rest stands below."""
    two = d.report.is_comparison
    sentence = d.report.comparison.verdict if two else run_verdict(d.after)
    return section(
        "Executive summary", text(sentence), place(d, "Summary", always=True), _achievement(d),
        _blockers(d), decision(d),
    )  # fmt: skip


def _achievement(d: DocumentInput) -> str:
    """Count what was achieved first of all, in the files that have most of it."""
    failed = Counter(row.file for row in d.changes.values() if row.before_outcome == "failed")
    for change, forms in ACHIEVED.items():
        files = Counter(row.file for row in d.changes.values() if row.change == change)
        if files:
            n = files.total()
            of = failed if change == "fixed" else Counter[str]()
            most = files.most_common(_MOST_FILES)
            where = [f"{k:,}{f' of {of[f]:,}' * (f in of)} in {text(f)}" for f, k in most]
            more = len(files) - len(most)
            where += [counted(more, "more file")] if more else []
            return f"**Key achievement:** {n:,} {forms[n != 1]}: {listed(where)}."
    return ""


def _blockers(d: DocumentInput) -> str:
    """Name what matters most, in the order in which it is worth fixing."""
    steps = [step for rank, step in ordered_steps(d) if rank in ("critical", "high")]
    steps = steps or [step for _, step in ordered_steps(d)]
    lines = [
        f"{text(step.name)} – {counted(step.cases, f'{_KINDS[step.kind]} test')}" for step in steps
    ]
    return f"**Primary blockers:**\n\n{numbered(lines, _MOST_BLOCKERS)}" if lines else ""
