"""Git as a program: one call, its output, or one line on what went wrong."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.ci.secrets import Secrets
from fictures_reports.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME: Final = "fictures-reports"
#: Nobody is there to be asked, hooks are for people's commits, and messages are read below.
_ENVIRONMENT: Final = {
    "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": _NAME, "GIT_AUTHOR_EMAIL": f"{_NAME}@users.noreply.invalid",
    "GIT_COMMITTER_NAME": _NAME, "GIT_COMMITTER_EMAIL": f"{_NAME}@users.noreply.invalid",
}  # fmt: skip
_SETTINGS: Final = ("core.hooksPath=/dev/null", "commit.gpgSign=false", "gc.auto=0")
_SECONDS: Final = 300


class GitError(HistoryError):
    """What git said, on one line."""


@dataclass(frozen=True)
class Git:
    """The repository of a folder."""

    folder: str = "."

    def __call__(self, *words: str, given: bytes = b"") -> bytes:
        """Run git and return what it printed; raises `GitError` with its last words."""
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        try:
            done = subprocess.run(  # noqa: S603
                ["git", *settings, *words], input=given, capture_output=True, check=False,  # noqa: S607
                cwd=self.folder, env=os.environ | _ENVIRONMENT, timeout=_SECONDS,
            )  # fmt: skip
        except FileNotFoundError as error:
            raise GitError("git is not installed, which a branch as the store needs") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git {words[0]} did not end within {_SECONDS} s") from error
        if done.returncode:
            raise GitError(f"git {words[0]}: {_error_line(done.stderr, os.environ)}")
        return done.stdout

    def line(self, *words: str, given: bytes = b"") -> str:
        """Return what git printed as one text."""
        return self(*words, given=given).decode(errors="replace").strip()


def _error_line(stderr: bytes, environment: Mapping[str, str]) -> str:
    """Put what git said on one line; addresses in it may hold a token."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines()]
    messages = [line for line in lines if line and not line.startswith(("hint:", "To "))]
    return Secrets.of(environment).masked("; ".join(messages)) or "failed without a word"
