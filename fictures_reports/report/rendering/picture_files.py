"""The charts of a document as SVG files beside it, and the lines of Markdown that show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.charts.notebook_output import VEGA_LITE, mime_bundle
from fictures_reports.report.document.section_charts import CHARTS, chart_of
from fictures_reports.report.markdown_text import text
from fictures_reports.report.rendering.static_page import as_svg
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.report.document.document_input import DocumentInput


def pictures_beside(d: DocumentInput, document: Path) -> dict[str, str]:
    """Write the charts into the folder NAME-charts beside a document.

    Returns a line of Markdown with a relative link by the heading of its section. Raises
    `RenderError` where what draws charts is not installed.
    """
    folder = document.with_name(f"{document.stem}-charts")
    found = {}
    for heading in CHARTS:
        chart = chart_of(d, heading)
        if chart is None:
            continue
        spec = mime_bundle(chart)[VEGA_LITE]
        name = f"{heading.casefold().replace(' ', '-')}.svg"
        folder.mkdir(exist_ok=True)
        write(as_svg(spec), folder / name)
        found[heading] = f"![{text(_title(spec))}](<{folder.name}/{name}>)"
    return found


def _title(spec: dict[str, object]) -> str:
    layers = spec.get("layer")
    first = layers[0] if isinstance(layers, list) and layers else {}
    title = spec.get("title") or first.get("title") or ""
    return str(title.get("text", "") if isinstance(title, dict) else title)
