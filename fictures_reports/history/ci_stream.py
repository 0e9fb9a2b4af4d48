"""The stream that a CI job's environment stands for: its workflow and its job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What Azure Pipelines calls the only job of a pipeline that names none.
_DEFAULT_JOB: Final = "__default"


def stream_in_ci(environment: Mapping[str, str]) -> str | None:
    """Name the stream after workflow and job, in GitHub, GitLab, Jenkins or Azure; else None.

    The legs of a matrix and the parts of a parallel job are of one stream, and so are the branches
    of a Jenkins multibranch pipeline.

    >>> stream_in_ci({"GITHUB_WORKFLOW": "CI", "GITHUB_JOB": "e2e"})
    'CI / e2e'
    >>> stream_in_ci({"CI_JOB_NAME": "e2e 2/5"})
    'e2e'
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    for name in (_github, _gitlab, _jenkins, _azure):
        if stream := name(given):
            return stream
    return None


def _github(given: Mapping[str, str]) -> str:
    return _joined(given.get("GITHUB_WORKFLOW"), given.get("GITHUB_JOB"))


def _gitlab(given: Mapping[str, str]) -> str:
    if group := given.get("CI_JOB_GROUP_NAME"):
        return group
    name, _, part = given.get("CI_JOB_NAME", "").rpartition(" ")
    is_part = bool(name) and all(n.isdecimal() for n in part.split("/")) and "/" in part
    return name if is_part else given.get("CI_JOB_NAME", "").partition(": [")[0]


def _jenkins(given: Mapping[str, str]) -> str:
    """Return the job; a multibranch pipeline has one for each branch, named after it."""
    job, branch = given.get("JOB_NAME", ""), given.get("BRANCH_NAME", "")
    pipeline, _, last = job.rpartition("/")
    return pipeline if branch and last in (branch, quote(branch, safe="")) else job


def _azure(given: Mapping[str, str]) -> str:
    job = given.get("SYSTEM_JOBNAME") or given.get("AGENT_JOBNAME")
    return _joined(given.get("SYSTEM_DEFINITIONNAME"), None if job == _DEFAULT_JOB else job)


def _joined(workflow: str | None, job: str | None) -> str:
    return " / ".join(filter(None, (workflow, job)))
