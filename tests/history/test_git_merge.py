"""Two git branches that both added runs to a folder, merged by git: every run is there once."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fictures_reports.history import History


def git(folder: Path, *words: str, code: int = 0) -> str:
    who = {f"GIT_{one}_{kind}": "a@b.example" for one in ("AUTHOR", "COMMITTER")
           for kind in ("NAME", "EMAIL")}  # fmt: skip
    done = subprocess.run(["git", *words], cwd=folder, env=os.environ | who, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def checkout(tmp_path, run_of) -> Path:
    """Return a repository whose folder `history` holds one run."""
    git(tmp_path, "init", "-q", "-b", "main")
    History(tmp_path / "history").append(run_of("first", {"a": "passed"}, started_at=1.8e9))
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    git(folder, "add", "-A", ".")
    git(folder, "commit", "-qm", "Keep runs")


def labels(folder: Path) -> list[str]:
    history = History(folder / "history")
    assert len(history.load()) == len(history.runs())
    return list(history.runs()["label"])


def test_both_sides_added_runs_and_one_of_them_the_same(checkout, run_of):
    history = History(checkout / "history")
    for branch, names in (("left", "bcd"), ("right", "def")):
        git(checkout, "switch", "-q", "-c", branch, "main")
        for n, name in enumerate(names, ord(names[0])):
            history.append(run_of(name, {"a": "failed"}, started_at=1.8e9 + n))
        commit(checkout)
    git(checkout, "merge", "-q", "--no-edit", "left")
    assert labels(checkout) == ["first", *"bcdef"]


def test_one_side_packed_its_runs_and_the_other_added_amended_and_removed(checkout, run_of):
    history = History(checkout / "history")
    for n, name in enumerate("bcd"):
        history.append(run_of(name, {"a": "passed"}, started_at=1.8e9 + 1 + n))
    commit(checkout)
    git(checkout, "switch", "-q", "-c", "left")
    history.append(run_of("e", {"a": "passed"}, started_at=1.8e9 + 9))
    history.compact()
    commit(checkout)
    git(checkout, "switch", "-q", "main")
    history.append(run_of("f", {"a": "passed"}, started_at=1.8e9 + 10))
    history.remove("b")
    history.amend("c", label="release")
    commit(checkout)
    # git takes an amended run for a file that was renamed, which the other side deleted
    assert "CONFLICT" in git(checkout, "merge", "-q", "--no-edit", "left", code=1)
    commit(checkout)
    assert labels(checkout) == ["first", "release", *"def"]
