"""The variables and files that CI systems set for a job, as far as they tell what is built."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPOSITORY = {"default_branch": "main", "full_name": "team/shop"}


def github(folder: Path, event: str, payload: dict[str, Any], **variables: str) -> dict[str, str]:
    """Return what GitHub sets for an event, whose payload is written into the folder."""
    path = folder / "event.json"
    path.write_text(json.dumps({"repository": REPOSITORY} | payload), encoding="utf-8")
    given = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": event,
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_REPOSITORY": "team/shop",
        "GITHUB_RUN_ID": "1001",
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_SERVER_URL": "https://github.example",
        "GITHUB_SHA": "e" * 40,
    }
    return given | {f"GITHUB_{name}": value for name, value in variables.items()}


def pull_request(folder: Path, *, fork: bool = False, base: str = "main") -> dict[str, str]:
    """Return what GitHub sets for a pull request."""
    head = "stranger/shop" if fork else "team/shop"
    request = {
        "number": 12,
        "head": {"ref": "feat/x", "sha": "b" * 40, "repo": {"full_name": head}},
        "base": {"ref": base, "sha": "a" * 40, "repo": {"full_name": "team/shop"}},
    }
    return github(
        folder, "pull_request", {"pull_request": request}, HEAD_REF="feat/x", BASE_REF=base,
        REF_NAME="12/merge", REF_TYPE="branch",
    )  # fmt: skip


def push(folder: Path, branch: str) -> dict[str, str]:
    """Return what GitHub sets for a push."""
    return github(folder, "push", {}, REF_NAME=branch, REF_TYPE="branch")


def merge_group(folder: Path) -> dict[str, str]:
    """Return what GitHub sets for a build of its merge queue."""
    queued = "gh-readonly-queue/main/pr-12-abc"
    group = {
        "head_sha": "b" * 40, "head_ref": f"refs/heads/{queued}",
        "base_sha": "a" * 40, "base_ref": "refs/heads/main",
    }  # fmt: skip
    return github(folder, "merge_group", {"merge_group": group}, REF_NAME=queued, BASE_REF="")


def tag(folder: Path) -> dict[str, str]:
    """Return what GitHub sets for a tag."""
    return github(folder, "push", {}, REF_NAME="v1.2", REF_TYPE="tag")


def schedule(folder: Path) -> dict[str, str]:
    """Return what GitHub sets for a nightly build."""
    return github(folder, "schedule", {}, REF_NAME="main", REF_TYPE="branch")


def workflow_run(folder: Path, *, fork: bool = False) -> dict[str, str]:
    """Return what GitHub sets for a workflow that looks at the run of another."""
    head = "stranger/shop" if fork else "team/shop"
    run = {
        "id": 900, "run_attempt": 2, "head_branch": "feat/x", "head_sha": "c" * 40,
        "html_url": "https://github.example/team/shop/actions/runs/900",
        "pull_requests": [{"number": 12, "base": {"ref": "main"}}],
        "head_repository": {"full_name": head},
    }  # fmt: skip
    return github(folder, "workflow_run", {"workflow_run": run}, REF_NAME="main")


GITLAB_REQUEST = {
    "GITLAB_CI": "true", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main",
    "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME": "feat/x", "CI_DEFAULT_BRANCH": "main",
    "CI_COMMIT_SHA": "m" * 40, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "b" * 40,
    "CI_PIPELINE_ID": "77", "CI_MERGE_REQUEST_IID": "12", "CI_PROJECT_ID": "5",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "5", "CI_MERGE_REQUEST_PROJECT_ID": "5",
    "CI_PIPELINE_URL": "https://gitlab.example/p/77", "CI_COMMIT_REF_NAME": "feat/x",
}  # fmt: skip
JENKINS_CHANGE = {
    "JENKINS_URL": "https://jenkins.example", "CHANGE_ID": "12", "CHANGE_TARGET": "main",
    "CHANGE_BRANCH": "feat/x", "BRANCH_NAME": "PR-12", "GIT_COMMIT": "b" * 40,
    "BUILD_TAG": "jenkins-shop-PR-12-3", "BUILD_URL": "https://jenkins.example/3/",
}  # fmt: skip
AZURE_REQUEST = {
    "TF_BUILD": "True", "SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main",
    "SYSTEM_PULLREQUEST_SOURCEBRANCH": "refs/heads/feat/x", "BUILD_BUILDID": "31",
    "SYSTEM_PULLREQUEST_SOURCECOMMITID": "b" * 40, "BUILD_SOURCEBRANCH": "refs/pull/12/merge",
    "BUILD_SOURCEVERSION": "m" * 40, "SYSTEM_PULLREQUEST_PULLREQUESTNUMBER": "12",
    "SYSTEM_JOBATTEMPT": "2", "SYSTEM_COLLECTIONURI": "https://azure.example/team/",
    "SYSTEM_TEAMPROJECT": "shop",
}  # fmt: skip
BITBUCKET_REQUEST = {
    "BITBUCKET_BUILD_NUMBER": "9", "BITBUCKET_PR_DESTINATION_BRANCH": "main",
    "BITBUCKET_BRANCH": "feat/x", "BITBUCKET_COMMIT": "b" * 40, "BITBUCKET_PR_ID": "12",
    "BITBUCKET_GIT_HTTP_ORIGIN": "https://bitbucket.example/team/shop",
}  # fmt: skip
BUILDKITE_REQUEST = {
    "BUILDKITE": "true", "BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main",
    "BUILDKITE_BRANCH": "feat/x", "BUILDKITE_COMMIT": "b" * 40, "BUILDKITE_PULL_REQUEST": "12",
    "BUILDKITE_BUILD_ID": "0190-ab", "BUILDKITE_PIPELINE_DEFAULT_BRANCH": "main",
    "BUILDKITE_RETRY_COUNT": "0", "BUILDKITE_BUILD_URL": "https://buildkite.example/b/1",
}  # fmt: skip
