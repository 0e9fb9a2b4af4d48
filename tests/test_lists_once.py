"""Markdown names a test once for each thing that it says of it."""

from __future__ import annotations

from pathlib import Path

CASE = '<testcase classname="tests.test_a" name="{}" time="1">{}</testcase>'


def suite(path: Path, outcomes: dict[str, str]) -> Path:
    cases = "".join(
        CASE.format(name, f'<failure message="{text}">E   {text}</failure>' if text else "")
        for name, text in outcomes.items()
    )
    path.write_text(f'<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>')
    return path


def test_what_broke_is_not_listed_again_where_it_is_all_that_fails_newly(command, tmp_path) -> None:
    before = suite(tmp_path / "1.xml", {"test_pay": "", "test_add": "", "test_old": "a is bad"})
    after = suite(tmp_path / "2.xml", {"test_pay": "ouch", "test_add": "", "test_old": "a is bad"})
    output = command("compare", before, after).stdout
    assert "## New failures: 1" in output
    assert "## Broke" not in output
    assert "## Still fails" not in output
    assert output.count("ouch") == 1


def test_what_broke_has_its_list_where_other_failures_are_new_too(command, tmp_path) -> None:
    before = suite(tmp_path / "1.xml", {"test_pay": "", "test_old": "a is bad"})
    after = suite(tmp_path / "2.xml", {"test_pay": "ouch", "test_old": "KeyError: 'x'"})
    output = command("compare", before, after).stdout
    assert "## New failures: 2" in output
    assert "## Broke: 1" in output


def test_a_test_that_was_perhaps_renamed_is_said_beside_what_is_gone(command, tmp_path) -> None:
    same = {"test_pays_by_card": "", "test_adds_to_basket": "", "test_shows_total": ""}
    before = suite(tmp_path / "1.xml", same | {"test_emptys_the_basket": ""})
    after = suite(tmp_path / "2.xml", same | {"test_empties_the_basket": ""})
    output = command("compare", before, after).stdout
    assert "## Gone: 1" in output
    assert "## Perhaps renamed: 1" in output
    assert "emptys\\_the\\_basket → " in output
