"""Jenkins: multibranch pipelines name branch and change; a plain job names what Git fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.build_facts import Facts

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(given: Mapping[str, str]) -> Facts:
    """Read a build; the default branch is known where the branch is marked as the primary one."""
    change, tag = given.get("CHANGE_ID"), given.get("TAG_NAME")
    fetched = given.get("GIT_BRANCH", "").removeprefix("refs/heads/").removeprefix("origin/")
    branch = given.get("CHANGE_BRANCH") if change else given.get("BRANCH_NAME") or fetched
    is_primary = given.get("BRANCH_IS_PRIMARY") == "true"
    return Facts(
        branch=None if tag else branch or None,
        base=given.get("CHANGE_TARGET"),
        default_branch=branch if is_primary else None,
        commit=given.get("GIT_COMMIT"),
        tag=tag,
        run=given.get("BUILD_TAG") or given.get("BUILD_URL"),
        pull_request=change,
        link=given.get("RUN_DISPLAY_URL") or given.get("BUILD_URL"),
        is_trusted="CHANGE_FORK" not in given,
        event="change" if change else None,
    )
