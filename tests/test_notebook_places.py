"""Notebooks run in a real kernel that starts in their own folder, wherever they came from."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import papermill
import pytest

import fictures_reports as fr
from fictures_reports.report.case_links import unlinked

from .conftest import ROOT, RUNS


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay out the runs and the notebooks as a checkout has them."""
    (tmp_path / "runs").symlink_to(RUNS)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    return tmp_path


OWN_CATEGORY = """\
[[category]]
id = "studio_open"
of = "failure"
name = "the studio never idles"

[[rule]]
id = "studio-never-idle"
category = "studio_open"
pattern = "waiting until .networkidle"
standing = "root"
"""
kernel = pytest.mark.lab  # ten seconds each: with the tests of JupyterLab


def outputs_of(path: Path) -> str:
    """Run all cells as JupyterLab would: with a kernel that starts in the notebook's folder."""
    done = papermill.execute_notebook(
        path, None, cwd=path.parent, kernel_name="python3", progress_bar=False
    )
    return shown_in(done)


def shown_in(notebook: nbformat.NotebookNode) -> str:
    """Return the HTML of all outputs; none of them is an error."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [one for one in outputs if one.output_type == "error"] == []
    shown = [one.get("data", {}) for one in outputs]
    return "".join(str(one.get("text/html", one.get("text/markdown", ""))) for one in shown)


@kernel
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("comparison", "phase2-rerun"),
        ("run", "phase2-rerun"),
        ("history", "4 runs"),
        ("document", "Executive summary"),
    ],
)
def test_a_notebook_of_the_checkout_runs_where_it_lies(name, said, checkout):
    assert said in outputs_of(checkout / "notebooks" / f"{name}.ipynb")


@kernel
def test_a_notebook_that_a_command_wrote_into_a_folder_runs_there(checkout, command):
    words = ["compare", "runs/phase2-initial", "runs/phase2-rerun", "-o", "reports/x.ipynb"]
    (checkout / "reports").mkdir()
    assert command(*words, cwd=checkout).returncode == 0
    assert "phase2-rerun" in outputs_of(checkout / "reports" / "x.ipynb")


@kernel
def test_a_history_that_a_command_wrote_as_a_notebook_runs_there(checkout, command):
    (checkout / "reports").mkdir()
    assert command("history", "runs", "-o", "reports/h.ipynb", cwd=checkout).returncode == 0
    assert "4 runs" in outputs_of(checkout / "reports" / "h.ipynb")


@kernel
@pytest.mark.parametrize(
    "words",
    [
        ["run", "runs/phase2-rerun"],
        ["compare", "runs/phase2-initial", "runs/phase2-rerun"],
        ["history", "runs"],
    ],
    ids=["run", "compare", "history"],
)
def test_a_notebook_written_with_own_rules_gives_the_same_again(words, checkout, command):
    (checkout / "reports").mkdir()
    (checkout / "own.toml").write_text(OWN_CATEGORY, encoding="utf-8")
    given = [*words, "--rules", "own.toml", "-o", "reports/x.ipynb"]
    assert command(*given, cwd=checkout).returncode == 0
    path = checkout / "reports" / "x.ipynb"
    first = shown_in(nbformat.read(path, as_version=4))
    assert "the studio never idles" in first
    # a written notebook has no links to cases, and the command named files as seen from its folder
    again = unlinked(outputs_of(path)).replace("../runs/", "runs/")
    assert again == first.replace("../runs/", "runs/")


@kernel
def test_a_copy_starts_with_the_readers_own_runs_as_seen_from_where_it_lies(checkout, command):
    (checkout / "mine").mkdir()
    words = ["notebook", "run", "runs/phase2-initial", "-o", "mine/copy.ipynb"]
    assert command(*words, cwd=checkout).returncode == 0
    assert "phase2-initial" in outputs_of(checkout / "mine" / "copy.ipynb")


@kernel
def test_a_copy_without_runs_says_what_to_fill_in(checkout, command):
    assert command("notebook", "comparison", "-o", "copy.ipynb", cwd=checkout).returncode == 0
    cell = nbformat.read(checkout / "copy.ipynb", as_version=4).cells[0].source
    assert 'before = "PATH"  # fill in: a file, a folder, a zip or HISTORY@latest' in cell
    with pytest.raises(papermill.PapermillExecutionError, match="PATH: no such file or folder"):
        outputs_of(checkout / "copy.ipynb")


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        (["runs/phase2-initial"], "comparison reads 2 sources, not 1"),
        (["runs/phase2-initial", "none"], "none: no such file or folder"),
    ],
)
def test_sources_that_do_not_fit_are_refused_in_one_line(sources, message, checkout, command):
    done = command("notebook", "comparison", *sources, cwd=checkout)
    assert done.returncode in (1, 2)
    assert message in done.stderr.splitlines()[-1]


def test_sources_of_every_kind_are_seen_from_the_notebook(checkout, monkeypatch):
    from fictures_reports.report.rendering.source_paths import seen_from

    monkeypatch.chdir(checkout)
    folder = checkout / "reports" / "deep"
    for given, seen in {
        "runs/phase2-initial": "../../runs/phase2-initial",
        "runs@latest": "../../runs@latest",
        "runs@branch:main[-20:]": "../../runs@branch:main[-20:]",
        "runs/{variant}/report.json": "../../runs/{variant}/report.json",
        "s3://bucket/history": "s3://bucket/history",
        str(checkout / "runs"): str(checkout / "runs"),
        "4f2a": "4f2a",
        "": "",
    }.items():
        assert seen_from(given, folder) == seen
    part = {"source": ["runs/api-rerun"], "where": [{"status": ["failed"]}]}
    assert seen_from(part, folder)["source"] == ["../../runs/api-rerun"]


def mine(path: Path, command) -> Path:
    """Write a copy with a parameter of its own."""
    assert command("notebook", "run", "-o", path).returncode == 0
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[0].source += '\nteam = ""\nlimit = 0'
    notebook.cells.append(nbformat.v4.new_code_cell("print('for', team, limit + 1)"))
    nbformat.write(notebook, path)
    return path


def test_a_template_takes_parameters_of_its_own(tmp_path, command):
    template = mine(tmp_path / "mine.ipynb", command)
    words = ["run", RUNS / "api-rerun", "--template", template, "-o", tmp_path / "r.html"]
    done = command(*words, "-p", "team", "checkout", "-p", "limit", "3")
    assert done.returncode == 0, done.stderr
    assert "for checkout 4" in (tmp_path / "r.html").read_text(encoding="utf-8")
    run = fr.read_run(RUNS / "api-rerun")
    page = fr.render(template, run=run, output=tmp_path / "s.html", parameters={"team": "pay"})
    assert "for pay 1" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("taem", "its parameters cell does not set 'taem'; did you mean 'team'?"),
        ("gates", "'gates' is set by the report itself"),
    ],
)
def test_a_parameter_that_a_template_has_not_is_refused_in_one_line(
    name, message, tmp_path, command
):
    template = mine(tmp_path / "mine.ipynb", command)
    words = ["run", RUNS / "api-rerun", "--template", template, "-o", tmp_path / "r.html"]
    done = command(*words, "-p", name, "x")
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_parameter_without_a_template_is_refused(tmp_path, command):
    done = command("run", RUNS / "api-rerun", "-o", tmp_path / "r.html", "-p", "team", "x")
    assert done.returncode != 0
    assert "-p sets a parameter of a --template" in done.stderr
