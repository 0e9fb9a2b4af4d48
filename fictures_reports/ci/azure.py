"""Azure Pipelines: variables are in upper case, with _ for the dots of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.ci.build_facts import Facts, branch_name, counted

if TYPE_CHECKING:
    from collections.abc import Mapping


def facts(given: Mapping[str, str]) -> Facts:
    """Read a job; the default branch is not among the variables."""
    request = "SYSTEM_PULLREQUEST_"
    source = given.get("BUILD_SOURCEBRANCH", "")
    tag = source.removeprefix("refs/tags/") if source.startswith("refs/tags/") else None
    change = branch_name(given.get(f"{request}SOURCEBRANCH"))
    is_branch = not tag and not source.startswith("refs/pull/")
    return Facts(
        branch=change or (branch_name(source) if is_branch else None),
        base=branch_name(given.get(f"{request}TARGETBRANCH")),
        commit=given.get(f"{request}SOURCECOMMITID") or given.get("BUILD_SOURCEVERSION"),
        tag=tag,
        run=given.get("BUILD_BUILDID"),
        attempt=counted(given.get("SYSTEM_JOBATTEMPT")),
        pull_request=given.get(f"{request}PULLREQUESTNUMBER")
        or given.get(f"{request}PULLREQUESTID"),
        link=_link(given),
        is_trusted=given.get(f"{request}ISFORK", "").lower() != "true",
        event=given.get("BUILD_REASON"),
        repository=given.get("BUILD_REPOSITORY_NAME"),
    )


def _link(given: Mapping[str, str]) -> str | None:
    names = ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID")
    parts = [given.get(name) for name in names]
    if not all(parts):
        return None
    return f"{str(parts[0]).rstrip('/')}/{parts[1]}/_build/results?buildId={parts[2]}"
