# ruff: noqa: E501 (lines as the producers write them)
"""pytest: JUnit in its dialects, json-report and reportlog of the same genuine runs."""

from __future__ import annotations

from typing import Any

import pytest

from fictures_reports.readers.formats.pytest_nodes import from_junit
from fictures_reports.readers.read import read

from .conftest import DATA, by_case, doubts, junit

NEW, OLD = DATA / "pytest-9", DATA / "pytest-7"
AT = "shop_tests/test_basket.py › {}".format


@pytest.mark.parametrize("version", [OLD, NEW])
def test_all_formats_of_one_run_are_the_same_cases(version: Any) -> None:
    frames = [by_case(version / name) for name in ("junit.xml", "report.json", "log.jsonl")]
    assert set(frames[0].index) == set(frames[1].index) == set(frames[2].index)


@pytest.mark.parametrize("version", [OLD, NEW])
def test_messages_of_failures_are_the_same_from_all_formats(version: Any) -> None:
    frames = [by_case(version / name) for name in ("junit.xml", "report.json", "log.jsonl")]
    failed = frames[2].index[frames[2]["status"] == "failed"]
    for column in ("status", "message", "phase", "location", "error_type", "snippet"):
        texts = [frame[column][failed].astype(str).tolist() for frame in frames]
        assert texts[0] == texts[1] == texts[2], column


def test_xunit1_and_xunit2_are_the_same_cases() -> None:
    one, two = by_case(DATA / "pytest-9-xunit1.xml"), by_case(NEW / "junit.xml")
    assert one["status"].to_dict() == two["status"].to_dict()
    assert one["line"][AT("test_adds_an_item")] == 20
    assert two["line"].isna().all()


def test_every_outcome_gets_its_status() -> None:
    status = by_case(NEW / "log.jsonl")["status"]
    assert {
        name: status[AT(name)]
        for name in (
            "test_adds_an_item",
            "test_broken_before",
            "test_declared_skip",
            "test_gives_up",
        )
    } == {
        "test_adds_an_item": "passed",
        "test_broken_before": "failed",
        "test_declared_skip": "skipped",
        "test_gives_up": "skipped",
    }
    assert status[AT("test_expected_to_fail")] == "xfailed"
    assert status[AT("test_passes_unexpectedly")] == "xpassed"
    assert status[AT("test_passes_though_strict")] == "failed"
    assert status[AT("test_right_the_second_time")] == "flaky"


def test_a_rerun_keeps_its_failure_in_the_log() -> None:
    row = by_case(NEW / "log.jsonl").loc[AT("test_right_the_second_time")]
    assert row["message"].startswith("assert 1 == 2")
    assert [attempt["status"] for attempt in row["attempts"]] == ["rerun", "passed"]


def test_reruns_that_junit_writes_as_cases_are_attempts() -> None:
    frame = by_case(NEW / "junit.xml")
    flaky, never = frame.loc[AT("test_right_the_second_time")], frame.loc[AT("test_never_right")]
    assert (flaky["status"], flaky["n_attempts"]) == ("flaky", 2)
    assert (never["status"], never["n_attempts"]) == ("failed", 3)
    assert any("taken as reruns" in doubt for doubt in doubts(NEW / "junit.xml"))


def test_the_same_case_twice_is_no_rerun_where_the_header_counts_both(written: Any) -> None:
    case = '<testcase classname="test_a" name="test_x" time="0.1"/>'
    path = written(junit(case * 2, 'name="pytest" tests="2"'))
    frame, _, ledger = read(path)
    assert frame["case_id"].tolist() == ["test_a.py › test_x", "test_a.py › test_x #2"]
    assert any("numbered" in doubt for doubt in ledger["doubts"][0])


def test_body_and_teardown_are_one_row_body_first() -> None:
    for name in ("junit.xml", "report.json", "log.jsonl"):
        row = by_case(NEW / name).loc[AT("test_broken_twice")]
        assert row["message"] == "assert 1 == 2\n\nRuntimeError: left behind"
        assert [e["phase"] for e in row["attempts"][-1]["errors"]] == ["call", "teardown"]


def test_wrappers_give_the_phase_and_the_cause_the_message() -> None:
    frame = by_case(NEW / "junit.xml")
    told = frame[["phase", "message"]].T.to_dict("list")
    assert told[AT("test_broken_before")] == ["setup", "RuntimeError: no stock"]
    assert told[AT("test_broken_after")] == ["teardown", "RuntimeError: left behind"]
    assert told[AT("test_unknown_fixture")] == ["setup", "fixture 'warehouse' not found"]
    assert told["shop_tests/test_import.py › collection"] == [
        "collection",
        "ModuleNotFoundError: No module named 'warehouse'",
    ]


