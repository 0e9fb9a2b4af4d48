"""What builds come as: attempts, variants, outages, replaced suites, removed tests, first runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.ci.build import build_of
from fictures_reports.ci.removed_tests import declares
from fictures_reports.ci.report_link import report_link
from fictures_reports.history import History
from tests.ci import runners
from tests.ci.conftest import after
from tests.ci.results import playwright_report

NEW = "new_failures == 0"
REFUSED = "Error: connect ECONNREFUSED 127.0.0.1:5432"


def head(summary: str) -> str:
    """Return what stands above the folded details."""
    return summary.partition("<details>")[0]


def test_a_further_attempt_is_held_against_the_last_run_before_the_first(step, folder, history):
    main = runners.push(folder, "main")
    first = step(main, after=after(folder, "c"), store=history, gates=NEW)
    assert (first.code, first.outputs["baseline"]) == (2, "main-3")
    again = main | {"GITHUB_RUN_ATTEMPT": "2"}
    for second, ended in (((), (0, "0")), (("c",), (2, "1"))):
        kept = shutil.copytree(history, f"after-{len(second)}")
        done = step(again, after=after(folder, *second, day=8), store=kept, gates=NEW)
        assert done.outputs["baseline"] == "main-3", second
        assert (done.code, done.outputs["new-failures"]) == ended, second
        assert list(History(kept).runs()["label"])[-2:] == ["1001", "1001 attempt 2"], second


def test_what_failed_and_passed_in_two_attempts_of_a_build_is_flaky(step, folder, history):
    main = runners.push(folder, "main")
    step(main, after=after(folder, "c"), store=history, gates=NEW)
    step(main | {"GITHUB_RUN_ATTEMPT": "2"}, after=after(folder, day=8), store=history, gates=NEW)
    states = History(history).flakiness(branch="main").set_index("title")["state"]
    assert (states["c"], states["d"]) == ("flaky", "not enough runs")


def test_a_further_attempt_says_what_passes_now_and_comes_last_whatever_its_clock(
    step, folder, history
):
    change = runners.pull_request(folder)
    step(change, after=after(folder, "c"), store=history)
    for day in (8, 6):
        kept = shutil.copytree(history, f"on-day-{day}")
        again = change | {"GITHUB_RUN_ATTEMPT": "2"}
        done = step(again, after=after(folder, day=day), store=kept)
        words = "**Flaky (1), failed in an earlier attempt and passes now:** c (x): no"
        assert words in head(done.summary), day
        states = History(kept).flakiness(branch="feat/x").set_index("title")["state"]
        assert (states["c"], states["d"]) == ("flaky", "not enough runs"), day


def test_equal_results_of_two_builds_are_two_runs_and_the_first_is_the_baseline(step, folder):
    main = runners.push(folder, "main")
    step(main, after=after(folder, "c"), store="kept")
    again = main | {"GITHUB_RUN_ID": "1002", "GITHUB_SHA": "f" * 40}
    done = step(again, after=after(folder, "c"), store="kept")
    assert (done.code, done.outputs["baseline"]) == (0, "1001")
    assert "the same run" not in done.log
    assert "**Failed before, too (1):** c (x): no – since 1001 (eeeeeee)" in head(done.summary)
    assert set(History("kept").runs()["label"]) == {"1001", "1002"}


def test_the_only_earlier_attempt_is_no_baseline(step, folder):
    main = runners.push(folder, "main")
    step(main, after=after(folder), store="kept", gates=NEW)
    again = main | {"GITHUB_RUN_ATTEMPT": "2"}
    done = step(again, after=after(folder, "c", day=8), store="kept", gates=NEW)
    assert done.code == 0
    assert "No baseline yet: this is the first run of main." in done.summary


def test_a_first_run_lists_and_marks_what_fails_as_nobodys_yet(step, folder):
    done = step(runners.push(folder, "main"), after=after(folder, "c", "d"), store="kept")
    assert done.code == 0
    assert "**Fails, with nothing to compare with (2):** c (x), d (x): no" in head(done.summary)
    [mark] = [line for line in done.log.splitlines() if line.startswith("::warning file=")]
    assert "title=fails%3A c::no%0A1 more test with this cause" in mark
    assert "::error" not in done.log


def test_a_known_issue_in_a_first_run_names_who_answers(step, folder):
    (folder / "fictures-reports.toml").write_text(
        '[[known_issues]]\ncase = "*› c*"\nowner = "lee"\nreason = "bug 9"\nexpires = 2099-12-31\n'
    )
    done = step(runners.push(folder, "main"), after=after(folder, "c"), store="kept")
    said = "**Known issues (1):** c (x): no – lee answers for it until 2099-12-31: bug 9"
    assert said in head(done.summary)
    assert "::notice file=a.spec.ts" in done.log


@pytest.mark.usefixtures("warm_drawing")
def test_the_page_of_a_first_run_is_linked_and_shows_no_gate_that_could_not_be_asked(step, folder):
    (folder / "fictures-reports.toml").write_text('gates = ["broken == 0", "passed >= 1"]\n')
    done = step(
        runners.push(folder, "main"), after=after(folder, "c"), store="k", format="html",
        comment="comment.md",
    )  # fmt: skip
    page = Path(done.outputs["report"]).read_text("utf-8")
    assert "passed &gt;= 1" in page
    assert "broken == 0" not in page
    assert "<title>Tests on main at eeeeeee, run 1001</title>" in page
    link = "[The report](<https://github.example/team/shop/actions/runs/1001#artifacts"
    assert link in head(done.summary)
    assert link in (folder / "comment.md").read_text()


def test_an_error_of_a_first_run_is_no_pass(step, folder):
    results = after(folder, errors=("Error: globalTeardown: no database",), names="abc")
    done = step(runners.push(folder, "main"), after=results, store="kept", gates=NEW)
    assert done.code == 2
    assert done.summary.startswith("**Error: globalTeardown: no database**")


def test_an_outage_of_the_base_excuses_no_regression(step, folder, history):
    refused = playwright_report(folder / "o.json", tuple("abcdefgh"), day=6, words=REFUSED)
    History(history).append(fr.read_run(refused), branch="main", label="main-4")
    results = after(folder, *"abc")
    done = step(runners.pull_request(folder), after=results, history=history, gates=NEW)
    assert (done.code, done.outputs["baseline"], done.outputs["new-failures"]) == (2, "main-3", "3")
    assert "main-4, an outage" in head(done.summary)
    words = "a (x), b (x), c (x): no – passed in all 4 runs on main, outages left out"
    assert f"**New failures (3):** {words}" in head(done.summary)
    assert "Better" not in done.outputs["verdict"]


def test_what_fails_on_main_for_another_cause_is_new_and_marked_as_an_error(step, folder):
    store = History(folder / "h")
    for day in (1, 2, 3):
        run = fr.read_run(playwright_report(folder / f"{day}.json", ("b",), day=day))
        store.append(run, branch="main", label=f"main-{day}", commit="d" * 40)
    same = step(runners.pull_request(folder), after=after(folder, "b"), history="h")
    assert same.code == 0
    assert "**Fails on main, too (1):** b (x): no – since main-1 (ddddddd)" in head(same.summary)
    results = after(folder, "b", words="Error: out of stock")
    other = step(runners.pull_request(folder), after=results, history="h")
    assert (other.code, json.loads(other.outputs["standings"])["new"]) == (2, 1)
    words = "has failed on main since main-1 (ddddddd), for another cause"
    assert f"**New failures (1):** b (x): out of stock – {words}" in head(other.summary)
    assert "::error file=a.spec.ts" in other.log


def test_a_suite_of_which_all_tests_were_replaced_cannot_be_compared(step, folder, history):
    results = after(folder, names="stuvwxyz")
    done = step(runners.pull_request(folder), after=results, history=history)
    assert done.code == 2
    assert done.outputs["verdict"].startswith("No test in common (8 gone, 8 new)")
    assert "**No longer there (8):** a (x), b (x), c (x) and 5 more" in head(done.summary)


def test_tests_that_are_all_skipped_are_no_pass(step, folder):
    rows = "".join(f'<testcase classname="shop" name="t{i}"/>' for i in range(10))
    suite = '<testsuites><testsuite name="s" tests="10">{}</testsuite></testsuites>'
    (folder / "before.xml").write_text(suite.format(rows))
    skipped = rows.replace("/>", '><skipped message="no server"/></testcase>')
    (folder / "after.xml").write_text(suite.format(skipped))
    done = step(runners.push(folder, "main"), before="before.xml", after="after.xml")
    assert done.code == 2
    assert "none of the 10 that passed ran" in done.outputs["verdict"]
    assert "**No longer runs (10):** t0, t1, t2 and 7 more: no server" in head(done.summary)
    first = step(runners.push(folder, "main"), store="kept", after="after.xml")
    assert (first.code, first.outputs["exit-code"]) == (2, "2")
    assert "No test ran; 10 skipped: no server." in first.outputs["verdict"]
    assert "::error title=fictures-reports::No test ran; 10 skipped: no server." in first.log


def test_jobs_that_name_variants_are_one_run_and_compared_each_with_its_own(step, folder):
    main = runners.push(folder, "main")
    for name, failing in (("linux", ()), ("windows", ("c",)), ("macos", ())):
        results = playwright_report(folder / f"{name}.json", failing)
        done = step(main, after=results, store="kept", variant=name)
    assert "which has linux, macos, windows now" in done.summary
    assert list(History("kept").runs()["label"]) == ["1001"]
    shutil.copytree("kept", "of-main")
    for event in (runners.pull_request, runners.merge_group):
        shutil.rmtree("kept")
        shutil.copytree("of-main", "kept")
        are_compared_each_with_its_own(step, folder, event(folder) | {"GITHUB_RUN_ID": "1002"})


def are_compared_each_with_its_own(step, folder, change):
    event = change["GITHUB_EVENT_NAME"]
    results = playwright_report(folder / "w.json", ("c", "d"), day=5)
    done = step(change, after=results, store="kept", variant="windows", gates=NEW)
    assert (done.code, done.outputs["new-failures"]) == (2, "1"), event
    assert "**New failures (1):** d (x, windows)" in head(done.summary), event
    assert "**Fails on main, too (1):** c (x, windows)" in head(done.summary), event
    assert "No longer" not in head(done.summary), event
    results = playwright_report(folder / "l.json", day=5)
    done = step(change, after=results, store="kept", variant="linux", gates=NEW)
    assert done.code == 0, event
    assert done.summary.startswith("# Tests (linux) on "), event
    assert list(History("kept").runs()["n_results"]) == [24, 16], event
    done = step(change, after="kept@1002", history="kept", gates=NEW)
    assert done.code == 2, event
    # said once, whatever the job's file was called
    [missing] = [line for line in head(done.summary).splitlines() if "**Missing:**" in line]
    assert missing == "- **Missing:** macos gave 8 tests before, none now", event
    assert done.outputs["verdict"].endswith("macos gave 8 tests before, none now."), event
    given = {"after": "kept@1002", "history": "kept", "gates": NEW}
    assert step(change, allow_missing="macos\nwindows", **given).outputs["new-failures"] == "1", (
        event
    )


def test_a_new_variant_has_no_baseline_yet(step, folder):
    main = runners.push(folder, "main")
    step(main, after=after(folder), store="kept", variant="linux")
    done = step(
        main | {"GITHUB_RUN_ID": "2"}, after=after(folder, "c"), store="kept", variant="arm"
    )
    assert done.code == 0
    assert "No baseline yet: 1001 has linux, and not arm." in done.summary


def test_variants_of_a_build_that_were_kept_at_once_are_put_together(folder):
    from fictures_reports.ci.variant_parts import put_together

    history = History("kept")
    facts = {"label": "7", "build": "github:7/1", "commit": "a", "branch": "main", "stream": "e2e"}
    for name in ("linux", "windows"):
        report = playwright_report(folder / f"{name}.json")
        history.append(fr.read_run(report, variant=name), **facts)
    assert put_together(history, facts) == put_together(history, facts)
    runs = history.runs()
    assert (list(runs["label"]), list(runs["n_results"])) == (["7"], [16])


def test_several_sources_are_one_run_and_some_files_are_left_out(step, folder):
    for name in ("linux", "windows"):
        playwright_report(folder / "artifacts" / name / "results.json")
    playwright_report(folder / "artifacts" / "old" / "results.json", ("c",))
    playwright_report(folder / "more" / "api.json", names="xyz")
    sources = "artifacts/{variant}\n!artifacts/old\nmore"
    done = step(runners.push(folder, "main"), after=sources, store="kept")
    assert done.code == 0, done.log
    assert "All 19 cases of 11 tests passed" in done.outputs["verdict"]
    assert set(History("kept").run("1001").results["variant"]) == {"linux", "windows", ""}


@pytest.fixture
def checkout(folder):
    """A repository with tests a to h on main, and the branch of a change checked out."""

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)

    def write(names: str, words: str) -> None:
        text = "".join(f"test('{name}', async () => {{\n  pays();\n}});\n" for name in names)
        (folder / "e2e").mkdir(exist_ok=True)
        (folder / "e2e" / "a.spec.ts").write_text(text + words)
        git("add", "e2e")
        git("commit", "-m", "x")

    git("init")
    write("abcdefgh", "")
    git("checkout", "-b", "feat/x")
    return write


def test_a_test_whose_lines_the_change_deletes_is_not_missed(step, folder, history, checkout):
    checkout("abcdef", "// fewer\n")
    change = runners.pull_request(folder) | {"GITHUB_WORKSPACE": str(folder)}
    done = step(change, after=after(folder, names="abcdef"), history=history)
    assert done.code == 0, done.log
    assert "2 tests are gone on purpose, their lines are deleted in this change" in done.summary
    done = step(change, after=after(folder, names="abcde"), history=history)
    assert done.code == 2
    assert "regressions == 0 not met: reads 1: a.spec.ts › f [x]" in done.log


def test_a_build_of_main_is_held_against_what_main_was(step, folder, checkout):
    """The change went in: a diff with main itself would be empty."""
    commits = []

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True)
        return done.stdout.decode().strip()

    commits.append(git("rev-parse", "HEAD"))
    checkout("abcdef", "")
    commits.append(git("rev-parse", "HEAD"))
    git("branch", "-f", "main", "HEAD")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    main = runners.push(folder, "main") | {"GITHUB_WORKSPACE": str(folder)}
    for number, (commit, names) in enumerate(zip(commits, ("abcdefgh", "abcdef"), strict=True)):
        system = main | {"GITHUB_SHA": commit, "GITHUB_RUN_ID": f"100{number}"}
        results = after(folder, names=names, day=number + 1)
        done = step(system, after=results, store="kept")
        assert done.code == 0, done.log
    assert "2 tests are gone on purpose, their lines are deleted in this change" in done.summary


def test_a_shallow_checkout_says_that_it_cannot_tell_what_was_removed(
    step, folder, history, checkout
):
    checkout("abcdef", "")
    shallow = folder / "shallow"
    words = ["git", "clone", "-q", "--depth", "1", f"file://{folder}", str(shallow)]
    subprocess.run(words, check=True)
    change = runners.pull_request(folder) | {"GITHUB_WORKSPACE": str(shallow)}
    done = step(change, after=after(folder, names="abcdef"), history=history)
    assert done.code == 2
    said = "removed on purpose is not known: the checkout does not have main, to take a diff from"
    assert said in head(done.summary)
    assert "on purpose" not in step(change, after=after(folder), history=history).summary
    elsewhere = change | {"GITHUB_WORKSPACE": str(folder / "nowhere")}
    done = step(elsewhere, after=after(folder, names="abcdef"), history=history)
    assert "on purpose" not in done.summary


@pytest.mark.parametrize("words", ["// touched\n", "test('g', again);\ntest('h', again);\n"])
def test_a_file_that_was_touched_or_a_test_that_was_moved_proves_nothing(
    step, folder, history, checkout, words
):
    checkout("abcdef" if "again" in words else "abcdefgh", words)
    change = runners.pull_request(folder) | {"GITHUB_WORKSPACE": str(folder)}
    done = step(change, after=after(folder, names="abcdef"), history=history)
    assert done.code == 2
    assert "gone on purpose" not in done.summary


def test_removed_tests_can_be_named(step, folder, history):
    results = after(folder, names="abcdef")
    given = {"after": results, "history": history}
    assert step(runners.pull_request(folder), **given).code == 2
    assert step(runners.pull_request(folder), removed="*› g*\n*› h*", **given).code == 0


def test_only_a_name_in_quotes_or_of_a_function_declares_a_test():
    assert declares("it(`pays`, f)", "pays")
    assert declares("  async def test_pay (page):", "test_pay")
    assert declares("public void paysTwice() {", "paysTwice")
    for line in ("# test_pay is slow", "test_pay_twice()", "self.test_pay()", "test('pays two')"):
        assert not declares(line, "test_pay")
        assert not declares(line, "pays")


@pytest.mark.parametrize(
    ("system", "address"),
    [
        ("github", "https://github.example/team/shop/actions/runs/1001#artifacts"),
        ("gitlab", "https://gitlab.example/j/8/artifacts/file/out/report.html"),
        ("jenkins", "https://jenkins.example/3/artifact/out/report.html"),
        ("azure", "https://azure.example/team/shop/_build/results?buildId=31&view=artifacts"),
    ],
)
def test_a_report_has_the_address_that_its_system_gives_it(folder, system, address):
    environment = {
        "github": runners.push(folder, "main"),
        "gitlab": runners.GITLAB_REQUEST | {"CI_JOB_URL": "https://gitlab.example/j/8"},
        "jenkins": runners.JENKINS_CHANGE,
        "azure": runners.AZURE_REQUEST,
    }[system]
    assert build_of(environment).system == system
    assert report_link(system, environment, Path("out/report.html")).startswith(address)


def test_summary_and_comment_link_the_report_where_a_job_says_it_is(step, folder):
    given = {"store": "kept", "comment": "comment.md", "report_link": "https://pages.example/r"}
    done = step({}, after=after(folder), **given)
    assert "[The report](<https://pages.example/r" in head(done.summary)
    assert "[The report](<https://pages.example/r" in (folder / "comment.md").read_text()


@pytest.mark.usefixtures("warm_drawing")
def test_files_are_read_once_in_a_step(step, folder, history, monkeypatch):
    from fictures_reports.cli import ci_step

    results = Path(after(folder, "c"))
    drawn = ci_step.rendered

    def without_files(*given):
        results.unlink()  # what is read once more is not there
        return drawn(*given)

    monkeypatch.setattr(ci_step, "rendered", without_files)
    given = {"store": history, "format": "html", "gates": "none"}
    done = step(runners.pull_request(folder), after=str(results), **given)
    assert done.code == 0, done.log
    assert Path(done.outputs["report"]).stat().st_size > 100_000
