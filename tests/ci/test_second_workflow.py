"""The script of docs/ci.md that leaves a fork's comment, with a `gh` that answers from files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not (shutil.which("bash") and shutil.which("jq")), reason="bash or jq is not installed"
)
#: `gh api` as far as the script calls it: --jq over a file, or what it was told to write.
GH = r"""#!/usr/bin/env bash
set -euo pipefail
printf '%s\n' "$*" >> asked.txt
for word in "$@"; do if [ "${before:-}" = --jq ]; then filter=$word; fi; before=$word; done
case "$*" in
  *"-X GET"*/pulls*) jq -r "$filter" pulls.json ;;
  *--paginate*) jq -r "$filter" comments.json ;;
  *) ;;
esac
"""


@pytest.fixture
def leave(tmp_path):
    """Run the script beside pull requests and comments; return what `gh` was asked."""
    text = (ROOT / "docs" / "ci.md").read_text("utf-8")
    text = text.partition("<!-- begin second workflow -->")[2].partition("<!-- end")[0]
    lines = text.partition("- run: |\n")[2].partition("```")[0].splitlines()
    script = "\n".join(line[10:] for line in lines)
    (tmp_path / "gh").write_text(GH)
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "comment.md").write_text("<!-- fictures-reports: e2e -->\n# Tests\n")

    def run(pulls: list[object], comments: list[object]) -> list[str]:
        (tmp_path / "pulls.json").write_text(json.dumps(pulls))
        (tmp_path / "comments.json").write_text(json.dumps(comments))
        (tmp_path / "asked.txt").write_text("")
        names = {"GITHUB_REPOSITORY": "team/shop", "HEAD": "stranger:feat/x"}
        path = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
        # as GitHub's runner starts a script
        words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        done = subprocess.run(words, check=False, cwd=tmp_path, env=os.environ | names | path,
                              capture_output=True, text=True)  # fmt: skip
        assert done.returncode == 0, done.stderr
        return (tmp_path / "asked.txt").read_text().splitlines()

    return run


def comment(number: int, body: str, who: str = "github-actions[bot]") -> dict[str, object]:
    return {"id": number, "body": body, "user": {"login": who}}


def test_the_first_comment_of_a_fork_is_made(leave):
    first, _, last = leave([{"number": 12}], [comment(1, "looks good", "lee")])
    assert "-f head=stranger:feat/x" in first
    assert last.startswith("api -X POST repos/team/shop/issues/12/comments -F body=@comment.md")


def test_a_later_one_edits_it_and_nobody_elses(leave):
    mark = "<!-- fictures-reports: e2e -->\n# Tests"
    asked = leave([{"number": 12}], [comment(1, mark, "stranger"), comment(7, mark)])
    assert asked[-1].startswith("api -X PATCH repos/team/shop/issues/comments/7 -F body=@")


def test_a_branch_without_an_open_pull_request_gets_no_comment(leave):
    assert len(leave([], [])) == 1
