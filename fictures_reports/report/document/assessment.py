"""What worked, what did not, and what is blocked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.limit_distance import farthest_first
from fictures_reports.analysis.reasons.limit_sentence import how_far
from fictures_reports.analysis.result_summary import first_line, known
from fictures_reports.analysis.wording import counted, listed
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.document_layout import bullets, section, subsection
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run


_MOST: Final = 10


def assessment(d: DocumentInput) -> str:
    """Take stock of the run as a whole; single tests stand in their own section."""
    return section(
        "What worked and what did not",
        subsection("What worked", bullets(_worked(d))),
        subsection("What did not work", bullets(_not_worked(d))),
        subsection("What is blocked", bullets(_blocked(d))),
    )


def _worked(d: DocumentInput) -> list[str]:
    lines = []
    if d.comparison is not None:
        gone = sum(row.after_outcome == "absent" for row in d.changes.values())
        new = sum(row.before_outcome == "absent" for row in d.changes.values())
        if not gone:
            n = counted(len(d.changes) - new, "test")
            lines.append(f"All {n} of before are there again{f', and {new:,} new' * bool(new)}.")
        still_passed = sum(
            row.before_status == row.after_status == "passed" for row in d.changes.values()
        )
        several = len(d.comparison.before_runs) + len(d.comparison.after_runs) > 2
        where = "all runs of both sides" if several else "both runs"
        lines.append(f"{counted(still_passed, 'test')} passed in {where}." if still_passed else "")
    # that the only gate is met stands at the top
    clean = [row.gate for row in d.gates if row.holds] if len(d.gates) > 1 else []
    return [*lines, *(f"Gate met: {text(gate)}." for gate in clean)]


def _not_worked(d: DocumentInput) -> list[str]:
    run = d.after
    lines = [f"Error of the run itself: {text(first_line(words))}" for words in run.info.errors]
    lines += [text(line) for line in _lost(run)]
    missed = run.results[run.results["category"] == "threshold_miss"]
    if len(missed):
        worst = farthest_first(missed).iloc[0]
        far = how_far(worst["measured"], worst["comparator"], worst["limit"])
        lines.append(
            f"{counted(len(missed), 'limit was', 'limits were')} missed"
            + (f", the farthest at {far}." if far else ".")
        )
    waited = int((run.results["category"] == "timeout").sum())
    lines.append(f"{counted(waited, 'test')} ran out of time." if waited else "")
    return lines


def _lost(run: Run) -> Iterator[str]:
    """Say what is known to be missing, file by file."""
    for entry in rows_of(run.ledger):
        if known(entry.refused):
            yield f"{entry.file}: not read – {entry.refused}"
        elif entry.salvaged:
            yield f"{entry.file}: breaks off, {counted(entry.salvaged, 'result')} salvaged"
        yield from (f"{entry.file}: {words}" for words in entry.missing)


def _blocked(d: DocumentInput) -> list[str]:
    """Say what cannot be judged now, by what it waits for."""
    reasons = rows_of(d.readiness.reasons)
    if not reasons:
        return []
    n = sum(row.skipped for row in reasons)
    names = listed([f"{text(row.name)} ({row.skipped:,})" for row in reasons[:_MOST]])
    more = f", and {len(reasons) - _MOST:,} more reasons" if len(reasons) > _MOST else ""
    return [f"{counted(n, 'test')} cannot be judged while they do not run: {names}{more}."]
