"""The step in an environment of any system, in a folder of its own, beside a history of main."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr
from fictures_reports.cli.ci_step import step_in
from fictures_reports.history import History
from tests.ci.results import playwright_report
from tests.test_action import outputs_of


@dataclass
class Done:
    code: int
    log: str
    outputs: dict[str, str]
    summary: str


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("GITHUB_", "CI", "BUILD"))]:
        monkeypatch.delenv(name)
    return tmp_path


@pytest.fixture
def step(folder, capfd):
    """Take the step with a system's environment and some inputs; others replace what is set."""

    def take(system: dict[str, str], others: dict[str, str] | None = None, /, **given: str) -> Done:
        files = {name: folder / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        own = {f"FICTURES_{name.upper()}": value for name, value in given.items()}
        quick = {"FICTURES_FORMAT": "none"} | {name: str(path) for name, path in files.items()}
        code = step_in(system | quick | own | (others or {}))
        told = outputs_of(files["GITHUB_OUTPUT"])
        return Done(code, capfd.readouterr().out, told, files["GITHUB_STEP_SUMMARY"].read_text())

    return take


@pytest.fixture(scope="session")
def _five_runs(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("five-runs")
    store = History(folder / "h")
    for day in range(1, 5):
        run = fr.read_run(playwright_report(folder / f"main-{day}.json", day=day))
        store.append(run, branch="main", label=f"main-{day - 1}")
    other = fr.read_run(playwright_report(folder / "other.json", ("a", "b", "c"), day=5))
    store.append(other, branch="feature", label="other")
    return folder / "h"


@pytest.fixture
def history(_five_runs, folder) -> str:
    """Four green runs of main, then a red one of another branch."""
    shutil.copytree(_five_runs, folder / "h")
    return "h"


def after(folder: Path, *failing: str, **how: Any) -> str:
    return playwright_report(folder / "after.json", failing, day=how.pop("day", 7), **how)
