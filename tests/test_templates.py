"""Reports out of people's own copies of the notebooks."""

from __future__ import annotations

import json

import nbformat
import pytest

import fictures_reports as fr

from .conftest import RUNS


@pytest.fixture
def refused(command):
    """Run a command that has to fail; return the one line that says why."""

    def call(*arguments):
        done = command(*arguments)
        assert done.returncode == 1, done.stderr
        assert done.stderr.count("\n") == 1
        return done.stderr

    return call


def notebook(path, *sources, tags=("parameters",)):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    if cells:
        cells[0].metadata.tags = list(tags)
    # Saved with a kernel that is not on this machine.
    kernel = {"name": "mine", "display_name": "Mine", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("comparison", ["compare", RUNS / "phase2-initial", RUNS / "phase2-rerun"]),
        ("run", ["run", RUNS / "api-rerun"]),
        ("history", ["history", RUNS]),
    ],
)
def test_a_copy_can_be_edited_and_rendered_with(command, name, words, tmp_path):
    copy = tmp_path / "mine.ipynb"
    assert command("notebook", name, "-o", copy).returncode == 0
    mine = nbformat.read(copy, as_version=4)
    mine.cells.append(nbformat.v4.new_markdown_cell("## My own section"))
    mine.cells.append(nbformat.v4.new_code_cell("print(6 * 7, 'of mine')"))
    nbformat.write(mine, copy)
    done = command(*words, "--template", copy, "-o", tmp_path / "r.html")
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<a href="#my-own-section"><span>My own section</span>' in html
    assert "42 of mine" in html
    assert 'class="summary"' in html


def test_a_copy_goes_to_stdout_and_nothing_is_overwritten_unasked(command, refused, tmp_path):
    done = command("notebook", "run")
    assert json.loads(done.stdout)["nbformat"] == 4
    copy = tmp_path / "mine.ipynb"
    copy.write_text("work of weeks")
    assert "--force overwrites it" in refused("notebook", "run", "-o", copy)
    assert copy.read_text() == "work of weeks"
    assert command("notebook", "run", "-o", copy, "--force").returncode == 0
    assert copy.read_text() == done.stdout
    assert "ends in .ipynb" in refused("notebook", "run", "-o", tmp_path / "mine.txt")


def test_a_template_that_cannot_be_used_is_named_with_the_reason(refused, tmp_path):
    run = ("run", RUNS / "api-rerun", "-o", tmp_path / "r.html", "--template")
    (tmp_path / "text.ipynb").write_text("no JSON")
    (tmp_path / "old.ipynb").write_text('{"nbformat": 3, "cells": []}')
    (tmp_path / "none.ipynb").write_text("{}")
    for name, reason in {
        "gone": "no such notebook",
        "text": "not a notebook – Expecting value",
        "none": "not a notebook – expected nbformat 4 with cells",
        "old": "not a notebook – expected nbformat 4",
    }.items():
        assert reason in refused(*run, tmp_path / f"{name}.ipynb")
    bare = notebook(tmp_path / "bare.ipynb", "run = 1", tags=())
    assert "no cell has the tag 'parameters'" in refused(*run, bare)
    other = notebook(tmp_path / "other.ipynb", "before = after = 'runs/phase2-initial'")
    assert "does not set 'run'" in refused(*run, other)
    assert not (tmp_path / "r.html").exists()


def test_a_notebook_never_reports_on_a_sample_in_place_of_a_run_that_was_not_given(
    command, refused, tmp_path
):
    mine, page = fr.read_run(RUNS / "api-rerun"), tmp_path / "r.html"
    for name, given, words in [
        ("comparison", {"before": mine}, "reports on 'before' and 'after'; given: 'before' – "),
        ("comparison", {}, "reports on 'before' and 'after'; given: nothing – "),
        ("run", {}, "reports on 'run'; given: nothing – "),
    ]:
        with pytest.raises(fr.ReportsError, match=words) as caught:
            fr.render(name, output=page, **given)
        assert "\n" not in str(caught.value)
    copy = tmp_path / "comparison.ipynb"
    command("notebook", "comparison", "-o", copy)
    said = refused("history", RUNS, "--template", copy, "-o", page)
    assert "comparison.ipynb: reports on 'before' and 'after'; given: 'history' – give " in said
    assert not page.exists()


def test_a_cell_that_fails_is_named_by_number_and_first_line(refused, tmp_path):
    mine = notebook(tmp_path / "mine.ipynb", "run = ''", "ok = 1", "1 / 0\n# more")
    said = refused("run", RUNS / "api-rerun", "--template", mine, "-o", tmp_path / "r.html")
    assert "mine.ipynb: cell 4, '1 / 0', failed with ZeroDivisionError: division by zero" in said
    kept = nbformat.read(tmp_path / "r.failed.ipynb", as_version=4)
    assert kept.cells[-1].execution_count == 4


def test_a_template_goes_with_formats_that_run_it(refused):
    said = refused("run", RUNS / "api-rerun", "--template", "x.ipynb", "--format", "json")
    assert "--template is a notebook, which json does not run" in said
    said = refused("history", RUNS, "--template", "x.ipynb")
    assert "which markdown does not run" in said
