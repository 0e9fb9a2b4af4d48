"""Variants of a comparison: one that is gone, one that may be, and where a test fails."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.analysis.failing_variants import failing_variants
from fictures_reports.analysis.gates import all_hold, check
from fictures_reports.cli.commands import main

GATES = ["new_failures == 0", "broken == 0"]


def side(folder: Path, name: str, *variants: str, failing: tuple[str, ...] = ()) -> str:
    """Write a JUnit file per variant, with five tests each; the first fails on some."""
    for variant in variants:
        wrong = '<failure message="boom">boom</failure>' if variant in failing else ""
        cases = "".join(
            f'<testcase classname="t" name="t{n}" time="1">{"" if n else wrong}</testcase>'
            for n in range(5)
        )
        path = folder / name / variant / "junit.xml"
        path.parent.mkdir(parents=True)
        path.write_text(f"<testsuites><testsuite name='s'>{cases}</testsuite></testsuites>")
    return str(folder / name / "{variant}" / "junit.xml")


def test_a_variant_that_is_gone_closes_gates_unless_it_is_allowed_by_name(tmp_path: Path) -> None:
    before = fr.read_run(side(tmp_path, "a", "linux", "macos", "windows"))
    after = fr.read_run(side(tmp_path, "b", "linux", "macos"))
    found = fr.compare(before, after)
    assert after.is_whole
    assert not found.complete
    assert found.missing_variants == {"windows": 5}
    assert not all_hold(check(found, GATES))
    for name in ("windows", "windows/junit.xml", "win*"):
        allowed = fr.compare(before, after, allow_missing=[name])
        assert allowed.complete
        assert all_hold(check(allowed, GATES))
    other = fr.compare(before, after, allow_missing=["linux"])
    assert not other.complete


def test_what_may_be_missing_hides_no_failure_of_what_is_there(tmp_path: Path) -> None:
    before = fr.read_run(side(tmp_path, "a", "linux", "windows"))
    after = fr.read_run(side(tmp_path, "b", "linux", failing=("linux",)))
    found = fr.compare(before, after, allow_missing=["windows", "linux"])
    assert [gate.reading for gate in check(found, GATES)] == [1, 1]


def test_the_command_and_the_settings_allow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["compare", side(tmp_path, "a", "linux", "windows"), side(tmp_path, "b", "linux")]
    words += ["--gate", "new_failures == 0", "--format", "json"]
    for more, code in ([], 2), (["--allow-missing", "windows"], 0):
        with pytest.raises(SystemExit) as ended:
            main([*words, *more])
        assert ended.value.code == code
    capsys.readouterr()
    Path("fictures-reports.toml").write_text('allow_missing = ["windows"]\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 0
    assert json.loads(capsys.readouterr().out)["complete"] is True


def test_a_failing_test_says_on_which_variants(tmp_path: Path) -> None:
    path = side(tmp_path, "a", "linux", "macos", "windows", failing=("windows",))
    found = failing_variants(fr.read_run(path))
    assert found[["failing", "passing"]].to_numpy().tolist() == [[["windows"], ["linux", "macos"]]]
    assert found["words"].tolist() == ["fails on windows only, passes on linux and macos"]


def test_a_test_that_fails_everywhere_is_no_matter_of_the_variant(tmp_path: Path) -> None:
    path = side(tmp_path, "a", "linux", "macos", failing=("linux", "macos"))
    assert failing_variants(fr.read_run(path))["words"].tolist() == ["fails on all 2 variants"]


def test_markdown_and_json_say_on_which_variants(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = side(tmp_path, "a", "linux", "windows", failing=("windows",))
    for words in (["run", path], ["compare", path, path]):
        with pytest.raises(SystemExit):
            main([*words, "--format", "markdown"])
        assert "fails on windows only, passes on linux" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            main([*words, "--format", "json"])
        (row,) = json.loads(capsys.readouterr().out)["failing_variants"]
        assert (row["failing"], row["passing"]) == (["windows"], ["linux"])


def test_allowing_what_neither_side_has_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sides = [side(tmp_path, "a", "linux", "windows"), side(tmp_path, "b", "linux")]
    allowed = ["--allow-missing", "windwos", "--allow-missing", "windows"]
    with pytest.raises(SystemExit):
        main(["compare", *sides, *allowed, "--format", "json"])
    said = capsys.readouterr().err
    assert "--allow-missing 'windwos': no variant and no file" in said
    assert "'windows'" not in said


@pytest.mark.parametrize("alone", ["after", "before"])
def test_the_one_variant_that_is_left_is_compared_with_itself(tmp_path: Path, alone: str) -> None:
    """Where only one folder is left, nothing lies beside it that would make it a variant."""
    several = fr.read_run(side(tmp_path, "a", "linux", "windows-4711000815"))
    side(tmp_path, "b", "windows-4711000999", failing=("windows-4711000999",))
    one = fr.read_run(tmp_path / "b")
    assert set(one.results["variant"]) == {""}
    found = fr.compare(*((several, one) if alone == "after" else (one, several)))
    assert found.counts["broken" if alone == "after" else "fixed"] == 1
    assert found.counts["still_passing"] == 4
    gone = found.missing_variants
    assert gone == ({"linux": 5} if alone == "after" else {})


def test_a_run_elsewhere_is_no_variant_of_the_other_side(tmp_path: Path) -> None:
    several = fr.read_run(side(tmp_path, "linux/a", "linux", "windows"))
    side(tmp_path, "linux/b", "")
    found = fr.compare(several, fr.read_run(tmp_path / "linux" / "b"))
    assert not found.comparable
