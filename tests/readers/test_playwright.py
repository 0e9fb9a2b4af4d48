# ruff: noqa: E501 (lines as the producers write them)
"""Playwright: JSON, JUnit and blobs of the same genuine runs, and quirks in small files."""

from __future__ import annotations

import json
import zipfile
from typing import Any

import pytest

from fictures_reports.errors import ReadError
from fictures_reports.readers.read import read

from .conftest import DATA, by_case, doubts, playwright_report, playwright_test

NEW = DATA / "playwright-1.65"
OLD = DATA / "playwright-1.40"
STATUSES = {
    "adds an item [desk]": "passed",
    "prices › total is below the limit @fast [desk]": "failed",
    "prices › total is below the limit @fast [phone]": "failed",
    "prices › right the second time [desk]": "flaky",
    "prices › waits too long [desk]": "failed",
    "hook › first [desk]": "failed",
    "hook › second [desk]": "not_run",
    "in turn › follows [desk]": "not_run",
    "declared skip [desk]": "skipped",
    "declared fixme [desk]": "skipped",
    "gives up [desk]": "skipped",
    "expected to fail [desk]": "xfailed",
    "expected to fail but passes [desk]": "failed",
    'a › b <i> & "c" é [desk]': "passed",
    "kills its worker [desk]": "failed",
}


def test_every_outcome_gets_its_status() -> None:
    found = by_case(NEW / "results.json")["status"]
    assert {name: found[f"basket.spec.js › {name}"] for name in STATUSES} == STATUSES


@pytest.mark.parametrize("version", [OLD, NEW])
def test_json_junit_and_blob_of_one_run_are_the_same_cases(version: Any) -> None:
    frames = [
        by_case(f"{version}/{name}") for name in ("results.json", "results.xml", "report.zip")
    ]
    assert set(frames[0].index) == set(frames[1].index) == set(frames[2].index)


def test_blob_gives_the_statuses_and_messages_of_json() -> None:
    for version in (OLD, NEW):
        json_, blob = by_case(version / "results.json"), by_case(version / "report.zip")
        for column in ("status", "message", "location", "snippet", "n_attempts", "skip_reason"):
            assert json_[column].astype(str).to_dict() == blob[column].astype(str).to_dict()


def test_junit_gives_the_messages_of_json_for_failures() -> None:
    json_, junit = by_case(NEW / "results.json"), by_case(NEW / "results.xml")
    failed = json_.index[json_["status"] == "failed"]
    for column in ("status", "message", "location", "snippet", "error_type", "n_attempts"):
        assert (
            json_[column][failed].astype(str).tolist() == junit[column][failed].astype(str).tolist()
        )


def test_junit_says_what_it_cannot_tell() -> None:
    said = "\n".join(doubts(NEW / "results.xml"))
    assert "flaky tests are not visible" in said
    assert "interrupted tests look the same" in said
    assert (
        by_case(NEW / "results.xml")["status"][
            "basket.spec.js › prices › right the second time [desk]"
        ]
        == "passed"
    )


def test_junit_with_failures_only_reads_like_the_one_with_errors() -> None:
    old, new = by_case(DATA / "playwright-1.58/results.xml"), by_case(NEW / "results.xml")
    assert old["status"].to_dict() == new["status"].to_dict()
    name = "basket.spec.js › prices › waits too long [desk]"
    assert old["message"][name] == new["message"][name] == "Test timeout of 700ms exceeded."


def test_message_ends_before_code_frame_and_stack() -> None:
    row = by_case(NEW / "results.json").loc[
        "basket.spec.js › prices › total is below the limit @fast [desk]"
    ]
    assert (
        row["message"]
        == "Error: expect(received).toBeLessThan(expected)\n\nExpected: < 2\nReceived:   3"
    )
    assert "> 10 |" in row["snippet"]
    assert row["location"] == "basket.spec.js:10:66"
    assert row["tags"] == ["fast"]


def test_a_flaky_test_keeps_the_message_of_the_attempt_that_failed() -> None:
    row = by_case(NEW / "results.json").loc[
        "basket.spec.js › prices › right the second time [desk]"
    ]
    assert "Expected: 1" in row["message"]
    assert [attempt["status"] for attempt in row["attempts"]] == ["failed", "passed"]


