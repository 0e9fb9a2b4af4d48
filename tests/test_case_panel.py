"""The list of all tests and its panel, as a reader uses them: by mouse, by keyboard, by address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.report.evidence import anchor

from .axe import violations
from .conftest import make_run
from .test_attachments import picture

pytestmark = pytest.mark.looks

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LOG = "\n".join(f"  - waiting {i}" for i in range(30))
MESSAGE = f"Error: expect failed\n\nExpected: 7\nReceived: 6\n\nCall log:\n{LOG}"


def tried(status, number, **more):
    errors = [{"message": f"Error: try {number}", "location": f"a.spec.ts:{number}"}]
    return {
        "status": status, "duration_s": float(number), "attachments": [],
        "errors": [] if status == "passed" else errors,
    } | more  # fmt: skip


@pytest.fixture
def reference(reference_page):
    return reference_page


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """Two projects of each test: a new failure in both, one in one of them, and one that passes."""
    titles = ["looks", "opens", "loads"]
    named = [f"{title} [{project}]" for title in titles for project in ("desktop", "phone")]
    now = ["failed", "failed", "failed", "passed", "passed", "passed"]
    sides = [picture("front-expected.png", 1), picture("front-actual.png", 2),
             picture("front-diff.png", 3)]  # fmt: skip
    trace = {"name": "trace", "content_type": "application/zip", "path": "a b/trace.zip"}
    first = tried("failed", 1)
    second = tried("failed", 2, attachments=[*sides, trace], extra={"steps": ["Expect"]})
    columns = {
        "title": [title for title in titles for _ in range(2)],
        "case_id": [f"a.spec.ts › {name}" for name in named],
        "test_id": [f"a.spec.ts › {title}" for title in titles for _ in range(2)],
        "project": ["desktop", "phone"] * 3,
        "duration_s": [3.0] * 6,
    }
    tries = {
        "attempts": [[first, second], *[[]] * 5],
        "n_attempts": [2, 1, 1, 1, 1, 1],
        "message": ["Error: try 2", MESSAGE, MESSAGE, None, None, None],
        "attachments": [[*sides, trace], *[[]] * 5],
        "snippet": ["  1 | a\n> 2 | b", *[None] * 5],
        "location": ["a.spec.ts:2", *[None] * 5],
        "stdout": ["printed this", *[None] * 5],
    }
    before = make_run("b", dict.fromkeys(named, "passed"), columns)
    after = make_run("a", dict(zip(named, now, strict=True)), columns | tries)
    target = tmp_path_factory.mktemp("projects") / "r.html"
    return fr.render("comparison", before=before, after=after, output=target)


def ready(page):
    page.wait_for_selector("div.cases[data-ready]", state="attached")
    return page


def titles(page):
    return page.locator(".test-row .name > bdi").all_text_contents()


def panel(page):
    return page.locator(".panel:not([hidden])")


def test_from_the_opened_page_to_the_message_of_the_only_new_failure_is_one_click(tmp_path, opened):
    before = make_run("b", {"a": "passed", "pays": "passed"})
    after = make_run("a", {"a": "passed", "pays": "failed"}, {"message": [None, "Error: no money"]})
    page = ready(opened(
        fr.render("comparison", before=before, after=after, output=tmp_path / "r.html"),
        viewport=WIDE,
    ))  # fmt: skip
    page.get_by_role("link", name="pays").first.click()
    message = panel(page).locator("pre.message")
    expect(message).to_have_text("Error: no money")
    box = message.bounding_box()
    assert 0 <= box["y"] < WIDE["height"]


def test_a_row_opens_the_panel_beside_the_list_and_escape_returns_to_the_row(reference, opened):
    page = ready(opened(reference, "tests", viewport=WIDE))
    row = page.locator(".test-row", has_text="Page load with cache < 2s")
    row.press("Enter")
    expect(panel(page)).to_contain_text("1 of 28")
    expect(row).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.activeElement.className") == "panel"
    assert panel(page).bounding_box()["width"] == 636
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    assert row.evaluate("row => document.activeElement === row")
    assert page.evaluate("location.hash") == "#tests"


def test_j_and_k_step_through_the_filtered_list(reference, opened):
    page = ready(opened(reference, "tests/fixed", viewport=WIDE))
    listed = titles(page)
    assert len(listed) == 5
    for key, at in [("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)]:
        page.keyboard.press(key)
        expect(panel(page).locator(".panel-title")).to_have_text(listed[at])
    expect(panel(page)).to_contain_text("1 of 5")
    assert panel(page).get_by_role("button", name="Previous (k)").is_disabled()


def test_letters_typed_into_the_search_are_letters(reference, opened):
    page = ready(opened(reference, "tests", viewport=WIDE))
    page.keyboard.press("/")
    page.keyboard.type("jk")
    assert page.locator("#case-search").input_value() == "jk"
    expect(panel(page)).to_have_count(0)


def test_the_address_of_a_test_opens_its_panel_also_in_another_view(reference, opened):
    case = ("cache-performance-benchmarks.spec.ts › Cache performance benchmarks › "
            "Page load with cache < 2s [chromium]")  # fmt: skip
    for address in (f"tests/{anchor(case)[5:]}", anchor(case)):
        page = ready(opened(reference, address, viewport=WIDE))
        expect(panel(page).locator(".panel-title")).to_have_text("Page load with cache < 2s")
    page.evaluate("location.hash = '#timing'")
    expect(page.locator("#tests")).to_be_hidden()
    page.evaluate(f"location.hash = '#{anchor(case)}'")
    expect(panel(page).locator(".panel-title")).to_be_visible()


def test_a_filter_and_the_search_hold_together_and_stay_in_the_address(reference, opened):
    page = ready(opened(reference, "tests", viewport=WIDE))
    page.locator(".filters").get_by_role("button", name="Fail now 12").click()
    expect(page.locator(".said")).to_have_text("12 of 28 tests")
    page.locator("#case-search").fill("patch")
    expect(page.locator(".said")).to_have_text("3 of 28 tests")
    assert page.evaluate("document.activeElement.id") == "case-search"
    assert page.evaluate("location.hash") == "#tests/failing?q=patch"
    page.reload()
    ready(page)
    expect(page.locator(".said")).to_have_text("3 of 28 tests")
    expect(page.locator(".filters [aria-pressed=true]")).to_have_text("Fail now 12")
    page.go_back()
    expect(page.locator(".said")).to_have_text("28 of 28 tests")


def test_a_test_that_the_filter_leaves_out_opens_beside_the_filtered_list(projects, opened):
    page = ready(opened(projects, "tests/failing", viewport=WIDE))
    page.evaluate(f"location.hash = '#{anchor('a.spec.ts › loads [phone]')}'")
    expect(panel(page)).to_contain_text("The filter leaves this one out")
    expect(page.locator(".filters [aria-pressed=true]")).to_have_text("Fail now 3")


def test_rows_are_grouped_by_change_cause_or_file(reference, opened):
    page = ready(opened(reference, "tests", viewport=WIDE))
    heads = page.locator(".list .group")
    expect(heads.first).to_have_text("Broke 1")
    page.get_by_role("button", name="file", exact=True).click()
    expect(heads.first).to_have_text("cache-performance-benchmarks.spec.ts 9")
    assert page.evaluate("location.hash") == "#tests/all?group=file"
    page.get_by_role("button", name="cause", exact=True).click()
    expect(heads.last).to_have_text("No cause 3")


def test_one_test_in_one_file_has_no_grouping(tmp_path, opened):
    run = make_run("r", {"only": "failed"})
    page = ready(opened(fr.render("run", run=run, output=tmp_path / "r.html"), "tests"))
    assert titles(page) == ["only"]
    assert page.locator(".choice").count() == 0
    assert "a.spec.ts" not in page.locator(".test-row").inner_text()


def test_projects_of_one_test_are_one_row_until_they_are_apart(projects, opened):
    page = ready(opened(projects, "tests", viewport=WIDE))
    assert titles(page) == ["looks", "opens", "loads"]
    marks = page.locator(".test-row", has_text="opens").locator(".marks > span")
    assert marks.all_text_contents() == ["failed desktop", "passed phone"]
    expect(page.locator(".said")).to_have_text("3 tests, 6 results of 6")
    page.get_by_role("button", name="apart").click()
    expect(page.locator(".test-row")).to_have_count(6)
    assert page.evaluate("location.hash") == "#tests/all?apart=1"
    page.locator(".test-row", has_text="opens").first.click()
    where = panel(page).get_by_role("navigation", name="Where it ran").get_by_role("link")
    expect(where).to_have_text(["failed desktop", "passed phone"])
    where.last.click()
    expect(where.last).to_have_attribute("aria-current", "true")


def test_the_try_that_decided_is_open_and_arrows_change_tabs(projects, opened):
    page = ready(opened(projects, "tests", viewport=WIDE))
    page.keyboard.press("j")
    tabs = panel(page).get_by_role("tab")
    expect(tabs).to_have_text([
        "After, try 1 · failed, 1.0 s", "After, try 2 · failed, 2.0 s", "Before · passed, 3.0 s",
    ])  # fmt: skip
    expect(panel(page).get_by_role("tab", selected=True)).to_have_text(
        "After, try 2 · failed, 2.0 s"
    )
    pane = panel(page).locator(".pane:visible")
    expect(pane.locator("pre.message")).to_have_text("Error: try 2")
    assert pane.locator(".hit").inner_text() == "> 2 | b"
    assert pane.locator("pre.output").inner_text() == "printed this"
    assert pane.locator(".steps-in").inner_text().split() == ["failed", "Expect"]
    assert "npx playwright show-trace 'a b/trace.zip'" in pane.locator(".files").inner_text()
    panel(page).get_by_role("tab", selected=True).press("ArrowLeft")
    expect(pane.locator("pre.message")).to_have_text("Error: try 1")


def test_compared_pictures_have_a_slider_that_the_keyboard_moves(projects, opened):
    page = ready(opened(projects, "tests", viewport=WIDE))
    page.keyboard.press("j")
    pane = panel(page).locator(".pane:visible")
    ways = pane.get_by_role("group", name="How the pictures are shown").get_by_role("button")
    expect(ways).to_have_text(["Slider", "Side by side", "Difference", "Expected", "Actual"])
    slider = panel(page).locator(".slider")
    expect(slider).to_have_attribute("style", "--cut: 50%;")
    pane.get_by_role("slider").press("ArrowRight")
    expect(slider).to_have_attribute("style", "--cut: 51%;")
    shown = {"Side by side": ["expected", "actual"], "Difference": ["diff"], "Actual": ["actual"]}
    for way, sides in shown.items():
        ways.filter(has_text=way).click()
        expect(pane.locator("figcaption:visible")).to_have_text(sides)
        expect(pane.get_by_role("slider")).to_have_count(0)


def test_expected_and_actual_are_marked_and_a_long_call_log_is_cut(projects, opened):
    page = ready(opened(projects, "tests/all?apart=1", viewport=WIDE))
    page.keyboard.press("j")
    page.keyboard.press("j")
    pane = panel(page).locator(".pane:visible")
    expect(pane.locator("mark")).to_have_text(["7", "6"])
    expect(pane.locator("pre.message").first).to_have_text(re.compile(r"- waiting 11\s*$"))
    pane.get_by_text("… and so on, 18 more lines").click()
    last = pane.locator("pre.message").last
    expect(last).to_be_visible()
    expect(last).to_have_text(re.compile("- waiting 29$"))


def test_copy_gives_the_whole_message_and_a_link_to_the_test(projects, opened):
    page = ready(opened(projects, "tests/all?apart=1", viewport=WIDE))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.keyboard.press("j")
    page.keyboard.press("j")
    panel(page).locator(".pane:visible").get_by_role("button", name="Copy", exact=True).click()
    expect(panel(page).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == MESSAGE
    panel(page).get_by_role("button", name="Copy link").click()
    address = f"{projects.as_uri()}#tests/{anchor('a.spec.ts › looks [phone]')[5:]}"
    page.wait_for_function(
        "async wanted => await navigator.clipboard.readText() === wanted", arg=address
    )


def test_next_failing_skips_what_passes(reference, opened):
    page = ready(opened(reference, "tests", viewport=WIDE))
    page.locator(".test-row", has_text="Page load with cache < 2s").click()
    panel(page).get_by_role("button", name="Next failing: Post creation").click()
    expect(panel(page)).to_contain_text("2 of 28")


def test_on_a_phone_the_panel_covers_the_page_and_what_is_below_cannot_be_reached(
    reference, opened
):
    page = ready(opened(reference, "tests", viewport=PHONE))
    page.locator(".test-row").first.click()
    box = panel(page).bounding_box()
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    assert page.locator(".beside").evaluate("list => list.inert")
    page.keyboard.press("Escape")
    expect(page.locator(".beside")).to_have_js_property("inert", False)


SMALL = """() => [...document.querySelectorAll(
    'div.cases :is(button, .test-row, .tabs button), .panel button, .find input')]
  .filter((e) => e.checkVisibility() && !e.matches('.zoom'))
  .filter((e) => e.getBoundingClientRect().height < 32).map((e) => e.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize("which", ["reference", "projects"])
def test_list_and_panel_are_accessible_wide_enough_to_touch_and_never_scroll_sideways(
    which, request, opened, width
):
    page = ready(opened(
        request.getfixturevalue(which), "tests", viewport={"width": width, "height": 900},
        bypass_csp=True,
    ))  # fmt: skip
    for opens in (False, True):
        if opens:
            page.keyboard.press("j")
            expect(panel(page)).to_be_visible()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if width != 390:  # No style tells 390 from 320, where what axe measures is narrower.
                assert violations(page, others=scheme == "light") == [], (scheme, opens)
            assert page.evaluate("document.documentElement.scrollWidth") == width
            assert page.evaluate(SMALL) == []
            if opens:
                assert panel(page).evaluate("e => e.scrollWidth === e.clientWidth")
    assert page.complaints == []
    assert page.requests == [page.url.partition("#")[0]]


def test_without_script_the_tests_are_listed_and_what_they_say_follows(projects, opened):
    page = opened(projects, java_script_enabled=False)
    assert page.locator("noscript li").count() == 6
    case = page.locator("details.case").first
    case.locator("summary").first.click()
    expect(case.locator(".pane-name")).to_have_text(["After, try 2:", "After, try 1:", "Before:"])


def test_on_paper_the_rows_are_printed_and_of_a_long_list_those_that_do_not_pass(tmp_path, opened):
    statuses = {f"t{i}": "failed" if i < 3 else "passed" for i in range(240)}
    run = make_run("r", statuses)
    page = ready(opened(fr.render("run", run=run, output=tmp_path / "r.html"), "tests"))
    page.keyboard.press("j")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".test-row .name > bdi")).to_have_text(["t0", "t1", "t2"])
    expect(page.locator(".panel")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.get_by_role("button", name="Passed 237")).to_have_count(1)
