"""Test cases out of JUnit XML: what is one, what joins, where a file breaks, odd references."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr
from fictures_reports.readers.files import xml_encoding
from fictures_reports.readers.files.junit_xml import Stream
from fictures_reports.readers.files.sources import plain_source

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
CASE = '<testcase classname="tests.test_a" name="test_x" time="0.1" />'


def ledger_of(path: Path, text: str) -> Any:
    path.write_text(text, encoding="utf-8")
    return fr.read_run(path).ledger.iloc[0]


@pytest.mark.parametrize(
    "odd",
    [
        '<testcase classname="tests.test_a" time="0.2" name="test_y" />',
        "<testcase classname='tests.test_a' name='test_y' time='0.2' />",
        '<testcase classname="tests.test_a" name="test_y" time="0.2" ></testcase>',
        '<testcase classname="tests.test_a" name="test_y" time="0.2"/>said by no test',
        '<!-- by hand --><testcase classname="tests.test_a" name="test_y" time="0.2"/>',
        '<testcase classname="tests.test_a" name="test_y" time="0.2"> <!-- no --> </testcase>',
    ],
)
def test_a_case_is_the_same_however_it_is_written(tmp_path: Path, odd: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'{HEAD}<testsuite name="pytest">{CASE}{odd}{CASE}</testsuite>', "utf-8")
    results = fr.read_run(path).results
    assert results["title"].tolist() == ["test_x", "test_y", "test_x"]
    assert results["duration_s"].tolist() == [0.1, 0.2, 0.1]


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("1e3", 1000.0), ("", None), ("-1", None), ("nan", None), ("1e99", None), ("1_0", None)],
)
def test_a_time_that_is_none_is_unknown(tmp_path: Path, time: str, seconds: float | None) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f'<testsuite name="pytest">{CASE.replace("0.1", time)}</testsuite>', "utf-8")
    took = fr.read_run(path).results["duration_s"]
    assert took.isna()[0] if seconds is None else took[0] == seconds


@pytest.mark.parametrize("between", [100, 253, 254, 255, 256, 400])
def test_a_tear_down_finds_its_test_wherever_the_file_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: int
) -> None:
    passes = [CASE.replace("test_x", f"test_{i}") for i in range(1000 + between)]
    failed, torn = (
        f'<testcase classname="tests.test_a" name="v" time="1">{child}</testcase>'
        for child in ('<failure message="no"/>', "<error message='failed on teardown with \"E\"'/>")
    )
    cases = [*passes[:700], failed, *passes[700:]]
    cases.insert(701 + between, torn)
    text = f'{HEAD}<testsuite name="pytest">{"".join(cases)}</testsuite>'
    counts = set()
    for size in (20_000, 1 << 20):
        monkeypatch.setattr(xml_encoding, "CHUNK", size)
        path = tmp_path / "a.xml"
        path.write_text(text, encoding="utf-8")
        counts.add(len(fr.read_run(path).results))
    assert counts == {len(passes) + 1 + (between > 255)}


def test_cases_that_lack_what_the_first_one_has_stay_apart(tmp_path: Path) -> None:
    cases = (
        '<testcase classname="Cart" name="adds" time="1.0"/><testcase name="removes" time="2.0"/>'
        '<testcase name="empties" time="3.0"/><testcase classname="Cart" name="ends"/>'
    )
    path = tmp_path / "a.xml"
    path.write_text(f'<testsuite name="unit" tests="4">{cases}</testsuite>', encoding="utf-8")
    results = fr.read_run(path).results
    assert results["title"].tolist() == ["adds", "removes", "empties", "ends"]
    assert results["suite"].tolist() == ["unit › Cart", "unit", "unit", "unit › Cart"]


def test_a_case_may_be_the_root_but_not_stand_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"{HEAD}\n{CASE}", encoding="utf-8")
    assert fr.read_run(path).is_whole
    for text in (f"{CASE}<testsuite>{CASE}</testsuite>", f"<testsuite>{CASE}</testsuite>{CASE}"):
        assert "not well-formed" in str(ledger_of(path, text)["doubts"])


@pytest.mark.parametrize("before", ["<!-- by <testsuite> -->", '<?xml-stylesheet href="a"?>', ""])
def test_what_stands_before_the_root_does_not_keep_the_rest_from_being_saved(
    tmp_path: Path, before: str
) -> None:
    latin = (
        f'<?xml version="1.0" encoding="iso-8859-1"?>{before}\n<testsuite>{CASE * 2}</testsuite>'
    )
    assert ledger_of(tmp_path / "a.xml", latin)["read"] == 2
    cut = f"{HEAD}{before}<testsuite>{CASE}<testcase name="
    assert ledger_of(tmp_path / "b.xml", cut)["salvaged"] == 1


@pytest.mark.parametrize("around", ["<![CDATA[{}]]>", "<!-- {} -->", "<?note {} ?>"])
def test_what_only_looks_like_a_case_is_none(tmp_path: Path, around: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(f"<testsuite>{around.format(CASE)}{CASE}</testsuite>", encoding="utf-8")
    assert len(list(Stream(plain_source(path, None)))) == 1


def test_a_break_is_told_at_its_line_in_the_file(tmp_path: Path) -> None:
    cases = f"{CASE}\n" * 8
    entry = ledger_of(tmp_path / "a.xml", f"<testsuite>\n{cases}</testsuit>\n")
    assert re.search(r"line 10\b", " ".join(entry["doubts"]))
    assert entry["read"] == 8


def test_a_long_name_is_read_whole(tmp_path: Path) -> None:
    long = CASE.replace("test_x", "x" * 5_000_000)
    assert ledger_of(tmp_path / "a.xml", f"<testsuite>{CASE}{long}</testsuite>")["read"] == 2


def surrogates(path: Path, name: str, printed: str) -> tuple[Any, Any]:
    case = f'<testcase classname="tests.test_a" name="{name}">'
    path.write_text(
        f'{HEAD}<testsuite name="pytest">{CASE}{case}<system-out>{printed}</system-out></testcase>'
        "</testsuite>",
        encoding="utf-8",
    )
    run = fr.read_run(path)
    assert run.is_whole
    return run.results.iloc[1], run.ledger["doubts"][0]


def test_two_references_to_surrogates_are_one_character(tmp_path: Path) -> None:
    row, doubts = surrogates(tmp_path / "a.xml", "a&#55357;&#56832;", "&#xD83D;&#xDE00; &#65;")
    assert (row["title"], row["stdout"]) == ("a😀", "😀 A")
    assert not any("surrogate" in doubt for doubt in doubts)


def test_a_reference_to_half_a_character_is_replaced_and_said(tmp_path: Path) -> None:
    row, doubts = surrogates(tmp_path / "a.xml", "a&#xD800;b", "&#56832;&#55357;")
    assert (row["title"], row["stdout"]) == ("a\ufffdb", "\ufffd\ufffd")
    assert "3 references to halves of characters (surrogates) were replaced" in doubts


def test_in_a_section_of_cdata_a_reference_is_plain_text(tmp_path: Path) -> None:
    row, _ = surrogates(tmp_path / "a.xml", "a&#55357;&#56832;", "<![CDATA[&#55357;&#56832;]]>")
    assert row["stdout"] == "&#55357;&#56832;"


def test_a_pair_is_one_character_wherever_the_file_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_encoding, "CHUNK", 80)
    for n in range(80):
        row, _ = surrogates(tmp_path / "a.xml", f"{'x' * n}&#55357;&#56832;", "")
        assert row["title"] == f"{'x' * n}😀"


def test_surrogates_in_a_file_that_breaks_off_are_read_too(tmp_path: Path) -> None:
    entry = ledger_of(tmp_path / "a.xml", f"<testsuite>{CASE.replace('x', '&#xD800;')}<testcase")
    assert (entry["read"], entry["salvaged"]) == (1, 1)


def _with_text_around(tmp_path: Path, before: str, behind: str) -> tuple[list[str], list[str]]:
    path = tmp_path / "junit.xml"
    case = '<testcase classname="tests.test_pond" name="test_{}"/>'
    suite = f'<testsuite name="pytest" tests="2">{case.format(1)}{case.format(2)}</testsuite>'
    path.write_text(f"{before}{suite}{behind}", "utf-8")
    run = fr.read_run(path)
    lost = [] if run.is_whole else ["incomplete"]
    return [*run.results["title"], *lost], run.doubts


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("npm warn deprecated pond\n> test\n", ""),
        ('\x1b[32mok\x1b[0m\n<?xml version="1.0"?>\n', "\nDone in 3 s\n"),
        ("<<< begin & go >>>\n", ""),
        ("x" * 30_000, "y" * 300_000),
    ],
)
def test_text_around_the_xml_is_passed_over_and_said(
    tmp_path: Path, before: str, behind: str
) -> None:
    titles, doubts = _with_text_around(tmp_path, before, behind)
    assert titles == ["test_1", "test_2"]
    assert any("before the XML were passed over" in doubt for doubt in doubts)
    assert any("behind the XML" in doubt for doubt in doubts) == bool(behind)


def test_results_behind_the_xml_are_never_passed_over_as_text(tmp_path: Path) -> None:
    cut = '<testsuite name="pytest"><testcase classname="tests.test_pond" name="test_3"/><tes'
    titles, _ = _with_text_around(tmp_path, "log\n", cut)
    assert "test_3" in titles or "incomplete" in titles
