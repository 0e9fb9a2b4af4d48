"""What people add to a report in their own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.placed_notes import placed
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from fictures_reports.report.report_input import ReportInput

_HEADING: Final = re.compile(r"^#{1,3} +(.+?) *#*$", re.MULTILINE)
_BOX: Final = re.compile(
    r'<input class="task-list-item-checkbox" type="checkbox" disabled( checked)?/>'
)
_HEADING_TAG: Final = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


def values(report: ReportInput) -> str | None:
    """Return the notes as they were written; None without any."""
    return report.notes or None


def html(text: str) -> Fragment:
    """Show the notes section by section; HTML in them is text."""
    titles = [title.strip() for title in _HEADING.findall(text)]
    return fragment("notes.html.j2", ", ".join(titles) or "notes", html=note_html(text, 2))


def note_html(text: str, level: int = 4) -> str:
    """Write Markdown as HTML, its first heading of a level; "" of nothing.

    HTML in it is text, and boxes of tasks are signs.
    """
    if not text.strip():
        return ""
    import mistune

    render = mistune.create_markdown(escape=True, plugins=["table", "strikethrough", "task_lists"])
    signs = _BOX.sub(lambda box: "☑ " if box[1] else "☐ ", str(render(text)))
    return _from_level(signs, level)


def _from_level(html: str, first: int) -> str:
    """Give headings levels that go on from the first one, so that none skips a level."""
    # HTML in notes is escaped: every heading here was written by the Markdown renderer.
    stack: list[int] = []

    def moved(match: re.Match[str]) -> str:
        while stack and stack[-1] >= int(match[1]):
            stack.pop()
        stack.append(int(match[1]))
        level = min(len(stack) + first - 1, 6)
        return f"<h{level}>{match[2]}</h{level}>"

    return _HEADING_TAG.sub(moved, html)


def view_note(report: ReportInput, view: str) -> Fragment | None:
    """Show what the author wrote below the heading of a view, such as "Timing"; None of nothing."""
    written = placed(report.notes).views.get(view.casefold(), "")
    if not written:
        return None
    return fragment("view_note.html.j2", f"a note on {view}", html=note_html(written))


notes: Final = Section(
    "notes", values, html,
    markdown=LeftOut("their authors have them as Markdown already"),
    json=LeftOut("no numbers for a script"),
)  # fmt: skip
