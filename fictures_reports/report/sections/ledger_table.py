"""The ledger: what became of every input file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain
from fictures_reports.report.markdown_layout import listing
from fictures_reports.report.markdown_text import text
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput

_LEDGER: Final = ("file", "format", "read", "salvaged", "repeated", "refused", "doubts")
#: So many files are named beside one note.
_FEW: Final = 2


def html(report: ReportInput) -> Fragment:
    """List per input file what was read, salvaged, repeated, doubted and refused."""
    n_files = sum(len(run.ledger) for run in report.runs.values())
    return fragment("ledger.html.j2", counted(n_files, "file"), runs=report.runs)


def markdown(report: ReportInput) -> str:
    """List only what speaks against taking the runs at face value, each note once."""
    notes: dict[str, list[str]] = {}
    for doubt in (doubt for run in report.runs.values() for doubt in run.doubts):
        file, _, words = doubt.partition(": ")
        notes.setdefault(words, []).append(file)
    lines = [f"- {text(f'{_named(files)}: {words}')}" for words, files in notes.items()]
    return listing(f"Ledger: {counted(len(lines), 'note')}", lines)


def _named(files: list[str]) -> str:
    """Name two files; of more, how many they are."""
    return " and ".join(files) if len(files) <= _FEW else f"{files[0]} and {len(files) - 1} others"


def json(report: ReportInput) -> dict[str, Any]:
    """Return a row for each input file."""
    return {
        "ledger": [
            {"side": side} | {key: plain(getattr(entry, key)) for key in _LEDGER}
            for side, run in report.sides.items()
            for entry in rows_of(run.ledger)
        ]
    }


ledger: Final = Section("ledger", as_given, html, markdown, json)
