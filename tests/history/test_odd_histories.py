"""Pages of histories that hold little or odd things: no test, one run, hostile names."""

from __future__ import annotations

import msgspec
import pytest

from fictures_reports.history import History, frame_of, open_history
from fictures_reports.report import history_report
from fictures_reports.report import history_sections as show

from ..axe import violations
from ..conftest import OPEN_ALL, make_run

HOSTILE = (
    "</script><script>alert(1)</script>", "__proto__", "constructor", "a\u2028b\u202ec",
    '<img src=x onerror="alert(1)">', 'q "q" \' & ?q=1#tests/all', "%E0%A4%A", "x" * 200,
)  # fmt: skip


def a_run(k, statuses, **info):
    run_id = f"r{k}"
    columns = {"run_id": [run_id] * len(statuses)} | info.pop("columns", {})
    return make_run(
        info.pop("label", run_id), statuses, columns, run_id=run_id,
        started_at=1.77e9 + 9e4 * k, **info,
    )  # fmt: skip


def hostile_runs():
    """Draw runs of several branches, projects, variants and streams with hostile names."""
    titles = {f"{name} {i}": "passed" for i, name in enumerate(HOSTILE)}
    for k in range(16):
        name = HOSTILE[k % 8]
        statuses = titles | {list(titles)[k % 3]: "failed" if k % 2 else "flaky"}
        yield a_run(
            k, statuses, label=f"{name} {k}", branch=HOSTILE[k % 2], commit=f"{name}{k}",
            stream=HOSTILE[4 + k % 2],
            columns={
                "project": [HOSTILE[i % 3] for i in range(8)],
                "variant": [HOSTILE[3 + i % 3] for i in range(8)],
                "message": [f"Error: {other}" for other in HOSTILE],
                "signature": [f"Error: {other}" for other in HOSTILE],
                "n_attempts": [1] * 8, "duration_s": [0.5 + k] * 8,
            },
        )  # fmt: skip


KINDS = {
    "no-test": lambda: [a_run(k, {}) for k in range(3)],
    "one": lambda: [a_run(0, {"good": "passed", "bad": "failed", "left out": "skipped"})],
    "then-none": lambda: [a_run(0, {"good": "passed", "bad": "failed"}), a_run(1, {})],
    "all-passing": lambda: [a_run(k, {f"t{i}": "passed" for i in range(9)}) for k in range(30)],
    "hostile": hostile_runs,
}


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    for name, runs in KINDS.items():
        store = History(folder / name)
        for run in runs():
            store.append(run)
        history_report.render({"history": str(store.path)}, "html", folder / f"{name}.html")
    return folder


@pytest.mark.looks
@pytest.mark.parametrize("width", [1300, 320])
@pytest.mark.parametrize("kind", list(KINDS))
def test_axe_finds_nothing_and_nothing_is_asked_for_or_complained_of(pages, opened, kind, width):
    # axe puts its own script into the page, which the page's policy forbids.
    page = opened(
        pages / f"{kind}.html", viewport={"width": width, "height": 900}, bypass_csp=True,
        color_scheme="dark" if width == 320 else "light",
    )  # fmt: skip
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert violations(page) == []
    assert page.complaints == []
    assert page.requests == [(pages / f"{kind}.html").as_uri()]


@pytest.mark.looks
def test_hostile_names_filter_and_open_panels_as_any_other(pages, opened):
    page, again = (opened(pages / "hostile.html", "tests/all") for _ in range(2))
    assert page.locator(".choices select").count() == 4
    for k in range(4):
        select = page.locator(".choices select").nth(k)
        for i in range(1, select.locator("option").count()):
            select.select_option(index=i)
            assert page.locator(".history-tests li.row").count() >= 1
            again.goto("about:blank")
            again.goto(page.evaluate("location.href"))
            assert again.locator(".choices select").nth(k).evaluate("s => s.selectedIndex") == i
        select.select_option(index=0)
    page.locator(".history-tests li.row a").first.click()
    page.locator(".panel").wait_for()
    assert page.locator(".panel .failures li").count() >= 1
    assert page.complaints == []


