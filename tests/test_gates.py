from __future__ import annotations

import math

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import all_hold, check
from fictures_reports.errors import GateError

from .conftest import make_run

AFTER = make_run("a", {"p": "passed", "q": "flaky", "f": "failed", "s": "skipped"})
BEFORE = make_run("b", {"p": "passed", "q": "failed", "f": "passed", "s": "failed"})
BOTH = compare(BEFORE, AFTER)


@pytest.mark.parametrize(
    ("gate", "reading", "holds", "short_by"),
    [
        ("passed >= 1", 1, True, 0),
        ("passed >= 24", 1, False, 23),
        ("passed > 1", 1, False, 1),
        ("failed == 0", 1, False, 1),
        ("failed <= 1", 1, True, 0),
        ("flaky != 1", 1, False, 1),
        ("pass_rate >= 50%", 50, True, 0),
        ("pass_rate >= 85.7%", 50, False, 35.7),
        ("executed_pass_rate >= 60 %", 200 / 3, True, 0),
        ("duration_s <= 600", 60, True, 0),
        ("assertion <= 0", 2, False, 2),
        ("threshold_miss <= 2", 0, True, 0),
        ("broken == 0", 1, False, 1),
        ("masked == 0", 1, False, 1),
        ("new_failures == 0", 1, False, 1),
        ("  cases>=4 ", 4, True, 0),
    ],
)
def test_a_gate_has_a_reading_a_verdict_and_a_distance(gate, reading, holds, short_by):
    result = check(BOTH, [gate])[0]
    assert (result.reading, result.holds) == (pytest.approx(reading), holds)
    assert result.short_by == pytest.approx(short_by)


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ("passed", "METRIC COMPARATOR NUMBER"),
        ("passed >= many", "METRIC COMPARATOR NUMBER"),
        ("pased >= 3", "did you mean 'passed'"),
        ("passed >= 50%", "not a rate"),
        ("pass_rate >= 0.857", "write 85.7%"),
    ],
)
def test_a_gate_that_cannot_be_read_is_refused_with_a_hint(gate, words):
    with pytest.raises(GateError, match=words):
        check(BOTH, [gate])


def test_a_gate_on_changes_needs_two_runs():
    with pytest.raises(GateError, match="needs two runs"):
        check(AFTER, ["broken == 0"])


def test_gates_fail_closed_on_an_empty_run():
    empty = make_run("a", {})
    result = check(empty, ["failed == 0"])[0]
    assert not result.holds
    assert "no results" in result.note


def test_gates_fail_closed_on_an_incomplete_run_unless_told_otherwise():
    cut = make_run("a", {"p": "passed"}, incomplete=True)
    assert not all_hold(check(cut, ["failed == 0"]))
    assert all_hold(check(cut, ["failed == 0"], allow_incomplete=True))


def test_gates_fail_closed_if_the_run_compared_with_is_incomplete():
    cut = make_run("b", {"p": "passed"}, incomplete=True)
    assert not all_hold(check(compare(cut, AFTER), ["broken == 0"]))


def test_a_metric_without_value_does_not_hold():
    unknown = make_run("a", {"p": "passed"}, duration_s=None)
    result = check(unknown, ["duration_s <= 600"])[0]
    assert not result.holds
    assert math.isnan(result.reading)
    assert result.as_dict()["reading"] is None
    assert "not known" in result.sentence


def test_a_rate_just_below_its_limit_is_not_written_as_if_it_met_it():
    many = {f"t{i}": "passed" for i in range(9999)} | {"f": "failed"}
    result = check(make_run("a", many), ["pass_rate >= 100%"])[0]
    assert not result.holds
    assert "99.99 %" in result.sentence


def test_gates_that_hold_are_listed_too():
    assert [gate.holds for gate in check(AFTER, ["passed >= 1", "failed == 0"])] == [True, False]


