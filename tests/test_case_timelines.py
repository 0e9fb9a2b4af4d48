"""What single tests did in the last runs, as a reader of the report sees it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.history import History, frame_of
from fictures_reports.history_analysis.case_timelines import MOST_RUNS, timelines_of, until
from fictures_reports.report.sections import case_list as module
from fictures_reports.report.sections.case_list import PAST

from .axe import violations
from .conftest import OPEN_ALL, make_run

pytestmark = pytest.mark.looks

HOSTILE = "<img src=x onerror='window.hacked = 1'></li></ol>"
START = datetime(2026, 1, 1, tzinfo=UTC)
#: title → its status in the runs 01 … 05; None where the run lacks it
SERIES = {
    "now and then": ["passed", "failed", "passed", "flaky", "failed"],
    "late": [None, None, "failed", "skipped", "failed"],
    "mended": ["failed", "failed", "passed", "passed", "passed"],
    "rock": ["passed"] * 5,
}


def ran(day, **info):
    said = {name: series[day - 1] for name, series in SERIES.items() if series[day - 1]}
    began = (START + timedelta(days=day)).timestamp()
    return make_run(f"{day:02}", said, started_at=began, **info)


RUNS = [ran(day) for day in range(1, 6)]
IDS = {name: f"a.spec.ts › {name}" for name in SERIES}


def told(rows, name):
    return timelines_of(rows, IDS.values())[IDS[name]]


def test_a_strip_has_a_mark_for_each_run_oldest_first_also_where_the_case_was_not_there():
    rows = frame_of(RUNS[:0:-1])
    assert [mark.status for mark in told(rows, "late").marks] == [
        "absent", "failed", "skipped", "failed",
    ]  # fmt: skip
    assert [mark.label for mark in told(rows, "late").marks] == ["02", "03", "04", "05"]


def test_the_sentence_says_how_often_it_failed_and_when_it_last_did_otherwise():
    rows = frame_of(RUNS)
    assert told(rows, "now and then").text == (
        "Failed in 2 of the last 5 runs and passed only on a retry in 1; "
        "last passed in run 04 on 2026-01-05."
    )
    assert told(rows, "late").text == (
        "Failed in 2 of the last 5 runs, was skipped or not run in 1 and was not there in 2; "
        "never passed in them."
    )
    assert told(rows, "mended").text == (
        "Failed in 2 of the last 5 runs; last failed in run 02 on 2026-01-03."
    )


def test_a_strip_ends_with_the_reported_run_and_knows_nothing_of_later_ones():
    in_it = until(frame_of(RUNS), RUNS[2])
    assert [mark.label for mark in told(in_it, "rock").marks] == ["01", "02", "03"]
    beside_it = until(frame_of([RUNS[0], RUNS[1], RUNS[4]]), RUNS[3])
    assert [mark.label for mark in told(beside_it, "rock").marks] == ["01", "02", "04"]


def test_a_run_without_a_clock_comes_last_and_has_no_day():
    timeless = make_run("new", {"rock": "failed"})
    marks = told(until(frame_of(RUNS), timeless), "rock").marks
    assert (len(marks), marks[-1].when, marks[-2].when) == (6, "new", "05 on 2026-01-06")


def test_only_the_last_runs_are_shown_and_one_run_makes_no_strip():
    many = [make_run(f"r{i}", {"rock": "passed"}, started_at=86400.0 * i) for i in range(1, 31)]
    marks = told(frame_of(many), "rock").marks
    assert [len(marks), marks[0].label, marks[-1].label] == [MOST_RUNS, "r11", "r30"]
    assert timelines_of(frame_of(many[:1]), [IDS["rock"]]) == {}


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    kept = History(tmp_path_factory.mktemp("strips") / "history")
    for run in RUNS:
        kept.append(run)
    return kept


@pytest.fixture(scope="module")
def pages(history, tmp_path_factory):
    """Compare the last two runs with their history, with script and without."""
    folder = tmp_path_factory.mktemp("pages")
    for static in (False, True):
        fr.render(
            "comparison", before=RUNS[3], after=RUNS[4], history=history.path, static=static,
            output=folder / f"{static}.html",
        )  # fmt: skip
    return folder


@pytest.mark.parametrize("static", [False, True])
def test_the_details_of_a_case_show_its_last_runs_by_shape_and_in_words(pages, opened, static):
    page = opened(pages / f"{static}.html")
    page.evaluate(OPEN_ALL)
    case = page.locator("details.case", has_text="now and then")
    marks = case.locator("ol.strip li")
    assert marks.locator("[aria-hidden]").all_inner_texts() == ["✓", "✗", "✓", "≈", "✗"]
    assert marks.nth(1).get_attribute("title") == "02, 2026-01-03: failed"
    assert marks.locator(".unseen").nth(3).text_content() == "04, 2026-01-05: passed on a retry"
    assert case.locator("p.past").inner_text().startswith("Failed in 2 of the last 5 runs")
    assert page.complaints == []


@pytest.mark.parametrize("static", [False, True])
def test_a_strip_spells_its_runs_out_for_the_keyboard(pages, opened, static):
    page = opened(pages / f"{static}.html", "tests", viewport={"width": 320, "height": 800})
    page.evaluate(OPEN_ALL)
    if not static:
        page.locator(".test-row").first.click()
    strip = page.locator("ol.strip:visible").first
    words = strip.locator(".unseen").first
    assert words.bounding_box()["width"] <= 1
    strip.focus()
    assert words.bounding_box()["width"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_axe_finds_nothing_in_pages_with_strips(pages, opened, history, tmp_path):
    broken = make_run("06", dict.fromkeys(SERIES, "xfailed"), started_at=START.timestamp() + 6e5)
    run = fr.render("run", run=broken, history=history.path, output=tmp_path / "run.html")
    for path in (pages / "False.html", pages / "True.html", run):
        page = opened(path, "tests", bypass_csp=True)
        page.evaluate(OPEN_ALL)
        assert page.locator("ol.strip").count() >= 2
        if path.stem != "True":  # With script the strip that is seen is that of the panel.
            page.locator(".test-row").first.click()
        page.locator("ol.strip:visible").first.focus()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert violations(page, "ol.strip", others=scheme == "light") == [], scheme


def test_without_a_history_there_are_no_strips(tmp_path):
    text = fr.render("run", run=RUNS[4], output=tmp_path / "r.html").read_text(encoding="utf-8")
    assert 'class="strip"' not in text


def test_labels_are_text_and_shortened(tmp_path, opened):
    first = make_run(f"{HOSTILE}{'x' * 90}", {"rock": "passed"}, started_at=86400.0)
    after = make_run(HOSTILE, {"rock": "failed"}, started_at=2 * 86400.0)
    kept = History(tmp_path / "history")
    kept.append(first)
    page = opened(
        fr.render("run", run=after, history=kept.path, output=tmp_path / "r.html"),
    )
    page.evaluate(OPEN_ALL)
    titles = [mark.get_attribute("title") for mark in page.locator("ol.strip li").all()]
    assert titles[0].startswith(HOSTILE)
    assert len(titles[0]) < 90
    assert titles[1] == f"{HOSTILE}, 1970-01-03: failed"
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []


def test_a_run_out_of_a_history_brings_its_own(history, tmp_path, command):
    done = command("run", f"{history.path}@latest", "-o", tmp_path / "run.html")
    assert done.returncode == 0, done.stderr
    assert 'title="01, 2026-01-02: passed"' in (tmp_path / "run.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_a_test_without_evidence_has_its_strip_in_its_panel(tmp_path, opened, kind):
    history = History(tmp_path / "history")
    for run in RUNS[:-1]:
        history.append(run)
    given = {"comparison": {"before": RUNS[0], "after": RUNS[-1]}, "run": {"run": RUNS[-1]}}[kind]
    path = fr.render(kind, **given, history=str(tmp_path / "history"), output=tmp_path / "r.html")
    page = opened(path, "tests", bypass_csp=True)
    page.locator("div.cases a", has_text="rock").click()
    panel = page.locator(".panel")
    assert panel.locator(".past").inner_text() == (
        "Failed in 0 of the last 5 runs; never failed in them."
    )
    marks = panel.locator("ol.strip li")
    assert marks.evaluate_all("all => all.map((one) => one.title)") == [
        f"{day:02}, 2026-01-{day + 1:02}: passed" for day in range(1, 6)
    ]
    assert violations(page, "div.cases") == []


def test_a_strip_in_a_panel_is_no_wider_than_a_phone(tmp_path, opened):
    began = {f"{day:02}": (START + timedelta(days=day)).timestamp() for day in range(1, 25)}
    history = History(tmp_path / "history")
    runs = [make_run(label, {"rock": "passed"}, started_at=at) for label, at in began.items()]
    for run in runs:
        history.append(run)
    path = fr.render(
        "run", run=runs[-1], history=str(tmp_path / "history"), output=tmp_path / "r.html"
    )
    page = opened(path, "tests", viewport={"width": 320, "height": 800})
    page.locator("div.cases a", has_text="rock").click()
    expect(page.locator(".panel .strip li")).to_have_count(MOST_RUNS)
    strip, panel = (page.locator(f".panel {x}").bounding_box() for x in (".strip", ".panel-body"))
    assert strip["x"] + strip["width"] <= panel["x"] + panel["width"] <= 320


def test_the_script_of_the_page_knows_the_statuses_of_a_past_in_their_order():
    page = Path(module.__file__).parents[1] / "page"
    script = (page / "assets" / "case_panel.js").read_text(encoding="utf-8")
    assert f"const PAST = {json.dumps(PAST)};" in script
