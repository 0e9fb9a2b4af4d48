# ruff: noqa: E501 (lines as the producers write them)
"""CTRF, Allure, and the JUnit of other tools."""

from __future__ import annotations

from typing import Any

import pytest

from fictures_reports.errors import ReadError, UnknownFormat
from fictures_reports.readers.read import read

from .conftest import doubts, junit

OTHER = 'name="jest tests"'


def _ctrf(*tests: dict[str, Any], tool: str = "playwright", **summary: Any) -> dict[str, Any]:
    return {"results": {"tool": {"name": tool}, "summary": summary, "tests": list(tests)}}


def test_ctrf_tells_seconds_from_milliseconds_by_start_and_stop(written: Any) -> None:
    times = {"start": 1764545436.0, "stop": 1764545438.0, "status": "passed"}
    ms = read(written(_ctrf({"name": "a", "duration": 2000, **times})))[0]
    s = read(written(_ctrf({"name": "a", "duration": 2.0, **times}, tool="pytest")))[0]
    assert ms["duration_s"].tolist() == s["duration_s"].tolist() == [2.0]
    assert ms["started_at"][0].year == 2025


def test_ctrf_starts_in_milliseconds_are_the_same_moment(written: Any) -> None:
    test = {
        "name": "a",
        "status": "passed",
        "duration": 2000,
        "start": 1764545436000,
        "stop": 1764545438000,
    }
    assert read(written(_ctrf(test)))[0]["started_at"][0].year == 2025


def test_ctrf_of_playwright_has_the_cases_of_its_json(only: Any) -> None:
    test = {
        "name": "t", "status": "failed", "rawStatus": "timedOut", "duration": 1,
        "suite": "chromium > ui\\a.spec.ts > group", "filePath": "D:\\app\\tests\\ui\\a.spec.ts",
        "message": "Error: no", "trace": "Error: no\n    at D:\\app\\tests\\ui\\a.spec.ts:3:5",
    }  # fmt: skip
    row = only(_ctrf(test))
    assert row["case_id"] == "ui/a.spec.ts › group › t [chromium]"
    assert (row["message"], row["attempts"][0]["status"]) == ("Error: no", "timedOut")


def test_ctrf_of_pytest_is_named_by_node_id(only: Any) -> None:
    test = {
        "name": "tests/test_a.py::TestX::test_y[1]", "status": "failed", "raw_status": "setup_failed",
        "message": "The test failed in the setup phase due to an assertion error",
        "trace": "E   AssertionError: no\n\ntests/test_a.py:3: AssertionError", "duration": 1,
    }  # fmt: skip
    row = only(_ctrf(test, tool="pytest"))
    assert row["case_id"] == "tests/test_a.py › TestX › test_y[1]"
    assert (row["phase"], row["message"]) == ("setup", "AssertionError: no")


def test_ctrf_retries_and_flaky(only: Any) -> None:
    tries = [{"attempt": 1, "status": "failed", "message": "Error: first"}]
    test = {"name": "t", "status": "passed", "flaky": True, "retries": 1, "retryAttempts": tries}
    row = only(_ctrf(test))
    assert (row["status"], row["n_attempts"], row["message"]) == ("flaky", 2, "Error: first")


@pytest.mark.parametrize(
    ("status", "raw", "expected"),
    [
        ("other", "todo", "skipped"),
        ("pending", "pending", "skipped"),
        ("other", "interrupted", "interrupted"),
        ("other", None, "not_run"),
        ("failed", "interrupted", "interrupted"),
    ],
)
def test_ctrf_statuses(only: Any, status: str, raw: Any, expected: str) -> None:
    assert only(_ctrf({"name": "t", "status": status, "rawStatus": raw}))["status"] == expected


def test_ctrf_totals_that_lie_are_doubted(written: Any) -> None:
    said = doubts(written(_ctrf({"name": "t", "status": "passed"}, tests=3, passed=3)))
    assert "the summary says 3 tests, the file holds 1" in said


def _allure(name: str, status: str, start: int = 1_700_000_000_000, **more: Any) -> dict[str, Any]:
    labels = [
        {"name": k, "value": v}
        for k, v in (
            ("framework", "playwright"),
            ("suite", "a.spec.ts"),
            ("parentSuite", "chromium"),
        )
    ]
    return {"uuid": str(start), "historyId": name, "fullName": f"a.spec.ts#{name}", "name": name, "status": status,
            "stage": "finished", "start": start, "stop": start + 500, "labels": labels, **more}  # fmt: skip


