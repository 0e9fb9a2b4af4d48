"""GitLab CI: pipelines of branches, tags and merge requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.build_facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping


def _is_known(given: Mapping[str, str]) -> bool | None:
    """Trust a branch or tag; a merge request whose projects are not named may be a fork's."""
    return None if given.get("CI_MERGE_REQUEST_IID") else True


def facts(given: Mapping[str, str]) -> Facts:
    """Read a job; a retried one has the pipeline and the name of the first, and no count."""
    tag, source = given.get("CI_COMMIT_TAG"), given.get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME")
    projects = [given.get(f"CI_MERGE_REQUEST_{side}PROJECT_ID") for side in ("SOURCE_", "")]
    return Facts(
        branch=source or (None if tag else given.get("CI_COMMIT_REF_NAME")),
        base=given.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME"),
        default_branch=given.get("CI_DEFAULT_BRANCH"),
        commit=given.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or given.get("CI_COMMIT_SHA"),
        tag=tag,
        run=given.get("CI_PIPELINE_ID"),
        pull_request=given.get("CI_MERGE_REQUEST_IID"),
        link=given.get("CI_PIPELINE_URL") or given.get("CI_JOB_URL"),
        is_trusted=projects[0] == projects[1] if all(projects) else _is_known(given),
        event=given.get("CI_PIPELINE_SOURCE"),
        repository=given.get("CI_PROJECT_ID"),
    )
