"""Genuine results of today's runners. The suites are for make_runs.py to run; many tests fail."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.run import Run

PACKED = Path(__file__).parent / "runs"
collect_ignore = ["suites", "make_runs.py"]


@pytest.fixture(scope="session")
def genuine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack all runs: SUITE/run1|run2/FORMAT/…, each FORMAT one run to read."""
    folder = tmp_path_factory.mktemp("genuine")
    for packed in sorted(PACKED.glob("*/*.tar.xz")):
        run = folder / packed.parent.name / packed.name.removesuffix(".tar.xz")
        shutil.unpack_archive(packed, run, filter="data")
    return folder


@cache
def run_in(path: Path) -> Run:
    """Read a run once for all tests that look at it."""
    return fr.read_run(path)