SUITE = {
    "title": ["p", "q", "f"],
    "file": ["cache-a.spec.ts", "cache-b.spec.ts", "login.spec.ts"],
    "project": ["chromium", "firefox", "chromium"],
    "tags": [["smoke"], ["@slow"], []],
}
PARTS = make_run("a", {"p": "passed", "q": "failed", "f": "failed"}, SUITE)


@pytest.mark.parametrize(
    ("gate", "reading"),
    [
        ("failed[file=cache-*] == 1", 1),
        ("passed[tag=smoke] == 1", 1),
        ("failed[tag=slow] == 1", 1),
        ("cases[project=chromium] == 2", 2),
        ("failed[area=entry] == 1", 1),
        ("pass_rate[file=cache-*] >= 50%", 50),
    ],
)
def test_a_gate_can_be_narrowed_to_a_part_of_the_suite(gate, reading):
    result = check(PARTS, [gate], areas={"entry": ["login*"]})[0]
    assert (result.reading, result.holds) == (reading, True)


def test_a_gate_on_a_part_that_matches_nothing_is_refused():
    with pytest.raises(GateError, match=r"no test matches file 'nothing\*'"):
        check(PARTS, ["failed[file=nothing*] == 0"])


def test_a_part_whose_name_holds_brackets_is_found_by_its_name_and_by_a_pattern():
    names = ["app/[id]/page.spec.ts", "app/i/page.spec.ts"]
    run = make_run("a", {"p": "failed", "q": "failed"}, {"file": names})
    gates = ["failed[file=app/[id]/page.spec.ts] == 1", "failed[file=app/*/page.spec.ts] == 2"]
    assert [gate.reading for gate in check(run, gates)] == [1, 2]


@pytest.mark.parametrize(
    ("passed", "cases", "gate", "holds"),
    [
        (29, 100, "pass_rate >= 29%", True),
        (29, 100, "pass_rate == 29%", True),
        (24, 28, "pass_rate >= 85.7%", True),
        (24, 28, "pass_rate >= 85.72%", False),
        (119, 125, "pass_rate >= 95.2%", True),
        (57, 100, "pass_rate <= 57%", True),
        (57, 100, "pass_rate > 57%", False),
    ],
)
def test_a_rate_at_its_limit_is_exact(passed, cases, gate, holds):
    statuses = {f"t{i}": "passed" if i < passed else "failed" for i in range(cases)}
    result = check(make_run("a", statuses), [gate])[0]
    assert result.holds == holds
    assert "0 points" not in result.sentence


def test_every_whole_percent_of_every_count_below_a_thousand_is_met_where_it_is_reached():
    from fractions import Fraction

    for n in range(1, 1000, 37):
        for k in range(0, n + 1, 3):
            share = Fraction(100 * k, n)
            if share.denominator == 1:
                statuses = {f"t{i}": "passed" if i < k else "failed" for i in range(n)}
                assert check(make_run("a", statuses), [f"pass_rate >= {share}%"])[0].holds


def test_a_gate_at_its_strict_limit_says_that_it_is_exactly_there():
    statuses = {"p": "passed", "f": "failed"}
    result = check(make_run("a", statuses), ["pass_rate > 50%"])[0]
    assert result.sentence == "pass_rate > 50%: not met, it is exactly 50 %"


def test_a_gate_that_is_closed_says_why_and_gives_no_distance():
    before = make_run("b", {f"t{i}": "passed" for i in range(22)})
    after = make_run("a", {f"t{i}": "passed" if i else "failed" for i in range(11)})
    result = check(compare(before, after), ["passed >= 10"])[0]
    assert (result.holds, result.reading) == (False, 10)
    assert result.as_dict()["short_by"] is None
    assert "holds 11 tests, 22 were there before" in result.sentence


def test_gates_are_closed_where_everything_was_skipped():
    before = make_run("b", {f"t{i}": "passed" for i in range(10)})
    after = make_run("a", {f"t{i}": "skipped" for i in range(10)})
    results = check(compare(before, after), ["broken == 0", "failed == 0"])
    assert [gate.holds for gate in results] == [False, False]
    assert "nothing ran: 10 tests were skipped" in results[0].sentence


