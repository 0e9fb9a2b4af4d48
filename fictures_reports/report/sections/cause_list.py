"""The causes: what they say, where, what to do next, and the tests that each holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.change_phrases import is_matrix, noun_of
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted
from fictures_reports.report.cause_cards import MOST_CARDS, gone_of, notes_for
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.placed_notes import placed
from fictures_reports.report.report_input import as_given
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections.named_cases import MOST_ROWS
from fictures_reports.report.sections.written_notes import note_html
from fictures_reports.report.terminal_colours import colours
from fictures_reports.report.tries import MOST_MESSAGE, Part, marked

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput

#: Tests of a card that are shown before it is unfolded.
SHOWN: Final = 10


def html(report: ReportInput) -> Fragment | None:
    """Show a card for each cause of the judged run; nothing where there is none."""
    cards, gone = report.cards, gone_of(report)
    if not cards and not gone:
        return None
    shown, notes = cards[:MOST_CARDS], placed(report.notes)
    return fragment(
        "causes.html.j2", counted(len(cards), "cause"), cards=shown, others=cards[MOST_CARDS:],
        gone=gone, shown=SHOWN, most=MOST_ROWS, proofs=[_message(card.shown) for card in shown],
        pictures=[report.pictures[card.ids] for card in shown],
        notes=[note_html(notes_for(card, notes.causes)) for card in shown],
        several=is_matrix(report.last.results), noun=noun_of(report.last.results),
        own={category.id: category
             for run in report.runs.values() for category in run.info.own_categories},
    )  # fmt: skip


def _message(row: Any) -> list[Part]:
    message, words = (known(row.message) or "")[:MOST_MESSAGE], known(row.evidence) or ""
    return marked(message, words, colours(row).get("message", []))


causes: Final = Section(
    "causes", as_given, html,
    markdown=LeftOut("each test's reason stands under its change"),
    json=LeftOut("the categories hold them, as `causes`"),
)  # fmt: skip
