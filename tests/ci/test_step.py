"""The step end to end, in the environment of each system: exit code, outputs, summary, marks."""

from __future__ import annotations

import json

import pytest

import fictures_reports as fr
from fictures_reports.history import History
from tests.ci import runners
from tests.ci.conftest import after
from tests.ci.results import playwright_report

NEW = "new_failures == 0"


def test_the_first_run_passes_and_only_gates_on_the_run_are_asked(step, folder):
    gates = f"{NEW}\npass_rate >= 85.7%"
    main = runners.push(folder, "main")
    done = step(main, after=after(folder), history="nowhere", gates=gates)
    assert done.code == 0
    assert "No baseline yet: this is the first run of main" in done.summary
    assert f"not asked, for there is nothing to compare with: {NEW}" in done.log
    assert (done.outputs["gates-missed"], done.outputs["baseline"]) == ("0", "")
    done = step(main, after=after(folder, "a", "b"), history="nowhere", gates=gates)
    assert (done.code, done.outputs["exit-code"]) == (2, "2")
    assert "gate pass_rate >= 85.7%: not met" in done.log


def test_a_first_run_with_no_place_to_compare_with_says_how_to_get_one(step, folder):
    done = step(runners.push(folder, "main"), after=after(folder))
    assert done.code == 0
    assert "::warning title=fictures-reports::No baseline: neither before nor" in done.log
    assert "Name a store" in done.summary


def test_a_run_before_that_is_given_has_to_be_there(step, folder):
    done = step(runners.push(folder, "main"), after=after(folder), before="nowhere", gates=NEW)
    assert done.code == 1
    assert "nowhere" in done.outputs["verdict"]


def test_a_folder_of_something_else_is_no_first_run(step, folder):
    playwright_report(folder / "raw" / "results.json")
    done = step(runners.push(folder, "main"), after=after(folder), history="raw", gates=NEW)
    assert done.code == 1
    assert "raw is no history" in done.outputs["verdict"]
    (folder / "empty").mkdir()
    (folder / "empty" / ".gitkeep").touch()
    assert step(runners.push(folder, "main"), after=after(folder), store="empty").code == 0


@pytest.mark.parametrize("event", [
    runners.merge_group, runners.schedule, runners.tag, runners.pull_request,
    lambda folder: runners.push(folder, "feat/x"), runners.workflow_run,
])  # fmt: skip
def test_every_event_is_held_against_main(step, folder, history, event):
    done = step(event(folder), after=after(folder), history=history, gates=NEW)
    assert (done.code, done.outputs["baseline"]) == (0, "main-3")
    done = step(event(folder), after=after(folder, "c"), history=history, gates=NEW)
    assert (done.code, done.outputs["new-failures"]) == (2, "1")


def test_a_stacked_change_says_that_its_base_has_no_runs(step, folder, history):
    stacked = runners.pull_request(folder, base="feat/y")
    done = step(stacked, after=after(folder), history=history, gates=NEW)
    assert (done.code, done.outputs["baseline"]) == (0, "main-3")
    words = "feat/y has no runs in the history: compared with main."
    assert words in done.log
    assert words in done.summary


@pytest.mark.parametrize("system", [
    runners.GITLAB_REQUEST, runners.JENKINS_CHANGE, runners.AZURE_REQUEST,
    runners.BITBUCKET_REQUEST, runners.BUILDKITE_REQUEST,
])  # fmt: skip
def test_every_system_is_held_against_main_and_gets_no_commands_of_github(
    step, folder, history, system
):
    done = step(system, after=after(folder), history=history, gates=NEW)
    assert (done.code, done.outputs["baseline"]) == (0, "main-3")
    assert "As before" in done.summary
    failed = step(system, after=after(folder, "c"), history=history, gates=NEW)
    assert "fictures-reports: error: new_failures == 0 not met" in failed.log
    assert "::error" not in failed.log


