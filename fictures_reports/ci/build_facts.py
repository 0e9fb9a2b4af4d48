"""What the variables of a CI system say of a build."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """One build; None for what the system does not say."""

    #: the branch that is built; None where a tag is
    branch: str | None = None
    #: the branch that a change goes to; None where a branch or a tag is built
    base: str | None = None
    default_branch: str | None = None
    #: the commit of the change, not of a merge made of it
    commit: str | None = None
    tag: str | None = None
    run: str | None = None
    #: from 1
    attempt: int | None = None
    #: number of the pull or merge request
    pull_request: str | None = None
    #: address of the run
    link: str | None = None
    #: False for a change from a fork, whose job may not write anywhere; None where it is not known
    #: whose change it is
    is_trusted: bool | None = True
    event: str | None = None
    #: owner/name, or what the system's interface needs in its place
    repository: str | None = None


def branch_name(ref: str | None) -> str | None:
    """Return the name of a branch without what a ref puts before it.

    >>> branch_name("refs/heads/feat/x"), branch_name("main"), branch_name(None)
    ('feat/x', 'main', None)
    """
    return ref.removeprefix("refs/heads/") if ref else None


def counted(number: str | None) -> int | None:
    """Return a count; None where it is no number.

    >>> counted("2"), counted("x"), counted(None)
    (2, None, None)
    """
    return int(number) if number and number.isdecimal() and len(number) < 10 else None
