from __future__ import annotations

import gc
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.cli.commands import main
from fictures_reports.schema import COLUMN_NAMES

ROOT = Path(__file__).parents[1]
BEFORE, AFTER = str(ROOT / "runs" / "phase2-initial"), str(ROOT / "runs" / "phase2-rerun")


@pytest.fixture
def run(capsys):
    """Run the command in this process: (exit code, stdout, stderr)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            with pytest.raises(SystemExit) as stop:
                main(arguments)
        finally:
            gc.enable()  # a command switches it off for its short life
        return stop.value.code, *capsys.readouterr()

    return call


def test_json_says_what_happened_and_a_missed_gate_exits_with_2(run):
    code, out, err = run("compare", BEFORE, AFTER, "--format", "json", "--gate", "passed >= 24")
    said = json.loads(out)
    assert code == 2
    assert said["schema_version"] == 2
    assert (said["before"]["totals"]["failed"], said["after"]["totals"]["failed"]) == (20, 12)
    assert [case["title"] for case in said["changes"]["broken"]] == ["Page load with cache < 2s"]
    assert said["transitions"]["failed"] == {"passed": 5, "failed": 11, "skipped": 4}
    gate = said["gates"][0]
    assert (gate["gate"], gate["reading"], gate["holds"], gate["short_by"]) == (
        "passed >= 24", 8, False, 16,
    )  # fmt: skip
    assert "16 short" in err


def test_a_gate_that_holds_exits_with_0(run):
    assert run("compare", BEFORE, AFTER, "--gate", "passed >= 8")[0] == 0


def test_every_changes_entry_has_the_documented_keys(run):
    said = json.loads(run("compare", BEFORE, AFTER, "--format", "json")[1])
    for cases in said["changes"].values():
        for case in cases:
            assert {"case_id", "file", "title", "project", "before", "after"} <= case.keys()
            assert {"status", "category", "rule", "message"} <= case["after"].keys()
    for measurement in said["measurements"]:
        keys = {"case_id", "side", "measured", "comparator", "limit", "unit", "ratio"}
        assert keys <= measurement.keys()
    for entry in said["ledger"]:
        assert {
            "file",
            "format",
            "read",
            "salvaged",
            "repeated",
            "refused",
            "doubts",
        } <= entry.keys()


def test_markdown_names_what_broke_before_anything_else_that_changed(run):
    code, out, _ = run("compare", BEFORE, AFTER)
    assert code == 0
    assert out.index("## Broke: 1") < out.index("## Failed, now skipped or not run: 4")
    assert out.index("## Failed, now skipped or not run: 4") < out.index("## Fixed: 5")
    assert "| failed | 20 | 12 | −8 |" in out


def test_results_prints_every_column_of_the_schema(run, tmp_path):
    rows = json.loads(run("results", AFTER, "--format", "json")[1])
    assert len(rows) == 28
    assert tuple(rows[0]) == COLUMN_NAMES
    run("results", BEFORE, AFTER, "--format", "csv", "-o", str(tmp_path / "rows.csv"))
    assert len(pd.read_csv(tmp_path / "rows.csv")) == 56
    run("results", AFTER, "--format", "parquet", "-o", str(tmp_path / "rows.parquet"))
    frame = pd.read_parquet(tmp_path / "rows.parquet")
    assert list(frame.columns) == list(COLUMN_NAMES)


@pytest.mark.parametrize("arguments", [("compare", BEFORE, AFTER), ("run", AFTER)])
def test_the_ending_of_the_output_decides_its_format(run, tmp_path, arguments):
    target = tmp_path / "deep" / "r.json"
    assert run(*arguments, "-o", str(target))[0] == 0
    assert json.loads(target.read_text())["schema_version"] == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b'{"config": {"version": "1.56.1"}, "suites": [{"title": "a.sp', "breaks off"),
        (b"%PDF-1.7 not a result file", ""),
        (b"<html><body>report</body></html>", "HTML"),
    ],
    ids=["empty", "cut", "pdf", "html"],
)
def test_a_file_that_cannot_be_read_is_one_clear_line_and_exit_1(run, tmp_path, content, words):
    bad = tmp_path / "results.json"
    bad.write_bytes(content)
    code, out, err = run("run", str(bad))
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) == 1
    assert "results.json" in err
    assert words in err


def test_a_cut_file_is_reported_as_far_as_it_goes_and_exits_with_1(run, tmp_path):
    whole = (ROOT / "runs" / "api-rerun" / "junit.xml").read_bytes()
    (tmp_path / "junit.xml").write_bytes(whole[: len(whole) // 2])
    code, out, err = run("run", str(tmp_path / "junit.xml"), "--format", "json")
    said = json.loads(out)
    assert code == 1
    assert 5 < said["run"]["totals"]["cases"] < 38
    assert said["ledger"][0]["salvaged"] == said["run"]["totals"]["cases"]
    assert "breaks off" in err
    for gate in ("cases >= 1", "cases >= 1000"):
        assert run("run", str(tmp_path / "junit.xml"), "--gate", gate)[0] == 1
    allowed = run("run", str(tmp_path / "junit.xml"), "--format", "json", "--allow-incomplete")
    assert allowed[0] == 0


def test_a_folder_that_does_not_exist_is_one_clear_line_and_exit_1(run, tmp_path):
    code, _, err = run("compare", str(tmp_path / "nowhere"), AFTER)
    assert code == 1
    assert "nowhere" in err
    assert len(err.strip().splitlines()) == 1


def test_a_good_file_beside_a_bad_one_is_read_and_the_bad_one_named(run, tmp_path):
    good = (ROOT / "runs" / "api-rerun" / "report.json").read_bytes()
    (tmp_path / "good.json").write_bytes(good)
    (tmp_path / "bad.xml").write_bytes(b"")
    code, out, err = run("run", str(tmp_path), "--format", "json")
    said = json.loads(out)
    assert code == 0
    assert said["run"]["totals"]["cases"] == 38
    assert not said["run"]["complete"]
    refused = {Path(e["file"]).name: e["refused"] for e in said["ledger"]}
    assert refused["good.json"] is None
    assert "empty" in refused["bad.xml"]
    assert "bad.xml" in err


def test_gates_do_not_hold_beside_a_file_that_could_not_be_read(run, tmp_path):
    good = (ROOT / "runs" / "api-rerun" / "report.json").read_bytes()
    (tmp_path / "good.json").write_bytes(good)
    (tmp_path / "bad.xml").write_bytes(b"")
    assert run("run", str(tmp_path), "--gate", "cases >= 1")[0] == 2
    assert run("run", str(tmp_path), "--gate", "cases >= 1", "--allow-incomplete")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("compare", BEFORE), "Missing argument"),
        (("compare", BEFORE, AFTER, "--gate", "pased >= 3"), "did you mean 'passed'"),
        (("compare", BEFORE, AFTER, "-o", "r.odt"), "no format goes with this ending"),
        (("run", AFTER, "--rules", "nowhere.toml"), "nowhere.toml"),
        (("results", AFTER, "--format", "parquet"), "-o"),
        (("frobnicate",), "No such command"),
    ],
)
def test_a_wrong_call_exits_with_1_and_never_with_the_code_of_a_missed_gate(run, arguments, words):
    code, _, err = run(*arguments)
    assert code == 1
    assert words in err


def test_settings_of_the_project_hold_without_being_typed(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fictures-reports.toml").write_text('gates = ["passed >= 24"]\n')
    assert run("run", AFTER)[0] == 2


def test_help_does_not_import_pandas():
    code = "import sys, fictures_reports.cli.commands; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_module_is_the_command():
    command = [sys.executable, "-m", "fictures_reports", "--help"]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for name in ("compare", "run", "results"):
        assert name in out


def test_a_reader_that_stops_listening_is_no_traceback():
    command = f"{sys.executable} -m fictures_reports results {AFTER} --format json | head -c 10"
    done = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_several_runs_a_side_are_given_with_two_dashes_between(run, tmp_path):
    target = tmp_path / "r.html"
    code, _, err = run("compare", BEFORE, BEFORE, "--", AFTER, AFTER, "-o", str(target))
    assert code == 0, err
    assert "Over 2 runs before and 2 runs after" in target.read_text()


def test_further_runs_make_a_sequence_of_phases_of_which_the_last_two_are_compared(run, tmp_path):
    target = tmp_path / "r.html"
    api = str(ROOT / "runs" / "api-rerun")
    code, _, err = run("compare", api, BEFORE, AFTER, "-o", str(target), "--gate", "passed >= 8")
    assert code == 0, err
    html = target.read_text()
    assert "5 tests were fixed" in html
    assert html.index("<bdi>api-rerun</bdi>") < html.index("<bdi>phase2-initial</bdi></th>")
    assert "target 28.6 %" in html


def test_notes_land_in_the_report(run, tmp_path):
    (tmp_path / "notes.md").write_text("## Hypotheses\nThe page **never** goes idle.\n")
    target = tmp_path / "r.html"
    run("compare", BEFORE, AFTER, "-o", str(target), "--notes", str(tmp_path / "notes.md"))
    assert "<h4>Hypotheses</h4>" in target.read_text()


def test_gates_on_changes_in_the_settings_are_not_asked_of_one_run(run, tmp_path, monkeypatch):
    """They are for every call; one that is given with the command has to make sense there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fictures-reports.toml").write_text('gates = ["broken == 0", "passed >= 1"]\n')
    code, out, err = run("run", AFTER, "--format", "json")
    assert code == 0
    assert "not asked, for there is nothing to compare with: broken == 0" in err
    assert [gate["gate"] for gate in json.loads(out)["gates"]] == ["passed >= 1"]
    assert run("run", AFTER, "--gate", "fixed == 0")[0] == 1


