"""The parts of a phase document by their names, in order, with those that only notes have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.reasons.human_names import naming_categories_of
from fictures_reports.report.document import front_matter
from fictures_reports.report.document.assessment import assessment
from fictures_reports.report.document.author_places import BEGIN, END, hashed, place
from fictures_reports.report.document.changed_files import changed_files
from fictures_reports.report.document.document_appendix import appendix, references
from fictures_reports.report.document.document_layout import section
from fictures_reports.report.document.error_patterns import error_patterns
from fictures_reports.report.document.executive_summary import executive_summary
from fictures_reports.report.document.improvement import improvement
from fictures_reports.report.document.mark_names import mark_name
from fictures_reports.report.document.next_steps import projection, recommendations
from fictures_reports.report.document.performance_observations import performance
from fictures_reports.report.document.phase_metrics import metrics
from fictures_reports.report.document.phase_readiness import phase_readiness
from fictures_reports.report.document.recorded_environment import environment
from fictures_reports.report.document.results_overview import results_overview
from fictures_reports.report.document.root_causes import root_causes
from fictures_reports.report.document.tests_in_detail import tests_in_detail
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fictures_reports.report.document.document_input import DocumentInput

    Part = Callable[[DocumentInput], str]


def _noted(name: str) -> Part:
    """Return a section that has nothing but an author's words."""
    return lambda d: section(name, place(d, name))


FRONT_MATTER: Final = "Front matter"
#: Sections of notes that no part has a place for.
OWN_HEADINGS: Final = "Other notes"
_FIRST: Final[dict[str, Part]] = {
    FRONT_MATTER: front_matter.front,
    "Title": front_matter.head,
    "Executive summary": executive_summary,
    "Results": results_overview,
    "What changed": improvement,
    "Test data": _noted("Test data"),
    "Tests in detail": tests_in_detail,
    "Root causes": root_causes,
    "Performance": performance,
    "Error patterns": error_patterns,
    "What worked and what did not": assessment,
    "Readiness": phase_readiness,
    "Recommendations": recommendations,
    "Projection": projection,
    "Decisions": _noted("Decisions"),
    "Environment": environment,
    "Files changed": changed_files,
    "Metrics": metrics,
}
_LAST: Final[dict[str, Part]] = {"Appendix": appendix, "References": references}
#: The parts' names in the order of the document.
NAMES: Final = (*_FIRST, OWN_HEADINGS, *_LAST)
#: Read into the table of blockers, line by line.
_IN_A_TABLE: Final = "estimates"


def parts_of(d: DocumentInput) -> dict[str, list[str]]:
    """Write every part as Markdown: `NAMES` → its sections, none if it has nothing to say.

    Only the notes' own headings make more than one section.
    """
    with naming_categories_of(d.report.runs.values()):
        written = {name: part(d) for name, part in (_FIRST | _LAST).items()}
    found = {name: [text] if text else [] for name, text in written.items()}
    found[OWN_HEADINGS] = list(_without_a_place(d, "\n".join(written.values())))
    return {name: found[name] for name in NAMES}


def _without_a_place(d: DocumentInput, written: str) -> Iterator[str]:
    """Write the notes and the edits that no part has a place for, below their own headings."""
    names = {mark_name(name): name for name in d.notes.sections} | {
        name: name for name in d.kept_edits if name not in map(mark_name, d.notes.sections)
    }
    for mark, name in names.items():
        if f"\n{BEGIN}{mark} " not in written and name.casefold() != _IN_A_TABLE:
            noted = d.notes.text(name)
            words = d.kept_edits.get(mark, noted)
            if words.strip():
                edit = f"{BEGIN}{mark} {hashed(noted)} -->\n\n{words}\n{END}"
                yield section(text(name), edit)
