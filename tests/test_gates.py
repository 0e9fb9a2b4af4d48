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


def test_a_gate_on_a_part_that_matches_nothing_does_not_hold():
    result = check(PARTS, ["failed[file=nothing*] == 0"])[0]
    assert not result.holds
    assert "no test matches" in result.sentence


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
