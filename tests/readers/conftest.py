"""Files to read: genuine ones in data/, and small ones that a test writes itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fictures_reports.readers.read import read

DATA = Path(__file__).parent / "data"
SHARED_CORPUS = Path(__file__).parents[3] / "shared" / "corpus"


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a file into a folder of the test: text, bytes, or anything JSON takes."""

    def write(content: Any, name: str = "results") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return write


@pytest.fixture
def only(written: Callable[..., Path]) -> Callable[..., Any]:
    """Read a file with one result and give that row."""

    def first(content: Any, name: str = "results") -> Any:
        frame, _, _ = read(written(content, name))
        assert len(frame) == 1
        return frame.iloc[0]

    return first


def by_case(path: Any) -> Any:
    """Read a run and index it by case."""
    frame, _, _ = read(path)
    return frame.set_index("case_id")


def doubts(path: Any) -> list[str]:
    """Read a run and give all doubts of its ledger."""
    _, _, ledger = read(path)
    return [doubt for doubts in ledger["doubts"] for doubt in doubts]


def playwright_report(*tests: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Make a Playwright JSON report of tests in one file."""
    specs = [{"title": f"test {i}", "line": i, "tests": [test]} for i, test in enumerate(tests, 1)]
    suites = [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": specs}]
    config = {"rootDir": "/srv/app/tests", "version": "1.56.1"}
    return {"config": config, "suites": suites, "errors": [], **parts}


def playwright_test(status: str, *results: Any, **parts: Any) -> dict[str, Any]:
    """Make a test of a Playwright report; a result may be a status or a whole result."""
    whole = [r if isinstance(r, dict) else {"status": r, "duration": 10} for r in results]
    return {"status": status, "expectedStatus": "passed", "results": whole, **parts}


def junit(cases: str, suite: str = 'name="pytest"', root: str = 'name="pytest tests"') -> str:
    """Wrap test cases into a JUnit file."""
    return f"<testsuites {root}><testsuite {suite}>{cases}</testsuite></testsuites>"
