"""`ci --store branch`: an orphan branch of one commit, in a bare repository, from many jobs."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.ci.branch_keeping import Limits, tidy
from fictures_reports.ci.git import Git
from fictures_reports.ci.history_branch import HistoryBranch, Late
from fictures_reports.cli.ci_step import step_in
from fictures_reports.errors import HistoryError
from fictures_reports.history import History
from tests.ci import runners
from tests.ci.results import playwright_report
from tests.history.conftest import load

pytestmark = pytest.mark.newest

NAME = "fictures-history"


def git(folder: Path, *words: str) -> str:
    who = {f"GIT_{one}_{kind}": "a@b.example" for one in ("AUTHOR", "COMMITTER")
           for kind in ("NAME", "EMAIL")}  # fmt: skip
    done = subprocess.run(["git", "-C", str(folder), *words], env=os.environ | who, check=True,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout.strip()


@pytest.fixture(scope="module")
def repositories(tmp_path_factory) -> Path:
    """Return a folder with a bare repository of two branches and a shallow clone; to be copied."""
    folder = tmp_path_factory.mktemp("repositories")
    seed, bare = folder / "seed", folder / "remote.git"
    subprocess.run(["git", "init", "-q", "-b", "main", str(seed)], check=True)
    for n in range(3):
        (seed / "shop.ts").write_text(f"version {n}")
        git(seed, "add", ".")
        git(seed, "commit", "-qm", f"Change {n}")
    git(seed, "branch", "feat/x")
    subprocess.run(["git", "clone", "-q", "--bare", str(seed), str(bare)], check=True)
    words = ["git", "clone", "-q", "--depth", "1", f"file://{bare}", str(folder / "checkout")]
    subprocess.run(words, check=True)
    return folder


@pytest.fixture
def checkout(repositories, tmp_path, monkeypatch) -> Path:
    """Return a shallow checkout of a bare repository with two branches, as CI makes it."""
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI", "BUILD"))]:
        monkeypatch.delenv(name)
    shutil.copytree(repositories / "remote.git", tmp_path / "remote.git")
    return cloned(repositories, tmp_path, "checkout")


def cloned(repositories: Path, folder: Path, name: str) -> Path:
    """Copy the checkout into a folder as if it was cloned from the bare repository there."""
    target = shutil.copytree(repositories / "checkout", folder / name)
    config = target / ".git" / "config"
    text = config.read_text()
    assert str(repositories) in text
    config.write_text(text.replace(str(repositories), str(folder)))
    return target


def take(folder: Path, monkeypatch, *, day: int = 1, failed: str = "", **given: str) -> int:
    """Take the step of a build of main, or of the environment given."""
    monkeypatch.chdir(folder)
    results = playwright_report(folder / "r.json", tuple(failed), names="abcd", day=day)
    system = given.pop("system", None) or runners.push(folder, "main")
    own = {f"FICTURES_{name.upper()}": str(value) for name, value in given.items()}
    return step_in({"FICTURES_FORMAT": "none", "FICTURES_STORE": "branch",
                    "FICTURES_AFTER": str(results)} | system | own)  # fmt: skip


def held(checkout: Path, name: str = NAME) -> History:
    """Return the history in the branch."""
    folder = checkout.parent / "held"
    shutil.rmtree(folder, ignore_errors=True)
    HistoryBranch(name, git=Git(str(checkout))).fetch(folder)
    return History(folder)


def build(folder: Path, n: int, branch: str = "main") -> dict[str, str]:
    return runners.push(folder, branch) | {"GITHUB_RUN_ID": str(1000 + n)}


def test_the_first_run_makes_the_branch_and_the_next_is_compared_with_it(
    checkout, monkeypatch, capfd
):
    assert take(checkout, monkeypatch, day=1, system=build(checkout, 1)) == 0
    assert "No baseline yet" in capfd.readouterr().out
    assert take(checkout, monkeypatch, day=2, failed="b", system=build(checkout, 2)) == 2
    out = capfd.readouterr().out
    assert "compared 1001 " in out
    assert f"Kept as 1002 in branch {NAME}." in out
    assert list(held(checkout).runs()["label"]) == ["1001", "1002"]


def test_the_branch_has_one_commit_without_parents_that_starts_no_build(checkout, monkeypatch):
    for n in (1, 2, 3):
        take(checkout, monkeypatch, day=n, system=build(checkout, n))
    bare = checkout.parent / "remote.git"
    assert git(bare, "rev-list", "--count", NAME) == "1"
    message = git(bare, "log", "-1", "--format=%B", NAME)
    assert message.splitlines()[0] == "Test history: 3 runs [skip ci]"
    assert "***NO_CI***" in message
    assert message.endswith("\n\n\nskip-checks: true")
    assert "README.md" in git(bare, "ls-tree", "--name-only", NAME).splitlines()


def test_checkout_branches_and_index_are_left_alone(checkout, monkeypatch):
    before = [
        git(checkout, *words)
        for words in (("status", "--porcelain", "-uno"), ("for-each-ref",), ("rev-parse", "HEAD"))
    ]
    take(checkout, monkeypatch, system=build(checkout, 1))
    after = [
        git(checkout, *words)
        for words in (("status", "--porcelain", "-uno"), ("for-each-ref",), ("rev-parse", "HEAD"))
    ]
    assert before == after


def filled(checkout: Path, n_runs: int) -> None:
    """Put runs of main into the branch, and one of a branch that is gone."""
    folder = checkout.parent / "filled"
    for n in range(n_runs + 1):
        run = fr.read_run(playwright_report(folder.parent / "old.json", names="abcd", day=n + 1))
        branch = "main" if n else "feat/gone"
        History(folder).append(run, label=f"old-{n}", branch=branch)
    branch = HistoryBranch(git=Git(str(checkout)))
    branch.push(folder, branch.fetch(folder.parent / "nothing"), n_runs)


#: Declines the second, fifth and eleventh push, as a busy server may.
HOOK = """#!/bin/sh
n=1
while ! mkdir "$GIT_DIR/pushed-$n" 2>/dev/null; do n=$((n + 1)); done
case $n in 2 | 5 | 11) echo 'try again' >&2; exit 1 ;; esac
"""


def test_eight_jobs_at_once_are_there_each_once_whatever_else_happens(checkout, repositories):
    """The history is full, a branch is gone, some pushes are declined, messages hold a token."""
    filled(checkout, 10)
    processes = load("warm_processes")
    bare, token, started = checkout.parent / "remote.git", "ghp_" + "a1B2" * 9, []
    (bare / "hooks" / "pre-receive").write_text(HOOK)
    (bare / "hooks" / "pre-receive").chmod(0o755)
    for n in range(8):
        folder = cloned(repositories, checkout.parent, f"job{n}")
        (folder / "fictures-reports.toml").write_text("[store]\nruns = 10\n")
        results = playwright_report(
            folder / "r.json", ("b",), names="abcd", day=n + 20, words=f"Error: 401 for {token}"
        )
        given = build(folder, n) | {
            "FICTURES_FORMAT": "none", "FICTURES_STORE": "branch", "FICTURES_AFTER": str(results),
            "FICTURES_GATES": "none",
        }  # fmt: skip
        started.append(processes.start(processes.command, "ci", cwd=folder, **given))
    said = [job.end() for job in started]
    assert [job.process.exitcode for job in started] == [0] * 8, said
    assert all(f"in branch {NAME}." in log for log in said), said
    history = held(checkout)
    labels = [str(1000 + n) for n in range(8)]
    assert list(history.runs()["label"]) == ["old-9", "old-10", *labels]
    assert git(bare, "rev-list", "--count", NAME) == "1"
    messages = history.load(columns=["label", "message"]).dropna()["message"]
    assert list(messages) == ["Error: 401 for ***"] * 8


def test_a_fork_reads_and_does_not_write(checkout, monkeypatch, capfd):
    take(checkout, monkeypatch, day=1, system=build(checkout, 1))
    capfd.readouterr()
    fork = runners.pull_request(checkout, fork=True)
    assert take(checkout, monkeypatch, day=2, system=fork) == 0
    out = capfd.readouterr().out
    assert "was not kept" in out
    assert "compared 1001" in out
    assert len(held(checkout).runs()) == 1


def test_who_puts_a_commit_in_between_is_not_overwritten(checkout, monkeypatch, tmp_path):
    take(checkout, monkeypatch, day=1, system=build(checkout, 1))
    branch = HistoryBranch(git=Git(str(checkout)))
    tip = branch.fetch(tmp_path / "slow")
    take(checkout, monkeypatch, day=2, system=build(checkout, 2))
    with pytest.raises(Late):
        branch.push(tmp_path / "slow", tip, 1)
    assert len(held(checkout).runs()) == 2


def test_only_the_last_runs_of_each_branch_and_stream_stay(checkout, monkeypatch):
    (checkout / "fictures-reports.toml").write_text("[store]\nruns = 2\n")
    for n in range(1, 4):
        for branch in ("main", "feat/x"):
            system = build(checkout, 10 * n + len(branch), branch)
            take(checkout, monkeypatch, day=n, system=system)
    runs = held(checkout).runs()
    assert runs.groupby("branch")["label"].agg(list).to_dict() == {
        "main": ["1024", "1034"], "feat/x": ["1026", "1036"],
    }  # fmt: skip


def test_runs_of_branches_that_are_gone_go_with_the_next_run(checkout, monkeypatch):
    take(checkout, monkeypatch, day=1, system=build(checkout, 1, "feat/x"))
    take(checkout, monkeypatch, day=2, system=build(checkout, 2))
    assert set(held(checkout).runs()["branch"]) == {"feat/x", "main"}
    git(checkout.parent / "remote.git", "branch", "-D", "feat/x")
    take(checkout, monkeypatch, day=3, system=build(checkout, 3))
    assert set(held(checkout).runs()["branch"]) == {"main"}


def test_many_files_are_packed_and_a_cap_on_the_size_is_kept(run_of, tmp_path):
    history = History(tmp_path / "h")
    for n in range(40):
        noise = "".join(chr(97 + (n * k * k) % 26) for k in range(3000))
        run = run_of(f"r{n:02}", {"a": "failed"}, {"message": [noise]}, started_at=1.8e9 + n)
        history.append(run, branch="main")
    assert tidy(tmp_path / "h", {"main"}, Limits()) == ""
    assert len(list((tmp_path / "h").iterdir())) < 3
    assert len(history.runs()) == 40
    most = sum(path.stat().st_size for path in (tmp_path / "h").iterdir()) // 2
    assert "are kept" in tidy(tmp_path / "h", {"main"}, Limits(size=most))
    assert sum(path.stat().st_size for path in (tmp_path / "h").iterdir()) <= most
    left = list(history.runs()["label"])
    assert left == [f"r{n:02}" for n in range(40 - len(left), 40)]


def test_a_branch_of_code_is_never_overwritten(checkout, monkeypatch, capfd):
    bare = checkout.parent / "remote.git"
    before = git(bare, "rev-parse", "feat/x")
    assert take(checkout, monkeypatch, store="branch:feat/x", system=build(checkout, 1)) == 1
    assert "would be overwritten" in capfd.readouterr().out
    assert git(bare, "rev-parse", "feat/x") == before


def test_a_remote_that_refuses_is_a_warning_and_the_step_goes_on(checkout, monkeypatch, capfd):
    hook = checkout.parent / "remote.git" / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho 'you may not' >&2\nexit 1\n")
    hook.chmod(0o755)
    assert take(checkout, monkeypatch, system=build(checkout, 1)) == 0
    out = capfd.readouterr().out
    assert "could not be kept: git push" in out
    assert "hook declined" in out


def test_outside_of_a_repository_it_is_one_line(tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert take(tmp_path, monkeypatch, system=build(tmp_path, 1)) == 1
    assert "not a git repository" in capfd.readouterr().out


def test_secrets_are_not_committed(checkout, monkeypatch):
    token, value = "ghp_" + "a1B2" * 9, "tropical-fish-42"
    monkeypatch.setenv("SHOP_PASSWORD", value)
    monkeypatch.chdir(checkout)
    results = checkout / "junit.xml"
    results.write_text(
        f'<testsuite name="s" tests="1"><testcase classname="c" name="pays" time="1">'
        f'<failure message="no">Error: 401 with {token} for {value}</failure>'
        f"<system-out>Authorization: Bearer abcdefgh12345678</system-out></testcase></testsuite>"
    )
    own = {"FICTURES_STORE": "branch", "FICTURES_AFTER": str(results), "FICTURES_FORMAT": "none",
           "FICTURES_GATES": "none"}  # fmt: skip
    step_in(build(checkout, 1) | own)
    run = held(checkout).run("latest")
    text = repr(run.results.to_dict())
    assert "Error: 401 with ***" in text
    for secret in (token, value, "abcdefgh12345678"):
        assert secret not in text
    assert list(fr.read_run(results).results["case_id"]) == list(run.results["case_id"])


def test_gitlab_is_told_to_skip_and_others_get_no_option():
    from fictures_reports.ci.build import build_of
    from fictures_reports.cli.ci_store import branch_named

    gitlab, github = build_of({"GITLAB_CI": "true"}), build_of({"GITHUB_ACTIONS": "true"})
    assert branch_named("branch", gitlab) == HistoryBranch(NAME, push_options=("ci.skip",))
    assert branch_named("branch:tests", github) == HistoryBranch("tests")
    assert branch_named("./branch", github) is None
    assert branch_named("branches", github) is None


def test_a_branch_that_is_no_history_is_not_read(checkout, tmp_path):
    with pytest.raises(HistoryError, match="holds other things"):
        HistoryBranch("main", git=Git(str(checkout))).fetch(tmp_path / "f")