@pytest.mark.parametrize("broken", ["GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "SUMMARY", "COMMENT"])
def test_what_cannot_be_written_is_a_warning_and_the_verdict_stands(step, folder, history, broken):
    system = runners.pull_request(folder)
    (folder / "taken").write_text("")
    where = "taken/file"
    given = {broken.lower(): where} if "_" not in broken else {}
    files = {broken: where} if "_" in broken else {}
    done = step(system, files, after=after(folder, "c"), history=history, **given)
    assert done.code == 2
    [warning] = [line for line in done.log.splitlines() if line.startswith("::warning title")]
    assert f"{where} cannot be written" in warning
    assert "::error file=a.spec.ts" in done.log
    assert (done.outputs.get("new-failures"), "New failures (1)" in done.summary) == (
        None if broken == "GITHUB_OUTPUT" else "1", broken != "GITHUB_STEP_SUMMARY",
    )  # fmt: skip


@pytest.mark.parametrize("errors", [(), ("Error: globalTeardown: no database",)])
def test_a_runner_that_failed_though_no_test_did_fails_the_step(step, folder, history, errors):
    (folder / "runner.log").write_text("one\n\x1b[31mthe plug-in crashed\x1b[0m\n")
    given = {"history": history, "gates": "none", "outcome": "failure", "log": "runner.log"}
    results = after(folder, errors=errors, names="abcdefgh")
    done = step(runners.push(folder, "main"), after=results, **given)
    assert (done.code, done.outputs["exit-code"]) == (2, "2")
    why = f": {errors[0]}" if errors else ""
    assert done.summary.startswith(f"**The runner failed though no test did{why}**")
    assert "the plug-in crashed\n```" in done.summary
    assert done.outputs["verdict"].startswith("The runner failed though no test did")
    given["outcome"] = "success"
    assert "The runner failed" not in step(runners.push(folder, "main"), after=results, **given).log


def test_a_runner_that_failed_for_its_tests_changes_nothing(step, folder, history):
    given = {"history": history, "gates": "failed <= 1", "outcome": "1"}
    done = step(runners.push(folder, "main"), after=after(folder, "c"), **given)
    assert done.code == 0
    assert "The runner failed" not in done.summary


NOT_ASKED = {"gates": NEW}  # a first run has nothing to compare with
SKIPPED = '<testsuite name="s"><testcase name="a"><skipped/></testcase></testsuite>'


@pytest.mark.parametrize(
    ("results", "given", "code"),
    [
        ({"names": "abc"}, NOT_ASKED, 0),
        ({"names": "abc", "errors": ("Error: globalTeardown",)}, NOT_ASKED, 2),
        ({"names": "abc", "errors": ("Error: globalTeardown",)}, {"gates": "none"}, 0),
        ({"names": ""}, {"gates": "none"}, 2),
        (SKIPPED, NOT_ASKED, 2),
        (SKIPPED, {"gates": "none"}, 0),
        ("<testsuite><testcase name='a'/>", {}, 1),
        ("<testsuite><testcase name='a'/>", {"allow_incomplete": "true"}, 0),
    ],
)
def test_the_exit_code_says_whether_a_run_may_pass_without_a_baseline(
    step, folder, results, given, code
):
    if isinstance(results, str):
        (folder / "after.xml").write_text(results)
    path = "after.xml" if isinstance(results, str) else after(folder, **results)
    assert step(runners.push(folder, "main"), after=path, **given).code == code


def test_an_error_of_the_run_closes_the_gates_and_comes_first(step, folder, history):
    results = after(folder, errors=("Error: globalTeardown: no database",), names="abcdefgh")
    done = step(runners.push(folder, "main"), after=results, history=history, gates=NEW)
    assert done.code == 2
    assert done.summary.startswith("**Error: globalTeardown: no database**")
    assert "::error title=fictures-reports::Error: globalTeardown: no database" in done.log


def test_a_web_server_that_did_not_start_is_a_missed_gate_headed_by_why(step, folder, history):
    results = after(folder, errors=("Error: config.webServer was not able to start",))
    done = step(runners.push(folder, "main"), after=results, history=history, gates=NEW)
    assert done.code == 2
    assert done.summary.startswith("**Error: config.webServer was not able to start**")
    # said once: what is not there, and the same words behind a gate, would tell nothing more
    assert "run 1001 holds no results\n" in done.summary.partition("<details>")[0]
    assert "No longer there" not in done.summary.partition("<details>")[0]


def test_a_runner_that_left_no_results_shows_the_end_of_its_log(step, folder, history):
    (folder / "runner.log").write_text("starting\nSegmentation fault\n")
    given = {"history": history, "outcome": "failure", "log": "runner.log", "summary": "s.md"}
    done = step(runners.push(folder, "main"), after="nothing.json", **given)
    assert done.code == 1
    assert done.summary.startswith("**could not compare: the runner failed, and nothing.json: no")
    assert "Segmentation fault\n```" in done.summary
    assert (folder / "s.md").read_text() == done.summary


@pytest.mark.parametrize("outcome", ["", "failure"])
def test_a_first_run_that_breaks_off_says_so_before_what_is_left_of_it(step, folder, outcome):
    whole = (folder / after(folder, "c")).read_text()
    (folder / "cut.json").write_text(whole[:900])
    done = step(runners.push(folder, "main"), after="cut.json", store="kept", outcome=outcome)
    assert (done.code, done.outputs["exit-code"]) == (1, "1")
    runner = "The runner failed, and its results are incomplete. " if outcome else ""
    words = "main at eeeeeee, run 1001 is incomplete or could not be read in full. No baseline yet"
    assert done.outputs["verdict"].startswith(f"{runner}{words}")
    assert words in done.summary.partition("<details>")[0]
    assert "no test did" not in done.log


def test_a_retried_job_says_what_passes_now_where_the_system_counts_no_attempts(
    step, folder, history
):
    job = runners.GITLAB_REQUEST
    given = {"store": history, "stream": "e2e"}
    step(job, after=after(folder, "c", day=7), **given)
    step(job, after=after(folder, "d", day=7), **given | {"stream": "unit"})
    done = step(job, after=after(folder, day=8), **given)
    again = "- **Flaky (1), failed in an earlier attempt and passes now:** c (x): no"
    assert (done.code, again in done.summary.splitlines()) == (0, True)


def test_an_outcome_that_nobody_knows_is_bad_input(step, folder):
    done = step(runners.push(folder, "main"), after=after(folder), outcome="perhaps")
    assert done.code == 1
    assert "outcome is 'perhaps'" in done.outputs["verdict"]


def test_a_missed_gate_on_flaky_tests_names_them(step, folder, history):
    results = after(folder, flaky="ce")
    done = step(runners.push(folder, "main"), after=results, history=history, gates="flaky == 0")
    assert done.code == 2
    for said in (done.log, done.summary):
        assert "a.spec.ts › c" in said
        assert "a.spec.ts › e" in said


def test_a_known_issue_changes_exit_code_marks_outputs_and_sentence_alike(step, folder, history):
    (folder / "fictures-reports.toml").write_text(
        '[[known_issues]]\ncase = "*› c*"\nowner = "lee"\nreason = "bug 9"\nexpires = 2099-12-31\n'
    )
    results = after(folder, "c")
    done = step(runners.push(folder, "main"), after=results, history=history, gates=NEW)
    assert (done.code, done.outputs["new-failures"]) == (0, "0")
    assert "::error" not in done.log
    assert "**Known issues (1):** c" in done.summary
    assert "lee answers for it until 2099-12-31" in done.summary


def test_a_regression_beside_a_known_flaky_test_is_the_only_error(step, folder):
    store = History(folder / "h")
    for day in range(1, 25):
        failing = ("d",) if day % 5 == 0 else ()
        run = fr.read_run(playwright_report(folder / f"{day}.json", failing, day=day))
        store.append(run, branch="main", label=f"n-{day}")
    results = after(folder, "d", "f", day=26)
    gate = "new_failures_not_flaky == 0"
    done = step(runners.pull_request(folder), after=results, history="h", gates=gate)
    assert done.code == 2
    [error] = [line for line in done.log.splitlines() if line.startswith("::error file=")]
    assert "title=broken%3A f" in error
    assert "::warning file=" in done.log
    assert "**New failures (1):** f" in done.summary
    assert "**Known as flaky (1):** d" in done.summary


def test_red_runs_and_second_attempts_are_kept_each_once(step, folder):
    main = runners.push(folder, "main")
    given = {"store": "kept", "stream": "e2e", "gates": "failed == 0"}
    assert step(main, after=after(folder, "c", day=3), **given).code == 2
    again = main | {"GITHUB_RUN_ATTEMPT": "2"}
    done = step(again, after=after(folder, day=4), **given)
    assert done.code == 0
    assert "Kept as 1001 attempt 2 in kept." in done.log
    assert "was in kept before" in step(again, after=after(folder, day=4), **given).log
    runs = History("kept").runs()
    assert list(runs["label"]) == ["1001", "1001 attempt 2"]
    assert set(runs["branch"]) == {"main"}
    assert set(runs["commit"]) == {"e" * 40}
    assert set(runs["stream"]) == {"e2e"}


def test_two_attempts_with_equal_results_are_two_runs(step, folder):
    main = runners.push(folder, "main")
    for attempt in ("1", "2"):
        step(main | {"GITHUB_RUN_ATTEMPT": attempt}, after=after(folder), store="kept")
    assert len(History("kept").runs()) == 2


def test_a_fork_reads_and_does_not_write(step, folder, history):
    fork = runners.pull_request(folder, fork=True)
    done = step(fork, after=after(folder), store=history, gates=NEW)
    assert (done.code, done.outputs["baseline"]) == (0, "main-3")
    assert "was not kept" in done.summary
    assert len(History(history).runs()) == 5


def test_the_first_run_of_a_second_suite_is_not_held_against_the_first(step, folder):
    main = runners.push(folder, "main")
    step(main, after=after(folder), store="kept", stream="e2e")
    unit = playwright_report(folder / "unit.json", names="xyz", day=8)
    (folder / "fictures-reports.toml").write_text('stream = "unit"\n')
    done = step(main, after=unit, store="kept", gates=NEW)
    assert done.code == 0, done.log
    assert "No baseline yet: this is the first run of unit." in done.summary
    assert set(History("kept").runs()["stream"]) == {"e2e", "unit"}


def test_a_log_that_github_does_not_read_has_none_of_its_commands_and_none_of_azures(
    command, folder, history, monkeypatch
):
    """Words of a test must not command the agent of Azure either, wherever they stand."""
    words = "Error: no ##vso[task.setvariable variable=PATH]/tmp"
    results = after(folder, "c", words=words)
    (folder / "runner.log").write_text(f"{words}\n")
    for system in ({}, runners.AZURE_REQUEST):
        for name, value in system.items():
            monkeypatch.setenv(name, value)
        given = ("--history", history, "--format", "none", "--log", "runner.log", "--outcome", "1")
        green = after(folder, names="abcdefgh", errors=(words,)) if system else results
        log = command("ci", green, *given).stdout
        assert "::" not in log
        assert "##vso[" not in log
    assert "# #vso[task.setvariable" in log


def test_the_summary_says_in_few_lines_what_matters_and_folds_the_rest(step, folder, history):
    results = after(folder, *"abcde")
    done = step(runners.pull_request(folder), after=results, history=history, gates=NEW)
    head, fold, _ = done.summary.partition("<details>")
    assert fold
    assert len([line for line in head.splitlines() if line]) <= 10
    assert "feat/x at bbbbbbb, [run 1001](<https://github.example/team/shop/" in head
    assert "after.json" not in head.splitlines()[0]


def test_an_outage_is_headed_as_one_and_not_as_caused_by_the_change(step, folder, history):
    words = "Error: connect ECONNREFUSED 127.0.0.1:5432"
    results = after(folder, *"abcdefgh", words=words)
    done = step(runners.pull_request(folder), after=results, history=history, gates=NEW)
    assert done.code == 2
    head = done.summary.partition("<details>")[0]
    assert "**An outage, " in head
    assert "and 5 more" in head
    assert "New failures" not in head


def test_summary_and_comment_are_left_in_files_that_are_named(step, folder, history):
    given = {"history": history, "summary": "s.md", "comment": "c.md"}
    done = step(runners.pull_request(folder), after=after(folder, "c"), **given)
    assert (folder / "s.md").read_text() == done.summary
    assert (folder / "c.md").read_text().startswith("<!-- fictures-reports: ")
    assert "New failures" in (folder / "c.md").read_text()


def test_the_command_takes_the_same_step(command, folder, history, monkeypatch):
    for name, value in runners.GITLAB_REQUEST.items():
        monkeypatch.setenv(name, value)
    results = after(folder, "c")
    done = command(
        "ci", results, "--history", history, "--gate", "broken <= 1", "--gate", "passed >= 8",
        "--format", "none", "-o", "out", "--summary", "s.md", "--outcome", "1",
    )  # fmt: skip
    assert done.returncode == 2
    assert "passed >= 8 not met: reads 7" in done.stdout
    assert "New failures (1)" in (folder / "s.md").read_text()
    assert json.loads((folder / "out" / "report.json").read_text())["standings"]["new"] == 1
