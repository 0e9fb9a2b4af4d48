"""Executed notebook → one HTML file, with the template `page.html.j2`.

nbconvert writes what is Markdown or code in it: only a page with such cells imports it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import escape

from fictures_reports.charts.notebook_output import VEGA_LITE
from fictures_reports.report.case_links import relinked
from fictures_reports.report.fragment import filled
from fictures_reports.report.rail import RAIL
from fictures_reports.report.rendering.one_at_a_time import one_at_a_time
from fictures_reports.report.rendering.views import (
    View,
    cut_at_headings,
    marked,
    title_of,
    views_of,
    without_title,
)
from fictures_reports.report.terminal_text import printable, printable_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

_PAGE: Final = Path(__file__).parents[1] / "page"
#: In this order: later ones may say more of what earlier ones say.
_STYLES: Final = (
    "tokens.css", "shell.css", "page.css", "overview.css", "timing.css", "cases.css", "history.css",
    "print.css",
)  # fmt: skip
#: The list of all tests, from what others build on to what puts all together.
_TESTS: Final = (
    "panel_frame.js", "case_icons.js", "case_data.js", "pictures.js", "case_panel.js",
    "appendix.js", "case_filters.js", "case_rows.js", "case_list.js",
)  # fmt: skip
#: The list of all tests of a history, likewise.
_HISTORY: Final = (
    "panel_frame.js", "case_icons.js", "history_drawings.js", "history_panel.js", "history.js",
)  # fmt: skip
_BOX: Final = 'type="checkbox" disabled'
_SCROLLS: Final = '<div class="scroll">'
#: What nbconvert makes of Markdown → what a page has instead.
_IN_PROSE: Final = {
    "<table>": '<div class="scroll" tabindex="0"><table>',
    "</table>": "</table></div>",
    f"{_BOX} checked/>": f'{_BOX} checked aria-label="done">',
    f"{_BOX}/>": f'{_BOX} aria-label="to do">',
}
#: Of the forms that an output has, the first of these is shown.
_ORDER: Final = (
    VEGA_LITE, "text/html", "image/png", "image/jpeg", "text/markdown", "text/plain",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """What the page template needs."""

    title: str
    cells: list[NotebookNode]
    views: list[View]
    scripts: list[str]
    css: str
    version: str
    #: What the rail says beside the names of the views, as `Rail.as_dict` gives it.
    rail: dict[str, Any] = field(default_factory=dict)
    #: The code of the cells stands on the page.
    show_code: bool = False
    #: No script: charts are drawn here, and the list of cases is a table.
    static: bool = False
    #: On paper what the tests said stands after the views.
    evidence: bool = False
    #: The cases that a link can point at, for their evidence is on the page.
    anchors: frozenset[str] = frozenset()
    #: The cases that have a row with an anchor, on a page without script.
    rows: frozenset[str] = frozenset()
    #: Charts drawn so far.
    _charts: list[dict[str, Any]] = field(default_factory=list)

    @property
    def policy(self) -> str:
        """Content-Security-Policy: our scripts by hash, pictures from the file, no network."""
        hashes = " ".join(f"'sha256-{_digest(script)}'" for script in self.scripts) or "'none'"
        return (
            f"default-src 'none'; script-src {hashes}; "
            "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
        )

    @property
    def title_in_css(self) -> str:
        """The title as a string of CSS, for the margins of a printed page."""
        return f'"{"".join(_in_css(sign) for sign in self.title)}"'

    @property
    def has_charts(self) -> bool:
        """Whether something on the page is drawn by a script."""
        return any("vega" in script for script in self.scripts)

    def figure(self, spec: dict[str, Any]) -> str:
        """Write a chart as data for the page's script, or as a drawing."""
        if self.static:
            from fictures_reports.report.rendering import static_page as static

            self._charts.append(spec)
            return static.figure(spec, len(self._charts) - 1)
        # Nothing in the specification can end its script element.
        data = json.dumps(spec, separators=(",", ":")).replace("<", "\\u003c")
        return (
            '<figure class="chart"><script type="application/vnd.vegalite+json">'
            f"{data}</script></figure>"
        )

    def html(self, output: NotebookNode) -> str:
        """Return the HTML of what a cell put out; "" if it is none of the kinds that pages show."""
        if output.output_type == "error":
            return _preformatted("\n".join(output.traceback))
        if output.output_type == "stream":
            return _preformatted(output.text)
        data = output.data
        kind = next((kind for kind in _ORDER if kind in data), "")
        if not kind or RAIL in data:
            return ""
        if kind == VEGA_LITE:
            return self.figure(data[kind])
        if kind == "text/markdown":
            return self.prose(data[kind])
        if kind == "text/plain":
            return _preformatted(data[kind])
        if kind == "text/html":
            # What scrolls sideways can be reached with the keyboard; page.js takes the stop from
            # what fits.
            return self.shown(data[kind]).replace(_SCROLLS, _SCROLLS[:-1] + ' tabindex="0">')
        picture = escape(data[kind].replace("\n", ""))
        return f'<img alt="chart" src="data:{kind};base64,{picture}">'

    def code(self, cell: NotebookNode) -> str:
        """Return the HTML of a cell's code, in colours."""
        from nbconvert.filters.highlight import Highlight2HTML

        return str(Highlight2HTML(pygments_lexer="ipython3")(cell.source, metadata=cell.metadata))

    def prose(self, markdown: str) -> str:
        """Return the HTML of Markdown as this page shows it.

        A wide table scrolls by itself, and a box of a task list has a name.
        """
        from nbconvert.filters.markdown import markdown2html

        html = str(markdown2html(markdown))
        for nbconvert_html, page_html in _IN_PROSE.items():
            html = html.replace(nbconvert_html, page_html)
        return f'<div class="prose">{self.shown(html)}</div>'

    def shown(self, html: str) -> str:
        """Return the HTML of a cell as this page shows it; no link leads nowhere."""
        html = relinked(html, self._linked)
        if not self.static:
            return html
        from fictures_reports.report.rendering import static_page as static

        return static.html(html, self.anchors)

    def _linked(self, anchor: str, words: str) -> str | None:
        """Keep a link that leads somewhere; the page's script can make others lead to the list."""
        if anchor in self.anchors or anchor in self.rows:
            return None
        return words if self.static else f'<span data-case="{anchor}">{words}</span>'


