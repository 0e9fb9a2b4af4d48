"""What stands first on a page: a short headline, an error once, a change's own failures large."""

from __future__ import annotations

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.analysis.confidence import paired
from fictures_reports.analysis.standing import Base
from fictures_reports.report.report_input import ReportInput
from fictures_reports.report.sections import certainty, standings, summary

from .conftest import RUNS, make_run

BUSY = "Error: listen EADDRINUSE 127.0.0.1:4173"


@pytest.fixture
def pull_request():
    """One test that the change broke, and one that fails on main, too."""
    was = make_run("b", {"ours": "passed", "theirs": "failed"})
    now = make_run("a", {"ours": "failed", "theirs": "failed"})
    cases = pd.DataFrame(
        {"state": ["stable", "broken"], "n_runs": 8, "n_failed": [0, 3], "since": [None, "main-5"]},
        index=pd.Index(now.results["case_id"], name="case_id"),
    )
    failures = now.results.loc[1:, ["case_id", "status", "category", "signature"]]
    return fr.compare(was, now, base=Base("main", cases, failures))


def test_of_a_pull_request_what_it_broke_comes_before_counts_and_the_rest_is_a_line_each(
    pull_request,
):
    report = ReportInput(pull_request, fr.check(pull_request, []))
    first, rest = summary(report).html, standings(report).html
    assert first.index("New failures: 1") < first.index("flow-block")
    assert "theirs" not in first
    assert rest.count("<li>") == 1
    assert "theirs" in rest
    assert "main-5" in rest
    assert "ours" not in rest


def test_against_no_base_the_counts_come_first(pull_request):
    c = fr.compare(pull_request.before, pull_request.after)
    first = summary(ReportInput(c, fr.check(c, []))).html
    assert first.index("flow-block") < first.index("causes-block")


def test_a_headline_has_two_lines_and_what_else_happened_stands_below_it(opened, tmp_path):
    before, after = (fr.read_run(RUNS / name) for name in ("api-initial", "api-rerun"))
    target = tmp_path / "r.html"
    page = opened(
        fr.render("comparison", before=before, after=after, output=target),
        viewport={"width": 1440, "height": 900},
    )
    headline = page.locator(".verdict")
    assert headline.bounding_box()["height"] <= 2 * 29
    said = f"{headline.inner_text()} {' '.join(page.locator('.remark').all_inner_texts())}"
    for part in ("2 tests that passed now fail", "7 tests were fixed", "3 new tests pass"):
        assert said.count(part) == 1


@pytest.mark.parametrize("statuses", [{}, {"t": "passed"}], ids=["no test ran", "one passed"])
def test_the_message_of_a_runs_error_stands_once_and_each_other_in_its_own_line(statuses):
    run = make_run("r", statuses, errors=(BUSY, "Error: no database"))
    html = summary(ReportInput(run, fr.check(run, []))).html
    assert html.count(BUSY) == 1
    assert html.count("Error: no database") == 1
    assert "(the machine lacks something)" in html


def test_how_sure_a_change_is_has_no_clause_and_no_row_about_what_did_not_happen():
    c = fr.compare(make_run("b", dict.fromkeys("xyz", "passed")),
                   make_run("a", dict.fromkeys("xyz", "failed")))  # fmt: skip
    assert paired(c).sentence.startswith("3 broken is weak evidence by itself (")
    shown = certainty(ReportInput(c, fr.check(c, []))).html
    assert '<th scope="row">broken</th>' in shown
    assert '<th scope="row">fixed</th>' not in shown
    assert '<th scope="row">removed tests</th>' not in shown
