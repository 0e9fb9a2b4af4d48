"""`compare` from the command line: sides, baselines, waivers, and what it says unasked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fictures_reports.cli.commands import main

WORDS = {"F": "<failure message='assert 1 == 2'/>", "S": "<skipped message='no server'/>", "P": ""}


def write(folder: Path, name: str, letters: str, day: int = 1) -> str:
    """Write a run in JUnit: a letter for each test, "-" where it is not there."""
    cases = "".join(
        f'<testcase classname="tests.test_shop" name="test_{i}">{WORDS[letter]}</testcase>'
        for i, letter in enumerate(letters)
        if letter != "-"
    )
    path = folder / f"{name}.xml"
    path.write_text(
        f'<testsuites><testsuite name="pytest" timestamp="2026-03-{day:02}T06:00:00">{cases}'
        "</testsuite></testsuites>",
        encoding="utf-8",
    )
    return str(path)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run the command in an empty folder; give exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(words)
        shown = capsys.readouterr()
        return int(stopped.value.code or 0), shown.out, shown.err

    return run


def as_json(command: Any, *words: str) -> tuple[int, Any, str]:
    code, out, err = command("compare", *words, "--format", "json")
    return code, json.loads(out), err


def test_all_runs_of_a_side_decide_and_every_form_says_how_many(command, tmp_path):
    before = [write(tmp_path, f"a{i}", "PPP", i + 1) for i in range(6)]
    after = [write(tmp_path, f"b{i}", letters, i + 11) for i, letters in
             enumerate(["FPP"] * 5 + ["PPP"])]  # fmt: skip
    code, said, _ = as_json(command, *before, "--", *after, "--gate", "broken == 0")
    assert (code, said["sides"], said["verdict_kind"]) == (2, {"before": 6, "after": 6}, "worse")
    (row,) = said["changes"]["broken"]
    assert (row["failed_before"], row["failed_after"], row["unsure"]) == (0, 5, False)
    _, markdown, _ = command("compare", *before, "--", *after, "--format", "markdown")
    assert "6 runs a side" in markdown
    assert "0 of 6 → 5 of 6" in markdown


def test_a_branch_as_before_leaves_its_outage_out_and_says_so(command, tmp_path):
    for i, letters in enumerate(["PPPPP"] * 4 + ["FFFFF"]):
        run = write(tmp_path, f"main-{i}", letters, i + 1)
        command("ingest", run, "--into", "h", "--branch", "main", "--label", f"main-{i}")
    pull = write(tmp_path, "pull", "FPPPP", 9)
    code, said, err = as_json(command, "h@branch:main", pull, "--gate", "new_failures == 0")
    assert (code, said["before"]["label"], said["standings"]["new"]) == (2, "main-3", 1)
    assert "but for main-4, an outage" in said["baseline"]
    assert said["baseline"] in err
    assert (
        said["changes"]["broken"][0]["standing_words"]
        == "passed in all 4 runs on main, outages left out"
    )


def test_a_range_of_a_branch_is_a_side_of_several_runs(command, tmp_path):
    for i in range(4):
        run = write(tmp_path, f"main-{i}", "PP", i + 1)
        command("ingest", run, "--into", "h", "--branch", "main", "--label", f"main-{i}")
    pull = write(tmp_path, "pull", "PF", 9)
    _, said, _ = as_json(command, "h@branch:main[-3:]", "--", pull)
    assert said["sides"] == {"before": 3, "after": 1}


def test_new_failures_without_a_gate_are_warned_of(command, tmp_path):
    sides = write(tmp_path, "b", "PP"), write(tmp_path, "a", "PF", 2)
    code, _, err = as_json(command, *sides)
    assert code == 0
    assert "1 test fails newly and no gate is set: nothing can fail this command" in err


def test_a_run_in_which_no_test_ran_exits_with_2_and_says_so(command, tmp_path):
    sides = write(tmp_path, "b", "PP"), write(tmp_path, "a", "--", 2)
    code, said, err = as_json(command, *sides)
    assert (code, said["verdict_kind"], said["comparable"]) == (2, "no_test_ran", False)
    assert "no test ran in a.xml" in err


def test_what_was_removed_on_purpose_is_waived_by_name(command, tmp_path):
    sides = write(tmp_path, "b", "PPPPP"), write(tmp_path, "a", "PPPP-", 2)
    assert as_json(command, *sides, "--gate", "regressions == 0")[0] == 2
    waived = ("--removed", "tests/test_shop.py › test_4")
    assert as_json(command, *sides, "--gate", "regressions == 0", *waived)[0] == 0


def test_a_selection_on_purpose_is_compared_with_its_own_tests_only(command, tmp_path):
    sides = write(tmp_path, "b", "PPPPPPPPPP"), write(tmp_path, "a", "PP--------", 2)
    assert as_json(command, *sides, "--gate", "broken == 0")[0] == 2
    code, said, _ = as_json(command, *sides, "--gate", "broken == 0", "--partial")
    assert (code, said["before"]["totals"]["cases"]) == (0, 2)


def test_a_known_issue_changes_exit_code_sentence_and_lists_alike(command, tmp_path):
    sides = write(tmp_path, "b", "PP"), write(tmp_path, "a", "PF", 2)
    (tmp_path / "fictures-reports.toml").write_text(
        '[[known_issues]]\ncase = "*test_1"\nowner = "kim"\nreason = "#7"\nexpires = 2099-12-31\n'
    )
    code, markdown, _ = command("compare", *sides, "--gate", "new_failures == 0",
                                "--format", "markdown")  # fmt: skip
    assert code == 0
    assert "As before: 1 test is a known issue." in markdown
    assert "kim answers for it until 2099-12-31" in markdown


def test_everything_skipped_is_said_with_the_reason(command, tmp_path):
    sides = write(tmp_path, "b", "PPP"), write(tmp_path, "a", "SSS", 2)
    code, said, _ = as_json(command, *sides, "--gate", "broken == 0")
    assert code == 2
    assert said["verdict"] == ("Worse: none of the 3 that passed ran; 3 skipped: no server.")