def test_gates_are_closed_by_an_error_of_the_run_itself():
    run = make_run("a", {"p": "passed"}, errors=["Error: tear-down broke\n  at x.ts:1"])
    result = check(run, ["failed == 0"])[0]
    assert not result.holds
    assert "Error: tear-down broke" in result.sentence


def test_gates_on_changes_are_closed_where_the_runs_have_nothing_in_common():
    before = make_run("b", {f"b{i}": "passed" for i in range(10)})
    after = make_run("a", {f"a{i}": "passed" for i in range(10)})
    results = check(compare(before, after), ["new_failures == 0", "pass_rate >= 85.7%"])
    assert [gate.holds for gate in results] == [False, True]
    assert "no test in common (10 gone, 10 new)" in results[0].sentence


def test_a_regression_is_a_new_failure_or_a_test_that_no_longer_runs():
    before = make_run("b", {"p": "passed", "q": "passed", "r": "passed", "s": "passed"})
    after = make_run("a", {"p": "failed", "q": "skipped", "r": "passed", "t": "passed"})
    gates = ["regressions == 3", "gone == 1", "lost == 2", "new_flaky == 0"]
    assert [gate.holds for gate in check(compare(before, after), gates)] == [True] * 4
    waived = compare(before, after, removed=["*› s"])
    assert [gate.reading for gate in check(waived, gates)] == [2, 0, 1, 0]


def test_pass_rates_pool_the_results_of_all_runs_of_a_side():
    runs = [make_run(f"a{i}", {"p": "passed", "q": "failed" if i else "passed"}) for i in range(4)]
    c = compare([make_run("b", {"p": "passed", "q": "passed"})], runs)
    assert check(c, ["pass_rate >= 60%"])[0].reading == pytest.approx(62.5)


def test_a_gate_on_a_part_works_on_changes_too():
    before = make_run("b", {"p": "passed", "q": "passed", "f": "passed"}, SUITE)
    c = compare(before, PARTS)
    readings = [g.reading for g in check(c, ["broken == 0", "broken[file=login*] == 0"])]
    assert readings == [2, 1]


@pytest.mark.parametrize("gate", ["failed[colour=red] == 0", "duration_s[file=a] <= 3"])
def test_a_part_that_makes_no_sense_is_refused(gate):
    with pytest.raises(GateError):
        check(PARTS, [gate])


def test_gates_fail_closed_on_a_run_that_shrank():
    before = make_run("b", {f"t{i}": "passed" for i in range(10)})
    after = make_run("a", {f"t{i}": "passed" for i in range(7)})
    result = check(compare(before, after), ["failed == 0"])[0]
    assert not result.holds
    assert "holds 7 tests, 10 were there before" in result.sentence
    assert check(compare(before, after), ["failed == 0"], allow_incomplete=True)[0].holds


def test_gates_on_changes_are_closed_where_a_file_of_the_side_before_gave_nothing():
    sources = {"source": ["ubuntu/junit.xml", "ubuntu/junit.xml", "windows/junit.xml"]}
    before = make_run("b", {"p": "passed", "q": "passed", "r": "passed"}, sources)
    after = make_run("a", {"p": "passed", "q": "passed", "s": "passed"})
    c = compare(before, after)
    assert (c.complete, c.missing_sources) == (False, {"windows/junit.xml": 1})
    results = check(c, ["broken == 0", "passed >= 2"])
    assert [gate.holds for gate in results] == [False, True]
    words = "windows/junit.xml gave 1 test before, none now"
    assert results[0].note == words
    assert c.verdict.endswith(f" {words}.")
    assert check(c, ["broken == 0"], allow_incomplete=True)[0].holds
    assert compare(before, after, removed=["*r"]).complete