def test_allure_attempts_of_one_test_are_one_row(written: Any) -> None:
    first = _allure("t", "broken", statusDetails={"message": "Error: no"})
    written(first, "run/1-result.json")
    folder = written(_allure("t", "passed", 1_700_000_009_000), "run/2-result.json").parent
    frame, _, ledger = read(folder)
    assert frame[["case_id", "status", "n_attempts"]].values.tolist() == [
        ["a.spec.ts › t [chromium]", "flaky", 2]
    ]
    assert frame["message"][0] == "Error: no"
    assert ledger["read"].tolist() == [0, 1]


def test_allure_tells_not_run_from_skipped(written: Any) -> None:
    setup = (
        "This test was skipped due to test setup error. Check you setup scripts to fix the issue."
    )
    written(_allure("a", "skipped", statusDetails={"message": setup}), "run/1.json")
    written(_allure("b", "skipped", statusDetails={"message": "no data"}), "run/2.json")
    folder = written({"uuid": "x", "children": ["y"], "befores": []}, "run/x-container.json").parent
    frame, _, ledger = read(folder)
    assert frame["status"].tolist() == ["not_run", "skipped"]
    assert frame["skip_reason"][1] == "no data"
    assert ledger["read"].tolist() == [1, 1, 0]  # the container is read too, but is no result
    assert ledger["refused"].isna().all()


def test_allure_attachments_lie_in_the_folder(written: Any) -> None:
    step = {
        "steps": [
            {"attachments": [{"name": "shot", "source": "1-attachment.png", "type": "image/png"}]}
        ]
    }
    written(b"png", "run/1-attachment.png")
    folder = written(_allure("a", "passed", steps=[step]), "run/1.json").parent
    assert read(folder)[0]["attachments"][0][0]["path"].endswith("1-attachment.png")


def test_nested_suites_lose_no_test(written: Any) -> None:
    text = (
        '<testsuites><testsuite name="" tests="2"><testsuite name="Unit" tests="2"><testsuite name="App\\ATest" file="/app/ATest.php" tests="2">'
        '<testcase name="one" class="App\\ATest" line="3" assertions="1" time="0.1"/>'
        '<testcase name="two" class="App\\ATest" time="0.1"><error type="RuntimeException">boom\n/app/ATest.php:9</error></testcase>'
        "</testsuite></testsuite></testsuite></testsuites>"
    )
    frame = read(written(text))[0]
    assert frame["status"].tolist() == ["passed", "failed"]
    assert frame["suite"].tolist() == ["Unit › App\\ATest"] * 2


def test_several_failures_and_an_empty_one(written: Any) -> None:
    cases = (
        '<testcase name="a" classname="a"><failure message="one"/><failure>two</failure><error>three</error></testcase>'
        '<testcase name="b" classname="b"><failure/></testcase>'
    )
    frame = read(written(junit(cases, 'name="s"', OTHER)))[0]
    assert frame["status"].tolist() == ["failed", "failed"]
    assert frame["message"].tolist() == ["one\n\ntwo\n\nthree", "(no error text)"]


def test_flaky_and_rerun_elements_are_attempts(written: Any) -> None:
    cases = (
        '<testcase name="a" classname="A"><flakyFailure message="no" type="java.lang.AssertionError"><stackTrace>java.lang.AssertionError: no\n\tat A.a(A.java:3)</stackTrace></flakyFailure></testcase>'
        '<testcase name="b" classname="A"><failure message="no"/><rerunFailure message="again"/></testcase>'
    )
    frame = read(written(junit(cases, 'name="A"', "")))[0]
    assert frame["status"].tolist() == ["flaky", "failed"]
    assert frame["n_attempts"].tolist() == [2, 2]
    assert "no" in frame["message"][0]


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("1,234.5", 1234.5), ("0,5", 0.5), ("0:00:00.69", 0.69), ("1e-3", 0.001), ("25,357", None),
     ("NaN", None), ("-1.656086500002E9", None), ("", None), ("inf", None), ("3 apples", None)],
)  # fmt: skip
def test_odd_times_are_read_or_unknown(written: Any, time: str, seconds: float | None) -> None:
    path = written(junit(f'<testcase name="a" classname="b" time="{time}"/>', 'name="s"', OTHER))
    found = read(path)[0]["duration_s"]
    assert found.isna()[0] if seconds is None else found[0] == seconds
    if seconds is None and time:
        assert any("times that cannot be read" in doubt for doubt in doubts(path))