def test_known_issues_and_renames_of_the_settings_reach_report_and_gates(
    run, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fictures-reports.toml").write_text(
        'gates = ["broken == 0"]\n'
        '[[known_issues]]\ncase = "*Page load with cache < 2s*"\nowner = "kim"\n'
        'reason = "library is slow"\nexpires = 2999-01-01\n'
    )
    code, _, err = run("compare", BEFORE, AFTER, "-o", "r.html")
    assert code == 0, err
    assert "library is slow" in (tmp_path / "r.html").read_text()


def test_classify_explains_the_rule_the_words_the_facts_and_the_runner_up(run):
    code, out, _ = run("classify", AFTER, "--explain", "--case", "*Page load with cache*")
    assert code == 0
    assert "threshold_miss by jest-limit" in out
    assert "»Expected: < 2000 Received: 15962«" in out
    assert "limit 2000" in out


@pytest.mark.parametrize("how", [(), ("--explain",)])
def test_classify_says_that_no_case_matches_not_that_nothing_failed(run, how):
    said = run("classify", AFTER, *how, "--case", "*nothing*")
    assert said == (0, "no case matches '*nothing*'\n", "")


def test_classify_says_of_which_cases_nothing_failed(run, tmp_path):
    (tmp_path / "r.xml").write_text(
        '<testsuite><testcase classname="a" name="good"/>'
        '<testcase classname="a" name="bad"><failure message="no"/></testcase></testsuite>'
    )
    report = str(tmp_path / "r.xml")
    said = run("classify", report, "--explain", "--case", "*good*")[1]
    assert said == "no case that matches '*good*' failed or was skipped\n"
    assert "bad" in run("classify", report, "--explain", "--case", "*")[1]


def test_classify_lists_every_failure_and_skip_once(run):
    out = run("classify", AFTER)[1]
    assert out.endswith("20 failures and skips, 0 unknown\n")
    assert len(out.splitlines()) == 21


def test_a_rule_file_can_be_tried_before_it_is_used(run, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[rule]]\nid = "slow-library"\ncategory = "environment"\nwhere = "message"\n'
        "pattern = 'Received: +15962'\nexamples = ['Received:   15962']\n"
    )
    code, out, _ = run("classify", AFTER, "--rules", str(rules), "--dry-run")
    assert code == 0
    assert "threshold_miss (jest-limit) → environment (slow-library)" in out
    assert "1 would change category, 0 stay unknown" in out
    assert "environment" in run("classify", AFTER, "--rules", str(rules))[1]


def test_a_broken_rule_file_is_refused_with_its_line(run, tmp_path):
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nid = "x"\ncategory = "environmnt"\npattern = "("\n')
    code, _, err = run("classify", AFTER, "--rules", str(rules))
    assert code == 1
    assert "rules.toml" in err
