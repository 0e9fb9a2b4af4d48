"""The sections of a report on many runs, in the order of the page.

    from fictures_reports.report import history_sections as show

    found = show.findings_of(history.load())
    show.summary(found)

A section called with `Findings` returns its HTML; `section.values(found)` returns what it is made
from. Markdown and JSON are made from the same sections, see `HISTORY`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.report.history_findings import COLUMNS as COLUMNS
from fictures_reports.report.history_findings import findings_of as findings_of
from fictures_reports.report.history_sections.attention_list import attention
from fictures_reports.report.history_sections.attention_run_by_run import attention_run_by_run
from fictures_reports.report.history_sections.dear_tests import dear as cost
from fictures_reports.report.history_sections.event_list import events
from fictures_reports.report.history_sections.failure_ages import ages
from fictures_reports.report.history_sections.failure_clusters import clusters
from fictures_reports.report.history_sections.happened_lately import lately
from fictures_reports.report.history_sections.history_rail import rail as rail
from fictures_reports.report.history_sections.history_screen import summary
from fictures_reports.report.history_sections.history_tables import MOST as MOST
from fictures_reports.report.history_sections.missed_limits import thresholds
from fictures_reports.report.history_sections.pass_rates_in_time import over_time
from fictures_reports.report.history_sections.run_list import runs
from fictures_reports.report.history_sections.slowest_tests import durations
from fictures_reports.report.history_sections.tests_listed import tests
from fictures_reports.report.section import joined as joined

if TYPE_CHECKING:
    from fictures_reports.report.history_findings import Findings as Findings
    from fictures_reports.report.section import Section

HISTORY: Final[tuple[Section[Findings, Any], ...]] = (
    summary,
    attention,
    attention_run_by_run,
    lately,
    tests,
    over_time,
    events,
    clusters,
    ages,
    thresholds,
    cost,
    durations,
    runs,
)
