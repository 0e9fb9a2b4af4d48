"""The views of a page: what its rail names, and which cells of the notebook belong to each.

A heading of the second level at the start of a Markdown cell begins a view; what comes before the
first one is the overview.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import re2

from fictures_reports.report.rail import RAIL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nbformat import NotebookNode

_HEADING: Final = "## "
#: Written into the metadata of the cell that begins a view.
BEGINS: Final = "fictures_view"
_NO_NAME: Final = re2.compile(r"[^\pL\pN]+")


@dataclass(frozen=True)
class View:
    """One view: its address, its name, and the places of its cells in the notebook."""

    id: str
    name: str
    cells: tuple[int, ...]


def views_of(notebook: NotebookNode, *, with_code: bool = False) -> list[View]:
    """Return the views that have something to show, in order; names that occur twice get a number.

    Code counts as something to show only where the page shows it.
    """
    groups: list[tuple[str, list[int]]] = [("Overview", [])]
    for place, cell in enumerate(notebook.cells):
        if name := _begun(cell):
            groups.append((name, []))
        groups[-1][1].append(place)
    views: list[View] = []
    for name, places in groups:
        if any(_shows(notebook.cells[i], with_code=with_code) for i in places):
            views.append(View(_address(name, views), name, tuple(places)))
    return views


def _address(name: str, views: Iterable[View]) -> str:
    """Return a view's address: `About the data` is at `about-the-data`."""
    address = str(_NO_NAME.sub("-", name.casefold())).strip("-") or "view"
    n = sum(view.id == address or view.id.startswith(f"{address}~") for view in views)
    return f"{address}~{n + 1}" if n else address


def _begun(cell: NotebookNode) -> str:
    """Return the name of the view that a cell begins; "" for any other cell."""
    first = str(cell.source).lstrip().partition("\n")[0]
    if cell.cell_type != "markdown" or not first.startswith(_HEADING):
        return ""
    return first.removeprefix(_HEADING).strip().rstrip("#").strip()


def _shows(cell: NotebookNode, *, with_code: bool) -> bool:
    """Tell whether a cell shows anything beside the heading of its view."""
    if cell.cell_type == "markdown":
        text = str(cell.source).lstrip()
        return bool(text.partition("\n")[2].strip() if _begun(cell) else text.strip())
    if with_code and cell.cell_type == "code" and str(cell.source).strip():
        return True
    return any(_seen(output) for output in cell.get("outputs", []))


def _seen(output: dict[str, Any]) -> bool:
    data = output.get("data", {})
    if RAIL in data:
        return False
    html = data.get("text/html")
    return html is None or bool(html.strip())


def marked(notebook: NotebookNode, views: Iterable[View]) -> NotebookNode:
    """Return a copy with the cells of these views alone, the first of each marked with its view."""
    import copy

    cells = []
    for view in views:
        for place in view.cells:
            cell = copy.copy(notebook.cells[place])
            cell.metadata = copy.copy(cell.metadata)
            if place == view.cells[0]:
                cell.metadata[BEGINS] = {"id": view.id, "name": view.name}
            cells.append(cell)
    made = copy.copy(notebook)
    made.cells = cells
    return made
