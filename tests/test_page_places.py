"""What a page shows where tests ran in several places, passed, or did not run at all."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.report.case_list_payload import unpacked
from fictures_reports.report.evidence import anchor
from fictures_reports.report.place_matrix import place_matrix
from fictures_reports.report.report_input import ReportInput
from fictures_reports.report.sections import causes, summary, view_note
from fictures_reports.report.sections.case_list import cases

from .conftest import RUNS, make_run

HOSTILE = '"><img src=x onerror=hacked=1>{{7*7}}'


def in_places(statuses, places=("linux", "mac", "windows"), column="variant", **columns):
    """Draw a run: test → its status in each place, in their order."""
    titles = [title for title in statuses for _ in places]
    given = {
        "title": titles, "test_id": [f"a.spec.ts › {title}" for title in titles],
        column: list(places) * len(statuses),
    }  # fmt: skip
    keys = [f"{title} {place}" for title in statuses for place in places]
    flat = [status for own in statuses.values() for status in own]
    return make_run("r", dict(zip(keys, flat, strict=True)), given | columns)


@pytest.fixture(scope="module")
def matrix_run():
    return in_places({
        "fails everywhere": ("failed", "failed", "failed"),
        "fails on windows": ("passed", "skipped", "failed"),
        "passes": ("passed", "passed", "passed"),
    })  # fmt: skip


@pytest.fixture(scope="module")
def matrix_page(matrix_run, tmp_path_factory):
    return fr.render("run", run=matrix_run, output=tmp_path_factory.mktemp("matrix") / "r.html")


def test_the_table_has_a_row_for_each_test_that_fails_and_those_that_fail_everywhere_last(
    matrix_run,
):
    found = place_matrix(matrix_run)
    assert found.places == ["linux", "mac", "windows"]
    rows = {one.title: [row.status for row in one.results] for one in found.tests}
    assert list(rows.items()) == [
        ("fails on windows", ["passed", "skipped", "failed"]),
        ("fails everywhere", ["failed", "failed", "failed"]),
    ]


def test_projects_are_places_like_variants_and_a_place_without_the_test_is_empty():
    run = in_places(
        {"a": ("failed", "passed"), "b": ("passed", "passed")}, ("phone", "desk"), "project"
    )
    run = run.where(status=["failed", "passed"])
    found = place_matrix(run)
    assert found.places == ["phone", "desk"]
    assert [one.title for one in found.tests] == ["a"]


def test_one_place_or_no_failure_has_no_table():
    assert place_matrix(make_run("r", {"a": "failed"})) is None
    assert place_matrix(in_places({"a": ("passed", "passed", "passed")})) is None


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_the_table_is_on_the_first_view_and_leads_to_each_result(matrix_page, opened, width):
    page = opened(matrix_page, viewport={"width": width, "height": 800})
    row = page.locator(".where-table tbody tr").first
    expect(row).to_contain_text("fails on windows")
    assert [c.split()[0] for c in row.locator("td").all_inner_texts()] == [
        "passed", "skipped", "failed",
    ]  # fmt: skip
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row.locator("td a").nth(2).click()
    expect(page.locator(".panel .segments [aria-current]")).to_contain_text("windows")
    assert page.complaints == []


def test_hostile_places_and_titles_are_text_in_table_lists_and_cards(tmp_path, opened):
    run = in_places({HOSTILE: ("failed", "passed")}, (HOSTILE, "b"))
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html"))
    expect(page.locator(".where-table thead th").nth(1)).to_have_text(HOSTILE)
    expect(page.locator(".worse li").first).to_contain_text(f"{HOSTILE} [{HOSTILE}]")
    assert page.locator("main img").count() == 0
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []


def test_a_test_that_says_the_same_in_several_places_is_named_once_with_them(matrix_run):
    html = summary(ReportInput(matrix_run)).html
    named = html[html.index('<ul class="worse">') : html.index("</ul>")]
    assert named.count("fails everywhere") == 1
    assert [place in named for place in ("linux", "mac", "windows")] == [True] * 3
    card = causes(ReportInput(matrix_run)).html
    assert card.count("<bdi>fails everywhere</bdi>") == 1


def test_results_of_one_test_are_called_cases(matrix_run):
    html = summary(ReportInput(matrix_run)).html
    assert "Why 5 of 9 cases do not pass" in html
    assert "9 tests" not in html


# What passed.


def heights(page):
    """Return how high each view of a page is."""
    found = []
    for link in page.locator(".rail nav a").all():
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        found.append(page.locator("main > .view:not([hidden])").bounding_box()["height"])
    return found


def passing(n, n_files):
    files = [f"file{i % n_files:02}.spec.ts" for i in range(n)]
    return make_run("r", {f"t{i}": "passed" for i in range(n)}, {"file": files})


@pytest.fixture(scope="module")
def page_of_106(tmp_path_factory):
    """Show a run of 106 tests that pass, in 12 files."""
    target = tmp_path_factory.mktemp("passing") / "r.html"
    return fr.render("run", run=passing(106, 12), output=target)


def test_106_passing_tests_are_at_most_two_screens_and_are_unfolded_by_file(page_of_106, opened):
    page = opened(page_of_106, viewport={"width": 1440, "height": 900})
    assert sum(heights(page)) <= 2 * 900
    page.evaluate("location.hash = 'tests'")
    expect(page.locator("#tests")).to_be_visible()
    expect(page.locator(".test-row:visible")).to_have_count(0)
    page.get_by_role("button", name="file03.spec.ts 9").click()
    expect(page.locator(".rows:not([hidden]) .test-row")).to_have_count(9)


def test_the_address_of_a_folded_test_unfolds_its_file(page_of_106, opened):
    page = opened(page_of_106, "tests")
    page.locator(".unfold").nth(2).click()
    page.locator(".rows:not([hidden]) .test-row").nth(1).click()
    expect(page.locator(".test-row[aria-current]")).to_contain_text("t14")
    again = opened(page_of_106, page.evaluate("location.hash")[1:])
    expect(again.locator(".test-row[aria-current]")).to_contain_text("t14")
    expect(again.locator(".unfold[aria-expanded=true]")).to_have_count(1)


def test_a_search_and_a_filter_list_what_passed_unfolded(page_of_106, opened):
    page = opened(page_of_106, "tests/passing")
    expect(page.locator(".test-row")).to_have_count(106)
    assert page.locator(".unfold").count() == 0


def test_what_fails_or_has_changed_is_never_folded(tmp_path, opened):
    before = make_run("b", {f"t{i}": "failed" if i < 5 else "passed" for i in range(60)})
    after = make_run("a", {f"t{i}": "failed" if i > 54 else "passed" for i in range(60)})
    page = opened(
        fr.render("comparison", before=before, after=after, output=tmp_path / "r.html"), "tests"
    )
    expect(page.locator(".rows:not([hidden]) .test-row")).to_have_count(10)
    expect(page.get_by_role("button", name="Still passes 50")).to_have_attribute(
        "aria-expanded", "false"
    )


def test_on_paper_what_passed_is_unfolded(page_of_106, opened):
    page = opened(page_of_106, "tests")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".rows:not([hidden]) .test-row")).to_have_count(106)


# What has nothing to say.


def views(page):
    return page.locator(".rail nav a > span:first-child").all_inner_texts()


def test_a_run_without_tests_has_its_error_first_and_only_views_that_say_something(
    tmp_path, opened
):
    run = make_run("r", {}, errors=["Error: no database\n  at setup.ts:3"])
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html"))
    assert views(page) == ["Overview", "About the data"]
    expect(page.locator(".verdict")).to_have_text("No test ran: Error: no database.")
    assert page.locator(".verdict + .warning").count() == 1
    assert page.complaints == []


def test_where_all_pass_and_no_gate_is_set_there_is_no_readiness(tmp_path, opened):
    run = passing(3, 1)
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html"))
    assert "Readiness" not in views(page)
    gated = opened(fr.render("run", run=run, gates=["failed == 0"], output=tmp_path / "g.html"))
    assert "Readiness" in views(gated)


# One name, one place.


def test_a_case_of_a_merged_card_is_called_in_the_list_what_the_card_is():
    report = ReportInput(fr.read_run(RUNS / "phase2-rerun"))
    merged = next(card for card in report.cards if len(card.ids) > 1)
    rows, _ = unpacked(cases(report).html.partition('json">')[2].partition("</script>")[0], 100)
    named = {row["id"]: tuple(row["cause"]) for row in rows if row["cause"]}
    wanted = {anchor(test.row.case_id) for test in merged.tests}
    assert {named[case] for case in wanted} == {(merged.ids[0], merged.name)}


NOTED = ["Causes", "Tests", "Timing", "Readiness", "About the data"]


@pytest.fixture(scope="module")
def noted_page(tmp_path_factory):
    """Show a run with a note of its own on each view."""
    run = make_run("r", {"a": "failed"})
    notes = [f"## {view}\n\nThe *reason* for {view} {HOSTILE}" for view in NOTED]
    return fr.render(
        "run", run=run, notes="\n\n".join(["Hello.", *notes]), gates=["failed == 0"],
        output=tmp_path_factory.mktemp("noted") / "r.html",
    )  # fmt: skip


@pytest.mark.parametrize("view", NOTED)
def test_what_an_author_wrote_on_a_view_stands_at_its_head(noted_page, opened, view):
    page = opened(noted_page, view.lower().replace(" ", "-"))
    note = page.locator("main > .view:not([hidden]) > .note")
    expect(note).to_have_count(1)
    expect(note).to_contain_text(f"The reason for {view} {HOSTILE}")
    assert page.locator("main > .view:not([hidden]) > *").nth(1).get_attribute("class") == "note"
    assert page.evaluate("window.hacked") is None


def test_a_view_without_a_note_has_none():
    assert view_note(ReportInput(make_run("r", {"a": "failed"}), notes="Hello"), "Tests") is None


# Tables on a phone.


@pytest.mark.parametrize("width", [390, 320])
def test_a_table_wider_than_a_phone_is_a_block_for_each_row_and_nothing_scrolls_sideways(
    reference_page, opened, width
):
    page = opened(reference_page, "timing", viewport={"width": width, "height": 800})
    cell = page.locator(".as-blocks tbody td").nth(1)
    expect(cell).to_have_attribute("data-label", "after")
    page.locator(".rail nav a", has_text="About the data").evaluate("link => link.click()")
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    expect(page.locator("[data-label='before tests']").first).to_be_visible()
    wide = """() => Array.from(document.querySelectorAll('.view:not([hidden]) .scroll'))
        .filter((box) => box.scrollWidth > box.clientWidth).length"""
    page.wait_for_function(f"() => ({wide})() === 0")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_reference_runs_are_at_most_eight_screens_before_anything_is_unfolded(
    reference_page, opened
):
    page = opened(reference_page, viewport={"width": 1440, "height": 900})
    assert sum(heights(page)) <= 8 * 900


def test_a_run_with_nothing_to_compare_with_says_so_below_the_verdict():
    words = "No baseline yet: this is the first run of <main>."
    html = summary(ReportInput(make_run("r", {"a": "passed", "b": "passed"}), baseline=words)).html
    assert "All 2 tests passed." in html
    assert "No baseline yet: this is the first run of &lt;main&gt;." in html


def test_one_cause_of_half_of_a_run_is_its_headline(tmp_path):
    failure = '<failure message="Error: connect ECONNREFUSED 127.0.0.1:80"/>'
    cases = "".join(
        f'<testcase classname="a" name="t{i}" time="1">{failure if i < 94 else ""}</testcase>'
        for i in range(96)
    )
    (tmp_path / "junit.xml").write_text(f"<testsuite>{cases}</testsuite>")
    html = summary(ReportInput(fr.read_run(tmp_path))).html
    headline = html.partition('<p class="verdict">')[2].partition("</p>")[0]
    assert "One cause, 94 of 96 tests that ran: " in headline
