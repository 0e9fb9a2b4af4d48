"""Taking plain cases out before the parser changes nothing but the time that it takes."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fictures_reports as fr
from fictures_reports.errors import ReadError
from fictures_reports.readers import large_cases, plain_cases
from fictures_reports.readers.files import junit_xml as junit_cases
from fictures_reports.readers.files import xml_repair
from fictures_reports.readers.files.junit_xml import Case, Plain, Stream
from fictures_reports.readers.files.sources import plain_source
from fictures_reports.readers.formats import pytest_junit

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
CLASSES = ("", "tests.test_a", "tests.test_b.TestX", "tests.test_ü")
NAMES = ("test_a", "test_b[1-x y]", "test_c[a &lt; b]", "test_ü", "test_d[#x1F680]", "'", "")
PLAIN = ("/>", " />", "></testcase>", "\n/>", "> </testcase>", "></testcase>\n")
NAMES_OF_ALL = ("classname", "file", "line", "name", "time")
SWAPPED = ["classname", "time", "name"]
WITH_CHILDREN = (
    '><failure message="assert 1 == 2">E   assert 1 == 2\na.py:3: X</failure></testcase>',
    '><skipped message="later" type="pytest.skip"/></testcase>',
    "><system-out>a</system-out></testcase>",
    '><failure message="x">y<testcase classname="tests.test_a" name="in"/>  z</failure></testcase>',
)


@st.composite
def cases(draw: Any) -> str:
    names = list(NAMES_OF_ALL)
    values = {
        "classname": draw(st.sampled_from(CLASSES)),
        "file": draw(st.sampled_from(["", "tests/test_a.py"])),
        "line": draw(st.sampled_from(["", "7", "x", "²"])),
        "name": draw(st.sampled_from(NAMES)),
        "time": draw(st.sampled_from(["0.5", "1", "", "1e3", "0.1.2", "nan", "1_0"])),
    }
    order = draw(st.sampled_from([names, names[::-1], ["name", "classname", "time"], SWAPPED]))
    told = "".join(f' {name}="{values[name]}"' for name in order if values[name])
    return f"<testcase{told}{draw(st.sampled_from(PLAIN + WITH_CHILDREN))}"


@st.composite
def cases_written_alike(draw: Any) -> str:
    present = draw(st.sampled_from([("classname", "name", "time"), NAMES_OF_ALL, ("name", "time")]))
    end, gap = draw(st.sampled_from(PLAIN)), draw(st.sampled_from(["", "\n", "\n  ", "a", " b "]))
    values = {
        "classname": st.sampled_from(("tests.test_a", "tests.test_a", "tests.test_b.TestX", "")),
        "file": st.sampled_from(("tests/test_a.py", "tests/test_a.py", "")),
        "line": st.sampled_from(("7", "12", "", "123456789", "x")),
        "name": st.sampled_from(("test_a", "test_b", "test_c[>]", "test_ü", "#x1F680", "&amp;")),
        "time": st.sampled_from(("0.5", "0.25", "1", "", "1e3", "-1", "nan", "9e9")),
    }
    odd = st.sampled_from(("<testcase", "a<b", "name='x'", '"', "\t"))
    texts = []
    for _ in range(draw(st.integers(1, 8))):
        # mostly sound: one odd value spoils all of them
        told = [(name, draw(values[name])) for name in present]
        if draw(st.integers(0, 20)) == 20:
            told[-1] = (present[-1], draw(odd))
        told_in_words = " ".join(f'{name}="{value}"' for name, value in told)
        with_children = draw(st.integers(0, 4)) == 4
        tail = draw(st.sampled_from(WITH_CHILDREN)) if with_children else end
        texts.append(f"<testcase {told_in_words}{tail}")
    return gap.join(texts)


def read(path: Path, text: str) -> tuple[str, str, str]:
    path.write_text(text, encoding="utf-8")
    try:
        run = fr.read_run(path)
    except ReadError as error:
        return str(error), "", ""
    results = run.results.drop(columns=["run_id"]).to_json(
        orient="records", default_handler=str, date_format="iso"
    )
    return results, run.ledger.to_json(), repr(run.info)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(cases(), min_size=1, max_size=12)
    | st.lists(cases_written_alike(), min_size=1, max_size=3),
    st.sampled_from([40, 300, 131072]),
)
def test_a_file_is_read_alike_with_and_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, all_cases: list[str], size: int
) -> None:
    monkeypatch.setattr(xml_repair, "CHUNK", size)
    monkeypatch.setattr(plain_cases, "TOGETHER", size)
    suite = f'<testsuite name="pytest" tests="{len(all_cases)}">{"".join(all_cases)}</testsuite>'
    # with a comment in front, everything goes to the parser
    parsed = read(tmp_path / "a.xml", f"{HEAD}<!-- --><testsuites>{suite}</testsuites>")
    # as wide, for breaks are told by their columns
    assert read(tmp_path / "a.xml", f"{HEAD}        <testsuites>{suite}</testsuites>") == parsed


@pytest.fixture(params=["small", "large"], autouse=True)
def _either_way(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(junit_cases, "LARGE", 0 if request.param == "large" else plain_cases.LARGE)
    monkeypatch.setattr(pytest_junit, "_FEW", 1)  # the others stay passes, however many are odd


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["tests.test_a", "tests.test_a.TestX"]),
            st.sampled_from("xy"),
            st.sampled_from(["", "", "", '<failure message="no"/>', '<error message="no"/>']),
        ),
        min_size=2,
        max_size=12,
    ),
    st.integers(1, 12),
    st.sampled_from([90, 131072]),
)
def test_cases_join_those_before_them_whether_or_not_they_have_children(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: list[tuple[str, str, str]],
    n_tests: int,
    size: int,
) -> None:
    monkeypatch.setattr(xml_repair, "CHUNK", size)
    monkeypatch.setattr(plain_cases, "TOGETHER", size)
    texts = []
    for no_child in ("", "<properties></properties>"):
        cases = "".join(
            f'<testcase classname="{suite}" name="{name}" time="1">{child or no_child}</testcase>'
            for suite, name, child in drawn
        )
        suite = f'<testsuite name="pytest" tests="{n_tests}">{cases}</testsuite>'
        texts.append(f"<testsuites>{suite}</testsuites>")
    plain, with_children = (read(tmp_path / "a.xml", text) for text in texts)
    assert plain == with_children


def items(path: Path, text: str) -> list[Case | Plain]:
    path.write_text(text, encoding="utf-8")
    return [item for batch in Stream(plain_source(path, None)).batches() for item in batch]


CASE = '<testcase classname="tests.test_a" name="test_x" time="0.1" />'
CASES = "".join(CASE.replace("test_x", f"test_{n}") for n in range(12))


def test_plain_cases_stay_together_in_their_suite(tmp_path: Path) -> None:
    text = f'{HEAD}<testsuite name="a">{CASE * 3}<testsuite name="b">{CASE}</testsuite></testsuite>'
    found = items(tmp_path / "a.xml", text)
    assert [(len(i), i.suite.attributes["name"]) for i in found if isinstance(i, Plain)] == [
        (3, "a"),
        (1, "b"),
    ]


@pytest.mark.parametrize(
    ("between", "lengths"),
    [(("", ""), [3]), (("\n  ", "\n  "), [3]), (("\n  ", "\na "), [2, 1]), (("a", "a"), [1, 1, 1])],
)
def test_nothing_but_blanks_stands_between_cases_that_stay_together(
    tmp_path: Path, between: tuple[str, str], lengths: list[int]
) -> None:
    text = f"{HEAD}<testsuite>{CASE}{between[0]}{CASE}{between[1]}{CASE}</testsuite>"
    assert [len(i) for i in items(tmp_path / "a.xml", text) if isinstance(i, Plain)] == lengths


@pytest.mark.parametrize("odd", ["a &amp; b", "a\tb", "a\nb", "ü", "\x7f", "a<b", "#x1F680"])
def test_a_value_that_its_bytes_do_not_tell_is_left_to_the_parser(tmp_path: Path, odd: str) -> None:
    suite = f'<testsuite name="pytest">{CASES}{CASE.replace("test_x", odd)}{CASE}</testsuite>'
    parsed = read(tmp_path / "a.xml", f"{HEAD}<!-- -->{suite}")
    assert read(tmp_path / "a.xml", f"{HEAD}        {suite}") == parsed


@pytest.mark.parametrize(
    "odd",
    [
        '<testcase classname="tests.test_a" time="0.2" name="test_y" />',
        '<testcase classname="tests.test_a" name="test_y" line="0.2" />',
        '<testcase classname="tests.test_a" name="test_y" time="" />',
        '<testcase classname="tests.test_a" name="test_y" time="-1" />',
        '<testcase classname="tests.test_a" name="test_y" time="nan" />',
        '<testcase classname="tests.test_a" name="test_y" time="1e99" />',
        '<testcase classname="tests.test_a" name="test_y" time="1e3" />',
        '<testcase classname="tests.test_a" name="test_y" time=" 1_0 " />',
        '<testcase classname="tests.test_a" name="test_y" time="0.1.2" />',
        '<testcase classname="tests" name="test_y" time="0.1" />',
        '<testcase classname="" name="test_y" time="0.1" />',
        '<testcase classname="tests.test_a" name="" time="0.1" />',
        '<testcase classname="tests.test_a" name="test_x" time="0.1" />',
        '<testcase classname="tests.test_a" name="test_y" time="0.2" file="a.py" />',
        "<testcase classname='tests.test_a' name='test_y' time='0.2' />",
        '<testcase classname="tests.test_a" name="test_y" time="0.2" ></testcase>',
        '<testcase classname="tests.test_a" name="test_y" time="0.2"/>',
        '<testcase classname="tests.test_a" name="test_y" time="0.2" />said by no test',
    ],
)
def test_a_case_written_otherwise_than_most_is_read_by_its_own_words(
    tmp_path: Path, odd: str
) -> None:
    suite = f'<testsuite name="pytest">{CASES}{odd}{CASE}</testsuite>'
    parsed = read(tmp_path / "a.xml", f"{HEAD}<!-- -->{suite}")
    assert read(tmp_path / "a.xml", f"{HEAD}        {suite}") == parsed


@pytest.mark.parametrize("odd", ['name="test_ü" time="1"', 'name="test_y"'])
def test_passes_of_a_piece_are_made_once_however_often_others_stand_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    made = []
    for module, name in ((pytest_junit, "passes_of"), (large_cases, "large_passes_of")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, real=real: made.append(a) or real(*a))
    body = f'{CASE}<testcase classname="tests.test_a" {odd} />' * 20
    path = tmp_path / "a.xml"
    path.write_text(f'{HEAD}<testsuite name="pytest">{body}</testsuite>', encoding="utf-8")
    assert len(fr.read_run(path).results) == 40
    assert len(made) <= 2  # those out of the bytes, and those that the parser saw


@pytest.mark.parametrize("between", [100, 253, 254, 255, 256, 400])
def test_a_tear_down_finds_its_test_wherever_the_file_was_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, between: int
) -> None:
    passes = [CASE.replace("test_x", f"test_{i}") for i in range(8000 + between)]
    failed, torn = (
        f'<testcase classname="tests.test_a" name="v" time="1">{child}</testcase>'
        for child in ('<failure message="no"/>', "<error message='failed on teardown with \"E\"'/>")
    )
    cases = [*passes[:6000], failed, *passes[6000:]]
    cases.insert(6001 + between, torn)
    text = f'{HEAD}<testsuite name="pytest">{"".join(cases)}</testsuite>'
    counts = set()
    for size in (20_000, 1 << 20):
        monkeypatch.setattr(xml_repair, "CHUNK", size)
        monkeypatch.setattr(plain_cases, "TOGETHER", size)
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
        path.write_text(text, encoding="utf-8")
        assert "not well-formed" in str(fr.read_run(path).ledger["doubts"].iloc[0])


@pytest.mark.parametrize("before", ["<!-- by <testsuite> -->", '<?xml-stylesheet href="a"?>', ""])
def test_what_stands_before_the_root_does_not_keep_the_rest_from_being_saved(
    tmp_path: Path, before: str
) -> None:
    path = tmp_path / "a.xml"
    latin = (
        f'<?xml version="1.0" encoding="iso-8859-1"?>{before}\n<testsuite>{CASE * 2}</testsuite>'
    )
    path.write_text(latin, encoding="utf-8")
    assert len(fr.read_run(path).results) == 2
    path.write_text(f"{HEAD}{before}<testsuite>{CASE}<testcase name=", encoding="utf-8")
    assert fr.read_run(path).ledger["salvaged"].tolist() == [1]


@pytest.mark.parametrize(
    "text",
    [
        f"<testsuite><![CDATA[{CASE}]]>{CASE}</testsuite>",
        f"<testsuite><!-- {CASE} -->{CASE}</testsuite>",
        f"<testsuite><?note {CASE} ?>{CASE}</testsuite>",
        f"<testsuite><?run-0123456789abcdef?>{CASE}</testsuite>",
    ],
)
def test_what_only_looks_like_a_case_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    assert len(list(Stream(plain_source(path, None)))) == 1


def test_a_break_is_told_at_its_line_in_the_file(tmp_path: Path) -> None:
    text = f"<testsuite>\n{f'{CASE}{chr(10)}' * 8}</testsuit>\n"
    path = tmp_path / "a.xml"
    path.write_text(text, encoding="utf-8")
    ledger = fr.read_run(path).ledger
    told = " ".join(ledger["doubts"].iloc[0])
    assert re.search(r"line 10\b", told), told
    assert ledger["read"].tolist() == [8]


def test_a_tag_that_never_ends_is_not_held_back_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    long = f'<testcase classname="tests.test_a" name="{"x" * 5_000_000}"/>'
    text = f"<testsuite>{CASE}{long}</testsuite>"
    path.write_text(text, encoding="utf-8")
    assert len(fr.read_run(path).results) == 2
