"""The phase document as Markdown: all parts in their order, sealed, with its author's places."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.causes import with_groups
from fictures_reports.analysis.gates import check
from fictures_reports.report.document import front_matter
from fictures_reports.report.document.assessment import assessment
from fictures_reports.report.document.author_notes import groups_in, parsed
from fictures_reports.report.document.author_places import BEGIN, END, hashed, place
from fictures_reports.report.document.changed_files import between, changed_files
from fictures_reports.report.document.document_appendix import appendix, references
from fictures_reports.report.document.document_input import DocumentInput
from fictures_reports.report.document.document_layout import section
from fictures_reports.report.document.error_patterns import error_patterns
from fictures_reports.report.document.executive_summary import executive_summary
from fictures_reports.report.document.improvement import improvement
from fictures_reports.report.document.kept_edits import edits_in, sealed
from fictures_reports.report.document.mark_names import mark_name
from fictures_reports.report.document.next_steps import projection, recommendations
from fictures_reports.report.document.performance_observations import performance
from fictures_reports.report.document.phase_metrics import metrics
from fictures_reports.report.document.phase_readiness import phase_readiness
from fictures_reports.report.document.recorded_environment import environment
from fictures_reports.report.document.results_overview import results_overview
from fictures_reports.report.document.root_causes import root_causes
from fictures_reports.report.document.tests_in_detail import tests_in_detail
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text
from fictures_reports.report.report_input import ReportInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run


def _noted(name: str) -> Callable[[DocumentInput], str]:
    """Return a section that has nothing but an author's words."""
    return lambda d: section(name, place(d, name))


_PARTS: Final = (
    front_matter.front,
    front_matter.head,
    executive_summary,
    results_overview,
    improvement,
    _noted("Test data"),
    tests_in_detail,
    root_causes,
    performance,
    error_patterns,
    assessment,
    phase_readiness,
    recommendations,
    projection,
    _noted("Decisions"),
    environment,
    changed_files,
    metrics,
)
_LAST: Final = (appendix, references)
#: Read into the table of blockers, line by line.
_IN_A_TABLE: Final = "estimates"


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
    d = input_of(subject, gates, notes=notes, older=older, command=command, folder=folder, **beside)
    parts = parts_of(d)
    lines = pictures(d) if pictures else {}
    return sealed(blocks(*(_with_picture(part, lines) for part in parts)))


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


def parts_of(d: DocumentInput) -> list[str]:
    """Write the parts that have something to say: front matter, title, then section by section."""
    body = [part(d) for part in _PARTS]
    last = [part(d) for part in _LAST]
    own = _without_a_place(d, "\n".join([*body, *last]))
    return [part for part in (*body, *own, *last) if part]


def _with_picture(part: str, pictures: Mapping[str, str]) -> str:
    heading, _, rest = part.partition("\n")
    picture = pictures.get(heading.removeprefix("## "), "")
    return f"{heading}\n\n{picture}\n{rest}" if picture and heading.startswith("## ") else part


def _without_a_place(d: DocumentInput, written: str) -> list[str]:
    """Write the notes and the edits that no part has a place for, below their own headings."""
    names = {mark_name(name): name for name in d.notes.sections} | {
        name: name for name in d.kept if name not in map(mark_name, d.notes.sections)
    }
    left = [
        (mark, name)
        for mark, name in names.items()
        if f"\n{BEGIN}{mark} " not in written and name.casefold() != _IN_A_TABLE
    ]
    return [_own_section(d, mark, name) for mark, name in left]


def _own_section(d: DocumentInput, mark: str, name: str) -> str:
    noted = d.notes.text(name)
    words = d.kept.get(mark, noted)
    if not words.strip():
        return ""
    return section(text(name), f"{BEGIN}{mark} {hashed(noted)} -->\n\n{words}\n{END}")
