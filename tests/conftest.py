"""Runs drawn in a test, and a browser that can reach nothing."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pandas as pd
import pytest
from hypothesis import settings

from fictures_reports.readers.rows import RunInfo
from fictures_reports.run import Run
from fictures_reports.schema import results_frame

# The machines that run these tests are noisy: how long an example takes says nothing.
settings.register_profile("noisy", deadline=None)
# With the oldest releases: whether a property holds at all, not for which rare input it does not.
settings.register_profile("few", deadline=None, max_examples=20)
settings.load_profile("noisy")

ROOT = Path(__file__).parents[1]
RUNS = ROOT / "runs"
# Only against waiting for ever: a machine that does other work beside the tests is merely slow.
PATIENCE_S = 900
#: A script that ends when a page has answered a change of its size, its colours or its content.
SETTLED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: A script that shows all views of a page one after the other, as on paper, and unfolds everything.
OPEN_ALL = f"""(() => {{
  for (const view of document.querySelectorAll(".view")) view.removeAttribute("hidden");
  for (const details of document.querySelectorAll("details")) details.open = true;
  // What is far below is not laid out before it is near: its texts would seem to lie on another.
  for (const row of document.querySelectorAll(".rows > li, .scroll"))
    row.style.contentVisibility = "visible";
  return {SETTLED};
}})()"""
# With script the list of tests is made after the page has loaded.
LISTED = """() => !document.documentElement.classList.contains("js")
  || !document.querySelector("div.cases:not([data-ready])")"""
_LEDGER = {
    "file": "results.json", "format": "playwright-json", "producer": "Playwright",
    "producer_version": "1.56.1", "salvaged": 0, "repeated": 0, "refused": None,
}  # fmt: skip


def pytest_collection_finish() -> None:
    """Take what the collection made out of the collector's passes: a tenth of all tests' time."""
    gc.collect()
    gc.freeze()
    # Frames are made and dropped by the million here, and hardly any of them is a cycle.
    gc.set_threshold(50_000, 20, 20)


def make_run(
    label: str, statuses: dict[str, str], columns: dict[str, list[Any]] | None = None, **info: Any
) -> Run:
    """Draw a run: title → status, all in one file unless `columns` say otherwise."""
    titles = list(statuses)
    given = {
        "title": titles,
        "case_id": [f"a.spec.ts › {title}" for title in titles],
        "file": ["a.spec.ts"] * len(titles),
        "project": [""] * len(titles),
        "suite": [""] * len(titles),
        "status": list(statuses.values()),
        "category": [_category(status) for status in statuses.values()],
        "message": ["Error: no" if s == "failed" else None for s in statuses.values()],
        "run_id": [label] * len(titles),
    } | (columns or {})
    facts = {"run_id": label, "label": label, "duration_s": 60.0, "n_workers": 2} | info
    return Run(results_frame(given), RunInfo(**facts), _ledger(len(titles)).copy())


@lru_cache
def _ledger(n_read: int) -> pd.DataFrame:
    ledger = pd.DataFrame([_LEDGER | {"read": n_read, "doubts": [], "missing": []}])
    ledger["refused"] = ledger["refused"].astype("str").where([False], None)
    return ledger


def _category(status: str) -> str | None:
    return {
        "failed": "assertion", "flaky": "assertion", "skipped": "skipped", "not_run": "not_run",
        "xfailed": "expected_failure", "interrupted": "interrupted",
    }.get(status)  # fmt: skip


@pytest.fixture
def run_of() -> Callable[..., Run]:
    """Give tests `make_run` without an import across test files."""
    return make_run


@pytest.fixture(scope="session")
def runs() -> Path:
    """Return the folder of the committed reference runs."""
    return RUNS


@pytest.fixture(scope="session")
def reference_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the reference runs with the command, as `make report` does; for reading only."""
    target = tmp_path_factory.mktemp("report") / "phase2.html"
    both = (RUNS / "phase2-initial", RUNS / "phase2-rerun")
    assert exit_code("compare", *both, "-o", target, "--gate", "passed >= 24") == 2
    return target


@pytest.fixture(scope="session")
def page_with_charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compare the reference runs in a notebook with an analyst's charts; for reading only."""
    import fictures_reports as fr

    folder = tmp_path_factory.mktemp("charts")
    before, after = (fr.read_run(RUNS / name) for name in ("phase2-initial", "phase2-rerun"))
    notebook = with_charts("comparison", folder)
    return fr.render(notebook, before=before, after=after, output=folder / "r.html")


