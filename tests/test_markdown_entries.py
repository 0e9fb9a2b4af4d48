"""What a summary lists: causes, with how many tests each has and where, not fifty equal lines."""

from __future__ import annotations

import fictures_reports as fr
from fictures_reports.report.markdown import markdown
from fictures_reports.report.markdown_entries import FEW_TESTS, Listed, entries

from .conftest import make_run

PLACES = ("linux", "mac", "windows")
REFUSED = "Error: connect ECONNREFUSED 127.0.0.1:8080"
WRONG = "AssertionError: wrong total in the cart"


def suite(label, status, n=137, n_refused=100):
    """Draw a run of 137 tests in three places, with two causes of their failures."""
    tests = [f"test {i}" for i in range(n)]
    keys = [f"{test} {place}" for test in tests for place in PLACES]
    messages = [REFUSED if i < n_refused else WRONG for i in range(n) for _ in PLACES]
    columns = {
        "title": [test for test in tests for _ in PLACES],
        "test_id": [f"a.spec.ts › {test}" for test in tests for _ in PLACES],
        "variant": list(PLACES) * n,
        "message": messages if status == "failed" else [None] * len(keys),
    }
    return make_run(label, dict.fromkeys(keys, status), columns)


def section(text, title):
    """Return the lines of a list below its heading."""
    below = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return [line for line in below.splitlines() if line.startswith("- ")]


def test_411_failures_of_two_causes_are_two_entries_with_their_places():
    c = fr.compare(suite("b", "passed"), suite("a", "failed"))
    lines = section(markdown(c), "New failures: 411")
    assert len(lines) == 2
    assert "300 cases of 100 tests {linux} {mac} {windows}: test 0 (a.spec.ts)" in lines[0]
    assert "and 97 more" in lines[0]
    assert "111 cases of 37 tests {linux} {mac} {windows}" in lines[1]


def test_a_run_alone_lists_its_causes_too():
    lines = section(markdown(suite("r", "failed")), "Not passed: 411")
    assert ["300 cases" in lines[0], "111 cases" in lines[1], len(lines)] == [True, True, 2]


def test_few_tests_have_a_line_each_with_all_places_that_say_the_same():
    lines = section(markdown(suite("r", "failed", n=2, n_refused=1)), "Not passed: 6")
    assert [line.count("{linux} {mac} {windows}") for line in lines] == [1, 1]
    assert "**test 0**" in lines[0]
    assert "**test 1**" in lines[1]


def test_what_fails_everywhere_is_no_news_about_places():
    assert "Where tests fail" not in markdown(suite("r", "failed"))


def test_of_too_many_lines_the_cases_left_out_are_counted():
    run = suite("r", "failed", n=FEW_TESTS, n_refused=FEW_TESTS)
    cases = [Listed(row, f"cause {i}") for i, row in enumerate(run.results.itertuples())]
    lines = entries(cases, most=1)
    assert lines[1:] == ["- and 6 more"]


def test_hostile_names_are_text():
    run = make_run(
        "r", {"<img src=x>|*a*": "failed"}, {"variant": ["[b](http://x)"], "message": ["# no"]}
    )
    (line,) = section(markdown(run), "Not passed: 1")
    assert "<img" not in line
    assert r"\[b\](" in line
