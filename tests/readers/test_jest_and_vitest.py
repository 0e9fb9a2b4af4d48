"""Jest's and Vitest's JSON: genuine files of one small project, and what else they may hold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fictures_reports.errors import ReadError
from fictures_reports.readers.read import read

from .conftest import DATA

JEST, VITEST = DATA / "jest-30.json", DATA / "vitest-4.json"


def by_title(path: Path) -> dict[str, Any]:
    frame = read(path)[0]
    return {row["title"]: row for row in frame.to_dict("records")}


def report(*files: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"numTotalTests": 1, "startTime": 1.7e12, **more, "testResults": list(files)}


def file(*tests: dict[str, Any], name: str = "/srv/app/src/a.test.ts", **more: Any) -> Any:
    results = [{"title": "adds", "ancestorTitles": [], "status": "passed", **one} for one in tests]
    return {"name": name, "status": "passed", "message": "", "assertionResults": results, **more}


def test_statuses_of_jest() -> None:
    statuses = {title: row["status"] for title, row in by_title(JEST).items()}
    assert statuses == {
        "adds up": "passed", "is wrong": "failed", "is left out": "skipped",
        "is to be written": "skipped", "is known to fail": "xfailed",
        "should have failed": "failed", "passes on the second try": "flaky", "collection": "failed",
    }  # fmt: skip


def test_statuses_of_vitest() -> None:
    statuses = {title: row["status"] for title, row in by_title(VITEST).items()}
    assert statuses == {
        "adds up": "passed", "is wrong": "failed", "is left out": "skipped",
        "is to be written": "skipped", "is known to fail": "passed", "skips itself": "skipped",
        "should have failed": "failed", "passes on the second try": "flaky", "collection": "failed",
    }  # fmt: skip


def test_the_ledger_names_the_tool() -> None:
    for path, name, producer in (
        (JEST, "jest-json", "Jest"),
        (VITEST, "vitest-json", "Vitest"),
    ):
        _, info, ledger = read(path)
        assert (ledger["format"][0], ledger["producer"][0]) == (name, producer)
        assert info.started_at is not None
        assert info.duration_s is not None and 0 < info.duration_s < 10  # noqa: PT018


def test_a_case_has_the_same_id_from_json_and_from_jest_junit() -> None:
    ids, of_junit = (set(read(path)[0]["case_id"]) for path in (JEST, DATA / "jest-30.xml"))
    assert len({one for one in ids & of_junit if "cart › total › " in one}) == 6


def test_an_error_has_its_message_type_place_and_no_codes() -> None:
    row = by_title(JEST)["is wrong"]
    assert row["message"].endswith("Expected: 3\nReceived: 2")
    assert "\x1b" not in row["message"]
    assert row["location"] == "src/cart.jest.js:5:42"
    assert row["line"] == 5
    assert by_title(VITEST)["is wrong"]["error_type"] == "AssertionError"


def test_each_retry_is_an_attempt() -> None:
    assert by_title(JEST)["is wrong"]["n_attempts"] == 2
    for path in (JEST, VITEST):
        row = by_title(path)["passes on the second try"]
        assert row["n_attempts"] == 2
        assert "2" in row["message"]


def test_durations_are_seconds() -> None:
    assert by_title(JEST)["adds up"]["duration_s"] == pytest.approx(0.009)
    assert by_title(VITEST)["adds up"]["duration_s"] == pytest.approx(0.00114, rel=0.01)


def test_a_file_that_cannot_be_loaded_fails_in_collection() -> None:
    for path, name in ((JEST, "src/broken.jest.js"), (VITEST, "src/broken.test.js")):
        row = by_title(path)["collection"]
        assert (row["file"], row["phase"]) == (name, "collection")
        assert row["message"].startswith("Cannot find module './nowhere'")


def test_a_todo_is_a_declared_skip(only: Any) -> None:
    row = only(report(file({"status": "todo"})))
    assert (row["status"], row["skip_reason"]) == ("skipped", "todo")


@pytest.mark.parametrize("word", ["pending", "skipped", "disabled"])
def test_tests_that_were_left_out_are_skipped(only: Any, word: str) -> None:
    assert only(report(file({"status": word})))["status"] == "skipped"


def test_a_failing_hook_of_a_file_is_a_result_of_its_own(written: Any) -> None:
    one = file({"status": "skipped"}, status="failed", message="Error: no database")
    frame = read(written(report(one)))[0]
    assert frame["status"].tolist() == ["skipped", "failed"]
    assert frame["title"].tolist() == ["adds", "(suite)"]


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (["/srv/app/src/a.test.ts"], ["src/a.test.ts"]),
        (["/app/src/ui/a.js", "/app/src/ui/b.js"], ["src/ui/a.js", "src/ui/b.js"]),
        (["/srv/app/src/a.test.ts", "/srv/app/e2e/b.test.ts"], ["src/a.test.ts", "e2e/b.test.ts"]),
        (["D:\\work\\app\\tests\\a.test.ts"], ["tests/a.test.ts"]),
        (["src/a.test.ts"], ["src/a.test.ts"]),
        (["a.test.ts"], ["a.test.ts"]),
    ],
)  # fmt: skip
def test_files_are_named_below_the_project(
    written: Any, names: list[str], files: list[str]
) -> None:
    frame = read(written(report(*[file({}, name=name) for name in names])))[0]
    assert frame["file"].tolist() == files


def test_a_report_that_breaks_off_gives_the_files_that_are_whole(written: Any) -> None:
    last = file({"title": "one"}, {"title": "two"})
    last["name"] = last.pop("name")  # it stands last in genuine files
    whole = json.dumps(report(file({}), last))
    frame, info, ledger = read(written(whole[: whole.index('"two"')]))
    assert frame["title"].tolist() == ["adds"]
    assert info.incomplete
    assert ledger["salvaged"][0] == 1
    assert any(doubt.startswith("2 tests left out") for doubt in ledger["doubts"][0])


def test_half_a_result_is_left_out(written: Any) -> None:
    whole = json.dumps(report(file({}, {"title": "two"})))
    frame, _, ledger = read(
        written(whole[: whole.index('"ancestorTitles": [], "status": "passed"}]')])
    )
    assert frame["title"].tolist() == ["adds"]
    assert any("half a result left out: 'two'" in doubt for doubt in ledger["doubts"][0])


def test_a_report_that_breaks_off_in_its_first_file_says_so(written: Any) -> None:
    text = JEST.read_text("utf-8")
    with pytest.raises(ReadError, match=r"breaks off .* before the first result"):
        read(written(text[: text.index('"is left out"')]))


def test_a_run_without_tests_says_so(written: Any) -> None:
    frame, info, _ = read(written(report(numTotalTests=0)))
    assert frame.empty
    assert info.errors == ["no tests were found"]


def test_totals_alone_are_refused_by_name(written: Any) -> None:
    for content in ({"numTotalTests": 3}, report({"testFilePath": "/srv/a.test.js"})):
        with pytest.raises(ReadError, match="Jest or Vitest JSON without the results of tests"):
            read(written(content))


def test_a_total_that_differs_is_noted(written: Any) -> None:
    ledger = read(written(report(file({}), numTotalTests=9)))[2]
    assert any("says 9 tests, the file holds 1" in doubt for doubt in ledger["doubts"][0])


def test_beside_junit_of_the_same_run_the_json_counts_as_it_tells_more() -> None:
    frame = read([JEST, DATA / "jest-30.xml"])[0]
    assert len(frame) == 8
    assert frame["status"].value_counts()["flaky"] == 1
