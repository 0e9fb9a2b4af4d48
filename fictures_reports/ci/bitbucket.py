"""Bitbucket Pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.build_facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(given: Mapping[str, str]) -> Facts:
    """Read a step; pull requests from forks are not built there."""
    origin, number = given.get("BITBUCKET_GIT_HTTP_ORIGIN"), given.get("BITBUCKET_BUILD_NUMBER")
    return Facts(
        branch=given.get("BITBUCKET_BRANCH"),
        base=given.get("BITBUCKET_PR_DESTINATION_BRANCH"),
        commit=given.get("BITBUCKET_COMMIT"),
        tag=given.get("BITBUCKET_TAG"),
        run=number,
        attempt=None,
        pull_request=given.get("BITBUCKET_PR_ID"),
        link=f"{origin}/pipelines/results/{number}" if origin and number else None,
        repository=given.get("BITBUCKET_REPO_FULL_NAME"),
    )
