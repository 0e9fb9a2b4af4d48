"""Counts by file that add up, and what the document rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import breakdown, table
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import aligned, bullets, section
from fictures_reports.report.markdown_text import code, text

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

#: Files with a row of their own.
_MOST_FILES: Final = 40


def appendix(d: DocumentInput) -> str:
    """Count each file's tests by status, before → after; rows and columns add up."""
    runs = d.sides
    if all(run.results.empty for run in runs.values()):
        return ""
    counts = table(breakdown(runs))
    statuses = list(dict.fromkeys(str(column[1]) for column in counts.columns))
    counts = _shortened(counts, list(runs), statuses)
    rows = [
        (file, *(_moved([counts[label, s][file] for label in runs]) for s in statuses))
        for file in counts.index
    ]
    heads = ["file", *(status.replace("_", " ") for status in statuses)]
    return section("Appendix: tests by file", aligned(heads, rows, len(rows)))


def _shortened(counts: pd.DataFrame, runs: list[str], statuses: list[str]) -> pd.DataFrame:
    """Sum up the files of a large suite beyond those that changed or fail most.

    Rows and columns add up as before.
    """
    import pandas as pd

    *files, _ = counts.index
    if len(files) <= _MOST_FILES:
        return counts
    before, after = runs[0], runs[-1]

    def rank(file: str) -> tuple[int, int]:
        failed = counts[after, "failed"][file] if "failed" in statuses else 0
        moved = (abs(counts[after, s][file] - counts[before, s][file]) for s in statuses)
        return (-failed, -sum(moved))

    first = sorted(files, key=rank)[:_MOST_FILES]
    other_files = [file for file in files if file not in first]
    named_files = counts.loc[[file for file in files if file in first]]
    summed = counts.loc[other_files].sum().to_frame(f"{len(other_files):,} other files").T
    return pd.concat([named_files, summed, counts.tail(1)])


def _moved(counts: list[int]) -> str:
    """Write counts in order, once where they are the same."""
    return " → ".join(f"{n:,}" for n in (counts if len(set(counts)) > 1 else counts[:1]))


def references(d: DocumentInput) -> str:
    """Name the result files of each run with what became of them, and the author's references."""
    lines = [_files(run) for run in d.phases]
    return section("References", bullets(lines), place(d, "References"))


def _files(run: Run) -> str:
    entries = rows_of(run.ledger)
    read = [f"{code(e.file)} ({e.format}, {counted(e.read, 'result')})" for e in entries if e.read]
    unused = [_unused_file(e) for e in entries if not e.read]
    return f"{text(run.label)}: {', '.join([*read, *unused][:10])}"


def _unused_file(entry: Any) -> str:
    return f"{code(entry.file)} ({'the same results' if entry.repeated else 'not used'})"
