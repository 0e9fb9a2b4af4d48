"""The CI step, run in bash as a runner would: expressions filled in, GITHUB_* files on disk."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

import fictures_reports as fr
from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.cli import ci_inputs
from fictures_reports.cli import ci_outputs as cli_ci
from fictures_reports.errors import ReportsError
from fictures_reports.history import History
from fictures_reports.report.annotations import Annotation, marks
from tests.ci.results import playwright_report

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
BEFORE, AFTER = str(ROOT / "runs" / "phase2-initial"), str(ROOT / "runs" / "phase2-rerun")
API = ROOT / "runs" / "api-rerun" / "report.json"
#: Without the HTML and the marks a step takes a third of the time.
QUICK = {"format": "none", "annotations": "0"}


@dataclass
class Done:
    """What a job leaves behind."""

    code: int
    log: str
    outputs: dict[str, str]
    summary: str
    folder: Path


def filled(text: str, inputs: dict[str, str], python: str = sys.executable) -> str:
    """Fill in the expressions that the action uses; the install step's output is this Python."""
    text = text.replace("${{ steps.install.outputs.python }}", python)
    return re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: inputs[match[1]], text)


def outputs_of(path: Path) -> dict[str, str]:
    found = re.findall(
        r"^([\w-]+)<<([\w-]+)\n(.*?)\n\2$", path.read_text(), re.MULTILINE | re.DOTALL
    )
    return {name: value for name, _, value in found}


pytestmark = pytest.mark.scripts


