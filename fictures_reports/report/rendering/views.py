"""The views of a page: what its rail names, and which cells of the notebook belong to each.

A heading of the second level at the start of a Markdown cell, or of a cell's output in Markdown,
begins a view; what comes before the first one is the overview.
"""

from __future__ import annotations

import copy
import html
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import re2
from nbformat import NotebookNode

from fictures_reports.report.rail import RAIL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TITLE: Final = "# "
_HEADING: Final = "## "
_MARKDOWN: Final = "text/markdown"
#: Written into the metadata of the cell that begins a view.
BEGINS: Final = "fictures_view"
_NO_NAME: Final = re2.compile(r"[^\pL\pN]+")
#: What stands behind an @ that mentions nobody.
_INVISIBLE: Final = "\u200b"
#: A sign of Markdown that stands for itself.
_ESCAPE: Final = re2.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class View:
    """One view: its address, its name, and the places of its cells in the notebook."""

    id: str
    name: str
    cells: tuple[int, ...]


def cut_at_headings(notebook: NotebookNode) -> NotebookNode:
    """Return a copy in which each output that begins a view is the first one of its cell."""
    cut = copy.copy(notebook)
    cut.cells = [part for cell in notebook.cells for part in _cut(cell)]
    return cut


def _cut(cell: NotebookNode) -> Iterator[NotebookNode]:
    outputs = cell.get("outputs", [])
    starts = [i for i, output in enumerate(outputs) if i and _name(_markdown_in(output))]
    for start, end in pairwise([0, *starts, len(outputs)]):
        part = copy.copy(cell)
        if starts:
            part.outputs = outputs[start:end]
        if start:
            # no two cells of a notebook have one id
            part.id, part.source = f"{str(cell.get('id', ''))[:50]}-{start}", ""
        yield part


def title_of(notebook: NotebookNode) -> str:
    """Return the title that the first output in Markdown begins with; "" if it has none."""
    first = _markdown_in(_first_words(notebook)).lstrip()
    return _plain(first.partition("\n")[0].removeprefix(_TITLE)) if first.startswith(_TITLE) else ""


def without_title(notebook: NotebookNode) -> NotebookNode:
    """Return a copy without the title that `title_of` found, for a page that has it already."""
    titled = _first_words(notebook)
    body = _markdown_in(titled).lstrip().partition("\n")[2].lstrip("\n")
    untitled = copy.copy(notebook)
    untitled.cells = [copy.copy(cell) for cell in notebook.cells]
    for cell in untitled.cells:
        if any(output is titled for output in cell.get("outputs", [])):
            cell.outputs = [_with_words(o, body) if o is titled else o for o in cell.outputs]
    return untitled


def _first_words(notebook: NotebookNode) -> NotebookNode:
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return next(filter(_markdown_in, outputs), NotebookNode())


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
    if cell.cell_type == "markdown":
        return _name(str(cell.source))
    return next((_name(_markdown_in(output)) for output in cell.get("outputs", [])), "")


def _name(markdown: str) -> str:
    first = markdown.lstrip().partition("\n")[0]
    if not first.startswith(_HEADING):
        return ""
    return _plain(first.removeprefix(_HEADING).strip().rstrip("#"))


def _plain(heading: str) -> str:
    """Return a heading of Markdown as plain text: what is escaped in it stands for itself."""
    return html.unescape(_ESCAPE.sub(r"\1", heading)).replace(_INVISIBLE, "").strip()


def _markdown_in(output: dict[str, Any]) -> str:
    """Return an output that a page shows as Markdown; "" for others."""
    data = output.get("data", {})
    return "" if "text/html" in data else str(data.get(_MARKDOWN, ""))


def _shows(cell: NotebookNode, *, with_code: bool) -> bool:
    """Tell whether a cell shows anything beside the heading of its view."""
    if cell.cell_type == "markdown":
        return bool(_below_the_name(str(cell.source)).strip())
    if with_code and cell.cell_type == "code" and str(cell.source).strip():
        return True
    return any(_is_shown(output) for output in cell.get("outputs", []))


def _is_shown(output: dict[str, Any]) -> bool:
    data = output.get("data", {})
    if RAIL in data:
        return False
    if words := _markdown_in(output):
        return bool(_below_the_name(words).strip())
    shown = data.get("text/html")
    return shown is None or bool(shown.strip())


def marked(notebook: NotebookNode, views: Iterable[View]) -> NotebookNode:
    """Return a copy with the cells of these views alone, the first of each marked with its view.

    The headings that begin views are left out: the page has them.
    """
    cells = []
    for view in views:
        for place in view.cells:
            cell = _without_names(notebook.cells[place])
            cell.metadata = copy.copy(cell.metadata)
            if place == view.cells[0]:
                cell.metadata[BEGINS] = {"id": view.id, "name": view.name}
            cells.append(cell)
    marked_notebook = copy.copy(notebook)
    marked_notebook.cells = cells
    return marked_notebook


def _without_names(cell: NotebookNode) -> NotebookNode:
    cell = copy.copy(cell)
    if cell.cell_type == "markdown":
        cell.source = _below_the_name(str(cell.source))
    elif any(map(_markdown_in, cell.get("outputs", []))):
        outputs = [_without_name(output) for output in cell.outputs]
        # a heading alone leaves nothing, which would part it from the chart below it in print
        cell.outputs = [o for o in outputs if o.get("data", {}).get(_MARKDOWN) != ""]
    return cell


def _without_name(output: NotebookNode) -> NotebookNode:
    words = _markdown_in(output)
    return _with_words(output, _below_the_name(words)) if _name(words) else output


def _with_words(output: NotebookNode, words: str) -> NotebookNode:
    return NotebookNode(output, data={_MARKDOWN: words})


def _below_the_name(markdown: str) -> str:
    return markdown.lstrip().partition("\n")[2] if _name(markdown) else markdown
