"""The sections of a report on one run or on two, in the order of the page.

    from fictures_reports.report import sections as show

    report = show.ReportInput(fr.compare(before, after))
    show.summary(report)

A section called with a `ReportInput` returns its HTML; `section.values(report)` returns what it is
made from. Markdown and JSON are made from the same sections, see `COMPARISON` and `RUN`.
"""

from __future__ import annotations

from typing import Any, Final

from fictures_reports.report.report_input import ReportInput as ReportInput
from fictures_reports.report.section import Section
from fictures_reports.report.section import folded as folded
from fictures_reports.report.section import joined as joined
from fictures_reports.report.sections.case_list import cases
from fictures_reports.report.sections.category_counts import categories
from fictures_reports.report.sections.cause_list import causes
from fictures_reports.report.sections.certainty_tables import certainty
from fictures_reports.report.sections.change_list import changes
from fictures_reports.report.sections.changed_tools import tool_versions
from fictures_reports.report.sections.changes_and_history import changes_in_history
from fictures_reports.report.sections.copied_tests import copies
from fictures_reports.report.sections.duration_tables import durations
from fictures_reports.report.sections.evidence_list import evidence
from fictures_reports.report.sections.first_screen import summary
from fictures_reports.report.sections.gate_list import gates
from fictures_reports.report.sections.ledger_table import ledger
from fictures_reports.report.sections.phase_table import phases
from fictures_reports.report.sections.possible_renames import renames
from fictures_reports.report.sections.readiness_checklist import readiness
from fictures_reports.report.sections.report_rail import rail as rail
from fictures_reports.report.sections.reviewed_issues import known_issues
from fictures_reports.report.sections.run_facts import facts
from fictures_reports.report.sections.standing_lists import standings
from fictures_reports.report.sections.suite_parts import breakdowns
from fictures_reports.report.sections.threshold_misses import thresholds
from fictures_reports.report.sections.transition_matrix import transitions
from fictures_reports.report.sections.where_tests_fail import failing_variants
from fictures_reports.report.sections.worker_lanes import lanes
from fictures_reports.report.sections.written_notes import notes
from fictures_reports.report.sections.written_notes import view_note as view_note

Sections = tuple[Section[ReportInput, Any], ...]

COMPARISON: Final[Sections] = (
    summary,
    standings,
    failing_variants,
    gates,
    causes,
    phases,
    changes,
    transitions,
    certainty,
    tool_versions,
    renames,
    copies,
    changes_in_history,
    categories,
    lanes,
    thresholds,
    breakdowns,
    durations,
    readiness,
    known_issues,
    notes,
    evidence,
    cases,
    facts,
    ledger,
)
RUN: Final[Sections] = (
    summary,
    failing_variants,
    gates,
    causes,
    categories,
    lanes,
    thresholds,
    breakdowns,
    durations,
    readiness,
    known_issues,
    notes,
    evidence,
    cases,
    facts,
    ledger,
)


def sections_of(report: ReportInput) -> Sections:
    """Return the sections of a report on what this one is about."""
    return COMPARISON if report.is_comparison else RUN