def variables_of(
    step: dict[str, Any], folder: Path, given: dict[str, str], python: str = sys.executable
) -> dict[str, str]:
    """Return what a runner sets for a step with these inputs, whose files are there."""
    names = {name.replace("_", "-"): value for name, value in given.items()}
    defaults = {name: i.get("default", "") for name, i in ACTION["inputs"].items()}
    own = {key: filled(value, defaults | names, python) for key, value in step["env"].items()}
    files = {name: str(folder / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        Path(path).touch()
    return {"GITHUB_WORKSPACE": str(folder)} | own | files


def left(done: subprocess.CompletedProcess[str], folder: Path) -> Done:
    summary = (folder / "GITHUB_STEP_SUMMARY").read_text()
    told = outputs_of(folder / "GITHUB_OUTPUT")
    return Done(done.returncode, done.stdout + done.stderr, told, summary, folder)


@pytest.fixture
def job_in_bash(tmp_path, warm):
    """Run the action's `Compare` step in an empty workspace with some inputs.

    Its Python has imported everything when it begins; test_foreign_modules.py takes a new one.
    """

    def run(**given: str) -> Done:
        step = next(step for step in STEPS if step.get("id") == "compare")
        script = tmp_path / "step.sh"
        script.write_text(step["run"])
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            check=False, capture_output=True, text=True, cwd=tmp_path,
            env=os.environ | variables_of(step, tmp_path, given, str(warm / "python")),
        )  # fmt: skip
        return left(done, tmp_path)

    return run


@pytest.fixture
def job(tmp_path, command, monkeypatch):
    """Take that step in this process: a new one needs half a second before it reads a file."""

    def run(environment: dict[str, str] | None = None, **given: str) -> Done:
        step = next(step for step in STEPS if step.get("id") == "compare")
        assert step["run"].strip() == '"$PYTHON" -P -m fictures_reports ci'
        variables = variables_of(step, tmp_path, given) | (environment or {})
        with monkeypatch.context() as patch:
            for name, value in variables.items():
                patch.setenv(name, value)
            return left(command("ci", cwd=tmp_path), tmp_path)

    return run


def test_a_gate_that_holds_passes_and_everybody_is_told(job_in_bash, tmp_path):
    spec = "cache-performance-benchmarks.spec.ts"
    (tmp_path / "e2e").mkdir()
    shutil.copy(ROOT / "examples" / "story-cache" / "tests" / spec, tmp_path / "e2e")
    done = job_in_bash(before=BEFORE, after=AFTER, gates="passed >= 8\n\nbroken <= 1\n")
    assert done.code == 0, done.log
    assert "compared phase2-initial (" in done.log
    assert (
        f"::error file=e2e/{spec},line=56,title=broken%3A Page load with cache < 2s::" in done.log
    )
    # one that broke, and three that failed before for another cause: the first list
    assert done.log.count("::error ") == 4
    assert done.summary.startswith("# phase2-rerun\n\n**Mixed: 1 test that passed now fails")
    assert done.outputs["exit-code"] == "0"
    assert done.outputs["verdict"].startswith("Mixed: 1 test that passed now fails")
    assert json.loads(done.outputs["counts"])["masked"] == 4
    assert json.loads(done.outputs["totals"])["failed"] == 12
    assert (done.outputs["broken"], done.outputs["fixed"], done.outputs["new-failures"]) == (
        "1", "5", "1",
    )  # fmt: skip
    assert done.outputs["baseline"] == "phase2-initial"
    assert "Page load with cache" in (done.folder / done.outputs["report"]).read_text("utf-8")
    assert json.loads((done.folder / done.outputs["json"]).read_text())["schema_version"] == 2
    assert sorted(path.name for path in (done.folder / "fictures-report").iterdir()) == [
        "report.html", "report.json", "report.md",
    ]  # fmt: skip


def test_a_missed_gate_exits_with_2_and_is_named(job_in_bash):
    done = job_in_bash(before=BEFORE, after=AFTER, gates="passed >= 24\nbroken == 1", **QUICK)
    assert done.code == 2, done.log
    assert "::error title=fictures-reports::passed >= 24 not met: reads 8" in done.log
    assert (done.outputs["exit-code"], done.outputs["gates-missed"]) == ("2", "1")
    assert "16 short" in done.summary
    assert done.outputs["report"] == ""


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"before": "nowhere", "after": AFTER}, "nowhere"),
        ({"before": BEFORE, "after": ""}, "after is empty"),
        ({"before": BEFORE, "after": AFTER, "gates": "pased >= 1"}, "did you mean"),
        ({"before": BEFORE, "after": AFTER, "format": "pdf"}, "expected html or ipynb or none"),
        ({"before": BEFORE, "after": AFTER, "allow_incomplete": "yes"}, "expected true"),
        ({"before": BEFORE, "after": "--help"}, "--help"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_input_exits_with_1_and_says_why(job, given, words):
    done = job(**(QUICK | given))
    assert done.code == 1, done.log
    assert words in done.outputs["verdict"]
    assert words in done.summary
    assert "::error title=fictures-reports::" in done.log
    assert done.outputs["exit-code"] == "1"
    assert "json" not in done.outputs


@pytest.mark.parametrize("given", [{"after": "nowhere"}, {"after": AFTER, "format": "pdf"}])
def test_files_of_an_earlier_step_are_not_taken_for_an_answer(job_in_bash, tmp_path, given):
    folder = tmp_path / "fictures-report"
    folder.mkdir()
    for name in ("report.html", "report.ipynb", "report.json", "report.md", "mine.txt"):
        (folder / name).write_text("{}")
    assert job_in_bash(**(QUICK | {"before": BEFORE} | given)).code == 1
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_an_output_that_cannot_be_written_is_said_like_other_bad_input(job, tmp_path):
    (tmp_path / "taken").write_text("")
    for output in ("taken", "taken/below"):
        done = job(before=BEFORE, after=AFTER, output=output, **QUICK)
        assert done.code == 1
        assert "Traceback" not in done.log
        assert done.log.count("::error title=fictures-reports::") == 1
        assert "cannot be written: its folder's place is taken" in done.outputs["verdict"]
        assert done.outputs["exit-code"] == "1"
        assert "cannot be written" in done.summary


def test_an_input_is_never_written_over(job, tmp_path):
    given = (tmp_path / "report.json", tmp_path / "results.json")
    for path in given:
        shutil.copy(API, path)
    done = job(before=str(API), after="report.json", output=".", **QUICK)
    assert done.code == 1
    assert "report.json is an input and would be overwritten" in done.outputs["verdict"]
    given[0].unlink()
    done = job(before=str(API), after="results.json", output=".", format="none")
    assert done.code == 0, done.log
    assert given[1].read_bytes() == API.read_bytes()


def test_an_incomplete_run_does_not_pass_though_no_gate_was_set(job, tmp_path):
    (tmp_path / "after").mkdir()
    shutil.copy(API, tmp_path / "after" / "report.json")
    (tmp_path / "after" / "other.xml").write_bytes(b"")
    before = str(ROOT / "runs" / "api-initial")
    given = {"before": before, "after": "after", "gates": "none"} | QUICK
    done = job(**given)
    assert done.code == 1, done.log
    assert "not passed: after is incomplete" in done.log
    assert json.loads(done.outputs["counts"])
    assert job(allow_incomplete="true", **given).code == 0


@pytest.mark.parametrize("gate", ["passed >= 1", "passed >= 1000"])
def test_a_cut_file_is_bad_input_whatever_the_gates_say(job, tmp_path, gate):
    whole = (ROOT / "runs" / "api-rerun" / "junit.xml").read_bytes()
    (tmp_path / "cut.xml").write_bytes(whole[: len(whole) // 2])
    done = job(before=str(API), after="cut.xml", gates=gate, **QUICK)
    assert (done.code, done.outputs["exit-code"]) == (1, "1"), done.log
    assert "not passed: cut.xml is incomplete" in done.log
    assert "**Incomplete:** something is known to be missing from cut.xml" in done.summary


def test_a_report_that_cannot_be_drawn_changes_no_verdict(job, tmp_path):
    (tmp_path / "papermill.py").write_text("raise ImportError('papermill is broken here')")
    environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = job(environment, before=BEFORE, after=AFTER, gates="passed >= 8", annotations="0")
    assert done.code == 0, done.log
    assert "::warning title=fictures-reports::the report could not be drawn" in done.log
    assert "papermill is broken here" in done.log
    assert done.outputs["report"] == ""
    assert "## Gates" in done.summary


def test_a_long_summary_is_cut_at_a_line_and_says_so():
    text = "".join(f"- Test {i} – überall\n" for i in range(100_000))
    cut = cli_ci.cut(text, cli_ci.SUMMARY_LIMIT)
    assert cli_ci.SUMMARY_LIMIT - 100 < len(cut.encode()) <= cli_ci.SUMMARY_LIMIT
    kept, _, note = cut.partition("\n\n")
    assert text.startswith(kept + "\n")
    assert "The rest was cut" in note
    assert cli_ci.cut("short\n", 6) == "short\n"
    assert cli_ci.cut("too long", 3) == ""


def case(title: str, **columns: Any) -> dict[str, Any]:
    """Draw one row as `results --format json` prints it."""
    return {
        "case_id": f"a.spec.ts › {title}", "file": "a.spec.ts", "title": title, "line": 3,
        "location": "a.spec.ts:5:7", "status": "failed", "category": "assertion",
        "message": "Error: no", "evidence": None, "skip_reason": None, "signature": "Error: no",
    } | columns  # fmt: skip


def compared(**changes: list[dict[str, Any]]) -> dict[str, Any]:
    empty: dict[str, Any] = {key: [] for key in NEW_FAILURES}
    return {"changes": empty | changes}


def test_tests_that_fail_for_one_cause_share_a_mark_and_broken_ones_come_first():
    rows = [case(f"t{i}") for i in range(14)]
    rows.append(case("other", signature="TypeError: x", message="TypeError: x"))
    found = marks(compared(arrived_failing=[rows[-1]], broken=rows[:-1]), rows)
    assert [mark.title for mark in found] == ["broken: t0", "arrived failing: other"]
    lines = found[0].message.splitlines()
    assert lines[:3] == ["no", "13 more tests with this cause:", "- t1 (a.spec.ts)"]
    assert lines[-1] == "- and 3 more"
    assert found[1].message == "TypeError: x"


@pytest.mark.parametrize(
    ("standing", "level", "title"),
    [
        ("new", "error", "broken: t"),
        ("known_flaky", "warning", "known flaky: t"),
        ("failing_on_base", "warning", "failing on base: t"),
        ("known_issue", "notice", "known issue: t"),
    ],
)
def test_only_new_failures_are_marked_as_errors(standing, level, title):
    rows = [case("t") | {"standing": standing, "standing_words": "so it is"}]
    [mark] = marks(compared(broken=rows), rows)
    assert (mark.level, mark.title) == (level, title)
    assert mark.command.startswith(f"::{level} file=a.spec.ts")
    assert mark.message == ("no" if standing == "new" else "no\nso it is")


def test_a_new_failure_is_marked_by_itself_and_before_a_flaky_one_of_the_same_cause():
    flaky, new = (case(name) for name in ("flaky", "new"))
    rows = [flaky | {"standing": "known_flaky", "standing_words": "5 of 30"},
            new | {"standing": "new", "standing_words": "passed before"}]  # fmt: skip
    found = marks(compared(broken=rows), rows)
    assert [(mark.level, mark.title) for mark in found] == [
        ("error", "broken: new"), ("warning", "known flaky: flaky"),
    ]  # fmt: skip
    assert "more test" not in found[0].message


def test_what_failed_before_for_another_cause_is_an_error_that_says_so():
    words = "failed before for another cause"
    rows = [case("t") | {"standing": "new", "standing_words": words}]
    [mark] = marks({"changes": compared()["changes"] | {"still_failing": rows}}, rows)
    assert (mark.level, mark.title) == ("error", "other cause: t")
    assert mark.message.endswith(words)


def test_failures_without_a_text_are_causes_of_their_own():
    rows = [case(f"t{i}", signature=None, message=None) for i in range(2)]
    assert len(marks(compared(broken=rows), rows)) == 2


@pytest.mark.parametrize(
    ("location", "file", "line"),
    [
        ("a.spec.ts:5:7", "a.spec.ts", 5),
        ("tests/a.spec.ts:5", "tests/a.spec.ts", 5),
        ("/srv/app/a.spec.ts:5:7", "a.spec.ts", 5),
        ("helpers.ts:28:33", "a.spec.ts", 3),
        ("/usr/lib/python3.11/socket.py:706", "a.spec.ts", 3),
        (None, "a.spec.ts", 3),
    ],
)
def test_the_line_is_the_one_that_failed_if_that_is_in_the_tests_file(location, file, line):
    rows = [case("t", location=location)]
    [mark] = marks(compared(broken=rows), rows)
    assert (mark.file, mark.line) == (file, line)


def test_a_file_is_found_in_the_checkout_only_if_it_can_be_only_one(tmp_path):
    rows = [case("t")]
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "a.spec.ts").touch()
    assert marks(compared(broken=rows), rows, checkout=tmp_path)[0].file == "a.spec.ts"
    (tmp_path / "e2e").mkdir()
    (tmp_path / "e2e" / "a.spec.ts").touch()
    assert marks(compared(broken=rows), rows, checkout=tmp_path)[0].file == "e2e/a.spec.ts"
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.spec.ts").touch()
    assert marks(compared(broken=rows), rows, checkout=tmp_path)[0].file == "a.spec.ts"


def test_no_name_or_message_can_command_the_runner():
    evil = "x\n::add-path::/tmp\r\n::error file=b::%0A,line=1"
    command = Annotation(evil, evil, evil, 1).command
    assert len(command.splitlines()) == 1
    assert command.count("::error") == 2
    head = command.removeprefix("::error ").partition("::")[0]
    assert head.count(",") == 2
    assert "%250A" in head


def test_no_value_can_name_an_output_of_its_own(tmp_path):
    path = tmp_path / "out"
    evil = "x\nEOF\nreport<<EOF\n/etc/passwd\nEOF"
    cli_ci.tell({"GITHUB_OUTPUT": str(path)}, {"verdict": evil, "report": "r"}, "")
    assert outputs_of(path) == {"verdict": evil, "report": "r"}


def test_what_a_command_says_stands_where_the_runner_takes_no_commands(job):
    done = job(before="::set-env name=A::b", after=AFTER, **QUICK)
    start, token = re.search(r"^(::stop-commands::(\w+))$", done.log, re.MULTILINE).groups()
    inside = done.log.partition(start)[2].partition(f"\n::{token}::\n")
    assert "::set-env" in inside[0]
    assert not re.search(r"^::set-env", inside[2], re.MULTILINE)


def test_a_history_that_names_a_run_gives_it_and_a_run_that_is_given_goes_before_it():
    given = {"FICTURES_HISTORY": "h@latest~1", "FICTURES_AFTER": "results"}
    assert ci_inputs.step_of(given).before == "h@latest~1"
    assert ci_inputs.step_of(given | {"FICTURES_BEFORE": "old"}).before == "old"


def test_the_last_run_of_the_target_branch_is_compared_with_and_named(job, tmp_path):
    history = History(tmp_path / "history")
    history.append(fr.read_run(BEFORE), branch="main")
    history.append(fr.read_run(ROOT / "runs" / "api-initial"), branch="other")
    given = {"history": "history", "after": AFTER, "gates": "broken <= 1"} | QUICK
    done = job({"GITHUB_BASE_REF": "main"}, **given)
    assert done.code == 0, done.log
    assert "compared phase2-initial (" in done.log
    assert done.outputs["baseline"] == "phase2-initial"
    done = job({"GITHUB_BASE_REF": "release"}, **given)
    assert done.code == 0
    words = "No baseline yet: the history has no run of release, but of main, other."
    assert done.outputs["verdict"].startswith(words)
    assert "not asked, for there is nothing to compare with: broken <= 1" in done.log


def test_a_history_beside_a_run_to_compare_with_weighs_the_changes(job, tmp_path):
    history = History(tmp_path / "history")
    history.append(fr.read_run(BEFORE), branch="main")
    gate = "new_failures_not_flaky <= 1"
    given = {"before": BEFORE, "after": AFTER, "gates": gate} | QUICK
    assert job(**given).code == 2
    for selector in ("", "@latest"):
        done = job(history=f"history{selector}", **given)
        assert done.code == 0, (selector, done.log)
        assert "in its history:" in done.summary, selector
        done = job(history=f"elsewhere{selector}", **given)
        assert done.code == 1, selector
        assert f"elsewhere{selector}: no such history" in done.outputs["verdict"]


def test_a_run_that_is_compared_with_itself_is_warned_of(job, tmp_path):
    History(tmp_path / "history").append(fr.read_run(AFTER), label="nightly", branch="main")
    done = job(history="history@latest", after=AFTER, gates="new_failures == 0", **QUICK)
    assert done.code == 0, done.log
    assert "::warning title=fictures-reports::before and after are the same run (" in done.log
    assert done.summary.startswith("**Warning:** before and after are the same run (")
    assert "same run" not in job(before=BEFORE, after=AFTER, **QUICK).log


@pytest.mark.parametrize("number", ["-1", "ten", "1.5"])
def test_a_number_of_marks_that_is_none_is_refused(number):
    given = {"FICTURES_BEFORE": "a", "FICTURES_AFTER": "b", "FICTURES_ANNOTATIONS": number}
    with pytest.raises(ReportsError, match="expected a number"):
        ci_inputs.step_of(given)


def test_the_action_offers_what_the_module_takes_and_tells():
    own = {"artifact", "python", "token"}
    offered = {n: i.get("default", "") for n, i in ACTION["inputs"].items() if n not in own}
    assert offered == ci_inputs.INPUTS
    step = next(step for step in STEPS if step.get("id") == "compare")
    passed = {f"FICTURES_{name.upper().replace('-', '_')}" for name in offered}
    assert passed == step["env"].keys() - {"PYTHON", "FICTURES_TOKEN", "FICTURES_ARTIFACT"}
    run: dict[str, Any] = {"label": "x", "totals": {}}
    changes: dict[str, Any] = {change: [] for change in (*NEW_FAILURES, "fixed")}
    said = {"verdict": "", "before": run, "after": run, "gates": [], "changes": changes,
            "standings": {}}  # fmt: skip
    told = cli_ci.outputs(said, 0, Path("r.json"), None)
    assert ACTION["outputs"].keys() - {"report-link"} == told.keys()
    for name in told:
        words = f"steps.compare.outputs.{name}"
        if name in ("verdict", "exit-code"):  # without a Python there is no step to compare
            words += f" || steps.install.outputs.{name}"
        assert ACTION["outputs"][name]["value"] == f"${{{{ {words} }}}}"


def test_no_input_is_written_into_a_script():
    for step in STEPS:
        assert "${{" not in step.get("run", "")


def test_the_report_is_kept_though_the_step_failed():
    [keep] = [step for step in STEPS if step.get("uses", "").startswith("actions/upload-artifact@")]
    assert keep["if"].startswith("${{ !cancelled() && ")


def plain(folder: Path, python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHON": str(python), "FICTURES_FORMAT": "none"}
    command = ["bash", str(ROOT / "ci" / "plain.sh"), *words]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=folder, env=environment
    )


def test_the_plain_script_exits_as_documented(tmp_path, warm):
    before = playwright_report(tmp_path / "before.json")
    after = playwright_report(tmp_path / "after.json", ("c",))

    def code(*words: str) -> int:
        return plain(tmp_path, warm / "python", *words).returncode

    assert code(before, after) == 2
    assert code(before, after, "none") == 0
    assert code(before, after, "broken <= 1", "passed >= 24") == 2
    assert code(before) == 1
    assert code(before, "nowhere") == 1


def test_the_gitlab_job_keeps_runs_and_stops_on_new_failures(tmp_path, warm):
    jobs = yaml.safe_load((ROOT / "ci" / "gitlab-ci.yml").read_text(encoding="utf-8"))
    job = jobs["compare-tests"]
    [line] = job["script"]
    assert " --store " in line
    done = in_bash(f"set -e\n{line}", tmp_path, warm, job["variables"], "main", BEFORE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No baseline yet: this is the first run of main" in done.stdout
    done = in_bash(f"set -e\n{line}", tmp_path, warm, job["variables"], "feat/x", AFTER)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "error: regressions == 0 not met: reads 4" in done.stdout
    assert (tmp_path / job["artifacts"]["paths"][0] / "report.json").is_file()
    assert list(History(tmp_path / "fictures-history").runs()["branch"]) == ["main", "feat/x"]


def test_the_azure_step_keeps_runs_and_exits_by_the_gates(tmp_path, warm):
    steps = yaml.safe_load((ROOT / "ci" / "azure-pipelines.yml").read_text(encoding="utf-8"))
    [script] = [s["script"] for s in steps["steps"] if "fictures-reports ci" in s.get("script", "")]
    assert in_bash(script, tmp_path, warm, {}, "main", BEFORE).returncode == 0
    done = in_bash(script, tmp_path, warm, {}, "feat/x", AFTER)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "##vso[task.uploadsummary]" in done.stdout
    assert (tmp_path / "fictures-report" / "summary.md").is_file()


def in_bash(
    script: str, folder: Path, commands: Path, variables: dict[str, str], branch: str, results: str
) -> subprocess.CompletedProcess[str]:
    """Run a job's script where a runner left results and its exit code; main is the default.

    The script finds the command in `commands`.
    """
    shutil.rmtree(folder / "results", ignore_errors=True)
    (folder / "results").mkdir()
    shutil.copy(Path(results) / "results.json", folder / "results")
    for name in ("outcome", "results/outcome"):
        (folder / name).write_text("1\n")
    given = {"GITLAB_CI": "true", "CI_COMMIT_REF_NAME": branch, "CI_DEFAULT_BRANCH": "main",
             "CI_PIPELINE_ID": branch, "FICTURES_FORMAT": "none"}  # fmt: skip
    path = f"{commands}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", script], check=False, capture_output=True, text=True, cwd=folder,
        env=os.environ | variables | given | {"PATH": path},
    )  # fmt: skip


def test_a_known_issue_is_a_notice_and_no_new_failure_in_any_output(job, tmp_path):
    before = playwright_report(tmp_path / "before.json")
    after = playwright_report(tmp_path / "after.json", ("c",))
    (tmp_path / "fictures-reports.toml").write_text(
        '[[known_issues]]\ncase = "*› c*"\nowner = "lee"\nreason = "bug 9"\nexpires = 2099-12-31\n'
    )
    done = job(before=before, after=after, gates="new_failures == 0", format="none")
    assert done.code == 0, done.log
    assert "::error" not in done.log
    assert "::notice file=a.spec.ts" in done.log
    assert (done.outputs["broken"], done.outputs["new-failures"]) == ("0", "0")
    assert json.loads(done.outputs["standings"])["known_issue"] == 1
    assert "lee answers for it until 2099-12-31: bug 9" in done.summary
    assert done.outputs["verdict"] == "As before: 1 test is a known issue."


def test_without_a_gate_what_this_change_broke_is_asked_for_and_that_is_said(job, tmp_path):
    before = playwright_report(tmp_path / "before.json")
    after = playwright_report(tmp_path / "after.json", ("c",))
    done = job(before=before, after=after, **QUICK)
    assert done.code == 2
    assert "no gate was given: asked regressions == 0" in done.log
    assert "regressions == 0 not met: reads 1: a.spec.ts › c" in done.log


def test_gate_none_asks_nothing_and_log_and_summary_say_so(job, tmp_path):
    before = playwright_report(tmp_path / "before.json")
    after = playwright_report(tmp_path / "after.json", ("c",))
    done = job(before=before, after=after, gates="none", **QUICK)
    assert done.code == 0
    assert "::warning title=fictures-reports::no gate is set: nothing can fail" in done.log
    assert done.summary.startswith("**Warning:** no gate is set: nothing can fail this step")


def test_a_run_in_which_no_test_ran_misses_its_gates_and_the_summary_begins_with_why(job, tmp_path):
    before = playwright_report(tmp_path / "before.json")
    after = playwright_report(tmp_path / "after.json", errors=("Error: no database\n  at x",))
    done = job(before=before, after=after, gates="new_failures == 0", **QUICK)
    assert (done.code, done.outputs["exit-code"]) == (2, "2")
    assert done.summary.startswith("**Error: no database**")
    assert "could not be read" not in done.log
