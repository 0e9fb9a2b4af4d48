"""The ledger: what became of every input file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.readers.ledger_words import is_of_format
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain
from fictures_reports.report.markdown_layout import listing
from fictures_reports.report.markdown_text import text
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.report.report_input import ReportInput

_LEDGER: Final = ("file", "format", "read", "salvaged", "repeated", "refused", "doubts")
#: So many files are named beside one note.
_FEW: Final = 2


def html(report: ReportInput) -> Fragment:
    """List per input file what was read, salvaged, repeated, doubted and refused."""
    n_files = sum(len(run.ledger) for run in report.runs.values())
    return fragment("ledger.html.j2", counted(n_files, "file"), runs=report.runs)


def markdown(report: ReportInput) -> str:
    """List only what speaks against taking the runs at face value, equal notes of files once.

    What a format cannot tell is true of every file of it, and one line for all.
    """
    files, formats = _notes(
        [entry for run in report.runs.values() for entry in rows_of(run.ledger)]
    )
    lines = [f"- {text(f'{_named(names)}: {note}')}" for note, names in files.items()]
    if formats:
        names = list(
            dict.fromkeys(name for counts_of_run in formats.values() for name in counts_of_run)
        )
        format_names = "; ".join(formats)
        lines.append(f"- {text(f'{_named(names)}: {format_names}')}")
    return listing(f"Ledger: {counted(len(lines), 'note')}", lines)


def _notes(entries: Sequence[Any]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return note → files that it is of, those on lost files first, and the same of formats."""
    files: dict[str, list[str]] = {}
    for entry in entries:
        if isinstance(entry.refused, str):
            files.setdefault(f"not read – {entry.refused}", []).append(entry.file)
    formats: dict[str, list[str]] = {}
    for entry in entries:
        for note in dict.fromkeys(entry.doubts):
            (formats if is_of_format(note) else files).setdefault(note, []).append(entry.file)
    return files, formats


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
