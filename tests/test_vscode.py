"""Outputs in the forms that VS Code draws, as a real kernel sends them.

VS Code itself draws HTML, pictures and text; its Jupyter extension brings Vega-Lite up to 5. It has
no scripts and no style sheet of ours, and tells of a dark theme by colours that text inherits, not
by the browser's preference.
"""

from __future__ import annotations

import re

import nbformat
import papermill
import pytest

from fictures_reports.charts.notebook_output import VEGA_LITE, VEGA_LITE_5

from .conftest import ROOT

PLAIN = "text/plain"
DRAWN = {"text/html", "image/png", "image/svg+xml", VEGA_LITE_5}
OURS = (
    "before_runs[-1]",
    "c",
    "fr.History('no-such-history')",
    "charts.categories(show.categories.values(report).counts)",
)
DARK = (
    "<!doctype html><html lang='en'><title>t</title><body class='vscode-dark' "
    "style='color: rgb(204, 204, 204); background: rgb(30, 30, 30)'>"
)
# Elements with text of their own that take neither the theme's colour nor its background.
OTHERWISE = """() => [...document.body.querySelectorAll("*")].filter((node) => {
  if (node.closest("a, mark, button, script, style")) return false;
  const style = getComputedStyle(node);
  const clear = style.backgroundColor === "rgba(0, 0, 0, 0)" && style.backgroundImage === "none";
  return style.color !== "rgb(204, 204, 204)" || !clear;
}).map((node) => node.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """Run the gallery's comparison with further cells that show each object by itself."""
    folder = tmp_path_factory.mktemp("code")
    notebook = nbformat.read(ROOT / "notebooks" / "comparison.ipynb", as_version=4)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in OURS]
    nbformat.write(notebook, folder / "in.ipynb")
    return papermill.execute_notebook(
        folder / "in.ipynb", folder / "out.ipynb", cwd=ROOT / "notebooks", progress_bar=False,
        kernel_name="python3",
    )  # fmt: skip


@pytest.fixture(scope="module")
def bundles(executed):
    outputs = [output for cell in executed.cells for output in cell.get("outputs", [])]
    kinds = {output.output_type for output in outputs}
    assert kinds <= {"display_data", "execute_result"}, kinds
    return [output.data for output in outputs]


def test_every_output_has_a_form_that_is_drawn_and_a_text(bundles):
    assert len(bundles) > 15
    for data in bundles:
        assert DRAWN & data.keys(), data[PLAIN]
        assert data[PLAIN].strip()


def test_runs_comparisons_histories_and_charts_show_themselves(executed):
    shown = [cell.outputs[0].data for cell in executed.cells[-len(OURS) :]]
    assert all("text/html" in data for data in shown[:3])
    assert {VEGA_LITE, VEGA_LITE_5} <= shown[3].keys()
    assert [data[PLAIN].split()[0] for data in shown] == [
        "<Run", "<Comparison", "<History", "<chart:",
    ]  # fmt: skip


def test_html_runs_and_loads_nothing(bundles):
    for html in (data["text/html"] for data in bundles if "text/html" in data):
        scripts = re.findall(r"<script\b[^>]*>", html)
        assert set(scripts) <= {'<script type="application/json">'}
        assert not re.search(r"<(style|link|iframe|object)\b|\son\w+=|javascript:", html)
        assert not re.search(r'(src|href)="(?!#|data:image/)', html)


def test_html_takes_the_colours_of_a_dark_theme(bundles, tmp_path, opened):
    path = tmp_path / "code.html"
    parts = [data["text/html"] for data in bundles if "text/html" in data]
    path.write_text(DARK + "<hr>".join(parts), encoding="utf-8")
    page = opened(path, color_scheme="light")
    page.locator("hr").evaluate_all("lines => lines.forEach((line) => line.remove())")
    assert page.evaluate(OTHERWISE) == []
    assert page.locator("table").count() > 10
    assert page.complaints == []
