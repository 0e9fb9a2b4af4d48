"""The notebook in JupyterLab, driven in a real browser as an analyst would: open, run, look."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest

from fictures_reports.charts.notebook_output import VEGA_LITE

from .conftest import PATIENCE_S, ROOT, RUNS, with_charts

pytestmark = pytest.mark.lab
ERRORS = ":is([data-mime-type$='jupyter.error'], [data-mime-type$='jupyter.stderr'])"
# Every cell of code has its number, or one failed.
DONE = """errors => {
  if (document.querySelector(errors)) return true;
  const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
  const texts = prompts.map(prompt => prompt.textContent);
  return texts.length > 10 && texts.every(text => /\\[\\d+\\]/.test(text));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Lay the notebooks beside the runs, as in a checkout; an analyst added charts to one."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with_charts("comparison", folder).replace(folder / "notebooks" / "comparison.ipynb")
    (folder / "runs").symlink_to(RUNS)
    return folder


@pytest.fixture(scope="module")
def lab(folder, tmp_path_factory):
    """Start JupyterLab with settings of its own; return its address with the token."""
    if find_spec("jupyterlab") is None:
        pytest.fail("no JupyterLab: pip install 'fictures-reports[lab]'")
    home = tmp_path_factory.mktemp("home")
    settings = home / "settings" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)
    # Cells out of sight are drawn as well.
    (settings / "tracker.jupyterlab-settings").write_text('{"windowingMode": "none"}')
    environment = os.environ | {
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"), "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"), "IPYTHONDIR": str(home / "ipython"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }  # fmt: skip
    words = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0",
        "--allow-root", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=",
    ]  # fmt: skip
    with (home / "log").open("w") as log:
        server = subprocess.Popen(words, env=environment, stdout=log, stderr=log, cwd=folder)
        try:
            yield address(home, server)
        finally:
            server.terminate()
            server.wait()


def address(home: Path, server: subprocess.Popen[bytes]) -> str:
    limit = time.monotonic() + PATIENCE_S
    while time.monotonic() < limit and server.poll() is None:
        for path in (home / "runtime").glob("jpserver-*.json"):
            facts = json.loads(path.read_text())
            return f"{facts['url']}lab/tree/notebooks/comparison.ipynb?token={facts['token']}"
        time.sleep(0.2)
    return pytest.fail("JupyterLab did not start:\n" + (home / "log").read_text())


@pytest.fixture(scope="module")
def page(lab):
    """Open the notebook in a browser that reaches nothing but this machine, and run all."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    rules = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            timeout=PATIENCE_S * 1000,
            args=["--no-sandbox", "--disable-gpu", rules],
        )
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.set_default_timeout(PATIENCE_S * 1000)
        page.goto(lab)
        page.locator(".jp-CodeCell").nth(5).wait_for()
        page.locator(
            ".jp-StatusBar-TextItem, .jp-StatusBar-Item", has_text="| Idle"
        ).first.wait_for()
        page.locator("[role=menubar] >> text='Run'").click()
        page.locator("[role=menuitem]", has_text="Run All Cells").first.click()
        page.wait_for_function(DONE, arg=ERRORS)
        yield page
        browser.close()


def test_all_cells_run_with_charts_drawn_and_tables_shown(page):
    assert page.locator(ERRORS).all_inner_texts() == []
    charts = page.locator(".jp-OutputArea-output .vega-embed")
    assert charts.count() >= 7
    for chart in charts.all():
        chart.locator("svg, canvas").first.wait_for(state="attached")
    assert page.locator(".jp-OutputArea-output table").count() > 10
    shown = page.locator(".jp-OutputArea").all_inner_texts()
    assert any("1 test that passed now fails" in text for text in shown)


def test_the_saved_notebook_is_valid_with_charts_that_other_editors_draw(page, folder):
    page.keyboard.press("Control+s")
    path, limit = folder / "notebooks" / "comparison.ipynb", time.monotonic() + PATIENCE_S
    while VEGA_LITE not in path.read_text() and time.monotonic() < limit:
        time.sleep(0.2)
    saved = nbformat.read(path, as_version=4)
    nbformat.validate(saved)
    outputs = [output for cell in saved.cells for output in cell.get("outputs", [])]
    specs = [output["data"][VEGA_LITE] for output in outputs if VEGA_LITE in output.get("data", {})]
    assert len(specs) >= 7
    assert all(spec["$schema"].endswith("/v6.json") or "/v6." in spec["$schema"] for spec in specs)
