"""A build is held against the branch that it goes to, never against just any run."""

from __future__ import annotations

import pytest

from fictures_reports.ci.baseline import baseline_of
from fictures_reports.ci.build import build_of
from fictures_reports.history.store import History
from tests.ci import runners
from tests.conftest import make_run


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("store") / "h"
    store = History(path)
    store.append(make_run("main-3", {"a": "passed"}), branch="main")
    store.append(make_run("other", {"a": "failed"}), branch="feature")
    return str(path)


def test_a_change_is_held_against_the_branch_that_it_goes_to(history, tmp_path):
    found = baseline_of(history, build_of(runners.pull_request(tmp_path)))
    assert (found.runs, found.words) == (f"{history}@branch:main", "")


@pytest.mark.parametrize("given", [
    runners.GITLAB_REQUEST, runners.JENKINS_CHANGE, runners.AZURE_REQUEST,
    runners.BITBUCKET_REQUEST, runners.BUILDKITE_REQUEST,
])  # fmt: skip
def test_every_system_finds_the_base(history, given):
    assert baseline_of(history, build_of(given)).runs == f"{history}@branch:main"


def test_a_stacked_change_falls_back_to_the_default_branch_and_says_so(history, tmp_path):
    found = baseline_of(history, build_of(runners.pull_request(tmp_path, base="feat/y")))
    assert found.runs == f"{history}@branch:main"
    assert found.words == "feat/y has no runs in the history: compared with main."


def test_the_first_push_of_a_branch_and_a_tag_are_held_against_the_default_branch(
    history, tmp_path
):
    for given in (runners.push(tmp_path, "feat/x"), runners.tag(tmp_path)):
        assert baseline_of(history, build_of(given)).runs == f"{history}@branch:main"


def test_runs_of_another_branch_are_no_baseline(history):
    found = baseline_of(history, build_of({"GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "dev"}))
    assert found.runs is None
    assert "no run of dev" in found.words
    assert "feature, main" in found.words


def test_a_history_that_is_not_there_is_the_first_run(tmp_path):
    found = baseline_of(str(tmp_path / "h"), build_of(runners.push(tmp_path, "main")))
    assert (found.runs, found.words) == (None, "No baseline yet: this is the first run of main.")


def test_a_history_without_branches_gives_its_latest_run_and_says_so(tmp_path):
    History(tmp_path / "h").append(make_run("one", {"a": "passed"}))
    found = baseline_of(str(tmp_path / "h"), build_of(runners.push(tmp_path, "main")))
    assert found.runs == f"{tmp_path / 'h'}@latest"
    assert "names no branches" in found.words
