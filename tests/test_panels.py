"""Every case of the list has an address and a panel, also where the page has no evidence of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.report import evidence_excerpts as excerpts
from fictures_reports.report.evidence import MOST_ITEMS, anchor
from fictures_reports.report.sections import ReportInput, cases

from .conftest import make_run

pytestmark = pytest.mark.looks

N_FAILED, N = MOST_ITEMS + 20, 460
TITLES = [f"test {i:03}" for i in range(N)]
HOSTILE = [
    "<script>window.hacked = 1</script>", "<img src=x onerror='window.hacked = 3'>",
    "</script><script>window.hacked = 2</script>", "\u202egnitset\u202c", "{{ 7 * 7 }}",
    "constructor", "__proto__", "\u2028\u2029", "W" * 300,
    "<!-- <script>", "\"quoted\" 'twice' & <b>", "$& $` \\u003c", "[link](javascript:x)",
]  # fmt: skip


def address(title, file="a.spec.ts"):
    return anchor(f"{file} › {title}")


def drawn_run(label, n_failed, **columns):
    """Draw a run of which the first cases failed; the last was tried twice."""
    failed = [i < n_failed for i in range(N)]
    told = {
        "line": list(range(1, N + 1)), "suite": ["Cache › storing"] * N,
        "tags": [["slow"] if i == N - 1 else [] for i in range(N)],
        "worker": [i % 4 for i in range(N)], "duration_s": [1.5] * N,
        "n_attempts": [2 if i == N - 1 else 1 for i in range(N)],
        "message": [f"Error: no row {i}\nin table" if f else None for i, f in enumerate(failed)],
        "evidence": ["no row" if f else None for f in failed],
        "rule": ["row-missing" if f else None for f in failed],
    }  # fmt: skip
    statuses = {t: "failed" if f else "passed" for t, f in zip(TITLES, failed, strict=True)}
    return make_run(label, statuses, told | columns)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    before, after = drawn_run("b", 0), drawn_run("a", N_FAILED)
    target = tmp_path_factory.mktemp("panels") / "r.html"
    return fr.render("comparison", before=before, after=after, output=target)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Draw names and messages that try to be more than text, past the evidence that is shown."""

    def run(label, status):
        n = len(HOSTILE)
        calm = [f"calm {i}" for i in range(MOST_ITEMS)]
        ids = [f"a.spec.ts › {title}" for title in calm] + HOSTILE
        columns = {
            name: ["x"] * MOST_ITEMS + HOSTILE
            for name in ("file", "project", "suite", "rule", "location", "evidence", "phase")
        }
        columns |= {
            "case_id": ids, "category": ["assertion"] * (MOST_ITEMS + n),
            "message": ["x"] * MOST_ITEMS + [f"{text} and more" for text in HOSTILE],
            "tags": [[] for _ in calm] + [[text] for text in HOSTILE],
        }  # fmt: skip
        return make_run(label, dict.fromkeys([*calm, *HOSTILE], status), columns)

    target = tmp_path_factory.mktemp("hostile") / "r.html"
    return fr.render(
        "comparison", before=run("b", "failed"), after=run("a", "failed"), output=target
    )


def link(page, title):
    return page.locator(".test-row", has_text=title).first


def shown(page):
    return page.locator(".panel:not([hidden])")


def search(page, words):
    page.locator("#case-search").fill(words)
    expect(page.locator("div.cases .said")).not_to_contain_text(f"{N} of {N}")


def test_a_test_without_evidence_has_a_panel_of_what_its_row_holds(report, opened):
    page = opened(report, "tests")
    search(page, TITLES[-1])
    link(page, TITLES[-1]).press("Enter")
    text = shown(page).inner_text()
    for told in (
        f"a.spec.ts:{N} › Cache › storing · @slow", "still passes", "After · passed, 1.5 s",
        "Passed, 1.5 s, 2 tries, worker 3.",
        "What it printed and attached is not on this page but in the rows",
    ):  # fmt: skip
        assert told in text
    shown(page).get_by_role("tab", name="Before").click()
    pane = shown(page).locator(".pane:visible")
    expect(pane).to_contain_text("Passed, 1.5 s, 2 tries, worker 3.")
    page.keyboard.press("Escape")
    expect(shown(page)).to_have_count(0)
    assert page.evaluate("location.hash") == f"#tests/all?q={TITLES[-1].replace(' ', '+')}"
    assert page.complaints == []


def test_a_failure_past_the_evidence_shows_its_message_with_the_words_that_decided(report, opened):
    page = opened(report, "tests")
    search(page, TITLES[N_FAILED - 1])
    link(page, TITLES[N_FAILED - 1]).click()
    panel = shown(page).locator(".pane:visible")
    assert panel.locator("pre").inner_text() == f"Error: no row {N_FAILED - 1}\nin table"
    assert panel.locator("mark").inner_text() == "no row"
    assert "Failed, another value than wanted" in panel.inner_text()
    assert "Classified by rule row-missing" in panel.inner_text()
    assert "what a message says beyond this are not on this page" in shown(page).inner_text()


def test_one_panel_is_open_at_a_time_and_back_returns_to_the_one_before(report, opened):
    page = opened(report, "tests", viewport={"width": 1300, "height": 900})
    search(page, "test 45")
    filtered = page.evaluate("location.hash")
    for title in ("test 450", "test 451"):
        link(page, title).click()
        expect(shown(page).locator(".panel-title")).to_have_text(title)
        assert page.evaluate("location.hash") == f"#tests/{address(title)[5:]}"
    page.go_back()
    expect(shown(page).locator(".panel-title")).to_have_text("test 450")
    page.go_back()
    expect(shown(page)).to_have_count(0)
    assert page.evaluate("location.hash") == filtered
    expect(page.locator("#case-search")).to_have_value("test 45")
    page.go_forward()
    expect(shown(page).locator(".panel-title")).to_have_text("test 450")


