from __future__ import annotations

from datetime import date

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.known_issues import is_open, issue, known_failures, review
from fictures_reports.errors import SchemaError

from .conftest import make_run

DAY = date(2026, 11, 21)
RUN = make_run(
    "a",
    {"login": "failed", "pay": "failed", "list": "passed"},
    {"signature": ["refused <n1>", "slow", None]},
)


def known(**changes):
    return issue({"owner": "kim", "reason": "#12", "expires": "2026-12-31", **changes})


@pytest.mark.parametrize(
    ("one", "state"),
    [
        ({"case": "*login"}, "open"),
        ({"signature": "refused*"}, "open"),
        ({"case": "*login", "expires": "2026-11-20"}, "expired"),
        ({"case": "*list"}, "passes now"),
        ({"case": "*gone"}, "matches nothing"),
    ],
)
def test_each_known_issue_is_told_what_became_of_it(one, state):
    assert review(RUN, [known(**one)], DAY)["state"].tolist() == [state]


def test_of_several_issues_for_a_case_the_one_open_longest_counts():
    soon, later = known(case="*login", expires="2026-11-30"), known(signature="refused*")
    assert known_failures(RUN, [later, soon]) == {"a.spec.ts › login": later}
    assert known_failures(RUN, [soon, known(case="*list")]) == {"a.spec.ts › login": soon}


@pytest.mark.parametrize(("day", "expected"), [(30, True), (31, True)])
def test_an_issue_is_open_up_to_its_last_day(day, expected):
    one = known(case="*", expires="2026-12-31")
    assert is_open(one, date(2026, 12, day)) == expected
    assert not is_open(one, date(2027, 1, 1))


def test_an_issue_that_names_a_cause_too_knows_only_failures_of_that_cause():
    cause = RUN.cluster_ids[0]
    assert set(known_failures(RUN, [known(case="*login", cause=cause)])) == {"a.spec.ts › login"}
    assert known_failures(RUN, [known(case="*pay", cause=cause)]) == {}
    assert set(known_failures(RUN, [known(cause=cause)])) == {"a.spec.ts › login"}


def test_a_test_that_passes_ends_an_issue_that_names_its_cause_too():
    one, other = known(case="*list", cause="c0ffee"), known(case="*login", cause="c0ffee")
    told = review(RUN, [one, other], DAY)
    assert told["state"].tolist() == ["passes now", "another cause"]
    assert told["cases"].tolist() == [[], []]


def test_an_issue_for_a_test_is_for_it_on_every_variant():
    ids = ["a › login [x] {linux}", "a › login [x] {windows}"]
    columns = {"case_id": ids, "project": ["x", "x"], "variant": ["linux", "windows"]}
    columns["test_id"] = ["a › login", "a › login"]
    run = make_run("a", {"login": "failed", "pay": "failed"}, columns)
    assert len(known_failures(run, [known(test="a › login")])) == 2


def test_an_issue_for_a_test_is_for_it_in_every_project():
    run = make_run(
        "a",
        {"login": "failed", "pay": "failed"},
        {
            "case_id": ["a › login [chromium]", "a › login [firefox]"],
            "project": ["chromium", "firefox"],
        },
    )
    assert len(known_failures(run, [known(test="a › login")])) == 2
    assert len(known_failures(run, [known(case="a › login [chromium]")])) == 1


@pytest.mark.parametrize("name", ["a › [id] [chromium]", "stories[stories-3]", "x * y"])
def test_a_pasted_name_matches_itself_and_nothing_else(name):
    run = make_run(
        "a", {"one": "failed", "two": "failed"}, {"case_id": [name, "a › i c"], "project": ["", ""]}
    )
    assert set(known_failures(run, [known(case=name)])) == {name}


def test_gates_count_open_known_issues_by_themselves():
    before = make_run("b", {"login": "passed", "pay": "failed", "list": "passed"})
    issues = [known(case="*login", expires="2999-01-01")]
    c = compare(before, RUN)
    assert [g.reading for g in check(c, ["broken == 0"])] == [1]
    gates = ["broken == 0", "lost == 0", "failed == 1", "known_issues == 1", "pass_rate == 50%"]
    assert [g.holds for g in check(c, gates, known_issues=issues)] == [True] * 5


def test_a_known_issue_that_is_fixed_is_fixed_and_not_gained():
    before = make_run("b", {"login": "failed"})
    after = make_run("a", {"login": "passed"})
    c = compare(before, after, known_issues=[known(case="*login", expires="2999-01-01")])
    assert [g.holds for g in check(c, ["fixed == 1", "gained == 0"])] == [True, True]


@pytest.mark.parametrize(
    "table",
    [
        {"owner": "kim", "reason": "x", "expires": "2026-12-31"},
        {"case": "*", "reason": "x", "expires": "2026-12-31"},
        {"case": "*", "owner": "kim", "reason": "x"},
        {"case": "*", "owner": "kim", "reason": "x", "expires": "soon"},
        {"case": "*", "owner": "kim", "reason": "x", "expires": "2026-12-31", "tset": 1},
    ],
)
def test_a_known_issue_without_owner_reason_date_or_aim_is_refused(table):
    with pytest.raises(SchemaError, match="known issue"):
        issue(table)


@pytest.mark.parametrize(
    ("gate", "reading", "holds"),
    [
        ("failed == 0", 1, False),
        ("failed == 1", 1, True),
        ("failed == 2", 2, True),
        ("failed == 3", 1, False),
        ("failed[file=app/[id]/*] == 1", 1, True),
        ("failed[file=app/[id]/page.spec.ts] == 1", 1, True),
        ("failed[file=app/[id]/page.spec.ts] == 0", 0, True),
        ("failed[file=b.spec.ts] == 0", 1, False),
        ("broken == 2", 2, True),
        ("broken <= 1", 1, True),
        ("assertion == 2", 2, True),
    ],
)
def test_to_write_down_an_issue_never_makes_a_gate_miss(gate, reading, holds):
    files = ["app/[id]/page.spec.ts", "b.spec.ts", "c.spec.ts"]
    titles = ("opens", "pays", "lists")
    columns = {"file": files, "case_id": [f"{f} › {t}" for f, t in zip(files, titles, strict=True)]}
    before = make_run("b", dict.fromkeys(titles, "passed"), columns)
    after = make_run("a", dict(zip(titles, ("failed", "failed", "passed"), strict=True)), columns)
    c = compare(before, after, known_issues=[known(case="app/[id]/page.spec.ts › opens",
                                                   expires="2099-12-31")])  # fmt: skip
    [result] = check(c, [gate])
    assert (result.reading, result.holds) == (reading, holds)


def test_a_missed_gate_names_its_tests_and_the_issue_that_expired():
    before = make_run("b", {"login": "passed", "pay": "passed"})
    after = make_run("a", {"login": "failed", "pay": "flaky"})
    c = compare(before, after, known_issues=[known(case="*login", expires="2020-12-31")])
    failed, flaky = check(c, ["new_failures == 0", "flaky == 0"])
    assert failed.sentence == (
        "new_failures == 0: not met, 1 is 1 too many: a.spec.ts › login; "
        "kim's known issue (#12) expired on 2020-12-31"
    )
    assert flaky.sentence.endswith("1 is 1 too many: a.spec.ts › pay")
    many = make_run("a", {f"t{i}": "failed" for i in range(300)})
    [result] = check(many, ["failed == 0"])
    assert result.sentence.endswith("› t4 and 295 more")
    assert len(result.cases) == 300