@one_at_a_time
def to_html(
    notebook: NotebookNode,
    *,
    title: str,
    show_code: bool = False,
    static: bool = False,
    evidence: bool = False,
) -> str:
    """Write an executed notebook as one HTML page that loads nothing.

    Code is left out unless `show_code`. Vega is embedded once, and only if there is a chart. A
    `static` page has no script at all: charts are SVG, which needs the extra "static", and its
    views follow one another. With `evidence` the page's print ends with what the tests said.
    """
    if title == title_of(notebook):
        notebook = without_title(notebook)
    notebook = cut_at_headings(notebook)
    views = views_of(notebook, with_code=show_code)
    rail: dict[str, Any] = next((data[RAIL] for data in _outputs(notebook) if RAIL in data), {})
    notebook = marked(notebook, views)
    anchors, rows = _anchors(notebook, static=static)
    page = Page(
        printable(title),
        notebook.cells,
        views,
        [] if static else _scripts(notebook),
        "\n".join(map(_asset, _STYLES)),
        version("fictures-reports"),
        rail=printable_values(rail),
        show_code=show_code,
        static=static,
        evidence=evidence,
        anchors=anchors,
        rows=rows,
    )
    return filled("page.html.j2", page=page)


def _preformatted(text: str) -> str:
    """Return text that a terminal would show, with its colours."""
    from nbconvert.filters.ansi import ansi2html

    return f'<pre class="output">{ansi2html(text)}</pre>'


@cache
def _asset(name: str) -> str:
    return (_PAGE / "assets" / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _in_css(sign: str) -> str:
    return sign if sign.isascii() and sign.isalnum() else f"\\{ord(sign) or 0xFFFD:x} "


def _scripts(notebook: NotebookNode) -> list[str]:
    """Return the scripts that a page needs; the first switches its views, which others build on."""
    outputs = list(_outputs(notebook))
    scripts = [_asset("page.js")]
    if any('<div class="cases"' in data.get("text/html", "") for data in outputs):
        scripts.append("\n".join(map(_asset, _TESTS)))
    if any('<div class="history-tests' in data.get("text/html", "") for data in outputs):
        scripts.append("\n".join(map(_asset, _HISTORY)))
    if any(VEGA_LITE in data for data in outputs):
        scripts += [_asset("vega.min.js"), _asset("charts.js")]
    return scripts


def _anchors(notebook: NotebookNode, *, static: bool) -> tuple[frozenset[str], frozenset[str]]:
    from fictures_reports.report.rendering.static_page import anchors_in, rows_in

    texts = [data.get("text/html", "") for data in _outputs(notebook)]
    return anchors_in(texts), rows_in(texts) if static else frozenset()


def _outputs(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield output.get("data", {})
