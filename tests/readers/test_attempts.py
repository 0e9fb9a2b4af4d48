"""Attempts, fixtures and recognition in single formats: the same run is the same run in each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fictures_reports.readers.read import read

from .conftest import by_case

CASE = '<testcase classname="test_cars" name="{}" time="0.002" />'
SKIPPED = CASE.format("turns")[:-2] + '><skipped type="pytest.skip" message="closed" /></testcase>'


def pytest_junit(n_tests: int, *cases: str) -> str:
    return (
        f'<testsuites name="pytest tests"><testsuite name="pytest" errors="0" failures="0"'
        f' skipped="1" tests="{n_tests}" time="1" timestamp="2026-11-28T20:00:00+00:00"'
        f' hostname="ci">{"".join(cases)}</testsuite></testsuites>'
    )


def test_reruns_of_pytest_are_joined_wherever_they_stand_and_a_skip_after_one_is_a_failure(written):
    many = [CASE.format(f"other_{n}") for n in range(700)]
    cases = [CASE.format("parks"), CASE.format("turns"), *many, SKIPPED, CASE.format("parks")]
    rows = by_case(written(pytest_junit(702, *cases)))
    assert len(rows) == 702
    parks, turns = rows.loc["test_cars.py › parks"], rows.loc["test_cars.py › turns"]
    assert (parks["status"], parks["n_attempts"]) == ("flaky", 2)
    assert (turns["status"], turns["n_attempts"]) == ("failed", 2)


def test_equal_ids_are_no_reruns_where_the_header_counts_them(written):
    frame, _, _ = read(written(pytest_junit(2, CASE.format("parks"), CASE.format("parks"))))
    assert frame["status"].tolist() == ["passed", "passed"]


WHOLE_ROOT = '<testsuites id="" name="" tests="1" failures="0" skipped="0" errors="0" time="1">'


@pytest.mark.parametrize("root", ["<testsuites>", WHOLE_ROOT])
def test_playwrights_junit_keeps_its_project_without_the_attributes_of_its_root(only, root):
    suite = (
        '<testsuite name="a.spec.ts" timestamp="2026-10-07T08:00:00Z" hostname="desk" tests="1"'
        ' failures="0" skipped="0" time="1" errors="0">'
        '<testcase name="menu › opens" classname="a.spec.ts" time="0.1" /></testsuite>'
    )
    assert only(f"{root}{suite}</testsuites>")["case_id"] == "a.spec.ts › menu › opens [desk]"


def ctrf(tool: str, *tests: dict[str, Any]) -> dict[str, Any]:
    summary = {"tests": len(tests), "passed": len(tests)}
    return {"results": {"tool": {"name": tool}, "summary": summary, "tests": list(tests)}}


def ctrf_test(name: str, **facts: Any) -> dict[str, Any]:
    place = {"filePath": "/srv/tests/a.spec.ts", "suite": "desk > a.spec.ts > order"}
    return {"name": name, "status": "passed", "duration": 1} | place | facts


def test_a_title_of_ctrf_that_begins_with_its_suite_is_kept_and_full_names_are_cut(written):
    titles = ["order is sent", "order is paid"]
    for tool, found in (("playwright", titles), ("jest", ["is sent", "is paid"])):
        frame, _, _ = read(written(ctrf(tool, *map(ctrf_test, titles))))
        assert frame["title"].tolist() == found
    frame, _, _ = read(written(ctrf("jest", ctrf_test("order is sent"), ctrf_test("is paid"))))
    assert frame["title"].tolist() == ["order is sent", "is paid"]


def test_attempts_of_ctrf_decide_and_todo_is_a_declared_skip(written):
    tests = [
        ctrf_test("a", status="skipped", retries=1, retryAttempts=[{"status": "failed"}]),
        ctrf_test("b", flaky=True, retries=1, retryAttempts=[{"status": "skipped"}]),
        ctrf_test("c", status="other", rawStatus="todo"),
    ]
    frame, _, _ = read(written(ctrf("playwright", *tests)))
    assert frame["status"].tolist() == ["failed", "passed", "skipped"]
    assert frame["skip_reason"][2] == "todo"


def allure(uuid: str, name: str, status: str, message: str = "", **facts: Any) -> dict[str, Any]:
    labels = [{"name": "framework", "value": "pytest"}]
    result = {"uuid": uuid, "historyId": uuid, "fullName": f"test_shop#{name}", "name": name}
    details = {"statusDetails": {"message": message}} if message else {}
    return (
        result | {"status": status, "start": 1000, "stop": 2000, "labels": labels} | details | facts
    )


def test_allures_containers_tell_the_phase_and_what_belongs_to_no_test_is_a_run_error(written):
    broken = {"name": "basket", "status": "broken", "statusDetails": {"message": "no basket\n"}}
    lost = {"name": "session::1", "status": "broken", "statusDetails": {"message": "not closed"}}
    containers = [
        {"uuid": "c1", "children": ["u1"], "befores": [broken]},
        {"uuid": "c2", "children": ["u2"], "afters": [lost]},
        {"attachments": [], "errors": [{"message": "hook failed", "timestamp": 1}]},
    ]
    results = [allure("u1", "test_buy", "broken", "no basket"), allure("u2", "test_a", "passed")]
    for n, one in enumerate([*results, *containers]):
        folder = written(json.dumps(one), f"run/{n}.json").parent
    frame, info, ledger = read(folder)
    buy = frame.set_index("title").loc["test_buy"]
    assert buy["phase"] == "setup"
    assert buy["attempts"][0]["extra"] == {"fixture": "basket"}
    assert info.errors == ["session: not closed", "hook failed"]
    assert not info.incomplete
    assert ledger["refused"].isna().all()


def test_parameters_with_colons_spill_into_no_path_of_allure(only):
    facts = {"fullName": "test_shop.test_odd[a#test_odd", "name": "test_odd[a::b]"}
    for path in (["test_shop.py", "test_odd[a"], None):
        row = only(allure("u", "x", "passed") | facts | {"titlePath": path})
        assert row["case_id"] == "test_shop.py › test_odd[a::b]"
