"""Histories with a known truth, and one that is written once for all tests that only read."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest

from fictures_reports.history import History

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def load(name: str) -> ModuleType:
    """Import a script of the benchmarks folder, which is no package."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, BENCHMARKS / f"{name}.py")
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def generate() -> ModuleType:
    """Return benchmarks/generate.py."""
    return load("generate")


@pytest.fixture(scope="session")
def warm_processes() -> ModuleType:
    """Return benchmarks/warm_processes.py."""
    return load("warm_processes")


@pytest.fixture(scope="session")
def stress(generate, warm_processes) -> ModuleType:
    """Return benchmarks/stress.py."""
    return load("stress")


@pytest.fixture(scope="session")
def made(generate):
    """Return a generated history of 40 runs with flakes, streaks, skips, renames, an outage."""
    return generate.Generated(generate.Plan(n_cases=60, n_runs=40, n_files=6, retries=1,
                                            skipped=0.05, renamed=0.04, broken=0.1))  # fmt: skip


@pytest.fixture(scope="session")
def filled(generate, made, tmp_path_factory) -> History:
    """Return that history in a store; for reading only."""
    path = tmp_path_factory.mktemp("filled") / "history"
    generate.fill(str(path), made, at_once=10)
    return History(path)


@pytest.fixture(scope="session")
def _one_by_one(generate, made, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("one-by-one") / "history"
    generate.fill(str(path), made, at_once=1)
    return path


@pytest.fixture
def one_by_one(_one_by_one, tmp_path) -> History:
    """Return that history in a table of its own, each run in a file of its own."""
    return History(shutil.copytree(_one_by_one, tmp_path / "one-by-one"))


@pytest.fixture(scope="session")
def spark_installed() -> None:
    """Skip a test without pyspark; in CI its absence is an error."""
    if importlib.util.find_spec("pyspark") is None:
        if os.environ.get("CI"):
            pytest.fail("no pyspark: CI must install the extra 'spark'")
        pytest.skip("pyspark is not installed: pip install 'fictures-reports[spark]'")
