"""The parts of a phase document as a notebook's cells show them: Markdown, with a chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fictures_reports.report.document.document_parts import FRONT_MATTER, parts_of
from fictures_reports.report.document.section_charts import chart_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import altair as alt

    from fictures_reports.report.document.document_input import DocumentInput


@dataclass(frozen=True, eq=False)
class ShownPart:
    """A part as a cell's result: each of its sections is an output, below its heading the chart."""

    sections: Sequence[str]
    chart: alt.TopLevelMixin | None = None

    def _ipython_display_(self) -> None:
        from IPython.display import Markdown, display

        for section in self.sections:
            if self.chart is None:
                display(Markdown(section))
                continue
            heading, _, body = section.partition("\n")
            for shown in (Markdown(heading), self.chart, Markdown(body.strip())):
                display(shown)


def shown_parts(d: DocumentInput) -> dict[str, ShownPart]:
    """Return what a notebook's cells show: the part's name → the part, empty without content.

    Front matter is for files of Markdown: a notebook and its page have none.
    """
    parts = parts_of(d)
    return {
        name: ShownPart(sections, chart_of(d, name) if sections else None)
        for name, sections in parts.items()
        if name != FRONT_MATTER
    }
