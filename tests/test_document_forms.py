"""The document's charts as files beside it, and its form for a word processor."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from .conftest import ROOT

RUNS = [str(ROOT / "runs" / name) for name in ("phase2-initial", "phase2-rerun")]
SVG = "{http://www.w3.org/2000/svg}"


def texts(path: Path) -> list[str]:
    return [node.text or "" for node in ET.parse(path).iter(f"{SVG}text")]


def test_charts_lie_beside_the_document_one_a_section_with_relative_links(command, tmp_path):
    done = command("compare", *RUNS, "-o", "P 2.md", "--document", cwd=tmp_path)
    assert "without charts" not in done.stderr
    text = (tmp_path / "P 2.md").read_text(encoding="utf-8")
    links = [line for line in text.splitlines() if line.startswith("![")]
    paths = [line.partition("](<")[2].removesuffix(">)") for line in links]
    assert paths == ["P 2-charts/what-changed.svg", "P 2-charts/performance.svg"]
    assert "Cache hit latency < 100ms" in texts(tmp_path / paths[1])
    for path in paths:
        assert "var(" not in (tmp_path / path).read_text(encoding="utf-8")
    changed = text.split("## What changed")[1].split("## ")[0]
    assert changed.count("![") == 1


def test_three_phases_have_a_chart_of_their_pass_rates(command, tmp_path):
    command("compare", RUNS[0], *RUNS, "-o", "P.md", "--document", cwd=tmp_path)
    assert any("Pass rate" in text for text in texts(tmp_path / "P-charts" / "results.svg"))


def test_a_document_on_stdout_has_no_charts(command, tmp_path):
    done = command("compare", *RUNS, "--format", "markdown", "--document", cwd=tmp_path)
    assert "![" not in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_document_written_again_keeps_an_edit_below_a_chart(command, tmp_path):
    words = ("compare", *RUNS, "-o", "P.md", "--document")
    command(*words, cwd=tmp_path)
    path = tmp_path / "P.md"
    mark = next(line for line in path.read_text().splitlines() if line.startswith("<!-- edit: "))
    path.write_text(path.read_text().replace(mark, f"{mark}\nSeen in May.", 1))
    done = command(*words, cwd=tmp_path)
    assert "changed outside" not in done.stderr
    assert "Seen in May." in path.read_text()


def test_without_pandoc_one_line_says_what_to_install(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    done = command("compare", *RUNS, "-o", "P.docx", "--document", cwd=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.strip().splitlines()
    assert "pandoc" in line
    assert "install it" in line
    assert not (tmp_path / "P.docx").exists()


def test_docx_without_the_document_is_refused(command, tmp_path):
    done = command("compare", *RUNS, "-o", "P.docx", cwd=tmp_path)
    assert done.returncode == 1
    assert "add --document" in done.stderr


@pytest.mark.skipif(shutil.which("pandoc") is None, reason="pandoc is not installed")
def test_pandoc_makes_a_docx_with_the_documents_sections(command, tmp_path):
    command("compare", *RUNS, "-o", "P.docx", "--document", "--gate", "passed >= 24", cwd=tmp_path)
    with zipfile.ZipFile(tmp_path / "P.docx") as archive:
        words = archive.read("word/document.xml").decode()
    assert "Readiness for the next phase" in words
    assert "edit:" not in words
