"""A wheel's compiled templates give the pages that the templates' source gives."""

from __future__ import annotations

from importlib.metadata import version

import jinja2
import pytest

from fictures_reports.report import fragment
from fictures_reports.report.page import template_files

from .conftest import RUNS


@pytest.fixture
def compiled(tmp_path, monkeypatch):
    """Let pages be made of templates that were compiled as a build does it."""
    template_files.compile_into(tmp_path)
    (folder,) = tmp_path.iterdir()
    monkeypatch.setattr(template_files, "_COMPILED", folder)
    fragment._environment.cache_clear()
    yield fragment._environment().loader
    fragment._environment.cache_clear()


def page(command, folder):
    done = command(
        "compare", RUNS / "phase2-initial", RUNS / "phase2-rerun", "-o", folder / "r.html"
    )
    assert done.returncode == 0
    return (folder / "r.html").read_text(encoding="utf-8")


def test_a_page_is_the_same_from_compiled_templates(command, tmp_path_factory, request):
    from_source = page(command, tmp_path_factory.mktemp("source"))
    loader = request.getfixturevalue("compiled")
    assert isinstance(loader, jinja2.ModuleLoader)
    assert page(command, tmp_path_factory.mktemp("modules")) == from_source


def test_what_another_jinja_compiled_is_not_used(monkeypatch, tmp_path):
    template_files.compile_into(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"jinja2-{version('jinja2')}"]
    assert isinstance(template_files.environment().loader, jinja2.FileSystemLoader)
