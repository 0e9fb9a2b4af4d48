"""The page of a history: rows of tests, a panel for each, search, and the address."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from fictures_reports.cli.history_commands import history

from ..axe import violations

pytestmark = pytest.mark.looks


@pytest.fixture(scope="module")
def written(filled, tmp_path_factory):
    target = tmp_path_factory.mktemp("page") / "history.html"
    done = CliRunner().invoke(history, [str(filled.path), "-o", str(target)])
    assert done.exit_code == 0, done.output
    return target


def test_a_name_of_the_first_screen_opens_its_panel_and_escape_goes_back(written, opened):
    page = opened(written)
    link = page.locator("section.attention li.row a").first
    title = link.inner_text()
    link.click()
    panel = page.locator(".panel")
    expect(panel.locator("h3")).to_have_text(title)
    assert "Failed in the last" in panel.locator(".sentence").inner_text()
    assert panel.locator("dt").all_inner_texts()[:3] == ["Last good", "First bad", "Between"]
    assert panel.locator("dd code").first.inner_text().startswith("git log ")
    assert panel.locator(".failures li").count() >= 2
    assert page.evaluate("location.hash").startswith("#tests/case-")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.wait_for_function("() => document.activeElement.closest('section.attention')")
    assert page.evaluate("document.activeElement.textContent") == title
    assert page.complaints == []


def test_an_address_opens_the_panel_of_a_test_that_the_list_does_not_show(written, opened):
    page = opened(written, "tests/all")
    rows = page.locator(".history-tests li.row")
    name = rows.last.locator("a")
    title, hash_ = name.inner_text(), name.get_attribute("href")
    direct = opened(written, hash_[1:])
    expect(direct.locator(".panel h3")).to_have_text(title)
    direct.keyboard.press("Escape")
    expect(direct.locator(":focus")).to_have_text(title)


def test_the_search_looks_through_all_tests_and_the_address_keeps_it(written, opened):
    page = opened(written, "tests")
    n_all = int(page.locator(".filters button[data-key=all] b").inner_text())
    assert page.locator(".history-tests li.row").count() < n_all
    page.locator("#find input").press_sequentially("story 5")
    rows = page.locator(".history-tests li.row")
    assert rows.count() >= 2
    assert all("story 5" in text for text in rows.locator(".name a").all_inner_texts())
    assert page.evaluate("document.activeElement.type") == "search"
    again = opened(written, page.evaluate("location.hash")[1:])
    expect(again.locator(".history-tests li.row")).to_have_count(rows.count())
    again.locator("#find input").fill("no such test")
    expect(again.locator(".history-tests [role=status]")).to_have_text("No test fits.")


def test_filters_show_as_many_tests_as_they_say(written, opened):
    page = opened(written, "tests")
    chips = page.locator(".filters button")
    assert chips.count() >= 4
    for chip in chips.all():
        chip.click()
        expect(chip).to_have_attribute("aria-pressed", "true")
        n = int(chip.locator("b").inner_text())
        expect(page.locator(".history-tests li.row")).to_have_count(n)


def test_tests_can_be_chosen_by_project_and_the_address_keeps_it(written, opened):
    page = opened(written, "tests/all")
    page.get_by_label("Project").select_option(label="webkit")
    rows = page.locator(".history-tests li.row")
    n = rows.count()
    assert n
    assert all("webkit" in text for text in rows.locator(".name small").all_inner_texts())
    again = opened(written, page.evaluate("location.hash")[1:])
    expect(again.locator(".history-tests li.row")).to_have_count(n)
    assert again.get_by_label("Project").evaluate("s => s.selectedOptions[0].text") == "webkit"


def test_j_and_k_go_from_test_to_test_and_the_bar_says_where_one_is(written, opened):
    page = opened(written, "tests")
    titles = page.locator(".history-tests li.row .name a").all_inner_texts()
    panel = page.locator(".panel")
    for key, title in (("j", titles[0]), ("j", titles[1]), ("k", titles[0])):
        page.keyboard.press(key)
        expect(panel.locator("h3")).to_have_text(title)
    assert panel.locator(".position").inner_text() == f"1 of {len(titles)}"
    assert panel.get_by_label("Previous (k)").is_disabled()


def test_the_failures_of_a_panel_can_be_copied_as_a_table(written, opened):
    page = opened(written, "tests")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".history-tests li.row a").first.click()
    page.locator(".panel").wait_for()
    n = page.locator(".panel .failures li").count()
    page.get_by_role("button", name="Copy as table").click()
    page.get_by_role("button", name="Copied").wait_for()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].split("\t")[:2] == ["When (UTC)", "Run"]
    assert len(lines) == n + 1


def test_paper_has_all_views_in_light_and_says_nothing_twice(written, opened):
    page = opened(written, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    views = page.locator("main > .view")
    assert all(view.is_visible() for view in views.all())
    assert page.locator(".rail, #find, .filters, .panel").locator("visible=true").count() == 0
    # The events and all rows follow in views of their own.
    assert page.locator(".lately .day").locator("visible=true").count() == 0
    assert page.locator("#since-when .day").locator("visible=true").count() >= 2
    assert page.locator(".attention .rows > li").locator("visible=true").count() == 8
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_a_phone_shows_ten_rows_first_and_a_link_to_the_others(written, opened):
    page = opened(written, viewport={"width": 390, "height": 800})
    assert page.locator(".attention .rows > li").locator("visible=true").count() == 10
    page.get_by_role("link", name="All tests that need a look").click()
    expect(page.locator("#tests")).to_be_visible()
    expect(page.locator(".history-tests li.row").nth(10)).to_be_visible()


def test_the_rows_are_there_without_script(written, opened):
    page = opened(written, java_script_enabled=False)
    rows = page.locator("section.attention li.row")
    assert rows.count() >= 5
    cells = rows.first.locator("svg.cells")
    assert cells.get_attribute("aria-label").startswith("the last 40 runs: failed in ")
    # Where a link leads without script: to the row in the list of all tests.
    target = rows.first.locator("a").get_attribute("href")[1:]
    assert page.locator(f'[id="{target}"]').count() == 1


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_axe_finds_nothing_in_an_open_panel_and_nothing_scrolls_sideways(written, opened, width):
    page = opened(
        written, "tests", viewport={"width": width, "height": 900}, bypass_csp=True
    )  # fmt: skip
    page.locator(".history-tests li.row a").first.click()
    page.locator(".panel").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        panel = page.locator(".panel")
        assert panel.evaluate("node => node.scrollWidth <= node.clientWidth")
        assert violations(page, others=scheme == "light") == [], scheme