@pytest.fixture
def command(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., CompletedProcess[str]]:
    """Run the command line in this process, in a folder: what `subprocess.run` would give."""

    def call(*arguments: object, cwd: Path | None = None) -> CompletedProcess[str]:
        with monkeypatch.context() as patch:
            if cwd is not None:
                patch.chdir(cwd)
            capfd.readouterr()
            code = exit_code(*arguments)
        return CompletedProcess([*map(str, arguments)], code, *capfd.readouterr())

    return call


def exit_code(*arguments: object) -> int:
    """Run the command line in this process; return what it would exit with."""
    from fictures_reports.cli.commands import main

    try:
        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
    finally:
        gc.enable()  # a command switches it off for its short life
    return stop.value.code


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give a folder whose `fictures-reports` and `python` have imported everything when called."""
    from .warm_command import on_a_path

    with on_a_path(tmp_path_factory.mktemp("warm")) as folder:
        yield folder


@pytest.fixture
def warm_drawing(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process in which a step of this one draws its page begin warm, too."""
    monkeypatch.setattr(sys, "executable", str(warm / "python"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start a headless Chromium for which no host name resolves; in CI its absence is an error."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: CI must install one")
        pytest.skip("no Chromium on this machine; set CHROMIUM=path")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_S * 100)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            timeout=PATIENCE_S * 1000,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP * ~NOTFOUND",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def idle_pages() -> dict[str, list[Any]]:
    """Keep pages that no test has open, by the options of their context."""
    return defaultdict(list)


@pytest.fixture
def opened(chromium: Any, idle_pages: dict[str, list[Any]]) -> Iterator[Callable[..., Any]]:
    """Open a file at an address within it; collect what it asks for and complains about.

    A page that an earlier test has left is used again, as new: a new one starts three processes.
    """
    taken = []

    def open_page(
        path: Path,
        at: str = "",
        viewport: dict[str, int] | None = None,
        color_scheme: str = "light",
        **options: Any,
    ) -> Any:
        idle = idle_pages[repr(sorted(options.items()))]
        page = idle.pop() if idle else _new_page(chromium, options)
        taken.append((idle, page))
        page.complaints, page.requests = [], []
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        page.emulate_media(media="null", color_scheme=color_scheme)
        page.goto(path.as_uri() + (f"#{at}" if at else ""))
        if page.scripts:
            page.wait_for_function(LISTED)
        return page

    yield open_page
    for idle, page in taken:
        _leave(page)
        idle.append(page)


def _new_page(browser: Any, options: dict[str, Any]) -> Any:
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(PATIENCE_S * 1000)
    page.scripts = options.get("java_script_enabled", True)
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("request", lambda request: page.requests.append(request.url))
    return page


def _leave(page: Any) -> None:
    """Take from a page and its context whatever the next test could meet."""
    for other in page.context.pages:
        if other is not page:
            other.close()
    if page.scripts:
        page.evaluate("localStorage.clear()")
    page.context.clear_permissions()
    page.goto("about:blank")


def with_charts(kind: str, folder: Path) -> Path:
    """Write a copy of a report's notebook to which an analyst added charts, below `## Charts`."""
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell

    notebook = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", as_version=4)
    enabled = "from fictures_reports import charts\ncharts.enable()"
    sources = [enabled, "charts.categories(show.categories.values(report).counts)"]
    sources += [
        "charts.workers(report.last.results)",
        "charts.thresholds(show.thresholds.values(report).misses)",
    ]
    sources += ["charts.files(show.breakdowns.values(report).per_file)"]
    if kind == "comparison":
        sources += ["charts.outcomes(c.totals)", "charts.transitions(c.transitions)"]
        sources += ["charts.durations(show.durations.values(report).changed)"]
    notebook.cells += [new_markdown_cell("## Charts"), *map(new_code_cell, sources)]
    path = folder / f"{kind}-with-charts.ipynb"
    nbformat.write(notebook, path)
    return path


def drawn(page: Any) -> tuple[int, int]:
    """Wait for the charts of a page; return how many there are, and how many drawings."""
    page.evaluate(SETTLED)
    # A function: an expression would be evaluated at every look, which the page's policy forbids.
    page.wait_for_function(
        "() => !document.querySelector('figure.chart:not([data-drawn], .static)')"
    )
    return page.locator("figure.chart").count(), page.locator("figure.chart svg").count()
