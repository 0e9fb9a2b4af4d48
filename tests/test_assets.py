"""Pictures as they were attached, beside the page that shows them smaller."""

from __future__ import annotations

import base64
import json
import re

import pytest

import fictures_reports as fr
from fictures_reports.errors import RenderError

from .conftest import RUNS, make_run
from .test_attachments import picture

HOSTILE = '../../evil"><script>alert(1)</script>.png'


def run_with(*attachments):
    return make_run("r", {"t": "failed"}, {"attachments": [list(attachments)]})


def linked(page):
    """Return the addresses of the originals that a page leads to."""
    return set(re.findall(r'<a href="([^"#]+)">original', page.read_text(encoding="utf-8")))


def test_every_picture_of_the_page_lies_beside_it_as_it_was_attached(tmp_path):
    one, other = picture("first.png", 1), picture("second.png", 2)
    page = fr.render("run", run=run_with(one, other), output=tmp_path / "r.html", assets=True)
    files = {file.name: file.read_bytes() for file in (tmp_path / "r-assets").iterdir()}
    assert linked(page) == {f"r-assets/{name}" for name in files}
    assert sorted(files.values()) == sorted(base64.b64decode(p["body"]) for p in (one, other))
    assert all(name.endswith(("-first.png", "-second.png")) for name in files)


def test_pictures_of_the_reference_runs_are_copied_byte_for_byte(tmp_path):
    run = fr.read_run(RUNS / "phase2-rerun")
    page = fr.render("run", run=run, output=tmp_path / "a b.html", assets=True)
    attached = {file.read_bytes() for file in (RUNS / "phase2-rerun").rglob("*.png")}
    copied = [file.read_bytes() for file in (tmp_path / "a b-assets").iterdir()]
    assert copied
    assert attached.issuperset(copied)
    assert len(linked(page)) == len(copied)
    assert all(link.startswith("a%20b-assets/") for link in linked(page))


def test_a_link_leads_from_the_page_to_the_original_and_asks_for_nothing_else(tmp_path, opened):
    run = run_with(picture("shot.png"))
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html", assets=True), "tests")
    page.locator(".test-row").click()
    page.get_by_role("link", name="original").click()
    page.wait_for_url(lambda url: url.startswith((tmp_path / "r-assets").as_uri()))
    assert page.complaints == []


def test_a_hostile_name_is_no_path_and_no_code(tmp_path):
    (tmp_path / "out").mkdir()
    page = fr.render(
        "run", run=run_with(picture(HOSTILE)), output=tmp_path / "out" / "r.html", assets=True
    )
    names = [file.name for file in (tmp_path / "out" / "r-assets").iterdir()]
    assert [re.fullmatch(r"[0-9a-f]{12}-[\w-]+\.png", name) is not None for name in names] == [True]
    assert [file.name for file in tmp_path.iterdir()] == ["out"]
    assert "<script>alert" not in page.read_text(encoding="utf-8")


def test_without_the_option_a_page_leads_to_no_file(tmp_path):
    page = fr.render("run", run=run_with(picture("a.png")), output=tmp_path / "r.html")
    assert linked(page) == set()
    assert [file.name for file in tmp_path.iterdir()] == ["r.html"]


def test_a_second_report_replaces_the_folder_and_one_without_pictures_leaves_none(tmp_path):
    target, folder = tmp_path / "r.html", tmp_path / "r-assets"
    for red in (1, 2):
        fr.render("run", run=run_with(picture("a.png", red)), output=target, assets=True)
        assert len(list(folder.iterdir())) == 1
    fr.render("run", run=run_with(), output=target, assets=True)
    assert [file.name for file in tmp_path.iterdir()] == ["r.html"]


def test_a_folder_of_somebody_elses_files_is_refused_before_anything_is_written(tmp_path):
    folder = tmp_path / "r-assets"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(RenderError, match=r"r-assets holds 'mine\.txt', which no report wrote"):
        fr.render("run", run=run_with(picture("a")), output=tmp_path / "r.html", assets=True)
    assert [file.name for file in tmp_path.iterdir()] == ["r-assets"]
    assert (folder / "mine.txt").read_text() == "mine"


def test_what_cannot_be_written_leaves_the_old_folder_and_the_old_page(tmp_path, monkeypatch):
    target = tmp_path / "r.html"
    fr.render("run", run=run_with(picture("a", 1)), output=target, assets=True)
    before = {file.name for file in (tmp_path / "r-assets").iterdir()}, target.read_text()

    def full(self, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(RenderError, match="r-assets cannot be written: No space left"):
        fr.render("run", run=run_with(picture("a", 2)), output=target, assets=True)
    assert ({file.name for file in (tmp_path / "r-assets").iterdir()}, target.read_text()) == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["r-assets", "r.html"]


@pytest.mark.parametrize("output", [(), ("-o", "r.md"), ("-o", "r.ipynb"), ("-o", "r.json")])
def test_pictures_go_beside_a_page_only(command, tmp_path, output):
    done = command("run", RUNS / "phase2-rerun", *output, "--assets", cwd=tmp_path)
    assert done.returncode == 1
    assert "--assets puts pictures beside a page: name it with -o FILE.html" in done.stderr


def test_the_command_writes_page_and_folder(command, tmp_path):
    shots = tmp_path / "results"
    shots.mkdir()
    (shots / "cart.png").write_bytes(base64.b64decode(picture("x")["body"]))
    attached = {"name": "cart", "contentType": "image/png", "path": str(shots / "cart.png")}
    result = {
        "status": "failed", "duration": 5, "retry": 0, "errors": [], "attachments": [attached],
    }  # fmt: skip
    spec = {"title": "t", "file": "a.spec.ts", "line": 1, "column": 1, "ok": False, "tests": [
        {"status": "unexpected", "expectedStatus": "passed", "projectName": "", "results": [result]}
    ]}  # fmt: skip
    suite = {"title": "a.spec.ts", "file": "a.spec.ts", "specs": [spec]}
    (shots / "results.json").write_text(
        json.dumps({"config": {"version": "1.58.0"}, "suites": [suite], "errors": [], "stats": {}})
    )
    done = command("run", shots, "-o", "r.html", "--assets", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [file.name.partition("-")[2] for file in (tmp_path / "r-assets").iterdir()] == [
        "cart.png"
    ]
