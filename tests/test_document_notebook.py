"""The phase document as a notebook: executed by papermill, exported as page, copied and edited."""

from __future__ import annotations

import nbformat
import pytest

import fictures_reports as fr
from fictures_reports.report.document.document_parts import FRONT_MATTER, NAMES

from .conftest import ROOT

RUNS = [ROOT / "runs" / name for name in ("phase2-initial", "phase2-rerun")]
NOTES = "---\ntitle: Ours & theirs\n---\nWe made data.\n\n## Weather\nRain.\n\n## Team\n- [ ] Kim\n"
GATE = "passed >= 24"


@pytest.fixture(scope="module")
def phases():
    return [fr.read_run(path) for path in RUNS]


def markdown_in(path) -> str:
    """Join what the cells of an executed notebook show as Markdown."""
    outputs = [o for c in nbformat.read(path, as_version=4).cells for o in c.get("outputs", [])]
    words = [o.data["text/markdown"] for o in outputs if "text/markdown" in o.get("data", {})]
    return "\n\n".join(words)


def body_of(document: str) -> str:
    """Return a document in Markdown without front matter and seal."""
    return document.partition("\n---\n\n")[2].rpartition("\n\n<!-- written by")[0]


def test_the_executed_notebook_says_the_same_as_the_markdown(phases, tmp_path):
    before, after = phases
    text = fr.document(fr.compare(before, after), [GATE], notes=NOTES, command="make report")
    given = {"notes": NOTES, "gates": [GATE], "parameters": {"command": "make report"}}
    path = fr.render("document", before=before, after=after, output=tmp_path / "p.ipynb", **given)
    assert markdown_in(path) == body_of(text)


def test_a_run_alone_has_the_same_document_as_notebook_and_as_markdown(phases, tmp_path):
    path = fr.render("document", run=phases[1], output=tmp_path / "p.ipynb", gates=[GATE])
    assert markdown_in(path) == body_of(fr.document(phases[1], [GATE]))
    parameters = nbformat.read(path, as_version=4).cells[1].source
    assert "before = None" in parameters
    assert "after = None" in parameters


def test_each_part_of_the_document_has_its_cell_in_order():
    cells = nbformat.read(ROOT / "notebooks" / "document.ipynb", as_version=4).cells
    shown = [cell.source for cell in cells[2:]]
    assert shown == [f'parts["{name}"]' for name in NAMES if name != FRONT_MATTER]


def test_the_page_draws_a_chart_below_its_heading_without_a_script(command, tmp_path):
    (tmp_path / "n.md").write_text(NOTES, encoding="utf-8")
    words = ("compare", *RUNS, "-o", "p.html", "--document", "--notes", "n.md")
    assert command(*words, cwd=tmp_path).returncode == 0
    html = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert html.count("<figure") == 2
    changed = html.split('id="what-changed"')[1].split("</section>")[0]
    assert changed.index("<figure") < changed.index("What is better")
    # In print a heading stays with what is next to it.
    assert "</h2><figure" in changed
    # The title is the page's own, and each heading of the notes has a place in the rail.
    assert "<title>Ours &amp; theirs</title>" in html
    assert html.count("Ours &amp; theirs</") == 2
    for address, name in (("weather", "Weather"), ("team", "Team")):
        assert f'<a href="#{address}"><span>{name}</span></a>' in html
        assert html.count(f">{name}</h2>") == 1


def test_an_edited_copy_writes_the_document_as_a_page(command, tmp_path):
    copy = tmp_path / "mine.ipynb"
    assert command("notebook", "document", *RUNS, "-o", copy).returncode == 0
    mine = nbformat.read(copy, as_version=4)
    mine.cells = [cell for cell in mine.cells if cell.source != 'parts["Metrics"]']
    mine.cells.append(nbformat.v4.new_code_cell("print(6 * 7, 'of mine')"))
    nbformat.write(mine, copy)
    words = ("compare", *RUNS, "-o", "p.html", "--document", "--template", copy)
    done = command(*words, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    html = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert "42 of mine" in html
    assert 'id="executive-summary"' in html
    assert 'id="metrics"' not in html


def test_a_copy_of_another_notebook_is_no_template_of_a_document(command, tmp_path):
    copy = tmp_path / "mine.ipynb"
    assert command("notebook", "comparison", "-o", copy).returncode == 0
    words = ("compare", *RUNS, "-o", tmp_path / "p.html", "--document", "--template", copy)
    done = command(*words)
    assert done.returncode == 1
    assert "its parameters cell does not set 'older'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_copy_for_one_run_names_no_other(command):
    done = command("notebook", "document", RUNS[1])
    cell = nbformat.reads(done.stdout, as_version=4).cells[0].source
    assert "before = None" in cell
    assert "after = None" in cell
    assert "phase2-rerun" in cell.split("run = ")[1].splitlines()[0]


def test_two_runs_and_one_together_are_refused(phases, tmp_path):
    before, after = phases
    with pytest.raises(fr.ReportsError, match="'before' and 'after' or 'run'"):
        fr.render("document", before=before, after=after, run=after, output=tmp_path / "p.html")
    with pytest.raises(fr.ReportsError, match="'before' and 'after' or 'run'"):
        fr.render("document", after=after, output=tmp_path / "p.html")


def test_a_page_has_what_was_edited_in_the_markdown_beside_it(command, tmp_path):
    words = ("compare", *RUNS, "--document", "-o")
    command(*words, "P.md", cwd=tmp_path)
    path = tmp_path / "P.md"
    mark = next(line for line in path.read_text().splitlines() if "edit: Summary" in line)
    path.write_text(path.read_text().replace(mark, f"{mark}\nEdited by hand.", 1))
    edited = path.read_text()
    done = command(*words, "P.html", cwd=tmp_path)
    assert "P.html: has what was edited in P.md: Summary" in done.stderr
    assert "Edited by hand." in (tmp_path / "P.html").read_text(encoding="utf-8")
    assert path.read_text() == edited