def screen(*runs):
    return show.summary(show.findings_of(frame_of(list(runs)))).html


def test_a_latest_run_without_any_test_leads_and_no_test_is_said_to_have_failed_in_it(tmp_path):
    store = History(tmp_path / "h")
    for run in KINDS["then-none"]():
        store.append(run)
    html = show.summary(show.findings_of(store.load())).html
    assert "In the latest run, r1, no test ran." in html
    assert "failed in the latest run" not in html


def test_of_one_run_the_headline_names_the_test_that_failed_and_why():
    html = screen(*KINDS["one"]())
    assert "bad</bdi></a> failed when it last ran: " in html
    assert "nothing can be said yet of which tests are broken or flaky" in html


def test_two_passing_runs_are_too_few_to_be_called_well():
    html = screen(*(a_run(k, {"a": "passed", "b": "passed"}) for k in range(2)))
    assert "Too few runs to judge" in html
    assert 'headline">In the latest run 2 of 2 tests passed (100.0 %).' in html
    assert "All well" not in html
    assert "All well" in screen(*KINDS["all-passing"]())


def test_each_project_says_what_its_latest_run_passed_and_leads_to_its_tests():
    statuses = {"a": "passed", "b": "failed", "c": "passed"}
    columns = {"project": ["chromium", "webkit", "webkit"]}
    runs = [a_run(k, statuses, columns=columns) for k in range(5)]
    html = show.lately(show.findings_of(frame_of(runs))).html
    assert "By project, latest run" in html
    assert 'data-tests="attention?project=webkit"><bdi>webkit</bdi></a> <span>50.0 %</span>' in html
    assert "By branch" not in html


def test_a_legend_explains_no_cell_that_the_runs_lack():
    found = show.findings_of(frame_of(KINDS["one"]()))
    assert set(show.attention.values(found).columns.looks) == {"failed", "passed", "skipped"}


def test_equal_results_in_three_folders_are_three_runs_however_they_are_read(tmp_path):
    text = '<testsuite name="s"><testcase classname="a" name="one"/></testsuite>'
    for name in ("build-1", "build-2", "build-3"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "junit.xml").write_text(text)
    stored, read = History(tmp_path).load(), open_history(tmp_path)
    for frame in (stored, read):
        assert sorted(frame["label"]) == ["build-1", "build-2", "build-3"]
        assert frame["run_id"].nunique() == 3
    assert list(stored["label"]) == list(History(tmp_path).runs()["label"])


@pytest.mark.parametrize(("apart", "n_runs"), [("00:10", 1), ("days", 3)])
def test_files_without_a_test_in_common_are_one_run_unless_they_lie_days_apart(
    tmp_path, apart, n_runs
):
    for n in range(3):
        began = f"2026-03-0{n + 1}T06:00:00Z" if apart == "days" else f"2026-03-01T06:{n}0:00Z"
        (tmp_path / f"part{n}.json").write_bytes(
            msgspec.json.encode(playwright(f"test {n}", began))
        )
    assert History(tmp_path).load()["run_id"].nunique() == n_runs
    assert open_history(tmp_path)["run_id"].nunique() == n_runs


def playwright(title: str, began: str) -> dict[str, object]:
    result = {"status": "passed", "duration": 9, "retry": 0, "startTime": began, "workerIndex": 0}
    test = {"projectName": "", "expectedStatus": "passed", "results": [result]}
    spec = {"title": title, "file": "a.spec.ts", "line": 1, "column": 1, "tests": [test]}
    return {
        "config": {"version": "1.50.0"}, "errors": [],
        "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": [spec]}],
        "stats": {"startTime": began, "duration": 9.0, "expected": 1},
    }  # fmt: skip
