"""Charts and tables that lead to the cases they count."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.charts.notebook_output import mime_bundle
from fictures_reports.report.sections import ReportInput, categories, transitions

from .conftest import drawn, make_run

pytestmark = pytest.mark.looks


@pytest.fixture
def reference(page_with_charts):
    return page_with_charts


def about(opened, path):
    """Open a page at what is folded in its last view."""
    page = opened(path, "about-the-data")
    page.evaluate("() => document.querySelectorAll('.about').forEach(d => { d.open = true })")
    return page


def lists(page, number):
    """Wait until the list says that it has found so many cases; the address changes before it."""
    said = page.locator("div.cases .said")
    expect(said).to_have_text(re.compile(rf"^{number:,}\b"))


def bars(page, title):
    figure = page.locator("figure.chart", has=page.locator("figcaption", has_text=title))
    return figure.locator("svg .mark-rect path").all()


@pytest.mark.parametrize("title", ["Most frequent: ", "Passed: ", " ended otherwise"])
def test_a_click_on_a_bar_lists_the_cases_that_it_counts(reference, opened, title):
    page = opened(reference, "charts", viewport={"width": 1200, "height": 900})
    drawn(page)
    found = bars(page, title)
    assert len(found) >= 5
    for bar in found:
        label = bar.get_attribute("aria-label")
        # At a corner: numbers may stand in the middle.
        bar.click(position={"x": 3, "y": 3})
        page.wait_for_function("() => location.hash.startsWith('#cases?')")
        lists(page, int(re.search(r"tests: (\d+)", label)[1]))
        assert page.locator("#case-search").bounding_box()["y"] < 900
        page.go_back()
        page.wait_for_function("() => !location.hash.startsWith('#cases?')")
    assert page.complaints == []


def test_what_a_click_does_is_said_where_it_does_something(reference, opened):
    page = opened(reference, "charts", viewport={"width": 1200, "height": 900})
    drawn(page)
    bars(page, "Most frequent: ")[0].hover()
    tip = page.locator("#tip")
    expect(tip).to_contain_text("Click to list these cases.")
    bars(page, " busy for ")[0].hover()
    expect(tip).not_to_contain_text("Click")
    expect(tip).to_be_visible()


def test_numbers_in_tables_lead_there_from_the_keyboard(reference, opened):
    page = about(opened, reference)
    links = page.locator("#about-the-data td[data-cases] a")
    assert links.count() >= 6
    for link in links.all():
        number = int(link.inner_text())
        link.focus()
        page.keyboard.press("Enter")
        lists(page, number)
        page.go_back()
        expect(link).to_be_visible()


def test_after_a_number_the_keyboard_goes_on_at_the_list(reference, opened):
    page = about(opened, reference)
    page.locator("#about-the-data td[data-cases] a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.closest('div.cases')")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("All 28")


def test_back_to_an_address_without_a_filter_takes_it_off(reference, opened):
    page = about(opened, reference)
    link = page.locator("#about-the-data td[data-cases] a").first
    number = int(link.inner_text())
    link.press("Enter")
    lists(page, number)
    page.locator("#case-search").fill("no such test")
    lists(page, 0)
    page.go_back()
    lists(page, 28)
    expect(page.locator("#case-search")).to_have_value("")
    expect(page.locator(".filters [aria-pressed=true]")).to_have_text("All 28")
    expect(page.locator(".filters .condition")).to_have_count(0)
    page.go_forward()
    lists(page, 0)


def test_opening_one_case_of_a_filtered_list_keeps_the_filter(reference, opened):
    page = opened(reference, "tests/masked")
    lists(page, 4)
    page.locator(".test-row").first.click()
    page.wait_for_function("() => /^#tests\\/[0-9a-f]{12}$/.test(location.hash)")
    lists(page, 4)


def test_without_script_numbers_are_numbers(reference, opened):
    page = opened(reference, java_script_enabled=False)
    assert page.locator("td[data-cases]").count() >= 6
    assert page.locator("td[data-cases] a").count() == 0


def test_a_cell_that_holds_several_statuses_is_no_link():
    titles = {"a": "passed", "b": "failed"}
    run, other = make_run("r", titles), make_run("o", titles | {"c": "xpassed"})
    assert "data-cases" in transitions(ReportInput(fr.compare(run, run))).html
    assert "data-cases" not in transitions(ReportInput(fr.compare(run, other))).html


def test_a_click_does_nothing_on_a_page_without_the_list(tmp_path: Path, opened):
    import nbformat

    from fictures_reports import charts
    from fictures_reports.report.rendering.html_export import to_html

    run = make_run("r", {"a": "failed"})
    cell = nbformat.v4.new_code_cell("chart")
    bundle = mime_bundle(charts.categories(categories.values(ReportInput(run)).counts))
    cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    path = tmp_path / "alone.html"
    path.write_text(to_html(nbformat.v4.new_notebook(cells=[cell]), title="t"), encoding="utf-8")
    page = opened(path)
    drawn(page)
    bars(page, "Most frequent")[0].click()
    assert "#" not in page.url
    assert page.complaints == []
