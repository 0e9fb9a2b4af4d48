"""Executed notebook → one HTML file, with nbconvert and the template `templates/page`."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nbconvert.exporters import TemplateExporter
from nbconvert.filters.highlight import Highlight2HTML
from traitlets.config import Config

from fictures_reports.charts import VEGA_LITE
from fictures_reports.report.fragment import bytecode_cache

if TYPE_CHECKING:
    from nbformat import NotebookNode

_HERE: Final = Path(__file__).parent
_HEADING: Final = re.compile(r"^## (.+)$", re.MULTILINE)


class PageExporter(TemplateExporter):
    """nbconvert's template exporter with our page and its order of preferred outputs.

    Not `HTMLExporter`: that one parses and rewrites the finished page with BeautifulSoup, which
    takes seconds on a large report.
    """

    template_name = "page"
    output_mimetype = "text/html"
    extra_template_basedirs = [str(_HERE / "templates")]  # noqa: RUF012
    _order = (VEGA_LITE, "text/html", "image/png", "image/jpeg", "text/markdown", "text/plain")

    @property
    def default_config(self) -> Config:
        """Prefer charts as data, then our HTML; none of nbconvert's preprocessors."""
        config = super().default_config.copy()
        ours = {
            "NbConvertBase": {"display_data_priority": list(self._order)},
            # All are switched off unless asked for, yet the notebook is checked after each.
            "Exporter": {"default_preprocessors": []},
        }
        config.merge(Config(ours))
        return config

    def _file_extension_default(self) -> str:
        return ".html"


@dataclass(frozen=True)
class Page:
    """What the page template needs beside the notebook."""

    title: str
    sections: list[tuple[str, str]]
    scripts: list[str]
    css: str
    version: str
    chart_type: str = VEGA_LITE

    @property
    def policy(self) -> str:
        """Content-Security-Policy: our scripts by hash, pictures from the file, no network."""
        hashes = " ".join(f"'sha256-{_digest(script)}'" for script in self.scripts) or "'none'"
        return (
            f"default-src 'none'; script-src {hashes}; "
            "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
        )

    @staticmethod
    def embed(spec: dict[str, Any]) -> str:
        """Write a chart's specification so that nothing in it can end its script element."""
        return json.dumps(spec, separators=(",", ":")).replace("<", "\\u003c")


def to_html(notebook: NotebookNode, *, title: str, show_code: bool = False) -> str:
    """Write an executed notebook as one HTML page that loads nothing.

    Code is left out unless `show_code`. Vega is embedded once, and only if there is a chart.
    """
    exporter = PageExporter(exclude_input=not show_code)
    exporter.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3"))
    exporter.environment.bytecode_cache = bytecode_cache()
    scripts = [_asset("cases.js")] if _has_cases(notebook) else []
    scripts += [_asset("vega.min.js"), _asset("page.js")] if _has_charts(notebook) else []
    page = Page(
        title, _sections(notebook), scripts, _asset("page.css"), version("fictures-reports")
    )
    body, _ = exporter.from_notebook_node(notebook, resources={"report": page})
    return str(body)


@cache
def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _sections(notebook: NotebookNode) -> list[tuple[str, str]]:
    # nbconvert gives a heading its text with dashes for blanks as id.
    titles = [
        title.strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for title in _HEADING.findall(cell.source)
    ]
    return [(title.replace(" ", "-"), title) for title in titles]


def _has_cases(notebook: NotebookNode) -> bool:
    return any(
        '<div class="cases"' in output.get("data", {}).get("text/html", "")
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )


def _has_charts(notebook: NotebookNode) -> bool:
    return any(
        VEGA_LITE in output.get("data", {})
        for cell in notebook.cells
        for output in cell.get("outputs", [])
    )
