"""Which build a CI job belongs to, out of the variables that its system sets.

The commit is that of the change, not of a merge that the system made of it; the base is the branch
that the change goes to, None where a branch or a tag is built.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.ci import azure, bitbucket, buildkite, github, gitlab, jenkins
from fictures_reports.ci.build_facts import Facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Name → how to tell that a job runs there, and what its variables say.
_SYSTEMS: Final[dict[str, tuple[str, Callable[[Mapping[str, str]], Facts]]]] = {
    "github": ("GITHUB_ACTIONS", github.facts),
    "gitlab": ("GITLAB_CI", gitlab.facts),
    "jenkins": ("JENKINS_URL", jenkins.facts),
    "azure": ("TF_BUILD", azure.facts),
    "bitbucket": ("BITBUCKET_BUILD_NUMBER", bitbucket.facts),
    "buildkite": ("BUILDKITE", buildkite.facts),
}
#: What a system's own variables look like where the one that names it was not handed on.
_SIGNS: Final = {
    "github": ("GITHUB_RUN_ID", "GITHUB_REF_NAME", "GITHUB_BASE_REF", "GITHUB_EVENT_NAME"),
    "gitlab": ("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
    "jenkins": ("CHANGE_TARGET", "BRANCH_NAME"),
    "azure": ("SYSTEM_PULLREQUEST_TARGETBRANCH", "BUILD_SOURCEBRANCH"),
    "bitbucket": ("BITBUCKET_PR_DESTINATION_BRANCH", "BITBUCKET_BRANCH"),
    "buildkite": ("BUILDKITE_PULL_REQUEST_BASE_BRANCH", "BUILDKITE_BRANCH"),
}


@dataclass(frozen=True)
class Build:
    """One build of a CI system; what is not known is None."""

    #: github, gitlab, jenkins, azure, bitbucket, buildkite, or "" outside of any
    system: str
    facts: Facts

    @property
    def base(self) -> str | None:
        """The branch that a change is compared with: where it goes, else the default branch."""
        return self.facts.base or self.facts.default_branch

    @property
    def key(self) -> str | None:
        """The key of this build and attempt, which no other has; None outside of CI."""
        if not self.facts.run:
            return None
        attempt = f"/{self.facts.attempt}" if self.facts.attempt else ""
        return f"{self.system}:{self.facts.run}{attempt}"


def build_of(environment: Mapping[str, str]) -> Build:
    """Read the variables of the CI system that the job runs in."""
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    system = _system(given)
    return Build(system, _SYSTEMS[system][1](given) if system else Facts())


def _system(given: Mapping[str, str]) -> str:
    named = (name for name, (sign, _) in _SYSTEMS.items() if sign in given)
    signs = (name for name, words in _SIGNS.items() if any(word in given for word in words))
    # who reads outputs as GitHub's runner does reads its commands, too
    return next(named, "") or next(signs, "") or ("github" if "GITHUB_OUTPUT" in given else "")