def test_skip_reasons_and_the_reason_of_an_expected_failure() -> None:
    reasons = by_case(NEW / "junit.xml")["skip_reason"]
    assert reasons[AT("test_declared_skip")] == "declared"
    assert reasons[AT("test_gives_up")] == "no UI"
    assert reasons[AT("test_expected_to_fail")] == "known bug"
    assert by_case(NEW / "report.json")["skip_reason"][AT("test_gives_up")] == "no UI"


def test_parameters_may_hold_anything() -> None:
    frame = by_case(NEW / "log.jsonl")
    row = frame.loc[AT("TestPrices › TestVat › test_rate[a::b]")]
    assert (row["suite"], row["title"]) == ("TestPrices › TestVat", "test_rate[a::b]")


def test_output_loses_the_headings_that_pytest_puts_above_it() -> None:
    for name in ("junit.xml", "log.jsonl", "report.json"):
        row = by_case(OLD / name).loc[AT("test_adds_an_item")]
        assert (row["stdout"], row["stderr"]) == ("one item", "low stock")


def test_a_folder_takes_the_log_which_tells_most() -> None:
    frame, info, ledger = read(NEW)
    assert ledger.set_index("format")["read"].to_dict() == {
        "pytest-junit": 0, "pytest-json-report": 0, "pytest-reportlog": len(frame),
    }  # fmt: skip
    assert info.producer_version == "9.2.0"


def test_a_crashed_worker_is_no_setup_failure() -> None:
    row = by_case(DATA / "pytest-9-crash.xml").loc["crash/test_crash.py › test_crash"]
    assert row["message"].startswith("worker 'gw0' crashed while running")
    assert row.isna()["phase"]


def test_the_nameless_case_of_an_interrupted_session_is_no_result() -> None:
    frame, info, _ = read(DATA / "pytest-7-interrupted.xml")
    assert len(frame) == 1
    assert info.incomplete
    assert "session stopped" in info.errors[0]


def test_the_log_names_the_test_that_was_interrupted() -> None:
    frame, info, _ = read(DATA / "pytest-7-interrupted.jsonl")
    assert frame["status"].tolist() == ["passed", "interrupted"]
    assert info.incomplete


