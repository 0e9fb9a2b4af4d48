"""A phase document as a page, a notebook or PDF: its Markdown, in the look of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nbformat.v4 import new_markdown_cell, new_notebook

from fictures_reports.report.rendering.html_export import to_html
from fictures_reports.report.rendering.render import as_notebook, check_tools, write_page

if TYPE_CHECKING:
    from pathlib import Path

_FRONT: Final = "---"


def write_document_page(document: str, target: Path, kind: str, *, title: str) -> None:
    """Write a document as "html", "ipynb" or "pdf"; a cell for each of its sections."""
    check_tools(kind, static=False)
    cells = [new_markdown_cell(part, id=f"section-{i}") for i, part in enumerate(_parts(document))]
    notebook = new_notebook(cells=cells)
    # Nothing in it is drawn by a script.
    text = as_notebook(notebook) if kind == "ipynb" else to_html(notebook, title=title, static=True)
    write_page(text, kind, target)


def _parts(document: str) -> list[str]:
    """Cut a document at its sections; front matter and title are the page's own."""
    lines = document.split("\n")
    if lines[0] == _FRONT:
        lines = lines[lines.index(_FRONT, 1) + 1 :]
    lines = [line for line in lines if not line.startswith("# ")]
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.startswith("## "):
            parts.append([])
        parts[-1].append(line)
    return ["\n".join(part).strip() for part in parts if "".join(part).strip()]
