"""How a chart is put into a notebook's output: as data that needs no network to be drawn."""

from __future__ import annotations

from typing import Any, Final

from fictures_reports.charts.safe_names import with_safe_names

#: The output type of what altair writes, which our page draws.
VEGA_LITE: Final = "application/vnd.vegalite.v6+json"
#: The newest that JupyterLab (4.6) draws by itself; our charts hold nothing that it does not know.
VEGA_LITE_5: Final = "application/vnd.vegalite.v5+json"
_LAB_WIDTH: Final = 720


def enable() -> None:
    """Show charts in this IPython session as data that needs no network: for report notebooks.

    Altair's own "mimetype" renderer writes "….v6.json", which nbformat does not take for JSON, and
    checks every chart against the whole schema, which takes longer than drawing it. The type is
    named and not imported: most reports show no chart, and altair takes long to import.
    """
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    if shell is None:  # a script shows no charts; it saves them
        return
    formatter = shell.display_formatter.mimebundle_formatter
    formatter.for_type_by_name("altair.vegalite.v6.api", "TopLevelMixin", mime_bundle)


def mime_bundle(chart: Any, **_: Any) -> dict[str, Any]:
    """Return a chart as our page, JupyterLab and VS Code draw it, and as text."""
    spec = with_safe_names(chart.to_dict(validate=False))
    title = spec.get("title") or spec.get("layer", [{}])[0].get("title") or {}
    text = f"<chart: {title.get('text', 'untitled')}>"
    # JupyterLab never stops fitting a chart into an output that grows with it.
    width = {"width": _LAB_WIDTH} if spec.get("width") == "container" else {}
    schema = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    return {VEGA_LITE: spec, VEGA_LITE_5: spec | schema | width, "text/plain": text}
