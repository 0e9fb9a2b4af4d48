"""Results of a small suite, as its runner writes them."""

from __future__ import annotations

import json
from pathlib import Path


def playwright_report(
    path: Path,
    failing: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
    *,
    names: str | None = None,
    flaky: str = "",
    day: int = 2,
    words: str = "Error: no",
) -> str:
    """Write a small Playwright report: tests a to h, or none where the run itself failed."""
    if names is None:
        names = "" if errors else "abcdefgh"

    def tried(name: str) -> list[str]:
        if name in flaky:
            return ["failed", "passed"]
        return ["failed" if name in failing else "passed"]

    def ended(name: str) -> str:
        return "flaky" if name in flaky else "unexpected" if name in failing else "expected"

    start = f"2026-03-{day:02}T06:00:00.000Z"
    specs = [
        {"title": name, "file": "a.spec.ts", "line": 3, "column": 1, "id": name, "tags": [],
         "ok": name not in failing, "tests": [{
            "timeout": 30000, "annotations": [], "expectedStatus": "passed", "projectId": "x",
            "projectName": "x", "status": ended(name),
            "results": [{
                "status": status, "duration": 5, "retry": retry,
                "startTime": start, "workerIndex": 0, "parallelIndex": 0,
                "errors": [{"message": words}] if status == "failed" else [],
                "attachments": [], "stdout": [], "stderr": [], "annotations": [],
            } for retry, status in enumerate(tried(name))]}]}
        for name in names
    ]  # fmt: skip
    document = {
        "config": {"rootDir": "/w/e2e", "version": "1.55.0", "workers": 1, "projects": []},
        "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "line": 0, "column": 0,
                    "specs": specs}] if specs else [],
        "errors": [{"message": text} for text in errors],
        "stats": {"startTime": start, "duration": 9.0, "expected": 0,
                  "unexpected": 0, "flaky": 0, "skipped": 0},
    }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document))
    return str(path)
