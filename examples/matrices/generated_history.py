"""Four weeks of a small shop's test runs, written as Playwright writes them: the same every time.

Each run has two projects (chromium, firefox) on two variants (linux, windows). `pays by voucher`
fails on firefox since the third week, `blinks` is flaky on windows, `ships` is slow, `waits` grows
slower, and on the branch `checkout` `adds to the cart` is broken and `pays by voucher` mended.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import fictures_reports as fr

BEGAN = datetime(2026, 3, 2, 6, tzinfo=UTC)  # a Monday
DAYS = 28
TITLES = (
    "adds to the cart", "pays by card", "pays by voucher", "ships", "waits", "blinks", "prints",
)  # fmt: skip

PRICE = "Error: expect(received).toBe(expected)\n\nExpected: 90\nReceived: 100"
BUTTON = (
    "Error: locator.click: Timeout 5000ms exceeded.\nCall log:\n"
    "  - waiting for getByRole('button', { name: 'Add' })"
)


def history(folder: Path | None = None) -> fr.History:
    """Write the runs and keep them: one a day on `main`, in the last week also on `checkout`."""
    folder = folder or Path(mkdtemp(prefix="matrices-"))
    kept = fr.History(folder / "history")
    for day in range(DAYS):
        for branch in ("main", "checkout") if day >= DAYS - 7 else ("main",):
            kept.append(_run(folder / f"{branch}-{day:02}", day, branch), branch=branch)
    return kept


def _run(folder: Path, day: int, branch: str) -> fr.Run:
    began = BEGAN + timedelta(days=day, minutes=30 if branch == "checkout" else 0)
    for variant in ("linux", "windows"):
        path = folder / variant / "results.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_report(began, day, branch, variant)), encoding="utf-8")
    return fr.read_run(f"{folder}/{{variant}}", label=folder.name)


def _report(began: datetime, day: int, branch: str, variant: str) -> dict[str, Any]:
    specs = [
        {
            "title": title, "line": line, "file": "shop.spec.ts", "tags": [],
            "tests": [
                _test(project, began, day, branch, variant, title)
                for project in ("chromium", "firefox")
            ],
        }
        for line, title in enumerate(TITLES, 1)
    ]  # fmt: skip
    suite = {"title": "shop.spec.ts", "file": "shop.spec.ts", "specs": specs}
    stats = {"startTime": began.isoformat(), "duration": 60_000}
    return {"config": {"version": "1.56.1"}, "suites": [suite], "errors": [], "stats": stats}


def _test(
    project: str, began: datetime, day: int, branch: str, variant: str, title: str
) -> dict[str, Any]:
    tries = _tries(project, day, branch, variant, title)
    seconds = {"ships": 40.0, "waits": 2 + day / 4}.get(title, 2.0)
    results = [
        {
            "status": status, "retry": n, "duration": int(seconds * 1000),
            "startTime": began.isoformat(), "workerIndex": 0,
            "errors": [{"message": error}] if error else [],
        }
        for n, (status, error) in enumerate(tries)
    ]  # fmt: skip
    return {"projectName": project, "expectedStatus": "passed", "results": results}


def _tries(
    project: str, day: int, branch: str, variant: str, title: str
) -> list[tuple[str, str | None]]:
    """Return status and error of each attempt."""
    if title == "pays by voucher" and project == "firefox" and day >= 14 and branch == "main":
        return [("failed", PRICE)]
    if title == "adds to the cart" and branch == "checkout":
        return [("failed", BUTTON)]
    if title == "blinks" and variant == "windows" and day % 4 == (0 if project == "firefox" else 2):
        return [("failed", "Error: page.goto: net::ERR_CONNECTION_RESET"), ("passed", None)]
    return [("passed", None)]
