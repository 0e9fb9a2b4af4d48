"""How a document names tests: by title, with project and variant where there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import listed
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fictures_reports.report.document.document_input import DocumentInput

#: Tests that one line names; the rest is counted.
MOST_NAMED: Final = 12


def shown_title(d: DocumentInput, row: Any) -> str:
    """Return a test's title as Markdown, with where it ran if its run has several such places."""
    where = _where(d, row)
    return f"{text(row.title)} ({where})" if where else text(row.title)


def titles(d: DocumentInput, rows: Iterable[Any], *, bold: bool = False) -> str:
    """Name tests in one line: each title once, with all places where it ran."""
    places: dict[str, list[str]] = {}
    for row in rows:
        places.setdefault(row.title, []).append(_where(d, row))
    mark = "**" if bold else ""
    names = [
        f"{mark}{text(title)}{mark}" + (f" ({', '.join(where)})" if any(where) else "")
        for title, where in places.items()
    ]
    return some(names)


def some(names: Sequence[str]) -> str:
    """List names; of more than `MOST_NAMED` the rest is counted."""
    shown = list(names[:MOST_NAMED])
    more = len(names) - len(shown)
    return listed([*shown, f"{more:,} more"] if more else shown)


def _where(d: DocumentInput, row: Any) -> str:
    given = [known(getattr(row, field, None)) or "" for field in d.places]
    return text(", ".join(filter(None, given)))
