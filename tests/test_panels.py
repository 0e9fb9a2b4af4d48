"""Every case of the list has an address and a panel, also where the page has no evidence of it."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
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
    return page.locator("div.cases tbody a", has_text=title).first


def search(page, words):
    page.locator("#case-search").fill(words)
    expect(page.locator("div.cases .said")).not_to_contain_text(f"{N} of {N}")


def test_enter_on_a_title_opens_its_panel_below_and_enter_again_closes_it(report, opened):
    page = opened(report, "tests")
    search(page, TITLES[-1])
    title = link(page, TITLES[-1])
    assert title.get_attribute("aria-expanded") == "false"
    title.focus()
    page.keyboard.press("Enter")
    assert title.get_attribute("aria-expanded") == "true"
    panel = page.locator("div.cases tr:has(a[aria-expanded=true]) + tr.panel")
    assert panel.get_attribute("id") == title.get_attribute("aria-controls")
    text = panel.inner_text()
    for told in (
        f"a.spec.ts:{N} · Cache › storing · @slow", "still passes",
        "Before: ✓ passed, 1.5 s, 2 attempts, worker 3", "After: ✓ passed, 1.5 s, 2 attempts",
        "What it printed and attached is not on this page but in the rows",
    ):  # fmt: skip
        assert told in text
    page.keyboard.press("Enter")
    assert (panel.count(), title.get_attribute("aria-expanded")) == (0, "false")
    assert page.evaluate("location.hash") == f"#cases?q={TITLES[-1].replace(' ', '+')}"
    assert page.complaints == []


def test_a_failure_past_the_evidence_shows_its_message_with_the_words_that_decided(report, opened):
    page = opened(report, "tests")
    search(page, TITLES[N_FAILED - 1])
    link(page, TITLES[N_FAILED - 1]).click()
    panel = page.locator("tr.panel")
    assert panel.locator("pre").inner_text() == f"Error: no row {N_FAILED - 1}\nin table"
    assert panel.locator("mark").inner_text() == "no row"
    assert "✗ failed, another value than wanted by rule row-missing" in panel.inner_text()
    assert "what a message says beyond this are not on this page" in panel.inner_text()


def test_one_panel_is_open_at_a_time_and_back_returns_to_the_one_before(report, opened):
    page = opened(report, "tests")
    search(page, "test 45")
    filtered = page.evaluate("location.hash")
    for title in ("test 450", "test 451"):
        link(page, title).click()
        assert page.evaluate("location.hash") == f"#{address(title)}"
        assert page.locator("tr.panel").count() == 1
    page.go_back()
    expect(page.locator("a[aria-expanded=true]")).to_have_text("test 450")
    page.go_back()
    expect(page.locator("tr.panel")).to_have_count(0)
    assert page.evaluate("location.hash") == filtered
    assert page.locator("#case-search").input_value() == "test 45"
    page.go_forward()
    expect(page.locator("a[aria-expanded=true]")).to_have_text("test 450")


def test_an_address_opens_a_case_that_the_list_does_not_show_yet(report, opened):
    page = opened(report, "tests")
    page.goto("about:blank")
    page.goto(f"{report.as_uri()}#{address('test 455')}")
    row = page.locator("div.cases tr:has(a[aria-expanded=true])")
    assert "test 455" in row.inner_text()
    assert "It stands further down in this list." in row.inner_text()
    assert page.locator("div.cases .said").inner_text().startswith(f"{N} of {N} cases")
    # The browser itself goes to the address once the page is there, and charts above grow.
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('figure.chart:not([data-drawn])')")
    assert page.evaluate("document.activeElement.textContent") == "test 455"
    assert 0 <= row.bounding_box()["y"] < page.viewport_size["height"] / 2
    page.keyboard.press("Enter")
    assert page.locator("tr.panel").count() == 0
    assert page.evaluate("document.activeElement.className") == "filters"


def test_an_address_opens_a_case_that_the_filter_hides_and_keeps_the_filter(report, opened):
    page = opened(report, "tests")
    search(page, "test 45")
    page.evaluate(f"location.hash = '{address('test 440')}'")
    row = page.locator("div.cases tr:has(a[aria-expanded=true])")
    expect(row).to_contain_text("The filter of this list leaves it out.")
    assert "test 440" in row.inner_text()
    assert page.locator("#case-search").input_value() == "test 45"
    assert page.locator("div.cases .said").inner_text() == f"15 of {N} cases"


def test_a_new_filter_closes_the_panel_and_takes_its_address(report, opened):
    page = opened(report, "tests")
    search(page, "test 45")
    link(page, "test 450").click()
    page.locator("#case-search").fill("test 451")
    expect(page.locator("tr.panel")).to_have_count(0)
    assert page.evaluate("location.hash") == "#cases?q=test+451"


def test_an_address_of_no_case_of_the_page_says_so(report, opened):
    page = opened(report, "tests")
    notice = page.locator("div.cases .warning")
    assert notice.is_hidden()
    page.evaluate("location.hash = 'case-0123456789ab'")
    expect(notice).to_have_text(
        "The case that the address points at is not on this page: none of its cases is that one."
    )
    page.evaluate(f"location.hash = '{address('test 455')}'")
    expect(notice).to_be_hidden()
    page.goto("about:blank")
    page.goto(f"{report.as_uri()}#case-0123456789ab")
    assert notice.is_visible()


def test_a_title_with_evidence_leads_there_and_opens_no_panel(report, opened):
    page = opened(report, "tests")
    link(page, "test 000").click()
    assert page.locator("details.case[open] .here").get_attribute("id") == address("test 000")
    assert page.locator("tr.panel").count() == 0


def test_the_title_is_a_link_that_opens_the_same_panel_in_another_window(report, opened):
    page = opened(report, "tests")
    search(page, "test 455")
    with page.context.expect_page() as other:
        link(page, "test 455").click(modifiers=["Control"])
    expect(other.value.locator("a[aria-expanded=true]")).to_have_text("test 455")
    assert page.locator("tr.panel").count() == 0


def test_a_run_alone_has_panels_of_one_side(tmp_path, opened):
    run = drawn_run("r", 0)
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html"), "tests")
    link(page, "test 007").click()
    proofs = page.locator("tr.panel .proof")
    assert proofs.all_inner_texts() == ["✓ passed, 1.5 s, worker 3"]


def test_a_side_that_lacks_the_case_says_so(tmp_path, opened):
    before, after = make_run("b", {"a": "passed"}), make_run("a", {"a": "passed", "b": "passed"})
    path = fr.render("comparison", before=before, after=after, output=tmp_path / "r.html")
    page = opened(path, "tests")
    link(page, "b").click()
    assert page.locator("tr.panel .proof").all_inner_texts() == [
        "Before: · not in this run",
        "After: ✓ passed",
    ]


@pytest.mark.parametrize(("width", "scheme"), [(1300, "light"), (320, "dark")])
def test_axe_finds_nothing_in_an_open_panel_and_the_page_stays_as_wide(
    report, opened, width, scheme
):
    page = opened(
        report,
        at="tests",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        bypass_csp=True,
    )
    search(page, TITLES[N_FAILED - 1])
    link(page, TITLES[N_FAILED - 1]).click()
    found = Axe().run(page, context="div.cases", options={"resultTypes": ["violations"]}).response
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    box = page.locator("tr.panel td > div").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width


def test_hostile_texts_in_a_panel_are_text(hostile, opened):
    page = opened(hostile, "tests")
    for text in HOSTILE:
        page.evaluate(f"location.hash = '{anchor(text)}'")
        panel = page.locator("tr.panel")
        expect(page.locator("a[aria-expanded=true] bdi")).to_contain_text(text)
        assert panel.locator("pre").all_inner_texts() == [f"{text} and more"] * 2
        assert panel.locator("mark").all_inner_texts() == [text] * 2
        assert panel.locator("img, script, a").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []


def test_a_panel_is_printed_as_it_is_open(report, opened):
    page = opened(report, "tests")
    search(page, "test 455")
    link(page, "test 455").click()
    page.emulate_media(media="print")
    assert page.locator("tr.panel").is_visible()
    assert page.locator("tr.panel td > div").bounding_box()["width"] > 500


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
    html = cases(ReportInput(fr.compare(before, same))).html
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