def test_body_and_teardown_are_one_row_with_both_errors_body_first() -> None:
    for name in ("results.json", "results.xml"):
        row = by_case(NEW / name).loc["basket.spec.js › fixtures › broken twice [desk]"]
        texts = [error["message"] for error in row["attempts"][-1]["errors"]]
        assert texts[0].startswith("Error: expect(received).toBe")
        assert texts[1] == "Error: left behind"


def test_phase_is_read_from_words_and_from_the_steps_of_a_blob() -> None:
    json_, blob = by_case(NEW / "results.json")["phase"], by_case(NEW / "report.zip")["phase"]
    at = "basket.spec.js › fixtures › {} [desk]".format
    assert json_[at("too slow before")] == blob[at("too slow before")] == "setup"
    assert blob[at("broken before")] == "setup"
    assert blob[at("broken after")] == "teardown"
    assert json_.isna()[at("broken before")], "an exception in a fixture looks like any other"


def test_a_folder_takes_results_from_json_and_phases_from_the_blob() -> None:
    frame, info, ledger = read(NEW)
    entries = ledger.set_index(ledger["file"].str.rsplit("/", n=1).str[-1])
    assert entries["read"].to_dict() == {"report.zip": 0, "results.json": 29, "results.xml": 0}
    assert entries["repeated"].to_dict() == {"report.zip": 29, "results.json": 0, "results.xml": 29}
    assert "same run as" in entries["doubts"]["results.xml"][0]
    phases = frame.set_index("case_id")["phase"]
    assert phases["basket.spec.js › fixtures › broken after [desk]"] == "teardown"
    assert (info.commit, info.branch) == ("c0ffee", "main")


def test_run_facts_come_from_config_and_metadata() -> None:
    _, info, ledger = read(NEW / "results.json")
    assert (info.producer, info.producer_version, info.n_workers) == ("Playwright", "1.65.1", 2)
    assert info.environment["timeout_s"] == 0.7
    assert [project["name"] for project in info.environment["projects"]] == ["desk", "phone"]
    assert info.environment["metadata"]["stage"] == "test"
    assert ledger["doubts"][0] == []


def test_shards_are_one_run() -> None:
    frame, info, _ = read(DATA / "shards")
    assert (len(frame), info.n_shards, info.incomplete) == (12, 2, False)
    assert set(frame["shard"]) == {1, 2}


def test_a_missing_shard_is_noted() -> None:
    _, info, ledger = read([DATA / "shards/one.zip"])
    assert info.n_shards == 2
    assert "shard 2 of 2 is not among the files" in ledger["doubts"][0]
    assert info.incomplete


def test_a_bare_blob_stream_reads_like_the_zip(written: Any) -> None:
    with zipfile.ZipFile(NEW / "report.zip") as archive:
        stream = archive.read("report.jsonl")
    frame, _, _ = read(written(stream, "stream"))
    assert frame["status"].tolist() == read(NEW / "report.zip")[0]["status"].tolist()


