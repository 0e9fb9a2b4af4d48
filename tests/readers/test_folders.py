"""Folders, archives, several files of one run, histories, and the ledger that tells of them."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from fictures_reports.errors import ReadError, SeveralRuns
from fictures_reports.readers.formats import pytest_junit
from fictures_reports.readers.read import read
from fictures_reports.readers.run_folders import read_many
from fictures_reports.reading import read_runs

from .conftest import DATA, junit, playwright_report, playwright_test

GOOD = playwright_report(playwright_test("expected", "passed"))


def _suite(*names: str, failed: bool = False) -> str:
    body = "<failure message='no'/>" if failed else ""
    return junit(
        "".join(
            f'<testcase classname="test_a" name="{n}" time="0.1">{body}</testcase>' for n in names
        )
    )


def test_one_good_and_one_bad_file(written: Any) -> None:
    written('{"config": {"version": "1.5', "run/bad.json")
    frame, _, ledger = read(written(GOOD, "run/good.json").parent)
    assert len(frame) == 1
    refused = ledger.set_index(ledger["file"].map(os.path.basename))["refused"]
    assert refused.isna()["good.json"]
    assert isinstance(refused["bad.json"], str)


@pytest.mark.parametrize("bad", ["", "not json", "<testsuites><oops", '{"numTotalTests": 3}'])
def test_result_looking_files_that_cannot_be_read_are_named(written: Any, bad: str) -> None:
    written(bad, "run/bad.json")
    _, _, ledger = read(written(GOOD, "run/good.json").parent)
    assert ledger["refused"].notna().tolist() == [True, False]


def test_sound_files_without_results_are_one_line_for_each_kind(written: Any) -> None:
    written('<coverage line-rate="1"/>', "run/coverage.xml")
    written('{"foo": 1}', "run/bad-1.json")
    written('{"foo": 2}', "run/bad-2.json")
    _, info, ledger = read(written(GOOD, "run/good.json").parent)
    others = ledger[ledger["format"] == "not results"]
    assert [doubts[0].endswith("and 1 more") for doubts in others["doubts"]] == [True, False]
    assert not info.incomplete
    assert ledger["refused"].isna().all()


def test_fewer_rows_than_the_header_says_are_known_to_be_missing(written: Any) -> None:
    text = _suite("test_a", "test_b").replace("<testsuite ", '<testsuite tests="9" ', 1)
    _, _, ledger = read(written(text, "junit.xml"))
    assert ledger["missing"][0] == ["the header says 9 tests, the file holds 2"]


def test_a_second_document_behind_the_first_is_known_to_be_missing(written: Any) -> None:
    _, _, ledger = read(written(f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}", "results.json"))
    assert "a second document" in ledger["missing"][0][0]


def test_what_is_no_result_is_passed_over(written: Any) -> None:
    written(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\b\6\0\0\0", "run/shot.png")
    written("<!DOCTYPE html><html></html>", "run/index.html")
    written("body {}", "run/style.css")
    written('{"status": "failed", "failedTests": []}', "run/.last-run.json")
    written('{"name": "app", "version": "1.0.0"}', "run/package.json")
    _, _, ledger = read(written(GOOD, "run/good.json").parent)
    assert len(ledger) == 1


def test_nothing_readable_is_one_clear_line(written: Any) -> None:
    folder = written("", "run/results.json").parent
    with pytest.raises(
        ReadError, match=r"no results that can be read: .*results.json is empty"
    ) as error:
        read(folder)
    assert "\n" not in str(error.value)


def test_an_empty_folder_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="holds no result files"):
        read(tmp_path)


def test_one_xml_per_class_is_one_run(written: Any) -> None:
    written(_suite("a", "b"), "run/1.xml")
    folder = written(_suite("c"), "run/2.xml").parent
    frame, _, ledger = read(folder)
    assert len(frame) == 3
    assert ledger["read"].tolist() == [2, 1]


def test_a_copy_of_the_same_file_counts_once(written: Any) -> None:
    written(_suite("a", "b"), "run/1.xml")
    frame, _, ledger = read(written(_suite("a", "b"), "run/2.xml").parent)
    assert len(frame) == 2
    assert ledger["repeated"].sum() == 2


def test_another_run_of_the_same_tests_is_refused_with_what_would_say_it(written: Any) -> None:
    written(_suite("a", "b", "c"), "run/1.xml")
    folder = written(_suite("a", "b", failed=True), "run/2.xml").parent
    with pytest.raises(SeveralRuns, match=r"\{variant\}\.xml.*\{attempt\}\.xml.*read_runs"):
        read(folder)
    assert [run.label for run in read_runs(folder)] == ["1.xml", "2.xml"]


def test_two_browsers_at_the_same_time_are_parts_of_one_run(written: Any) -> None:
    for name, failed in (("chrome", False), ("firefox", True)):
        suite = f'name="ui" timestamp="2026-01-01T00:00:0{len(name) % 2}Z" time="60"'
        body = "<failure message='no'/>" if failed else ""
        cases = f'<testcase classname="ui" name="a" time="{len(name)}">{body}</testcase>'
        text = junit(cases, suite, 'name="jest tests" time="60"')
        folder = written(text, f"run/{name}.xml").parent
    frame, _, ledger = read(folder)
    assert sorted(frame["case_id"]) == ["ui › a {chrome}", "ui › a {firefox}"]
    assert ledger["refused"].isna().all()


def test_the_same_outcomes_in_other_times_are_another_run(written: Any) -> None:
    report = playwright_report(playwright_test("expected", {"status": "passed", "duration": 5000}))
    xml = (
        '<testsuites id="" name="" tests="1" failures="0" skipped="0" errors="0" time="1">'
        '<testsuite name="a.spec.ts" timestamp="2026-01-01T00:00:00.000Z" hostname="" tests="1"'
        ' failures="0" skipped="0" time="1" errors="0">'
        '<testcase name="test 1" classname="a.spec.ts" time="{}"></testcase>'
        "</testsuite></testsuites>"
    )
    written(report, "run/results.json")
    folder = written(xml.format(5), "run/results.xml").parent
    assert read(folder)[2]["repeated"].tolist() == [0, 1]
    written(xml.format(9), "run/results.xml")
    assert read(folder)[2]["refused"].notna().tolist() == [False, True]


def test_the_id_of_a_run_is_its_content_not_its_place(written: Any) -> None:
    one, two = written(_suite("a"), "here/x.xml"), written(_suite("a"), "there/y.xml")
    other = written(_suite("b"), "other/y.xml")
    ids = [read(path)[1].run_id for path in (one, one.parent, two, other)]
    assert ids[0] == ids[1] == ids[2] != ids[3]


def test_renamed_files_are_the_same_run(written: Any) -> None:
    written(_suite("a"), "here/1.xml")
    here = written(_suite("b"), "here/2.xml").parent
    written(_suite("b"), "there/1.xml")
    there = written(_suite("a"), "there/2.xml").parent
    assert read(here)[1].run_id == read(there)[1].run_id


def test_the_label_is_the_name_unless_given(written: Any) -> None:
    path = written(_suite("a"), "before/x.xml")
    assert read(path.parent)[1].label == "before"
    assert read(path)[1].label == "x.xml"
    assert read(path, label="mine")[1].label == "mine"


def test_gz_zip_and_glob(written: Any, tmp_path: Path) -> None:
    packed = written(gzip.compress(_suite("a").encode()), "run/1.xml.gz")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("deep/2.xml", _suite("b"))
        archive.writestr("shot.png", b"\x89PNG\0\0\0\0\0\0\0\0\0\0")
    zipped = written(buffer.getvalue(), "run/2.zip")
    assert len(read(packed)[0]) == 1
    assert read(zipped)[2]["file"].tolist() == [f"{zipped}/deep/2.xml"]
    assert len(read(f"{tmp_path}/run/*")[0]) == 2
    assert len(read([packed, zipped])[0]) == 2


def test_a_zip_of_blobs_is_a_run(written: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in ("one.zip", "two.zip"):
            archive.write(DATA / "shards" / name, f"blob-report/{name}")
    frame, info, _ = read(written(buffer.getvalue(), "blobs.zip"))
    assert (len(frame), info.n_shards) == (12, 2)


def test_a_damaged_zip_beside_good_files_is_refused_alone(written: Any) -> None:
    written((DATA / "shards/one.zip").read_bytes()[:-300], "run/bad.zip")
    frame, _, ledger = read(written(_suite("a"), "run/good.xml").parent)
    assert len(frame) == 1
    assert ledger["refused"].dropna().str.contains("damaged zip").tolist() == [True]


def test_a_zip_of_thousands_of_files_is_opened_once(written: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(2000):
            archive.writestr(f"{number}.txt", "x")
        archive.writestr("result.xml", _suite("a"))
    path = written(buffer.getvalue(), "a.zip")
    started = time.process_time()
    assert len(read(path)[0]) == 1
    assert time.process_time() - started < 30


def test_shards_of_json_reports(written: Any) -> None:
    for number in (1, 2):
        report = playwright_report(playwright_test("expected", "passed"))
        report["config"]["shard"] = {"current": number, "total": 3}
        report["suites"][0]["specs"][0]["title"] = f"in {number}"
        folder = written(report, f"run/{number}.json").parent
    frame, info, ledger = read(folder)
    assert frame["shard"].tolist() == [1, 2]
    assert (info.n_shards, info.incomplete) == (3, True)
    assert "shard 3 of 3 is not among the files" in [d for cell in ledger["doubts"] for d in cell]


def test_links_out_of_the_folder_are_left_alone(written: Any) -> None:
    secret = written(_suite("secret"), "elsewhere/secret.xml")
    folder = written(_suite("a"), "run/1.xml").parent
    (folder / "link.xml").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    frame, _, _ = read(folder)
    assert frame["title"].tolist() == ["a"]


def test_a_history_has_a_run_per_subfolder_oldest_first(written: Any) -> None:
    for name, start in (("b", "2026-01-01"), ("a", "2026-01-02")):
        text = junit(
            '<testcase classname="test_a" name="x"/>',
            f'name="pytest" timestamp="{start}T00:00:00+00:00"',
        )
        written(text, f"history/{name}/results.xml")
    written("<!DOCTYPE html>", "history/notes/index.html")
    runs = read_many(written("", "history/empty/.keep").parents[1])
    assert [info.label for _, info, _ in runs] == ["b", "a"]


def test_a_flat_history_has_a_run_per_file(written: Any) -> None:
    written(_suite("a", "b"), "history/1.xml")
    folder = written(_suite("a", "b", failed=True), "history/2.xml").parent
    assert [info.label for _, info, _ in read_many(folder)] == ["1.xml", "2.xml"]


def test_a_flat_folder_of_one_run_is_one_run() -> None:
    assert len(read_many(DATA / "pytest-9")) == 1


def test_unreadable_runs_of_a_history_are_handed_over(written: Any) -> None:
    written(_suite("a"), "history/good/1.xml")
    folder = written("<testsuites><testcase", "history/bad/1.xml").parents[1]
    failures: list[ReadError] = []
    assert len(read_many(folder, failures=failures)) == 1
    assert len(failures) == 1


def test_progress_tells_files_and_results(written: Any) -> None:
    written(_suite("a", "b"), "run/1.xml")
    folder = written(_suite("c"), "run/2.xml").parent
    seen: list[tuple[int, int, int]] = []
    read(folder, progress=lambda *numbers: seen.append(numbers))
    assert seen == [(1, 2, 2), (2, 2, 3)]


def test_progress_within_a_large_file(written: Any) -> None:
    path = written(_suite(*(f"t{i}" for i in range(6000))))
    seen: list[tuple[int, int, int]] = []
    read(path, progress=lambda *numbers: seen.append(numbers))
    assert len(seen) == 2
    assert 4000 < seen[0][2] < seen[1][2] == 6000
    assert {(done, of) for done, of, _ in seen} == {(1, 1)}


def test_many_files_are_one_run_and_no_process_is_started(written: Any, monkeypatch: Any) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refused)
    monkeypatch.setattr(os, "fork", refused, raising=False)
    for number in range(200):
        name, failed = f"t{number}", number % 7 == 0
        folder = written(_suite(name, failed=failed) + " " * 3000, f"run/{number}.xml").parent
    written("not json", "run/bad.json")
    frame, _, ledger = read(folder)
    assert frame["status"].value_counts().to_dict() == {"passed": 171, "failed": 29}
    assert ledger["read"].sum() == 200
    assert ledger["refused"].notna().sum() == 1


@pytest.mark.parametrize("error", [KeyError, RecursionError, OSError, MemoryError])
def test_whatever_a_reader_raises_costs_one_file(
    written: Any, monkeypatch: Any, error: type[Exception]
) -> None:
    def fails(*_: Any) -> None:
        raise error("for a test\nof two lines")

    bad, good = written(_suite("a"), "run/bad.xml"), written(GOOD, "run/good.json")
    monkeypatch.setattr(pytest_junit, "_row", fails)
    frame, _, ledger = read(good.parent)
    assert frame["title"].tolist() == ["test 1"]
    refused = ledger.set_index(ledger["file"].map(os.path.basename))["refused"]
    assert error.__name__ in refused["bad.xml"]
    with pytest.raises(ReadError, match=error.__name__) as raised:
        read(bad)
    assert "\n" not in str(raised.value)


def test_retries_in_files_of_their_own_are_joined(written: Any) -> None:
    for n, status in enumerate(("failed", "passed")):
        result = {
            "uuid": f"{n}", "historyId": "h", "testCaseId": "h", "fullName": "tests.test_a#test_x",
            "name": "test_x", "status": status, "stage": "finished", "labels": [],
            "start": 1_700_000_000_000 + n * 5000, "stop": 1_700_000_001_000 + n * 5000,
        }  # fmt: skip
        folder = written(json.dumps(result), f"run/{n}-result.json").parent
    frame, _, _ = read(folder)
    assert frame["duration_s"].tolist() == [2.0]
    assert frame["status"].tolist() == ["flaky"]


def test_a_file_whose_name_is_no_text_is_read(written: Any) -> None:
    folder = written(_suite("a"), "run/1.xml").parent
    (folder / os.fsdecode(b"\xff.xml")).write_bytes((folder / "1.xml").read_bytes())
    _, _, ledger = read(folder)
    assert ledger["file"].tolist() == [str(folder / "1.xml"), str(folder / "\ufffd.xml")]
    assert ledger["read"].sum() == 1
    assert read(folder / os.fsdecode(b"\xff.xml"))[1].label == "\ufffd.xml"


def test_a_case_that_is_twice_in_one_of_several_files_is_numbered(written: Any) -> None:
    written(_suite("a", "b", "a"), "run/1.xml")
    frame, _, ledger = read(written(_suite("c"), "run/2.xml").parent)
    assert sorted(frame["title"]) == ["a", "a", "b", "c"]
    assert frame["case_id"].is_unique
    assert any("numbered" in doubt for doubts in ledger["doubts"] for doubt in doubts)
