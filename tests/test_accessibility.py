"""Reports as people with other eyes, hands and screens read them."""

from __future__ import annotations

import pytest

import fictures_reports as fr
from fictures_reports.charts.notebook_output import mime_bundle
from fictures_reports.report import history_report

from .axe import leave_one_of_each_look, violations
from .conftest import OPEN_ALL, RUNS, drawn

pytestmark = pytest.mark.looks

NOTES = "# Where we are\n\nA word.\n\n### And then\n\n| a | b |\n|---|---|\n| 1 | [2](http://x) |\n"
KINDS = ["comparison", "run", "history", "static", "history-static", "document"]
# Every line of text that can be seen, cut to what its scrolling parents show; pairs that overlap.
OVERLAPS = """() => {
  const lines = [];
  const cut = (rect, node) => {
    let { left, right, top, bottom } = rect;
    for (let e = node; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (style.opacity === "0" || style.clipPath !== "none") return null;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const box = e.getBoundingClientRect();
      left = Math.max(left, box.left); right = Math.min(right, box.right);
      top = Math.max(top, box.top); bottom = Math.min(bottom, box.bottom);
    }
    return right - left > 1 && bottom - top > 1 ? { left, right, top, bottom } : null;
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode;
    if (!node.data.trim() || node.parentElement.closest("script,nav,.skip-link,option")) continue;
    // The box around a slanting label is larger than the label.
    if (/rotate\\((?!0|-90)/.test(node.parentElement.getAttribute("transform"))) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) {
      const seen = cut(rect, node.parentElement);
      if (seen) lines.push({ ...seen, node, text: node.data.trim() });
    }
  }
  lines.sort((a, b) => a.top - b.top);
  const shared = (a, b, low, high) => Math.min(a[high], b[high]) - Math.max(a[low], b[low]);
  const found = [];
  lines.forEach((a, i) => {
    for (let j = i + 1; j < lines.length && lines[j].top < a.bottom - 3; j += 1) {
      const b = lines[j];
      if (a.node === b.node) continue;
      if (shared(a, b, "left", "right") > 3 && shared(a, b, "top", "bottom") > 3) {
        found.push([a.text, b.text]);
      }
    }
  });
  return found;
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Render each kind of report with everything that it can show."""
    folder = tmp_path_factory.mktemp("pages")
    before, after = (fr.read_run(RUNS / name) for name in ("phase2-initial", "phase2-rerun"))
    options = {
        "gates": ["passed >= 24", "failed <= 50"], "areas": {"cache": ["*cache*"]}, "notes": NOTES,
        "known_issues": [
            {"case": "*Like*", "reason": "soon", "owner": "ann", "expires": "2099-01-01"}
        ],
    }  # fmt: skip
    fr.render(
        "comparison", before=before, after=after, phases=[fr.read_run(RUNS / "api-initial")],
        earlier_after=[before], history=str(RUNS), output=folder / "comparison.html", **options,
    )  # fmt: skip
    fr.render("run", run=after, output=folder / "run.html", **options)
    fr.render("run", run=after, output=folder / "static.html", static=True, **options)
    fr.render(
        "document", before=before, after=after, phases=[before], output=folder / "document.html",
        static=True, **options,
    )  # fmt: skip
    parameters = {
        "history": str(RUNS), "last": 100, "since": None, "branch": None, "target": 0.9,
        "phases": {},
    }  # fmt: skip
    history_report.render(parameters, "html", folder / "history.html")
    history_report.render(parameters, "html", folder / "history-static.html", static=True)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_in_any_section(pages, opened, kind):
    # axe puts its own script into the page, which the page's policy forbids.
    page = opened(
        pages / f"{kind}.html", viewport={"width": 1300, "height": 900}, bypass_csp=True
    )  # fmt: skip
    n_charts, n_drawings = drawn(page)
    assert n_drawings >= n_charts
    page.evaluate(OPEN_ALL)
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    drawn(page)
    leave_one_of_each_look(page)
    for scheme, width in (("dark", 1300), ("dark", 320), ("light", 320)):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        drawn(page)
        assert violations(page, others=scheme == "light") == [], (scheme, width)


