"""Since when blockers fail: in Markdown, JSON and the document as on the page."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import ROOT

BEFORE, AFTER = (ROOT / "runs" / name for name in ("phase2-initial", "phase2-rerun"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the settings of the example and a history of both runs."""
    shutil.copy(ROOT / "examples" / "story-cache" / "fictures-reports.toml", tmp_path)
    for run in (BEFORE, AFTER):
        shutil.copytree(run, tmp_path / "runs" / run.name)
    return tmp_path


def compared(command, folder: Path, *words: str) -> str:
    done = command(
        "compare", "runs/phase2-initial", "runs/phase2-rerun", "--gate", "passed >= 24", *words,
        cwd=folder,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    return str(done.stdout)


def test_json_has_the_age_of_each_blocker_and_step(command, folder) -> None:
    told = json.loads(compared(command, folder, "--format", "json", "--history", "runs"))
    ages = {row["name"]: row["age"] for row in told["readiness"]["blockers"]}
    assert ages["studio: the cache is not invalidated"] == 2
    steps = {row["name"]: row["age"] for row in told["readiness"]["order"]}
    assert steps["studio: the cache is not invalidated"] == 2
    assert steps["no story to open"] is None


def test_without_a_history_no_age_is_known(command, folder) -> None:
    told = json.loads(compared(command, folder, "--format", "json"))
    assert {row["age"] for row in told["readiness"]["order"]} == {None}


def test_markdown_says_for_how_many_runs_a_step_fails(command, folder) -> None:
    text = compared(command, folder, "--format", "markdown", "--history", "runs")
    line = next(line for line in text.splitlines() if "studio: the cache" in line and "1." in line)
    assert "failing for 2 runs" in line


def test_the_document_says_since_how_many_runs_a_blocker_fails(command, folder) -> None:
    text = compared(command, folder, "--format", "markdown", "--document", "--history", "runs")
    blockers = text.split("### Blockers")[1].split("###")[0]
    row = next(line for line in blockers.splitlines() if line.startswith("| studio:"))
    assert "| 2 runs |" in row
    assert "failing for" in blockers.splitlines()[2]
    skipped = next(line for line in blockers.splitlines() if line.startswith("| no story"))
    assert "runs |" not in skipped


def test_a_document_without_a_history_has_no_column_of_ages(command, folder) -> None:
    text = compared(command, folder, "--format", "markdown", "--document")
    assert "failing for" not in text.split("### Blockers")[1].split("###")[0]
