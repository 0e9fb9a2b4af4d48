"""The phase document as Markdown: all parts in their order, sealed, with its author's places."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.causes import with_groups
from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.gates import Gate, check
from fictures_reports.guards import need_options, path_of, refuse, text_or_none
from fictures_reports.report.document.author_notes import groups_in, parsed
from fictures_reports.report.document.changed_files import between
from fictures_reports.report.document.document_input import DocumentInput
from fictures_reports.report.document.document_parts import parts_of
from fictures_reports.report.document.kept_edits import edits_in, sealed
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.report_input import ReportInput
from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: What a document takes besides its own arguments.
BESIDE: Final = ("areas", "known_issues", "last_runs", "owners", "past", "phases", "table")


def document(
    subject: Comparison | Run,
    gates: Sequence[Gate | str] = (),
    *,
    notes: str = "",
    older: str = "",
    command: str = "",
    folder: Path | str = ".",
    pictures: Callable[[DocumentInput], Mapping[str, str]] | None = None,
    **beside: Any,
) -> str:
    """Write the phase document of a comparison or a run as Markdown.

    `gates` are checked ones or expressions; `notes` an author's words below the headings that the
    document knows; `older` a document of before, whose edits between marks are kept; `command` the
    command line to name in it; `folder` a checkout that knows the runs' commits; `pictures` returns
    a line of Markdown with a picture by the heading of its section. `beside` are further fields of
    `ReportInput`: phases, areas, owners, known_issues, last_runs.
    """
    if pictures is not None and not callable(pictures):
        raise refuse(pictures, "pictures", "a function from a document's input to lines by heading")
    d = input_of(subject, gates, notes=notes, older=older, command=command, folder=folder, **beside)
    sections = chain.from_iterable(parts_of(d).values())
    lines = pictures(d) if pictures else {}
    return sealed(blocks(*(_with_picture(section, lines) for section in sections)))


def input_of(
    subject: Comparison | Run,
    gates: Sequence[Gate | str] = (),
    *,
    notes: str = "",
    older: str = "",
    command: str = "",
    folder: Path | str = ".",
    **beside: Any,
) -> DocumentInput:
    """Return what a document's parts are made from; arguments as for `document`."""
    if not isinstance(subject, Comparison | Run):
        raise refuse(subject, "what is documented", "a run or a comparison")
    gates = [gates] if isinstance(gates, str) else gates
    if not isinstance(gates, Sequence) or not all(isinstance(g, str | Gate) for g in gates):
        raise refuse(gates, "gates", "a list of gates, or of texts such as 'passed >= 24'")
    text_or_none(notes=notes, older=older, command=command)
    path_of(folder, "the folder of the checkout")
    need_options(beside, BESIDE, "document")
    subject = with_groups(subject, groups_in(notes))
    shared = {n: beside[n] for n in ("areas", "known_issues") if n in beside}
    checked = [
        gate if not isinstance(gate, str) else check(subject, [gate], **shared)[0] for gate in gates
    ]
    report = ReportInput(subject, checked, **beside)
    changed = (
        between(report.comparison.before, report.comparison.after, Path(folder))
        if report.is_comparison
        else ""
    )
    return DocumentInput(report, parsed(notes), edits_in(older), command, changed)


def _with_picture(section: str, pictures: Mapping[str, str]) -> str:
    heading, _, body = section.partition("\n")
    picture = pictures.get(heading.removeprefix("## "), "")
    shown = picture and heading.startswith("## ")
    return f"{heading}\n\n{picture}\n{body}" if shown else section
