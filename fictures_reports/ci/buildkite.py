"""Buildkite; a variable that says "false" or nothing says that there is no pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.build_facts import Facts, counted

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(given: Mapping[str, str]) -> Facts:
    """Read a job; a retry of it counts as a further attempt."""
    number = given.get("BUILDKITE_PULL_REQUEST", "false")
    is_request = number != "false"
    retries = counted(given.get("BUILDKITE_RETRY_COUNT"))
    fork, repository = given.get("BUILDKITE_PULL_REQUEST_REPO"), given.get("BUILDKITE_REPO")
    return Facts(
        branch=given.get("BUILDKITE_BRANCH"),
        base=given.get("BUILDKITE_PULL_REQUEST_BASE_BRANCH"),
        default_branch=given.get("BUILDKITE_PIPELINE_DEFAULT_BRANCH"),
        commit=given.get("BUILDKITE_COMMIT"),
        tag=given.get("BUILDKITE_TAG"),
        run=given.get("BUILDKITE_BUILD_ID"),
        attempt=None if retries is None else retries + 1,
        pull_request=number if is_request else None,
        link=given.get("BUILDKITE_BUILD_URL"),
        is_trusted=not (is_request and fork and repository and fork != repository),
        event=given.get("BUILDKITE_SOURCE"),
        repository=given.get("BUILDKITE_PIPELINE_SLUG"),
    )
