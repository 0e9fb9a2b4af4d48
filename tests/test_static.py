"""Pages without any script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.errors import RenderError
from fictures_reports.report.rendering import static_page as static

from .conftest import RUNS, exit_code, make_run, with_charts

HOSTILE = ["<script>x = 1</script>", "</text></svg><img src=x onerror=1>", "&\"'<b>", "a\x1b[31mb"]
#: The lightness of what text and paper are drawn with, 0 to 1.
COLOURS = """() => {
  const light = colour => colour.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0) / 765;
  const label = document.querySelector(".static svg text");
  const paper = getComputedStyle(document.body).backgroundColor;
  return [getComputedStyle(label).fill, paper].map(light);
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    target, notebook = folder / "r.html", with_charts("comparison", folder)
    both = (RUNS / "phase2-initial", RUNS / "phase2-rerun")
    assert exit_code("compare", *both, "-o", target, "--static", "--template", notebook) == 0
    return target


def test_there_is_no_script_and_the_policy_forbids_any(page):
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert re.search(r"script-src &#39;none&#39;", text)
    assert not re.search(r"<[^>]*\son\w+=", text)
    assert len(text) < 1_500_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_are_there_with_their_titles_and_can_be_read(page, opened, scheme):
    shown = opened(page, color_scheme=scheme, java_script_enabled=True)
    assert shown.complaints == []
    assert [u for u in shown.requests if not u.startswith("data:")] == [page.as_uri()]
    titles = shown.locator("figure.chart figcaption").all_inner_texts()
    assert len(titles) >= 7
    assert "10 of 28 tests ended otherwise than before" in titles
    assert shown.locator("figure.chart svg.wide:visible").count() == len(titles)
    assert shown.locator("figure.chart svg.narrow:visible").count() == 0
    text, paper = shown.evaluate(COLOURS)
    assert abs(text - paper) > 0.6


@pytest.mark.parametrize("width", [1300, 640, 320])
def test_a_phone_gets_drawings_of_its_own_and_nothing_scrolls_sideways(page, opened, width):
    shown = opened(page, viewport={"width": width, "height": 800})
    assert shown.evaluate("document.documentElement.scrollWidth") == width
    kind = "wide" if width > 768 else "narrow"
    assert shown.locator(f"figure.chart svg.{kind}:visible").count() >= 7
    boxes = [svg.bounding_box() for svg in shown.locator(f"figure.chart svg.{kind}").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)


def test_all_cases_are_listed_with_links_to_their_evidence(page, opened):
    shown = opened(page)
    cases = shown.locator("div.cases")
    assert cases.locator("tbody tr").count() == 28
    cases.locator("summary", has_text="broke").click()
    cases.locator("tbody a", has_text="Page load with cache < 2s").click()
    # The browser opens what a link points into, also without script.
    opened_case = shown.locator("details.case[open]")
    expect(opened_case.locator("summary").first).to_have_text(re.compile("^Page load with cache"))
    expect(opened_case.locator("img")).not_to_have_js_property("naturalWidth", 0)


def test_hostile_names_are_text_in_drawings_and_tables(tmp_path, opened):
    n = len(HOSTILE)
    extra = {"worker": [0] * n, "started_at": [float(i) for i in range(n)], "duration_s": [5.0] * n}
    extra |= {"file": HOSTILE, "project": HOSTILE, "message": HOSTILE}
    before = make_run(HOSTILE[0], dict.fromkeys(HOSTILE, "passed"), extra)
    after = make_run(HOSTILE[1], dict.fromkeys(HOSTILE, "failed"), extra)
    target = fr.render(
        "comparison", before=before, after=after, output=tmp_path / "r.html", static=True
    )
    assert "<script" not in target.read_text(encoding="utf-8")
    shown = opened(target)
    assert shown.complaints == []
    assert shown.locator("img").count() == 0
    assert HOSTILE[0] in shown.locator("div.cases").text_content()


def test_drawings_of_one_page_share_no_names():
    points = {"values": [{"a": 1}]}
    mark = {"type": "point", "clip": True}
    spec = {"data": points, "mark": mark, "encoding": {"x": {"field": "a"}}, "title": "<t>"}
    html = static.figure(spec, 0) + static.figure(spec, 1)
    names = re.findall(r'id="([^"]+)"', html)
    assert len(names) == len(set(names)) == 4
    assert set(re.findall(r"url\(#([^)]+)\)", html)) == set(names)
    assert "<figcaption>&lt;t&gt;</figcaption>" in html


def test_a_drawing_loads_nothing():
    spec = {"data": {"url": "http://127.0.0.1:9/x.json"}, "mark": "point", "title": "far"}
    with pytest.raises(RenderError, match="the chart 'far' could not be drawn"):
        static.figure(spec, 0)


def test_long_lists_are_cut_and_say_so(monkeypatch):
    from fictures_reports.report.sections import ReportInput, cases

    monkeypatch.setattr(static, "MOST_CASES", 3)
    report = ReportInput(make_run("r", dict.fromkeys("abcde", "passed")))
    html = static.html(cases(report).html, frozenset())
    assert html.count("<tr id=") == 3
    assert "3 cases of 5 are listed, 2 are left out" in html


def test_what_is_missing_is_said_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(static, "find_spec", lambda _: None)
    with pytest.raises(RenderError, match=r"pip install 'fictures-reports\[static\]'"):
        fr.render("run", run=make_run("r", {}), output=tmp_path / "r.html", static=True)
    assert list(tmp_path.iterdir()) == []


def test_static_goes_with_html_alone(command):
    done = command("run", RUNS / "api-rerun", "--static", "--format", "json")
    assert done.returncode == 1
    assert "--static is a kind of html, but the format is json" in done.stderr
