"""Errors of a run: what belongs to no test is classified, placed, kept and said everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr
from fictures_reports.analysis.gates import check
from fictures_reports.cli.commands import main
from fictures_reports.history import History

SERVER = "Error: Process from config.webServer was not able to start. Exit code: 1"


def report(*errors: dict[str, Any], passed: int = 0, **config: Any) -> dict[str, Any]:
    """Make a Playwright report with errors of the run and tests that passed."""
    result = {"status": "passed", "duration": 5, "retry": 0, "startTime": "2026-01-01T00:00:00Z"}
    test = {"projectName": "chromium", "expectedStatus": "passed", "status": "expected"}
    specs = [
        {"title": f"t{n}", "file": "a.spec.ts", "tests": [test | {"results": [result]}]}
        for n in range(passed)
    ]
    return {
        "config": {"rootDir": "/w", "version": "1.65.1"} | config,
        "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": specs}] if specs else [],
        "errors": list(errors),
        "stats": {"startTime": "2026-01-01T00:00:00Z", "duration": 10, "expected": passed},
    }


def kept(folder: Path, name: str, document: dict[str, Any]) -> str:
    path = folder / name
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


def run_of(folder: Path, *errors: dict[str, Any], **facts: Any) -> fr.Run:
    return fr.read_run(kept(folder, "results.json", report(*errors, **facts)))


@pytest.mark.parametrize(
    ("message", "category"),
    [
        (SERVER, "environment"),
        ("Error: http://[::1]:1 is already used, make sure that nothing is running on the port/url",
         "environment"),
        ("Error: listen EADDRINUSE: address already in use :::8080", "environment"),
        ("Error: No tests found", "code_error"),
        ("Error: worker process exited unexpectedly (code=null, signal='SIGKILL')", "crash"),
    ],
)  # fmt: skip
def test_an_error_of_the_run_has_a_category(tmp_path: Path, message: str, category: str) -> None:
    errors = run_of(tmp_path, {"message": message}).errors
    assert errors["category"].tolist() == [category]
    assert errors["rule"].notna().all()
    assert errors["evidence"].notna().all()


def test_what_global_set_up_throws_is_a_fixture_error_of_its_file(tmp_path: Path) -> None:
    error = {"message": "Error: no database", "location": {"file": "/w/env/prepare.ts", "line": 3}}
    run = run_of(tmp_path, error, globalSetup="/w/env/prepare.ts")
    row = run.errors.iloc[0]
    assert (row["category"], row["phase"], row["file"]) == (
        "fixture_error", "setup", "env/prepare.ts",
    )  # fmt: skip


def test_a_port_in_use_is_the_machines_even_in_global_set_up(tmp_path: Path) -> None:
    error = {"message": "Error: listen EADDRINUSE: address already in use :::1\n at globalSetup"}
    row = run_of(tmp_path, error).errors.iloc[0]
    assert (row["category"], row["phase"]) == ("environment", "setup")


def test_what_the_set_up_file_throws_after_the_tests_is_tear_down(tmp_path: Path) -> None:
    error = {"message": "Error: cannot drop it", "location": {"file": "/w/g.ts", "line": 3}}
    row = run_of(tmp_path, error, passed=2, globalSetup="/w/g.ts").errors.iloc[0]
    assert (row["category"], row["phase"]) == ("fixture_error", "teardown")


def test_a_file_that_could_not_be_loaded_is_a_code_error_of_the_collection(tmp_path: Path) -> None:
    error = {"message": "ReferenceError: x is not defined", "location": {"file": "/w/b.spec.ts"}}
    row = run_of(tmp_path, error).errors.iloc[0]
    assert (row["category"], row["phase"], row["file"]) == (
        "code_error", "collection", "b.spec.ts",
    )  # fmt: skip


def test_an_internal_error_of_pytest_is_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(
        '<testsuites><testsuite name="pytest" tests="1" errors="1"><testcase classname="pytest" '
        'name="internal" time="0"><error message="internal error">KeyError: 1</error></testcase>'
        "</testsuite></testsuites>",
        encoding="utf-8",
    )
    assert fr.read_run(path).errors["category"].tolist() == ["crash"]


def test_files_that_could_not_be_collected_are_among_the_errors(tmp_path: Path) -> None:
    path = tmp_path / "junit.xml"
    path.write_text(
        '<testsuites><testsuite name="pytest" tests="1" errors="1"><testcase classname="" '
        'name="tests.test_a" time="0"><error message="collection failure">E   KeyError: 1</error>'
        "</testcase></testsuite></testsuites>",
        encoding="utf-8",
    )
    row = fr.read_run(path).errors.iloc[0]
    assert (row["category"], row["phase"], row["file"]) == (
        "code_error", "collection", "tests/test_a.py",
    )  # fmt: skip


def test_fixtures_of_allure_that_failed_around_no_test_have_their_phase(tmp_path: Path) -> None:
    result = {
        "uuid": "u",
        "name": "a",
        "fullName": "t#a",
        "historyId": "h",
        "status": "passed",
        "start": 1,
        "stop": 2,
    }
    lost = {"name": "db::0", "status": "broken", "statusDetails": {"message": "not closed"}}
    kept(tmp_path, "u-result.json", result)
    kept(tmp_path, "c-container.json", {"uuid": "c", "children": ["u"], "afters": [lost]})
    row = fr.read_run(tmp_path).errors.iloc[0]
    assert (row["message"], row["category"], row["phase"]) == (
        "db: not closed", "fixture_error", "teardown",
    )  # fmt: skip


def test_a_users_rules_decide_errors_of_the_run_too(tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text(
        '[[rule]]\nid = "quota"\ncategory = "environment"\npatterns = ["out of quota"]\n',
        encoding="utf-8",
    )
    path = kept(tmp_path, "results.json", report({"message": "Error: out of quota"}))
    run = fr.read_run(path, rules=fr.load_rules(rules))
    assert run.errors["rule"].tolist() == ["quota"]


def test_a_history_keeps_where_errors_came_from(tmp_path: Path) -> None:
    error = {"message": "Error: no database", "location": {"file": "/w/g.ts", "line": 3}}
    run = run_of(tmp_path, error, {"message": SERVER}, globalSetup="/w/g.ts")
    history = History(tmp_path / "h")
    history.append(run)
    back = history.run("latest")
    assert back.errors.equals(run.errors)
    assert back.info.errors == ["Error: no database", SERVER]


def test_a_failed_tear_down_closes_gates_though_all_tests_passed(tmp_path: Path) -> None:
    run = run_of(tmp_path, {"message": "Error: globalTeardown: cannot drop it"}, passed=3)
    assert not check(run, ["failed == 0"])[0].holds
    assert not check(fr.compare(run, run), ["broken == 0"])[0].holds


@pytest.mark.parametrize("passed", [0, 3])
def test_every_command_says_the_error_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], passed: int
) -> None:
    before = kept(tmp_path, "before.json", report(passed=3))
    after = kept(tmp_path, "after.json", report({"message": SERVER}, passed=passed))
    what = "the run itself failed" if passed else "no test ran"
    for command in (["results"], ["classify"], ["classify", "--explain"], ["run"]):
        with pytest.raises(SystemExit):
            main([*command, after])
        assert f"{what}: {SERVER}" in capsys.readouterr().err
    for words in (["compare", before, after], ["run", after]):
        with pytest.raises(SystemExit):
            main([*words, "--format", "markdown"])
        head = capsys.readouterr().out.split("\n\n")[1:4]
        assert any("webServer was not able to start" in block for block in head)


def test_classify_counts_errors_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = kept(tmp_path, "a.json", report({"message": SERVER}))
    with pytest.raises(SystemExit):
        main(["classify", path])
    out = capsys.readouterr().out
    assert out.startswith("environment  web-server  error of the run: Error: Process")
    assert "1 error of the run" in out


def test_json_has_the_errors_of_both_sides(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = kept(tmp_path, "before.json", report(passed=3))
    after = kept(tmp_path, "after.json", report({"message": SERVER}, passed=3))
    error = {"message": SERVER, "category": "environment", "phase": None, "file": None}
    with pytest.raises(SystemExit):
        main(["compare", before, after, "--format", "json"])
    assert json.loads(capsys.readouterr().out)["run_errors"] == {"before": [], "after": [error]}
    with pytest.raises(SystemExit):
        main(["run", after, "--format", "json"])
    assert json.loads(capsys.readouterr().out)["run_errors"] == [error]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "> test\nstarting\n{}\ndone in 3 s\n"),
        ("a.json", "\ufeff\x1b[32mok\x1b[0m\n{}"),
        ("a.json", "{}\nwarning: 2 handles open\n"),
    ],
)
def test_text_around_results_is_said_and_loses_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str
) -> None:
    path = tmp_path / name
    path.write_text(text.replace("{}", json.dumps(report(passed=2))), encoding="utf-8")
    for command in ("results", "classify", "run"):
        with pytest.raises(SystemExit) as ended:
            main([command, str(path)])
        assert ended.value.code == 0
        assert f"{path}: " in capsys.readouterr().err
    assert fr.read_run(path).is_whole


def test_many_bad_files_are_counted_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept(tmp_path, "results.json", report(passed=1))
    for n in range(40):
        (tmp_path / f"bad-{n}.xml").write_text("<testsuites><testsuite", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["results", str(tmp_path)])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert "and 30 more such lines" in lines[-1]


BROKEN_FILE = {
    "message": "SyntaxError: /w/a.spec.ts: Unexpected token (3:1)",
    "location": {"file": "/w/a.spec.ts", "line": 3, "column": 1},
}


def test_a_file_that_broke_while_it_was_loaded_and_runs_now_is_fixed(tmp_path: Path) -> None:
    """Playwright runs no test where a file cannot be loaded, so the sides have none in common."""
    before = fr.read_run(kept(tmp_path, "before.json", report(BROKEN_FILE)))
    after = fr.read_run(kept(tmp_path, "after.json", report(passed=2)))
    found = fr.compare(before, after)
    assert found.verdict_kind == "better"
    words = "2 new tests pass and 1 file that could not be loaded runs now"
    assert found.verdict.startswith(f"Better: {words}.")
    back = fr.compare(after, before)
    assert not any(gate.holds for gate in check(back, ["new_failures == 0", "lost == 0"]))


def test_a_run_before_in_which_nothing_ran_is_why_nothing_can_be_compared(tmp_path: Path) -> None:
    before = fr.read_run(kept(tmp_path, "before.json", report({"message": SERVER})))
    found = fr.compare(before, fr.read_run(kept(tmp_path, "after.json", report(passed=2))))
    assert found.verdict == f"No test ran before: {SERVER} (2 new), so nothing can be compared."


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_pytest_that_stopped_at_a_file_it_could_not_collect_misses_no_test(
    tmp_path: Path, form: str
) -> None:
    """It ends with 2, as if interrupted; its JUnit says nothing of that, and all agree."""
    collector = {"nodeid": "test_a.py", "outcome": "failed", "longrepr": "ImportError: no story"}
    if form == "json":
        text = json.dumps({"created": 1.0, "exitcode": 2, "collectors": [collector], "tests": []})
    else:
        lines = [
            {"pytest_version": "9.2.0", "$report_type": "SessionStart"},
            collector | {"$report_type": "CollectReport"},
            {"exitstatus": 2, "$report_type": "SessionFinish"},
        ]
        text = "\n".join(map(json.dumps, lines))
    path = tmp_path / f"report.{form}"
    path.write_text(text)
    run = fr.read_run(path)
    assert run.results["phase"].tolist() == ["collection"]
    assert not run.info.incomplete
