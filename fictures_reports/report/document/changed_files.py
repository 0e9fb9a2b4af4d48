"""Which files changed between two runs' commits, where the checkout is at hand."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from fictures_reports.report.document.document_layout import fenced, section
from fictures_reports.report.markdown_text import code

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

_PATIENCE_S: Final = 30
_MOST_LINES: Final = 40
_HEX: Final = frozenset("0123456789abcdef")
_SHORTEST: Final = 7


def between(before: Run, after: Run, folder: Path) -> str:
    """Return `git diff --stat` from one run's commit to the other's; "" where git cannot say.

    Nothing is fetched: a commit that the checkout in `folder` does not have is not known.
    """
    commits = [run.info.commit or "" for run in (before, after)]
    git = shutil.which("git")
    # Commits come out of result files: what is none could be an option of git's.
    if git is None or commits[0] == commits[1] or not all(map(_is_commit, commits)):
        return ""
    command = [git, "-C", str(folder), "diff", "--stat=100", "--no-ext-diff", *commits, "--"]
    try:
        done = subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, text=True, errors="replace",
            timeout=_PATIENCE_S,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.rstrip() if done.returncode == 0 else ""


def _is_commit(text: str) -> bool:
    return len(text) >= _SHORTEST and set(text) <= _HEX


def changed_files(d: DocumentInput) -> str:
    """Show which files changed between the commits of the two runs."""
    if not d.changed_files or d.before is None:
        return ""
    lines = d.changed_files.splitlines()
    short = [(run.info.commit or "")[:10] for run in (d.before, d.after)]
    shown = "\n".join([*lines[:-1][:_MOST_LINES], lines[-1]])
    range_words = f"From {code(short[0])} to {code(short[1])}:"
    return section("Files changed", range_words, fenced(shown, _MOST_LINES + 1))