def test_an_address_opens_a_case_that_the_list_has_not_drawn_yet(report, opened):
    page = opened(report, address("test 455"))
    expect(shown(page).locator(".panel-title")).to_have_text("test 455")
    expect(page.locator(".test-row[aria-current]")).to_contain_text("test 455")
    expect(page.locator("div.cases .said")).to_have_text(f"{N} of {N} tests")


def test_a_new_search_closes_the_panel_and_takes_its_address(report, opened):
    page = opened(report, "tests", viewport={"width": 1300, "height": 900})
    search(page, "test 45")
    link(page, "test 450").click()
    page.locator("#case-search").fill("test 451")
    expect(shown(page)).to_have_count(0)
    page.wait_for_function("() => location.hash === '#tests/all?q=test+451'")
    assert page.evaluate("document.activeElement.id") == "case-search"


def test_an_address_of_no_case_of_the_page_says_so(report, opened):
    page = opened(report, "tests")
    notice = page.locator("div.cases .warning")
    assert notice.is_hidden()
    page.evaluate("location.hash = 'case-0123456789ab'")
    expect(notice).to_have_text(
        "The test that the address points at is not on this page: none of its tests is that one."
    )
    page.evaluate(f"location.hash = '{address('test 455')}'")
    expect(notice).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{report.as_uri()}#case-0123456789ab")
    expect(notice).to_be_visible()


def test_a_title_is_a_link_that_opens_the_same_panel_in_another_window(report, opened):
    page = opened(report, "tests")
    search(page, "test 455")
    with page.context.expect_page() as other:
        link(page, "test 455").click(modifiers=["Control"])
    expect(shown(other.value).locator(".panel-title")).to_have_text("test 455")
    assert shown(page).count() == 0


def test_a_run_alone_has_panels_of_one_side(tmp_path, opened):
    run = drawn_run("r", 0)
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html"), "tests")
    page.get_by_role("button", name=f"Passed {N}").click()
    link(page, "test 007").click()
    expect(shown(page).locator(".how")).to_have_text(["Passed, 1.5 s, worker 3."])
    assert shown(page).get_by_role("tab").count() == 0


def test_a_side_that_lacks_the_case_says_so(tmp_path, opened):
    before, after = make_run("b", {"a": "passed"}), make_run("a", {"a": "passed", "b": "passed"})
    page = opened(
        fr.render("comparison", before=before, after=after, output=tmp_path / "r.html"), "tests"
    )
    link(page, "b").click()
    expect(shown(page).locator(".how")).to_have_text(["Passed.", "Not in this run."])


def test_hostile_texts_in_a_panel_are_text(hostile, opened):
    page = opened(hostile, "tests")
    page.wait_for_selector("div.cases[data-ready]", state="attached")
    for text in HOSTILE:
        page.evaluate(f"location.hash = '{anchor(text)}'")
        panel = shown(page)
        # One of these texts is of spaces alone, which any panel contains.
        current = page.locator(".test-row[aria-current]")
        expect(current).to_have_attribute("href", f"#tests/{anchor(text)[5:]}")
        expect(panel.locator(".panel-title")).to_contain_text(text)
        assert panel.locator("pre").all_text_contents() == [f"{text} and more"] * 2
        assert panel.locator("mark").all_text_contents() == [text] * 2
        assert panel.locator("img, script").count() == 0
        assert panel.locator("a:not([href^='#cause-'])").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []


def test_a_long_table_waits_for_the_reader_with_its_layout_but_is_printed_whole(report, opened):
    page = opened(report, "tests")
    seen = """() => Array.from(document.querySelectorAll('.scroll'), (table) =>
        [table.querySelectorAll('tr').length > 40, getComputedStyle(table).contentVisibility])"""
    on_screen = page.evaluate(seen)
    assert {how for is_long, how in on_screen if is_long} == {"auto"}
    assert {how for is_long, how in on_screen if not is_long} == {"visible"}
    page.emulate_media(media="print")
    assert {how for _, how in page.evaluate(seen)} == {"visible"}


def test_equal_messages_stand_once_and_all_together_have_an_end(monkeypatch):
    before, same = drawn_run("b", 0), drawn_run("a", N, message=["Error: no row at all"] * N)
    html = cases(ReportInput(fr.compare(before, same))).html.partition("</script>")[0]
    assert html.count("at all") == 1 + 1  # the reason has it too
    after = drawn_run("a", N)
    report = ReportInput(fr.compare(before, after))
    everything = cases(report).html
    assert everything.count("\\nin table") == N - MOST_ITEMS
    monkeypatch.setattr(excerpts, "MOST_EXCERPTS", 120)
    assert cases(report).html.count("\\nin table") == 3


def test_without_script_a_case_has_its_anchor_on_its_row(tmp_path, opened):
    before, after = drawn_run("b", 0), drawn_run("a", N_FAILED)
    page = opened(
        fr.render("comparison", before=before, after=after, output=tmp_path / "r.html", static=True)
    )
    page.goto(f"{page.url}#{address('test 455')}")
    row = page.locator(f"tr#{address('test 455')}")
    assert row.is_visible()
    assert "test 455 a.spec.ts:456" in row.inner_text()
    assert row.locator("a").get_attribute("href") == f"#{address('test 455')}"
    assert page.locator(f"#{address('test 000')}").count() == 1