@pytest.mark.parametrize(
    ("timestamp", "year"),
    [("2022-12-03T23:10:07", 2022), ("2022-12-03T23:10:07.123456789Z", 2022),
     ("Sat, 03 Dec 2022 23:10:07 GMT", 2022), ("2022-12-03T10:41:19 IST", None), ("0", None)],
)  # fmt: skip
def test_odd_timestamps_are_read_or_unknown(written: Any, timestamp: str, year: int | None) -> None:
    path = written(
        junit('<testcase name="a" classname="b"/>', f'name="s" timestamp="{timestamp}"', OTHER)
    )
    _, info, ledger = read(path)
    if year is None:
        assert info.started_at is None
        assert any("timestamps that cannot be read" in doubt for doubt in ledger["doubts"][0])
    else:
        assert info.started_at == pytest.approx(1_670_109_007, abs=1)


@pytest.mark.parametrize(
    ("case", "case_id"),
    [
        ('<testcase name="Sum adds" classname="Sum adds"/>', "src/sum.test.ts › Sum adds"),
        ('<testcase name="adds" classname="src/sum.test.ts"/>', "src/sum.test.ts › adds"),
        ('<testcase name="" classname="Sum"/>', "src/sum.test.ts › Sum"),
        ('<testcase name="adds" classname=""/>', "src/sum.test.ts › adds"),
    ],
)
def test_cases_of_other_tools_are_named_once(only: Any, case: str, case_id: str) -> None:
    assert only(junit(case, 'name="src/sum.test.ts"', 'name="vitest tests"'))["case_id"] == case_id


def test_skip_reasons_wherever_tools_put_them(written: Any) -> None:
    cases = (
        '<testcase name="a" classname="p"><skipped message="no db"/></testcase>'
        '<testcase name="b" classname="p"><skipped>=== RUN   b\n    b_test.go:9: needs linux\n--- SKIP: b</skipped></testcase>'
        '<testcase name="c" classname="p"><skipped/></testcase><testcase name="d" classname="p" status="disabled"/>'
    )
    frame = read(written(junit(cases, 'name="p"', "")))[0]
    assert frame["status"].tolist() == ["skipped"] * 4
    assert frame["skip_reason"].fillna("").tolist() == ["no db", "needs linux", "", ""]


def test_an_error_of_the_suite_itself_is_a_result(written: Any) -> None:
    text = '<testsuites name="jest tests"><testsuite name="a.test.js"><error message="cannot load">boom</error></testsuite></testsuites>'
    assert read(written(text))[0]["status"].tolist() == ["failed"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ('{"numFailedTestSuites":0,"numTotalTests":3}', "Jest or Vitest JSON"),
        ('<test-run id="2"><test-suite/></test-run>', "NUnit 3"),
        ("<!DOCTYPE html><html><body>report</body></html>", "HTML"),
        ('<?xml version="1.0"?><TestRun/>', "TRX"),
        ('<coverage line-rate="0.5"/>', "coverage report"),
        ('{"coverage": {"a": 1}}', "coverage data"),
        ('{"stats": {"suites": 1, "tests": 2}, "tests": []}', "Mocha JSON"),
        ('"{\\"numTotalTests\\": 3}"', "JSON of no known kind"),
        ("", "is empty"),
        ("hello", "neither XML nor JSON"),
    ],
)
def test_other_kinds_are_named_in_the_refusal(written: Any, content: str, found: str) -> None:
    with pytest.raises(UnknownFormat, match=found) as error:
        read(written(content, "results.json"))
    assert "\n" not in str(error.value)


def test_a_missing_folder_is_a_clear_line() -> None:
    with pytest.raises(ReadError, match="no such file or folder"):
        read("/nowhere/at/all")
    with pytest.raises(ReadError, match=r"no such file.*; a run of a history .*/PATH@latest$"):
        read("s3://reports/team")