def test_a_log_may_end_anywhere(written: Any) -> None:
    text = (NEW / "log.jsonl").read_bytes()
    for end in (len(text) // 3, len(text) // 2, len(text) - 60):
        frame, info, ledger = read(written(text[:end]))
        assert info.incomplete
        assert ledger["salvaged"][0] == len(frame) > 0
        assert "interrupted" not in set(frame["status"][:-2])


@pytest.mark.parametrize(
    ("classname", "node"),
    [
        ("tests.test_a", ("tests/test_a.py", "", "test_x", True)),
        ("tests.test_a.TestX.TestY", ("tests/test_a.py", "TestX › TestY", "test_x", True)),
        ("tests.unit.a_test.Works", ("tests/unit/a_test.py", "Works", "test_x", True)),
        (
            "test_integration.test_api.TestX",
            ("test_integration/test_api.py", "TestX", "test_x", True),
        ),
        ("pkg.specs.Checkout", ("pkg/specs.py", "Checkout", "test_x", False)),
    ],
)
def test_module_and_classes_are_told_apart_by_their_names(classname: str, node: Any) -> None:
    found, sure = from_junit(classname, "test_x", None)
    assert (*found, sure) == node


def test_a_guessed_file_is_doubted(written: Any) -> None:
    path = written(junit('<testcase classname="pkg.specs.Checkout" name="x" time="0"/>'))
    assert any("the file is a guess" in doubt for doubt in doubts(path))


OLDEST = """<?xml version="1.0" encoding="utf-8"?><testsuite errors="1" failures="0" name="pytest" skips="1" tests="2" time="0.1">
<testcase classname="test_a" file="test_a.py" line="4" name="test_x" time="0.01"><error message="test setup failure">def stock():
&gt;       raise OSError(2)
E       OSError: 2

test_a.py:3: OSError</error></testcase>
<testcase classname="test_a" file="test_a.py" line="7" name="test_y" time="0"><skipped message="no data" type="pytest.skip">test_a.py:8: no data</skipped></testcase></testsuite>"""


def test_the_oldest_dialect(written: Any) -> None:
    frame = by_case(written(OLDEST))
    row = frame.loc["test_a.py › test_x"]
    assert (row["phase"], row["message"], row["line"]) == ("setup", "OSError: 2", 5)
    assert frame["skip_reason"]["test_a.py › test_y"] == "no data"
    assert doubts(written(OLDEST))[-1].startswith("workers")


def test_escapes_and_emoji_written_as_text_are_undone(written: Any) -> None:
    cases = (
        '<testcase classname="test_a" name="test_x[#x1F680]" time="0">'
        '<failure message="assert #x1B[31m1#x1B[0m == 2">E   assert #x1B[31m1#x1B[0m == 2</failure></testcase>'
    )
    row = by_case(written(junit(cases))).loc["test_a.py › test_x[🚀]"]
    assert row["message"] == "assert 1 == 2"


def test_several_errors_of_one_module_are_one_result(written: Any) -> None:
    error = '<error message="collection failure">E   ImportError: {}</error>'
    cases = f'<testcase classname="" name="tests.test_a" time="0">{error.format(1)}{error.format(2)}</testcase>'
    frame, _, ledger = read(written(junit(cases, 'name="pytest" tests="1" errors="2"')))
    assert frame["message"].tolist() == ["ImportError: 1\n\nImportError: 2"]
    assert not any("header" in doubt for doubt in ledger["doubts"][0])


def test_subtests_are_failures_of_their_test(written: Any) -> None:
    failure = '<failure message="assert {0}">E   assert {0}</failure>'
    cases = f'<testcase classname="test_a" name="test_x" time="0">{failure.format(0)}{failure.format(1)}</testcase>'
    row = by_case(written(junit(cases))).loc["test_a.py › test_x"]
    assert row["message"] == "assert 0\n\nassert 1"


def test_a_summary_that_pytest_cut_is_read_from_the_text(written: Any) -> None:
    cases = (
        '<testcase classname="test_a" name="test_x" time="0"><failure message="assert 1&#10;[+9 more lines;'
        ' full report in element text]">&gt;   assert 1\nE   assert 1\nE     + whole\n\ntest_a.py:3: AssertionError</failure></testcase>'
    )
    assert by_case(written(junit(cases)))["message"].tolist() == ["assert 1\n  + whole"]


def test_native_tracebacks_end_in_the_cause(written: Any) -> None:
    text = "Traceback (most recent call last):\n  File &quot;a.py&quot;, line 1\n    x\nValueError: no\nmore"
    cases = f'<testcase classname="test_a" name="test_x" time="0"><error message="collection failure">{text}</error></testcase>'
    assert by_case(written(junit(cases)))["message"].tolist() == ["ValueError: no\nmore"]


def test_short_tracebacks_name_the_place_and_quote_the_line(written: Any) -> None:
    text = (
        "&lt;frozen importlib&gt;:1: in load\n    ???\ntests\\test_a.py:7: in test_x\n    assert 1 == 2\n"
        "E   assert 1 == 2"
    )
    cases = f'<testcase classname="tests.test_a" name="test_x" time="0"><failure message="assert 1 == 2">{text}</failure></testcase>'
    row = by_case(written(junit(cases))).iloc[0]
    assert (row["location"], row["snippet"]) == ("tests/test_a.py:7", "    assert 1 == 2")


def test_an_internal_error_belongs_to_the_run(written: Any) -> None:
    cases = '<testcase classname="pytest" name="internal" time="0"><error message="internal error">boom</error></testcase>'
    frame, info, _ = read(written(junit(cases)))
    assert frame.empty
    assert info.errors == ["boom"]


def test_header_totals_that_lie_are_doubted(written: Any) -> None:
    path = written(
        junit(
            '<testcase classname="test_a" name="x" time="0"/>',
            'name="pytest" tests="9" failures="3"',
        )
    )
    said = doubts(path)
    assert "the header says 9 tests, the file holds 1" in said
    assert "the header says 3 failures, the file holds 0" in said


def test_a_report_with_totals_only_is_refused(written: Any) -> None:
    report = {
        "created": 1.0,
        "duration": 1.0,
        "exitcode": 0,
        "root": "/",
        "summary": {"passed": 3, "total": 3},
    }
    with pytest.raises(Exception, match="totals only"):
        read(written(report))


def test_an_empty_session_says_so(written: Any) -> None:
    report = {
        "created": 1.0,
        "duration": 1.0,
        "exitcode": 5,
        "root": "/",
        "summary": {"total": 0},
        "tests": [],
    }
    frame, info, _ = read(written(report))
    assert frame.empty
    assert info.errors == ["no tests were collected"]
