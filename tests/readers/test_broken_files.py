# ruff: noqa: E501 (lines as the producers write them)
"""Files that break off, are not well-formed, in odd encodings, or meant to do harm."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
import zipfile
from typing import Any

import pytest

from fictures_reports.errors import MalformedFile, ReadError
from fictures_reports.readers.files.json_document import close
from fictures_reports.readers.read import read

from .conftest import DATA, by_case, doubts, junit, playwright_report, playwright_test

NEW = DATA / "playwright-1.65"
CASE = '<testcase classname="test_a" name="{}" time="0.1"/>'


def test_a_cut_json_keeps_whole_results_and_says_where_it_breaks(written: Any) -> None:
    text = (NEW / "results.json").read_text("utf-8")
    whole = by_case(NEW / "results.json")
    frame, info, ledger = read(written(text[: len(text) // 2]))
    kept = frame.set_index("case_id")
    assert 0 < len(kept) < len(whole)
    assert kept["status"].to_dict() == whole["status"][kept.index].to_dict()
    assert ledger["salvaged"][0] == len(kept)
    assert info.incomplete
    assert "breaks off at line" in "\n".join(ledger["doubts"][0])


def test_half_a_result_is_left_out_by_name(written: Any) -> None:
    tests = [
        playwright_test("expected", "passed"),
        playwright_test("unexpected", "failed", "failed"),
    ]
    text = json.dumps(playwright_report(*tests))
    path = written(text[: text.rindex('"failed"')])
    assert read(path)[0]["title"].tolist() == ["test 1"]
    assert "half a result left out: 'test 2'" in doubts(path)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ('{"a": [1, {"b": "x", "c"', '{"a": [1, {"b": "x","__cut__":true}],"__cut__":true}'),
        ('{"a": 12', '{"__cut__":true}'),
        ('{"a": 12,', '{"a": 12,"__cut__":true}'),
        ('{"a": "un', '{"__cut__":true}'),
        ('[1, 2, {"a', '[1, 2, {"__cut__":true}]'),
        ('{"a": {}}', '{"a": {}}'),
        ("", None),
    ],
)
def test_closing_a_cut_json(text: str, closed: str | None) -> None:
    assert close(text) == closed


def test_a_json_report_of_pytest_may_be_cut(written: Any) -> None:
    text = (DATA / "pytest-9/report.json").read_text("utf-8")
    frame, info, _ = read(written(text[: len(text) * 2 // 3]))
    assert info.incomplete
    assert len(frame) > 5


def test_a_cut_xml_keeps_whole_results(written: Any) -> None:
    text = junit(
        CASE.format("a")
        + CASE.format("b")
        + '<testcase classname="test_a" name="c" time="0.1"><failure message="no">tex'
    )
    path = written(text.partition("</testsuite>")[0])
    frame, info, ledger = read(path)
    assert frame["title"].tolist() == ["a", "b"]
    assert (ledger["salvaged"][0], info.incomplete) == (2, True)
    assert "half a result left out: 'c'" in ledger["doubts"][0]


def test_a_failing_case_whose_failure_is_cut_off_is_no_pass(written: Any) -> None:
    text = junit(CASE.format("a") + '<testcase classname="test_a" name="c" time="0.1">')
    assert read(written(text.partition("</testsuite>")[0]))[0]["title"].tolist() == ["a"]


@pytest.mark.parametrize(
    "stray",
    [
        "log line & more\n",
        "\x1b[31mred\x1b[39m",
        "<token>",
        "<b>bold",
        "x < y && z",
        "\x00\x01",
        "&nbsp;",
    ],
)
def test_stray_text_between_results_swallows_none(written: Any, stray: str) -> None:
    frame, _, ledger = read(
        written(junit(CASE.format("a") + stray + CASE.format("b")).encode("utf-8", "replace"))
    )
    assert frame["title"].tolist() == ["a", "b"]
    assert "not well-formed" in ledger["doubts"][0][0]


def test_markup_in_attributes_swallows_nothing(written: Any) -> None:
    frame, _, _ = read(written(junit(CASE.format("a<b>[c]") + CASE.format("b"))))
    assert frame["title"].tolist() == ["a<b>[c]", "b"]


def test_results_that_mending_does_not_find_again_are_counted(written: Any) -> None:
    copy = '<?xml version="1.0"?><testsuites><testsuite name="pytest">' + CASE.format("t1")
    whole = CASE.format("t1") + CASE.format("t2")
    broken = f'<testcase classname="test_a" name="t3"><failure message="x {copy}'
    frame, _, ledger = read(written(f'<t name="pytest">{whole}{broken}'))
    assert frame["title"].tolist() == ["t1", "t2"]
    assert ledger["read"].tolist() == ledger["salvaged"].tolist() == [2]
    assert "is not well-formed" in ledger["doubts"][0][0]


def test_raw_escapes_in_a_failure_are_colours(written: Any) -> None:
    case = '<testcase classname="test_a" name="a"><failure message="x">E   \x1b[31massert\x1b[0m 1</failure></testcase>'
    assert "assert 1" in read(written(junit(case)))[0]["attempts"][0][0]["errors"][0]["stack"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_of_xml_and_json(written: Any, encoding: str) -> None:
    xml = read(written(junit(CASE.format("é")).encode(encoding)))[0]
    report = json.dumps(playwright_report(playwright_test("expected", "passed")))
    assert xml["title"].tolist() == ["é"]
    assert read(written(report.encode(encoding)))[0]["title"].tolist() == ["test 1"]


def test_latin_1_that_says_it_is_utf_8(written: Any) -> None:
    text = '<?xml version="1.0" encoding="utf-8"?>' + junit(CASE.format("caf\xe9"))
    path = written(text.encode("latin-1"))
    assert read(path)[0]["title"].tolist() == ["café"]
    assert any("Windows-1252" in doubt for doubt in doubts(path))


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1251", "gbk"])
def test_declared_encodings_are_believed(written: Any, encoding: str) -> None:
    word = {"iso-8859-1": "é", "windows-1251": "ж", "gbk": "中"}[encoding]
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + junit(CASE.format(word))
    assert read(written(text.encode(encoding)))[0]["title"].tolist() == [word]


def test_lone_surrogates_nan_and_huge_numbers_in_json(written: Any) -> None:
    text = json.dumps(
        playwright_report(playwright_test("expected", {"status": "passed", "duration": 5}))
    )
    for odd in ("NaN", "1e400", "1" + "0" * 400, "-5", "Infinity", '"x"', "true", "[1]"):
        frame = read(written(text.replace('"duration": 5', f'"duration": {odd}')))[0]
        assert frame["duration_s"].isna()[0], odd
    frame = read(written(text.replace("test 1", "a\\ud800b")))[0]
    assert frame["title"][0] == "a\ufffdb"


def test_a_path_that_no_file_can_have_is_kept_as_it_is(written: Any) -> None:
    shots = [{"name": "s", "path": p} for p in ("a\ud800.png", "a\0b", "x" * 9000)]
    report = playwright_report(
        playwright_test("expected", {"status": "passed", "attachments": shots})
    )
    assert len(read(written(report))[0]["attachments"][0]) == 3


def test_fields_of_a_wrong_type_are_left_out_and_named(written: Any) -> None:
    report = playwright_report(
        playwright_test("expected", "passed"), playwright_test("expected", "passed")
    )
    report["suites"][0]["specs"][0]["line"] = "three"
    report["suites"][0]["specs"].append("nonsense")
    path = written(report)
    assert len(read(path)[0]) == 2
    assert any("specs[0].line" in doubt for doubt in doubts(path))


def _quickly(path: Any) -> Exception | None:
    """Read in bounded time and 200 MB, and give the refusal if there is one."""
    started = time.monotonic()
    tracemalloc.start()
    try:
        read(path)
    except ReadError as error:
        return error
    else:
        return None
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 200 * 2**20
        # Two seconds on an idle machine; what is not bounded takes minutes or for ever.
        assert time.monotonic() - started < 30


ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))


@pytest.mark.parametrize(
    "prolog",
    [
        f'<!DOCTYPE a [<!ENTITY e0 "lol">{ENTITIES}]>',
        '<!DOCTYPE a [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]>',
        f'<!--{"x" * 70_000}--><!DOCTYPE a [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_and_doctypes_are_refused(written: Any, prolog: str) -> None:
    text = prolog + junit('<testcase classname="a" name="&e9;"><failure>&e9;</failure></testcase>')
    error = _quickly(written(text))
    assert error is not None
    assert "root:" not in str(error)


def test_nesting_a_hundred_thousand_deep(written: Any) -> None:
    assert isinstance(_quickly(written('<testsuite name="a">' * 100_000)), MalformedFile)
    assert _quickly(written('{"config": {"a":' + "[" * 100_000)) is not None
    assert (
        _quickly(written('{"config": {}, "suites": ' + "[" * 100_000 + "]" * 100_000 + "}"))
        is not None
    )


def test_a_huge_attribute_and_a_huge_text(written: Any) -> None:
    huge = "x" * 70_000_000
    assert isinstance(
        _quickly(written(junit(f'<testcase classname="a" name="{huge}"/>'))), MalformedFile
    )


def test_a_long_text_is_no_attack(written: Any) -> None:
    text = "x" * 11_000_000
    frame, _, _ = read(
        written(
            junit(f'<testcase classname="a" name="b"><system-out>{text}</system-out></testcase>')
        )
    )
    assert len(frame["stdout"][0]) == 11_000_000


def test_bombs_are_not_unpacked(written: Any) -> None:
    bomb = b"<testsuites>" + b" " * 200_000_000
    assert "200 times" in str(_quickly(written(gzip.compress(bomb), "a.gz")))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", bomb)
    assert _quickly(written(buffer.getvalue(), "a.zip")) is not None


def test_members_named_like_ways_out_are_only_names(written: Any, tmp_path: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../out.xml", junit(CASE.format("a")))
    frame, _, _ = read(written(buffer.getvalue(), "deep/er/a.zip"))
    assert len(frame) == 1
    assert not list(tmp_path.rglob("out.xml"))


@pytest.mark.parametrize("cut", [10, 200, 1000])
def test_damaged_archives_are_refused(written: Any, cut: int) -> None:
    whole = (NEW / "report.zip").read_bytes()
    with pytest.raises(ReadError):
        read(written(whole[:-cut], "a.zip"))
    with pytest.raises(ReadError):
        read(written(gzip.compress(junit(CASE.format("a")).encode() * 50)[:-cut], "a.gz"))
