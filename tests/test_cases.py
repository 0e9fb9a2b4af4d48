"""The list of all cases: what it holds of many, and the table beside the page."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.report.case_list_payload import document_of
from fictures_reports.report.rendering import static_page as static
from fictures_reports.report.sections import ReportInput, cases, summary
from fictures_reports.report.sections import case_list as module
from fictures_reports.report.sections.overview_page import MOST_NAMED
from fictures_reports.schema import COLUMN_NAMES

from .conftest import RUNS, make_run

PHASES = (RUNS / "phase2-initial", RUNS / "phase2-rerun")


def held(html):
    """Return the titles that the page's list holds."""
    return document_of(re.search(r"json\">(.*?)</script>", html)[1])["columns"]["title"]


@pytest.fixture
def many():
    """Eight cases of which three say nothing new."""
    before = {
        "calm 1": "passed", "calm 2": "passed", "idle": "skipped", "gone": "skipped",
        "shaky": "flaky", "fixed": "failed", "broken": "passed", "old": "failed",
    }  # fmt: skip
    after = before | {"fixed": "passed", "broken": "failed", "shaky": "passed"}
    del after["gone"]
    return fr.compare(make_run("b", before), make_run("a", after))


@pytest.mark.parametrize(
    ("most", "missing", "said"),
    [
        (7, {"calm 2"}, "1 passed in both runs."),
        (6, {"calm 1", "calm 2"}, "2 passed in both runs."),
        (5, {"calm 1", "calm 2", "idle"}, "2 passed in both runs and 1 ran in neither."),
        (3, {"calm 1", "calm 2", "idle", "gone", "shaky"},
         "3 passed in both runs, 1 counted as left and 1 ran in neither."),
    ],
)  # fmt: skip
def test_what_changed_or_did_not_pass_stays_and_what_is_left_out_is_counted_by_name(
    many, monkeypatch, most, missing, said
):
    monkeypatch.setattr(module, "MOST_CASES", most)
    html = cases(ReportInput(many)).html
    everything = set(many.changes["title"])
    assert set(held(html)) == everything - missing
    assert f"The list holds {most} of 8 cases" in html
    assert f"Left out of it: {said}" in html
    assert "--table cases.parquet" in html


def test_a_run_leaves_out_what_passed_first(monkeypatch):
    monkeypatch.setattr(module, "MOST_CASES", 2)
    run = make_run("r", {"a": "passed", "b": "skipped", "c": "passed", "d": "failed"})
    html = cases(ReportInput(run)).html
    assert held(html) == ["b", "d"]
    assert "Left out of it: 2 passed." in html


def test_a_list_that_is_whole_says_nothing_of_it(many):
    assert "left-out" not in cases(ReportInput(many)).html
    assert len(held(cases(ReportInput(many)).html)) == 8


def test_a_static_page_says_once_what_it_leaves_out_and_where_it_is(many, monkeypatch):
    monkeypatch.setattr(module, "MOST_CASES", 7)
    monkeypatch.setattr(static, "MOST_CASES", 3)
    report = ReportInput(many, table="../all cases.parquet")
    html = static.html(cases(report).html, frozenset())
    assert html.count("<tr id=") == 3
    assert "3 cases of 8 are listed, 5 are left out" in html
    assert html.count('<a href="../all%20cases.parquet">') == 1


def test_a_browser_counts_what_is_listed(many, monkeypatch, tmp_path, opened):
    monkeypatch.setattr(module, "MOST_CASES", 5)
    page = opened(
        fr.render("comparison", before=many.before, after=many.after, output=tmp_path / "r.html"),
        "tests",
    )
    said = page.locator("div.cases[data-ready] .said").inner_text()
    assert said == "5 of 5 listed tests"


def test_a_summary_names_no_more_than_can_be_read_and_says_where_the_others_are():
    names = [f"t{i}" for i in range(MOST_NAMED + 9)]
    runs = (make_run(x, dict.fromkeys(names, s)) for x, s in (("b", "passed"), ("a", "failed")))
    html = summary(ReportInput(fr.compare(*runs))).html
    worse = html.partition('<ul class="worse">')[2].partition("</ul>")[0]
    assert worse.count("<li>") == MOST_NAMED + 1
    assert '<a href="#causes">9 more tests that fail newly</a>' in worse


def test_the_table_holds_every_case_with_both_sides_and_the_page_links_to_it(
    command, tmp_path, opened
):
    done = command(
        "compare", *PHASES, "-o", "out/r.html", "--table", "tables/all cases #1.parquet",
        cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "wrote tables/all cases #1.parquet" in done.stderr
    path = tmp_path / "tables" / "all cases #1.parquet"
    table, c = pd.read_parquet(path), fr.compare(*map(fr.read_run, PHASES))
    assert list(table) == list(c.changes)
    assert table["change"].tolist() == c.changes["change"].tolist()
    assert table["after_message"].isna().tolist() == c.changes["after_message"].isna().tolist()
    page = opened(tmp_path / "out" / "r.html", "tests")
    link = page.locator("p.whole a")
    assert link.inner_text() == "../tables/all cases #1.parquet"
    assert link.evaluate("a => a.href") == path.as_uri()


def test_the_table_of_a_run_has_the_columns_of_the_schema_in_any_format(command, tmp_path):
    for kind in ("markdown", "json"):
        path = tmp_path / f"{kind}.parquet"
        done = command("run", RUNS / "api-rerun", "--format", kind, "--table", path)
        assert done.returncode == 0, done.stderr
        assert tuple(pd.read_parquet(path)) == COLUMN_NAMES


@pytest.mark.parametrize(
    ("option", "place", "said"),
    [
        ("--table", "file/t.parquet", "cannot be written: its folder's place is taken"),
        ("--table", "folder.parquet", "cannot be written: "),
        ("--table", "t.csv", "--table writes Parquet, so its name ends in .parquet"),
        ("-o", "file/r.html", "cannot be written: its folder's place is taken"),
        ("-o", "file/r.md", "cannot be written: its folder's place is taken"),
        ("-o", "file/r.json", "cannot be written: its folder's place is taken"),
        ("-o", "file/r.ipynb", "cannot be written: its folder's place is taken"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_said_in_one_line(
    command, tmp_path, option, place, said
):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder.parquet").mkdir()
    done = command("run", RUNS / "api-rerun", option, place, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert place in done.stderr
    assert said in done.stderr


def test_rows_in_a_place_that_cannot_be_written_to_are_said_in_one_line(command, tmp_path):
    (tmp_path / "file").write_text("")
    words = ["results", RUNS / "api-rerun", "--format", "parquet", "-o", tmp_path / "file" / "x"]
    done = command(*words)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot be written" in done.stderr