def test_a_blob_cut_in_the_middle_keeps_what_ran(written: Any) -> None:
    with zipfile.ZipFile(NEW / "report.zip") as archive:
        stream = archive.read("report.jsonl")
    frame, info, ledger = read(written(stream[: len(stream) // 2], "stream"))
    assert info.incomplete
    assert ledger["salvaged"][0] == len(frame) == 29
    assert "breaks off at line" in ledger["doubts"][0][0]
    assert {"passed", "not_run"} <= set(frame["status"])


def test_pictures_of_a_blob_travel_in_the_row() -> None:
    with zipfile.ZipFile(NEW / "report.zip") as archive:
        resources = [n for n in archive.namelist() if n.startswith("resources/")]
    frame, _, _ = read(NEW / "report.zip")
    items = [item for cell in frame["attachments"] for item in cell]
    assert resources
    assert all("body" in item for item in items)


@pytest.mark.parametrize("name", ["list.json", "list.xml"])
def test_a_listing_is_not_a_run(name: str) -> None:
    with pytest.raises(ReadError, match="ran none"):
        read(DATA / name)


def test_a_short_run_of_declared_skips_is_a_run(written: Any) -> None:
    skip = playwright_test(
        "skipped", "skipped", expectedStatus="skipped", annotations=[{"type": "skip"}]
    )
    frame, _, _ = read(written(playwright_report(skip, stats={"duration": 20.0})))
    assert frame["status"].tolist() == ["skipped"]


def test_no_tests_but_root_errors_is_a_run_that_says_why(written: Any) -> None:
    report = playwright_report(
        suites=[], errors=[{"message": "Error: \u001b[31mno server\u001b[39m"}]
    )
    frame, info, _ = read(written(report))
    assert frame.empty
    assert info.errors == ["Error: no server"]


@pytest.mark.parametrize(
    ("test", "status"),
    [
        (playwright_test("skipped"), "not_run"),
        (playwright_test("skipped", "skipped"), "not_run"),
        (playwright_test("skipped", "interrupted"), "interrupted"),
        (playwright_test("skipped", annotations=[{"type": "fixme"}]), "skipped"),
        (playwright_test("unexpected", "failed", "interrupted"), "failed"),
        (playwright_test("unexpected", "failed", expectedStatus="skipped"), "failed"),
        (playwright_test("expected", "failed", expectedStatus="failed"), "xfailed"),
        (playwright_test("flaky", "timedOut", "passed"), "flaky"),
    ],
)
def test_statuses_that_playwright_lumps_together(only: Any, test: Any, status: str) -> None:
    assert only(playwright_report(test))["status"] == status


def test_an_if_it_passes_says_so(only: Any) -> None:
    row = only(playwright_report(playwright_test("unexpected", "passed", expectedStatus="failed")))
    assert row["message"] == "Expected to fail, but passed."


def test_the_first_version_without_errors_ids_and_stats(only: Any) -> None:
    text = "Error: no\n\n    at /srv/app/tests/a.spec.ts:3:5"
    result = {"status": "failed", "duration": 5, "error": {"message": "Error: no", "stack": text}}
    row = only(playwright_report(playwright_test("unexpected", result)))
    assert (row["message"], row["line"]) == ("Error: no", 1)


def test_a_crashed_worker_has_no_number(only: Any) -> None:
    result = {
        "status": "failed",
        "workerIndex": -1,
        "errors": [{"message": "Error: worker process exited"}],
    }
    row = only(playwright_report(playwright_test("unexpected", result)))
    assert row.isna()["worker"]


def test_the_same_title_in_two_projects_is_two_cases(written: Any) -> None:
    tests = [playwright_test("expected", "passed", projectName=name) for name in ("a", "b")]
    report = playwright_report()
    report["suites"][0]["specs"] = [{"title": "t", "tests": [test]} for test in tests]
    frame, _, _ = read(written(report))
    assert frame["case_id"].tolist() == ["a.spec.ts › t [a]", "a.spec.ts › t [b]"]


def test_backslashes_and_slashes_are_one_file(written: Any) -> None:
    on_windows, on_linux = (
        playwright_report(playwright_test("expected", "passed")),
        playwright_report(playwright_test("expected", "passed")),
    )
    on_windows["suites"][0] |= {"title": "ui\\a.spec.ts", "file": "ui\\a.spec.ts"}
    on_linux["suites"][0] |= {"title": "ui/a.spec.ts", "file": "ui/a.spec.ts"}
    ids = [read(written(r, n))[0]["case_id"][0] for r, n in ((on_windows, "w"), (on_linux, "l"))]
    assert ids[0] == ids[1] == "ui/a.spec.ts › test 1"


def test_stats_that_differ_from_the_rows_are_doubted(written: Any) -> None:
    stats = {"expected": 3, "unexpected": 0, "flaky": 0, "skipped": 0, "duration": 9}
    report = playwright_report(playwright_test("expected", "passed"), stats=stats)
    assert "stats say 3 expected, the rows are 1" in doubts(written(report))


def test_the_error_is_split_from_later_source_lines(only: Any) -> None:
    text = (
        "TimeoutError: page.waitForSelector: Timeout 10000ms exceeded.\nCall log:\n  - waiting for locator('#a')\n\n\n"
        "  7 |\n> 8 |   await page.waitForSelector('#a');\n    |              ^\n  9 |   expect(t).toBeLessThan(5000);\n"
        "    at /srv/app/tests/a.spec.ts:8:14"
    )
    result = {"status": "failed", "duration": 5, "errors": [{"message": text}]}
    row = only(playwright_report(playwright_test("unexpected", result)))
    assert row["message"].endswith("waiting for locator('#a')")
    assert "toBeLessThan" in row["snippet"]
    assert (row["error_type"], row["location"]) == ("TimeoutError", "a.spec.ts:8:14")


def test_code_in_the_page_is_not_where_it_failed(only: Any) -> None:
    text = (
        "Error: page.evaluate: SecurityError: Access is denied\n    at UtilityScript.evaluate (<anonymous>:292:16)\n"
        "    at /srv/app/tests/a.spec.ts:5:9"
    )
    error = {"message": text, "location": {"file": "<anonymous>", "line": 292, "column": 16}}
    row = only(
        playwright_report(playwright_test("unexpected", {"status": "failed", "errors": [error]}))
    )
    assert row["location"] == "a.spec.ts:5:9"


def test_output_that_is_no_text_is_decoded(only: Any) -> None:
    result = {"status": "passed", "stdout": [{"text": "a"}, {"buffer": "YgpjCg=="}]}
    assert only(playwright_report(playwright_test("expected", result)))["stdout"] == "ab\nc"


RETRIES = """<testsuites id="" name="" tests="2" failures="1" skipped="0" errors="0" time="1">
<testsuite name="a.spec.ts" timestamp="2026-01-01T00:00:00.000Z" hostname="desk" tests="2" failures="1" skipped="0" time="1" errors="0">
<testcase name="[desk] group › flaky" classname="a.spec.ts" time="0.2"><system-out><![CDATA[out
[[ATTACHMENT|../shots/a.png]]
]]></system-out><flakyFailure message="no" type="FAILURE" time="0.1"><stackTrace><![CDATA[Error: no
    at /srv/app/a.spec.ts:3:5]]></stackTrace></flakyFailure></testcase>
<testcase name="[desk] group › bad" classname="a.spec.ts" time="0.2"><rerunError message="no" type="Error" time="0.1"><stackTrace>Error: again</stackTrace></rerunError>
<failure message="a.spec.ts:3:3 bad" type="FAILURE"><![CDATA[  [desk] › a.spec.ts:3:3 › group › bad ───

    Error: \u241b first

    [31mred[39m
]]></failure></testcase></testsuite></testsuites>"""


def test_junit_with_retries_and_project_in_the_name(written: Any) -> None:
    frame = by_case(written(RETRIES, "r.xml"))
    flaky, bad = (
        frame.loc["a.spec.ts › group › flaky [desk]"],
        frame.loc["a.spec.ts › group › bad [desk]"],
    )
    assert (flaky["status"], flaky["message"], flaky["stdout"]) == ("flaky", "Error: no", "out")
    assert flaky["attachments"] == [
        {"name": "a.png", "content_type": "image/png", "path": "../shots/a.png"}
    ]
    assert (bad["status"], bad["n_attempts"], bad["line"]) == ("failed", 2, 3)
    assert "red" in bad["attempts"][0]["errors"][0]["message"]
    assert "[31m" not in bad["attempts"][0]["errors"][0]["message"]


def test_attachments_are_found_below_the_input_and_nowhere_else(
    written: Any, tmp_path: Any
) -> None:
    paths = [
        "/home/ci/app/test-results/x/shot.png",
        "C:\\ci\\test-results\\x\\shot.png",
        "/etc/hostname",
        "../../secret",
    ]
    result = {
        "status": "passed",
        "attachments": [{"name": "s", "contentType": "image/png", "path": p} for p in paths],
    }
    report = written(playwright_report(playwright_test("expected", result)), "run/results.json")
    shot = written(b"png", "run/test-results/x/shot.png")
    written("secret", "secret")
    (report.parent / "etc").symlink_to("/etc")
    frame, _, _ = read(report.parent)
    found = [item["path"] for item in frame["attachments"][0]]
    assert found == [str(shot.resolve()), str(shot.resolve()), "/etc/hostname", "../../secret"]


def test_a_report_wrapped_in_script_output(written: Any) -> None:
    text = "> test\n[dotenv@17] injecting env\n" + json.dumps(
        playwright_report(playwright_test("expected", "passed")), indent=1
    )
    path = written(text + "\n ELIFECYCLE  Command failed with exit code 1.\n")
    assert read(path)[0]["status"].tolist() == ["passed"]
    said = doubts(path)
    assert any("before the JSON" in doubt for doubt in said)
    assert any("behind the JSON" in doubt for doubt in said)
