"""GitHub Actions: variables, and the event that its runner leaves in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.ci.build_facts import Facts, branch_name, counted

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Events of changes that may come from a fork: only the file of the event says so.
_OF_CHANGES = ("pull_request", "pull_request_target", "workflow_run")
#: Its jobs get a token that may not write, whatever the workflow asks for.
_READ_ONLY_ACTORS = ("dependabot[bot]",)


def facts(given: Mapping[str, str]) -> Facts:
    """Read a job of any event: push, pull_request, merge_group, schedule, workflow_run, a tag."""
    event = _event(given)
    built = _built(given, event)
    run, attempt = built.get("run", given.get("GITHUB_RUN_ID")), built.get("attempt")
    is_tag = given.get("GITHUB_REF_TYPE") == "tag"
    return Facts(
        branch=built.get("branch") or (None if is_tag else given.get("GITHUB_REF_NAME")),
        base=built.get("base") or given.get("GITHUB_BASE_REF"),
        default_branch=_at(event, "repository", "default_branch"),
        commit=built["commit"] if "commit" in built else given.get("GITHUB_SHA"),
        tag=given.get("GITHUB_REF_NAME") if is_tag else None,
        run=run,
        attempt=attempt or counted(given.get("GITHUB_RUN_ATTEMPT")),
        pull_request=built.get("pull_request"),
        link=built.get("link") or _link(given),
        is_trusted=given.get("GITHUB_ACTOR") not in _READ_ONLY_ACTORS
        and built.get("is_trusted", True),
        event=given.get("GITHUB_EVENT_NAME"),
        repository=given.get("GITHUB_REPOSITORY"),
    )


def _event(given: Mapping[str, str]) -> Any:
    """Return the event; nothing where there is no file or it cannot be read."""
    try:
        return json.loads(Path(given.get("GITHUB_EVENT_PATH", "")).read_bytes())
    except (OSError, ValueError):
        return {}


def _at(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _built(given: Mapping[str, str], event: Any) -> dict[str, Any]:
    """Say what is built; the event knows it better than the variables."""
    for key, read in (
        ("merge_group", _merge_group), ("workflow_run", _workflow_run),
        ("pull_request", _pull_request),
    ):  # fmt: skip
        if isinstance(_at(event, key), dict):
            return _known(read(event, given))
    if given.get("GITHUB_EVENT_NAME") in _OF_CHANGES:  # and its file cannot be read
        return _known(_pull_request({}, given))
    return {}


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known, but that it is not: a merge's commit is none of a change's."""
    stay = ("commit", "is_trusted")
    return {name: value for name, value in facts.items() if value is not None or name in stay}


def _pull_request(event: Any, given: Mapping[str, str]) -> dict[str, Any]:
    request = _at(event, "pull_request")
    number = _at(request, "number") or _number(given)
    return {
        "branch": given.get("GITHUB_HEAD_REF") or _at(request, "head", "ref"),
        "base": _at(request, "base", "ref"),
        "commit": _at(request, "head", "sha"),
        "pull_request": None if number is None else str(number),
        "is_trusted": _same(_at(request, "head", "repo"), _at(request, "base", "repo")),
    }


def _number(given: Mapping[str, str]) -> str | None:
    """Return the number in a name such as 12/merge."""
    number, is_one, _ = given.get("GITHUB_REF_NAME", "").partition("/merge")
    return number if is_one and number.isdecimal() else None


def _merge_group(event: Any, given: Mapping[str, str]) -> dict[str, Any]:
    group = event["merge_group"]
    return {
        "branch": branch_name(_at(group, "head_ref")) or given.get("GITHUB_REF_NAME"),
        "base": branch_name(_at(group, "base_ref")),
        "commit": _at(group, "head_sha") or given.get("GITHUB_SHA"),
    }


def _workflow_run(event: Any, _given: Mapping[str, str]) -> dict[str, Any]:
    """Read the run that this one looks at: its results are compared here."""
    run = event["workflow_run"]
    requests = _at(run, "pull_requests") or [{}]
    number, identity = _at(requests[0], "number"), _at(run, "id")
    return {
        "branch": _at(run, "head_branch"),
        "base": _at(requests[0], "base", "ref"),
        "commit": _at(run, "head_sha"),
        "run": None if identity is None else str(identity),
        "attempt": _at(run, "run_attempt"),
        "pull_request": None if number is None else str(number),
        "link": _at(run, "html_url"),
        # this job may write whoever made the change: a fork's run must not be kept all the same
        "is_trusted": _same(_at(run, "head_repository"), _at(event, "repository")),
    }


def _same(head: Any, base: Any) -> bool | None:
    """Tell whether a change comes from the repository itself; None where it is not said."""
    names = _at(head, "full_name"), _at(base, "full_name")
    return names[0] == names[1] if all(names) else None


def _link(given: Mapping[str, str]) -> str | None:
    parts = [given.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    if not all(parts):
        return None
    attempt = given.get("GITHUB_RUN_ATTEMPT")
    behind = f"/attempts/{attempt}" if attempt and attempt != "1" else ""
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}{behind}"
