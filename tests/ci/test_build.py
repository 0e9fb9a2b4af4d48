"""A job knows its branch, base, commit, attempt, change, link and whether it may write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fictures_reports.ci.build import build_of
from tests.ci import runners

REQUESTS = {
    "gitlab": runners.GITLAB_REQUEST,
    "jenkins": runners.JENKINS_CHANGE,
    "azure": runners.AZURE_REQUEST,
    "bitbucket": runners.BITBUCKET_REQUEST,
    "buildkite": runners.BUILDKITE_REQUEST,
}


@pytest.mark.parametrize("system", REQUESTS)
def test_a_change_names_its_base_its_own_branch_and_its_own_commit(system: str) -> None:
    build = build_of(REQUESTS[system])
    facts = build.facts
    assert (build.system, build.base, facts.branch) == (system, "main", "feat/x")
    assert (facts.commit, facts.pull_request) == ("b" * 40, "12")
    assert facts.link
    assert facts.is_trusted


def test_a_pull_request_is_its_head_not_the_merge_that_was_made_of_it(tmp_path: Path) -> None:
    build = build_of(runners.pull_request(tmp_path))
    facts = build.facts
    assert (build.base, facts.branch, facts.commit) == ("main", "feat/x", "b" * 40)
    assert (facts.pull_request, facts.attempt, facts.is_trusted) == ("12", 1, True)
    assert facts.link == "https://github.example/team/shop/actions/runs/1001"
    assert build.key == "github:1001/1"


def test_a_fork_may_not_write(tmp_path: Path) -> None:
    assert not build_of(runners.pull_request(tmp_path, fork=True)).facts.is_trusted
    other = runners.GITLAB_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "6"}
    assert not build_of(other).facts.is_trusted
    assert not build_of(runners.JENKINS_CHANGE | {"CHANGE_FORK": "x"}).facts.is_trusted
    forked = runners.AZURE_REQUEST | {"SYSTEM_PULLREQUEST_ISFORK": "True"}
    assert not build_of(forked).facts.is_trusted


def test_a_job_whose_token_may_only_read_is_not_trusted(tmp_path: Path) -> None:
    given = runners.pull_request(tmp_path) | {"GITHUB_ACTOR": "dependabot[bot]"}
    assert not build_of(given).facts.is_trusted


def test_a_merge_queue_is_held_against_the_branch_that_it_merges_into(tmp_path: Path) -> None:
    build = build_of(runners.merge_group(tmp_path))
    assert (build.base, build.facts.commit) == ("main", "b" * 40)


def test_a_push_to_any_branch_is_held_against_the_default_branch(tmp_path: Path) -> None:
    build = build_of(runners.push(tmp_path, "feat/y"))
    assert (build.base, build.facts.base, build.facts.branch) == ("main", None, "feat/y")


def test_a_tag_has_no_branch(tmp_path: Path) -> None:
    build = build_of(runners.tag(tmp_path))
    assert (build.facts.branch, build.facts.tag, build.base) == (None, "v1.2", "main")


def test_a_nightly_build_is_of_its_branch(tmp_path: Path) -> None:
    assert build_of(runners.schedule(tmp_path)).facts.branch == "main"


def test_a_second_workflow_tells_of_the_run_that_it_looks_at(tmp_path: Path) -> None:
    build = build_of(runners.workflow_run(tmp_path))
    facts = build.facts
    assert (facts.branch, facts.commit, build.base) == ("feat/x", "c" * 40, "main")
    assert (build.key, facts.pull_request) == ("github:900/2", "12")
    assert facts.is_trusted


def test_a_second_workflow_does_not_trust_the_run_of_a_fork(tmp_path: Path) -> None:
    assert not build_of(runners.workflow_run(tmp_path, fork=True)).facts.is_trusted


@pytest.mark.parametrize("event", ["", "{", "[]", '{"pull_request": 3}'])
def test_an_event_that_cannot_be_read_leaves_the_variables(tmp_path: Path, event: str) -> None:
    given = runners.push(tmp_path, "main")
    Path(given["GITHUB_EVENT_PATH"]).write_text(event, encoding="utf-8")
    build = build_of(given)
    assert (build.facts.branch, build.facts.default_branch) == ("main", None)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main"),
        ("CHANGE_TARGET", "main"),
        ("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main"),
        ("BITBUCKET_PR_DESTINATION_BRANCH", "main"),
        ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "main"),
        ("GITHUB_BASE_REF", "main"),
    ],
)
def test_the_base_is_found_where_little_else_was_handed_on(variable: str, value: str) -> None:
    assert build_of({variable: value}).base == "main"


def test_outside_of_ci_nothing_is_known() -> None:
    build = build_of({"HOME": "/root", "GITHUB_BASE_REF": " "})
    assert (build.system, build.base, build.key) == ("", None, None)


def test_a_pipeline_of_a_branch_has_no_change() -> None:
    gitlab = {"GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "main", "CI_COMMIT_SHA": "a" * 40}
    assert build_of(gitlab).facts.branch == "main"
    azure = {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/main"}
    assert build_of(azure).facts.branch == "main"
    jenkins = {"JENKINS_URL": "x", "GIT_BRANCH": "origin/main", "BRANCH_IS_PRIMARY": "true"}
    build = build_of(jenkins)
    assert (build.facts.branch, build.base) == ("main", "main")
    buildkite = {"BUILDKITE": "true", "BUILDKITE_BRANCH": "main", "BUILDKITE_PULL_REQUEST": "false"}
    assert build_of(buildkite).facts.pull_request is None


@pytest.mark.parametrize("event", [None, "", '{"pull_request": {"num', "[1]", '{"number": 12}'])
def test_a_change_whose_event_cannot_be_read_is_known_by_its_variables_and_not_trusted(
    tmp_path, event
):
    given = runners.pull_request(tmp_path, fork=True)
    if event is None:
        given["GITHUB_EVENT_PATH"] = ""
    else:
        (tmp_path / "event.json").write_text(event)
    facts = build_of(given).facts
    assert facts.is_trusted is None
    assert (facts.branch, facts.base, facts.pull_request) == ("feat/x", "main", "12")
    assert facts.commit is None  # the variable names a merge that GitHub made


@pytest.mark.parametrize("side", ["head", "base"])
def test_a_change_of_a_repository_that_is_gone_is_not_trusted(tmp_path, side):
    given = runners.pull_request(tmp_path)
    event = json.loads((tmp_path / "event.json").read_text())
    event["pull_request"][side]["repo"] = None
    (tmp_path / "event.json").write_text(json.dumps(event))
    assert build_of(given).facts.is_trusted is None


def test_a_merge_request_whose_project_is_not_named_is_not_trusted():
    given = runners.GITLAB_REQUEST | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": ""}
    assert build_of(given).facts.is_trusted is None
    assert build_of({"GITLAB_CI": "true", "CI_COMMIT_REF_NAME": "main"}).facts.is_trusted
