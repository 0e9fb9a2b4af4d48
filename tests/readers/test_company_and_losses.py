"""What lies beside results is no loss, and what is lost of them is said and counted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fictures_reports.readers.read import read

from .conftest import junit

CASES = '<testcase classname="c" name="a"/><testcase classname="c" name="b"/>'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("numbers.json", "[1, 2, 3]"),
        ("count.json", "42"),
        ("word.json", '"story"'),
        ("nothing.json", "null"),
        ("empty.json", "[]"),
        ("log.jsonl", '{"level": "info"}\n{"level": "warn"}\n'),
        ("trace.network", "{}\n{}"),
        ("live.ndjson", '{"a": 1}\n{"a": 2}\n{"a'),
        ("tsconfig.json", '{\n  // strict\n  "compilerOptions": {},\n}'),
    ],
)
def test_sound_json_that_is_no_report_costs_no_run_its_gates(
    written: Any, name: str, content: str
) -> None:
    written(junit(CASES), "run/junit.xml")
    folder = written(content, f"run/{name}").parent
    frame, info, ledger = read(folder)
    assert len(frame) == 2
    assert not info.incomplete
    assert ledger["refused"].isna().all()


@pytest.mark.parametrize("content", ['{"a": [1, 2', '{"level": "info"', "[1, 2", "not JSON"])
def test_a_cut_json_file_is_lost(written: Any, content: str) -> None:
    written(junit(CASES), "run/junit.xml")
    _, _, ledger = read(written(content, "run/other.json").parent)
    assert ledger["refused"].notna().sum() == 1


@pytest.mark.parametrize("encoding", ["iso-8859-1", "latin-1", "windows-1252", "utf-16"])
def test_a_file_in_the_encoding_that_it_declares_is_whole(written: Any, encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + junit(CASES.replace('"b"', '"é"'))
    frame, _, ledger = read(written(text.encode(encoding), "junit.xml"))
    assert frame["title"].tolist() == ["a", "é"]
    assert ledger["salvaged"].tolist() == [0]
    assert not any("well-formed" in doubt for doubt in ledger["doubts"][0])


def test_bytes_of_another_encoding_are_said_and_lose_nothing(written: Any) -> None:
    frame, info, ledger = read(
        written(junit(CASES.replace('"b"', '"é"')).encode("latin-1"), "j.xml")
    )
    assert frame["title"].tolist() == ["a", "é"]
    assert any("read as Windows-1252" in doubt for doubt in ledger["doubts"][0])
    assert (ledger["salvaged"][0], info.incomplete) == (0, False)


def test_blank_lines_before_the_declaration_lose_nothing(written: Any) -> None:
    path = written('\n\n<?xml version="1.0"?>' + junit(CASES), "junit.xml")
    frame, _, ledger = read(path)
    assert (len(frame), ledger["salvaged"][0]) == (2, 0)


def test_failures_of_the_header_that_no_row_has_are_missing(written: Any) -> None:
    totals = 'name="s" tests="2" failures="3"'
    _, _, ledger = read(written(junit(CASES, totals), "junit.xml"))
    assert ledger["missing"][0] == ["the header says 3 failures, the file holds 0"]
    fails = CASES.replace('"b"/>', '"b"><failure message="no"/></testcase>')
    assert read(written(junit(fails, totals), "other.xml"))[2]["missing"][0] == []


def test_totals_of_playwrights_junit_above_its_rows_are_missing(written: Any) -> None:
    text = (
        '<testsuites id="" name="" tests="5" failures="0" skipped="0" errors="0" time="1">'
        '<testsuite name="a.spec.ts" timestamp="2026-10-05T08:00:00.000Z" hostname="" tests="5"'
        ' failures="0" skipped="0" time="1" errors="0"><testcase name="t" classname="a.spec.ts"'
        ' time="1"></testcase></testsuite></testsuites>'
    )
    assert read(written(text, "junit.xml"))[2]["missing"][0] == [
        "the header says 5 tests, the file holds 1"
    ]


def _report(*specs: Any, **more: Any) -> dict[str, Any]:
    suites = [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": list(specs)}]
    return {"config": {"version": "1.60.0"}, "suites": suites, "errors": []} | more


def _spec(title: str, status: str, **more: Any) -> dict[str, Any]:
    tried = {"status": status, "duration": 1, "retry": 0, "startTime": "2026-01-01T08:00:00.000Z"}
    test = {"projectName": "", "expectedStatus": "passed", "results": [tried], "status": "expected"}
    return {"title": title, "file": "a.spec.ts", "line": 1, "tests": [test | more]}


@pytest.mark.parametrize(
    "broken", [_spec("b", "failed") | {"tests": None}, _spec("b", "failed", results=5)]
)
def test_nothing_in_the_place_of_results_is_a_loss(written: Any, broken: Any) -> None:
    _, _, ledger = read(written(_report(_spec("a", "passed"), broken), "results.json"))
    assert len(ledger["missing"][0]) == 1


@pytest.mark.parametrize("key", ["suites", "specs", "tests", "results"])
def test_a_key_that_stands_twice_loses_no_result(written: Any, key: str) -> None:
    """Parsers keep the last of equal keys: the failure would be gone, and nothing said."""
    text = json.dumps(_report(_spec("a", "passed")))
    first = {
        "suites": [{"title": "b", "file": "b.spec.ts", "specs": [_spec("b", "failed")]}],
        "specs": [_spec("b", "failed")],
        "tests": [_spec("b", "failed")["tests"][0] | {"projectName": "webkit"}],
        "results": [_spec("b", "failed")["tests"][0]["results"][0]],
    }[key]
    mark = f'"{key}": '
    path = written(text.replace(mark, f"{mark}{json.dumps(first)}, {mark}", 1), "results.json")
    frame, info, ledger = read(path)
    assert sorted(frame["status"]) == (["flaky"] if key == "results" else ["failed", "passed"])
    assert any(f"the key {key!r} more than once" in doubt for doubt in ledger["doubts"][0])
    assert not info.incomplete


def test_sources_and_pictures_in_a_folder_are_not_opened(written: Any) -> None:
    """Named outright, a file is read whatever it is called."""
    written(junit(CASES), "run/junit.xml")
    picture = written(junit(CASES.replace('"a"', '"other"')), "run/picture.png")
    assert len(read(picture.parent)[0]) == 2
    assert read(picture)[0]["title"].tolist() == ["other", "b"]


def test_what_allure_hangs_on_tests_is_no_result_of_its_own(written: Any) -> None:
    """Attachments may be reports, whole or cut, of what the test itself ran."""
    result = {"uuid": "a", "name": "t", "fullName": "t#t", "historyId": "h", "status": "passed",
              "stage": "finished", "labels": []}  # fmt: skip
    folder = written(result, "run/a-result.json").parent
    for name, content in (
        ("b.xml", junit(CASES)),
        ("c.xml", "<testsuite><testcase"),
        ("d.json", "{"),
    ):
        written(content, f"run/{name.replace('.', '-attachment.')}")
    frame, info, ledger = read(folder)
    assert (len(frame), len(ledger), info.incomplete) == (1, 1, False)


@pytest.mark.parametrize("within", ["results", "root"])
def test_errors_of_the_run_that_a_reporter_puts_into_extra_are_read(
    written: Any, within: str
) -> None:
    said = {
        "errors": ["Error: the pond server did not start", {"message": "", "code": 3}],
        "collectionErrors": [{"message": "ImportError: no pond", "filePath": "tests/test_pond.py"}],
    }
    report: dict[str, Any] = {
        "results": {"tool": {"name": "jest"}, "summary": {"tests": 0}, "tests": []}
    }
    (report["results"] if within == "results" else report)["extra"] = said
    _, info, _ = read(written(report, "ctrf.json"))
    assert info.errors == ["Error: the pond server did not start", "ImportError: no pond"]
    place = info.error_places["ImportError: no pond"]
    assert (place.phase, place.file) == ("collection", "tests/test_pond.py")