@pytest.mark.parametrize(("width", "zoom"), [(1300, 1), (640, 2), (320, 1)])
@pytest.mark.parametrize("kind", KINDS)
def test_no_text_lies_over_another_and_the_page_never_scrolls_sideways(
    pages, opened, kind, width, zoom
):
    page = opened(
        pages / f"{kind}.html", viewport={"width": width, "height": 900}, device_scale_factor=zoom
    )
    drawn(page)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(OVERLAPS) == []
    if width == 320:
        assert page.evaluate(BROKEN_WORDS) == [], "words in a table are broken in two on a phone"


def test_tables_that_scroll_sideways_are_stops_for_the_keyboard_and_others_are_not(pages, opened):
    stops = "document.querySelectorAll('.scroll[tabindex]').length"
    page = opened(pages / "comparison.html", viewport={"width": 1300, "height": 900})
    drawn(page)
    page.evaluate(OPEN_ALL)
    page.wait_for_function(f"() => {stops} === 0")
    page.set_viewport_size({"width": 640, "height": 900})
    page.wait_for_function(f"() => {stops} > 0")
    # On a phone such a table is a block for each row, and nothing scrolls.
    page.set_viewport_size({"width": 320, "height": 900})
    page.wait_for_function(f"() => {stops} === 0")
    without = opened(pages / "comparison.html", java_script_enabled=False)
    assert without.locator(".scroll[tabindex='0']").count() > 10


# Plain words of a table that the browser broke in two. Addresses and long_names may be: they have
# no place of their own to break at, and a column's width has an end.
BROKEN_WORDS = """() => {
  const found = [];
  for (const cell of document.querySelectorAll("main td, main th")) {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const plain = /(?<=^|[\\s-])[A-Za-z]{3,14}(?=$|[\\s,.:-])/g;
      for (const word of walk.currentNode.data.matchAll(plain)) {
        const range = document.createRange();
        range.setStart(walk.currentNode, word.index);
        range.setEnd(walk.currentNode, word.index + word[0].length);
        const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
        if (tops.size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


@pytest.mark.parametrize("kind", KINDS)
def test_words_and_names_in_tables_stay_whole_on_paper(pages, opened, kind):
    # A4 without its margins
    page = opened(pages / f"{kind}.html", viewport={"width": 688, "height": 1000})
    drawn(page)
    page.emulate_media(media="print")
    page.evaluate(OPEN_ALL)
    assert page.evaluate(BROKEN_WORDS.replace("[A-Za-z]{3,14}", "[A-Za-z_.]{3,30}")) == []
    widest = "Math.max(...[...document.querySelectorAll('table')].map(t => t.offsetWidth))"
    assert page.evaluate(widest) < 900


LIGHTNESS = """() => {
  const light = (colour) => colour.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 765;
  const paper = light(getComputedStyle(document.body).backgroundColor);
  return [...document.querySelectorAll("svg g.mark-text.role-mark > text")].map(
    (text) => Math.abs(light(getComputedStyle(text).fill) - paper));
}"""


@pytest.mark.parametrize("static", [False, True])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_a_chart_can_be_read_in_any_scheme(tmp_path, opened, scheme, static):
    import altair as alt
    import nbformat
    import pandas as pd

    from fictures_reports.charts import many_runs as charts_history
    from fictures_reports.report.rendering.html_export import to_html

    totals = pd.DataFrame({
        "run_id": ["a", "b"], "label": ["a", "b"], "run_at": pd.to_datetime(["2025-01-01"] * 2),
        "cases": [2, 2], "passed": [1, 2], "flaky": [0, 0], "xpassed": [0, 0],
    })  # fmt: skip
    drawings = [
        charts_history.trend(totals, (), 0.9, {"late": "b"}),
        alt.Chart(pd.DataFrame({"x": [1]})).mark_text(text="plain").encode(x="x:Q"),
    ]
    cells = []
    for chart in drawings:
        cell = nbformat.v4.new_code_cell("chart")
        cell.outputs = [nbformat.v4.new_output("display_data", data=mime_bundle(chart))]
        cells.append(cell)
    path = tmp_path / "texts.html"
    html = to_html(nbformat.v4.new_notebook(cells=cells), title="t", static=static)
    path.write_text(html, encoding="utf-8")
    page = opened(path, color_scheme=scheme)
    drawn(page)
    differences = page.evaluate(LIGHTNESS)
    assert len(differences) >= 3
    assert min(differences) > 0.4
