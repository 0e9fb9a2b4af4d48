"""What stands for a run or a file in which nothing ran, and what CTRF's extras tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import fictures_reports as fr


def written(path: Path, content: Any) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    path.write_text(text, "utf-8")
    return path


def test_a_suite_of_jests_junit_that_failed_to_run_stands_for_its_file(tmp_path: Path) -> None:
    xml = (
        '<testsuites name="jest tests"><testsuite name="Test suite failed to run" errors="1">'
        '<testcase classname="Test suite failed to run" name="src/pond.test.js" time="0">'
        "<error>Cannot find module './fish' from 'src/pond.test.js'</error></testcase>"
        "</testsuite></testsuites>"
    )
    row = fr.read_run(written(tmp_path / "junit.xml", xml)).results.iloc[0]
    assert row["case_id"] == "src/pond.test.js › collection"
    assert (row["category"], row["phase"]) == ("code_error", "collection")


def test_a_log_of_pytest_that_was_called_wrongly_says_so(tmp_path: Path) -> None:
    for code, words in ((4, "called wrongly"), (3, "internal error"), (5, "no tests were")):
        lines = [
            {"pytest_version": "9.2.0", "$report_type": "SessionStart"},
            {"exitstatus": code, "$report_type": "SessionFinish"},
        ]
        log = written(tmp_path / "log.jsonl", "\n".join(map(json.dumps, lines)))
        assert words in fr.read_run(log).errors["message"].iloc[0]


def ctrf(*tests: dict[str, Any]) -> dict[str, Any]:
    summary = {"tests": len(tests), "start": 1764324000000, "stop": 1764324001000}
    return {"results": {"tool": {"name": "playwright"}, "summary": summary, "tests": tests}}


def test_ctrf_of_playwright_tells_what_was_declared(tmp_path: Path) -> None:
    marked = {"extra": {"annotations": [{"type": "fail", "description": "bug 7"}]}}
    wrong = {"message": "Error: expect(received).toBe(expected)\n\nExpected: 2\nReceived: 1"}
    report = ctrf(
        {"name": "sinks", "status": "passed", "rawStatus": "failed", **marked, **wrong},
        {"name": "swims", "status": "passed", "rawStatus": "passed", **marked},
        {"name": "dives", "status": "skipped", "rawStatus": "skipped",
         "extra": {"annotations": [{"type": "skip", "description": "no water"}]}},
        {"name": "rests", "status": "skipped", "rawStatus": "fixme"},
        {"name": "floats", "status": "passed", "rawStatus": "passed",
         "extra": {"annotations": [7, {"type": 3}]}},
    )  # fmt: skip
    rows = fr.read_run(written(tmp_path / "ctrf.json", report)).results.set_index("title")
    assert rows["status"].to_dict() == {
        "sinks": "xfailed", "swims": "failed", "dives": "skipped", "rests": "skipped",
        "floats": "passed",
    }  # fmt: skip
    assert rows.loc["swims", "category"] == "assertion"
    assert rows.loc["dives", "skip_reason"] == "no water"
    assert rows.loc["rests", "category"] == "skipped_declared"


def test_ctrf_of_pytest_tells_the_phase_in_its_raw_status(tmp_path: Path) -> None:
    report = ctrf(
        {"name": "test_pond.py::test_a", "status": "failed", "rawStatus": "setup_failed",
         "message": "RuntimeError: no water", "trace": "E   RuntimeError: no water"},
    )  # fmt: skip
    report["results"]["tool"]["name"] = "pytest"
    row = fr.read_run(written(tmp_path / "ctrf.json", report)).results.iloc[0]
    assert (row["phase"], row["category"]) == ("setup", "fixture_error")


SKIPPED = '<properties><property name="skip" value=""/></properties><skipped></skipped>'


def test_what_a_format_cannot_tell_is_one_line_for_all_files_of_it(tmp_path: Path) -> None:
    case = '<testcase name="{1}" time="0" classname="{0}.spec.ts">{2}</testcase>'
    suite = (
        '<testsuites id="" name="" tests="2" failures="0" skipped="1" errors="0" time="1">'
        '<testsuite name="{0}.spec.ts" timestamp="2026-11-28T10:00:00Z" hostname="desk" tests="2"'
        ' failures="0" skipped="1" time="1" errors="0">'
        f"{case.replace('{1}', 'swims').replace('{2}', '')}"
        f"{case.replace('{1}', 'dives').replace('{2}', SKIPPED)}"
        "</testsuite></testsuites>"
    )
    for name in "abc":
        written(tmp_path / f"{name}.xml", suite.format(name))
    run = fr.read_run(tmp_path)
    assert len(run.results) == 6
    assert len(run.doubts) == len(set(run.doubts)) == 3
    assert all("a.xml: " in doubt and "(3 files)" in doubt for doubt in run.doubts)
    assert any("a.xml: 3 skipped tests" in doubt for doubt in run.doubts)


def test_allures_environment_properties_are_facts_of_the_run(tmp_path: Path) -> None:
    result = {
        "uuid": "a", "historyId": "h", "fullName": "pond#swims", "name": "swims",
        "status": "passed", "start": 1764324000000, "stop": 1764324001000, "stage": "finished",
        "labels": [],
    }  # fmt: skip
    written(tmp_path / "a-result.json", result)
    written(
        tmp_path / "environment.properties",
        "# of the run\nBrowser = Chromium 141\nBase\\ URL: http\\://pond.test\n\\u00dcber=a\\\\b\n!x=1\n=3\n",
    )
    run = fr.read_run(tmp_path)
    assert run.info.environment == {
        "Browser": "Chromium 141", "Base URL": "http://pond.test", "\u00dcber": "a\\b",
    }  # fmt: skip
    assert run.is_whole


def test_totals_above_the_rows_of_json_are_known_to_be_missing(tmp_path: Path) -> None:
    jest = {
        "numTotalTests": 3, "numFailedTests": 2, "numRuntimeErrorTestSuites": 0,
        "testResults": [{"name": "/w/a.test.js", "status": "passed", "assertionResults": [
            {"ancestorTitles": [], "title": "swims", "status": "passed"}]}],
    }  # fmt: skip
    pytest_ = {
        "created": 1764324000.0, "exitcode": 1, "root": "/w", "summary": {"total": 4},
        "tests": [{"nodeid": "a.py::test_swims", "outcome": "passed"}],
    }  # fmt: skip
    for name, report in (("jest", jest), ("pytest", pytest_)):
        run = fr.read_run(written(tmp_path / f"{name}.json", report))
        assert not run.is_whole
        assert any("the file holds 1" in doubt for doubt in run.doubts)


def test_a_suite_that_is_named_by_the_build_alone_is_no_part_of_an_id(tmp_path: Path) -> None:
    ids = []
    for number in (412, 413):
        xml = (
            f'<testsuite name="Build #{number}"><testcase classname="pond" name="swims"/>'
            "</testsuite>"
        )
        ids.append(fr.read_run(written(tmp_path / f"{number}.xml", xml)).results["case_id"][0])
    assert ids == ["pond › swims", "pond › swims"]
