"""`ingest` and `history` from the command line, and the page in a browser."""

from __future__ import annotations

import json
import os
import re
import shutil
from unicodedata import normalize

import pytest
from click.testing import CliRunner

from fictures_reports.cli.history_commands import history, ingest
from fictures_reports.errors import NoRuns
from fictures_reports.history import History


def invoke(command, *words, code=0):
    result = CliRunner().invoke(command, [str(word) for word in words], standalone_mode=False)
    assert result.exception is None, result.exception
    assert result.return_value == code, result.output
    return result


def test_ingest_adds_runs_once(runs, tmp_path):
    folders = [runs / "phase2-initial", runs / "phase2-rerun"]
    first = invoke(ingest, *folders, "--into", tmp_path / "h", "--branch", "main", "--compact")
    assert "added phase2-initial" in first.stderr
    again = invoke(ingest, folders[0], "--into", tmp_path / "h")
    assert "was there: phase2-initial" in again.stderr
    assert list(History(tmp_path / "h").runs()["branch"]) == ["main", "main"]


def test_ingest_says_what_of_a_run_was_lost(runs, tmp_path):
    folder = tmp_path / "nightly"
    folder.mkdir()
    whole = (runs / "api-rerun" / "junit.xml").read_bytes()
    (folder / "cut.xml").write_bytes(whole[: len(whole) // 2])
    (folder / "empty.xml").write_bytes(b"")
    said = invoke(ingest, folder, "--into", tmp_path / "h").stderr
    assert re.search(r"cut\.xml: breaks off; \d+ results were salvaged", said)
    assert "empty.xml: not read – " in said
    assert "added nightly" in said


def test_a_label_taken_by_another_run_gets_more_added(runs, tmp_path):
    for name in ("phase2-initial", "phase2-rerun"):
        invoke(ingest, runs / name, "--into", tmp_path, "--label", "nightly")
    assert list(History(tmp_path).runs()["label"]) == ["nightly", "nightly-2026-11-21"]


def test_a_file_is_no_place_for_a_history(runs, tmp_path):
    (tmp_path / "file").write_text("")
    for place in ("file", "file/below"):
        words = [str(runs / "api-rerun"), "--into", str(tmp_path / place)]
        error = CliRunner().invoke(ingest, words).exception
        assert "a file stands there – expected a folder" in str(error)


@pytest.mark.parametrize("target", ["0.9", "0.857", "1"])
def test_a_target_that_is_meant_as_a_share_is_refused_as_gates_do(filled, target):
    result = CliRunner().invoke(history, [str(filled.path), "--target", target])
    assert result.exit_code == 2
    assert f"rates are in percent, write {100 * float(target):g}%" in " ".join(
        result.output.replace("│", " ").split()
    )


@pytest.mark.parametrize(("target", "share"), [("0.9%", 0.009), ("90", 0.9), ("0", 0.0)])
def test_a_target_with_a_sign_is_what_it_says(filled, target, share):
    said = invoke(history, filled.path, "--format", "json", "--target", target).stdout
    assert json.loads(said)["target"] == pytest.approx(share)


def test_markdown_and_json_say_the_same(filled):
    text = invoke(history, filled.path, "--target", "90%").stdout
    data = json.loads(invoke(history, filled.path, "--format", "json", "--target", "90%").stdout)
    assert f"{data['states']['flaky']} are flaky" in text
    assert len(data["runs"]) == 40
    (outage,) = [one for one in data["incidents"] if one["outage"]]
    assert [run["label"] for run in data["runs"] if run["outage"] == outage["id"]] == [
        outage["since"]["run"]
    ]
    assert f"Outage in {outage['since']['run']} on {outage['branch']}, over" in text
    assert data["target"] == 0.9


@pytest.mark.parametrize("stored", [True, False])
def test_incomplete_runs_are_named_where_runs_are_listed(runs, tmp_path, stored):
    many = tmp_path / "many"
    shutil.copytree(runs / "phase2-initial", many / "whole")
    (many / "cut").mkdir()
    text = (runs / "api-rerun" / "junit.xml").read_bytes()
    (many / "cut" / "junit.xml").write_bytes(text[: len(text) // 2])
    if stored:
        invoke(ingest, many / "whole", "--into", tmp_path / "h", "--label", "whole")
        invoke(ingest, many / "cut", "--into", tmp_path / "h", "--label", "cut")
    source = tmp_path / "h" if stored else many
    said = json.loads(invoke(history, source, "--format", "json").stdout)["runs"]
    assert {run["label"]: run["complete"] for run in said} == {"cut": False, "whole": True}
    assert "Incomplete: cut." in invoke(history, source).stdout
    invoke(history, source, "-o", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    marked = re.findall(r'<bdi>(\w+)</bdi> <span class="new">incomplete', page)
    assert marked == ["cut"]


def test_a_folder_of_runs_needs_no_store(runs, tmp_path):
    for name in ("phase2-initial", "phase2-rerun"):
        shutil.copytree(runs / name, tmp_path / "many" / name)
    assert "2 runs" in invoke(history, tmp_path / "many").stdout


@pytest.fixture
def raw(runs, tmp_path_factory):
    """A folder with one small run in a subfolder."""
    folder = tmp_path_factory.mktemp("raw")
    shutil.copytree(runs / "api-rerun", folder / "api-rerun")
    return folder


@pytest.mark.parametrize("words", [(), ("-o", "x.html")])
def test_what_is_not_there_is_said_in_a_line_and_leaves_nothing(
    filled, raw, tmp_path, monkeypatch, words
):
    monkeypatch.chdir(tmp_path)
    asked = {
        ("--branch", "nowhere"): "no run of branch 'nowhere'",
        ("--since", "2099-01-01"): "no results since 2099-01-01",
        ("--since", "soon"): "expected such as 2025-11-02",
    }
    for source in (filled.path, raw):
        for question, said in asked.items():
            result = CliRunner().invoke(history, [str(source), *question, *words])
            assert isinstance(result.exception, NoRuns)
            assert said in str(result.exception)
            assert "\n" not in str(result.exception)
    assert "branches are feature, main" in _refused(filled.path, "--branch", "nowhere")
    assert "no such folder" in _refused("nowhere", *words)
    if words:
        phase = _refused(filled.path, "--phase", "late=nightly-9999", *words)
        assert "'nightly-9999', which is none of the 40 runs shown" in phase
    assert list(tmp_path.iterdir()) == []


def _refused(*words):
    words = [str(word) for word in words]
    return str(CliRunner().invoke(history, words, standalone_mode=False).exception)


@pytest.fixture(scope="module")
def page_of_history(filled, tmp_path_factory):
    """The page of the filled history, with a target and a phase."""
    target = tmp_path_factory.mktemp("page") / "history.html"
    invoke(history, filled.path, "-o", target, "--target", "90%", "--phase", "late=nightly-0020")
    return target


@pytest.mark.filterwarnings("default::DeprecationWarning")
def test_the_page_draws_in_a_browser_without_network(page_of_history, chromium):
    page = chromium.new_page()
    said = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"file://{page_of_history}")
    page.wait_for_timeout(1500)
    assert said == []
    assert "Outage in nightly-" in page.inner_text("section.lately")
    assert page.locator("section.attention path.target, section.attention path.phase").count() == 2
    rows = page.locator("section.attention li.row")
    assert rows.count() >= 5
    assert "broken, " in rows.first.inner_text()
    assert "skipped, " in page.evaluate("document.querySelector('div.history-tests').textContent")
    page.close()


def test_broken_tests_are_listed_the_longest_broken_first(run_of):
    from fictures_reports.history import frame_of
    from fictures_reports.report import history_sections as show

    runs = [
        run_of(f"r{i}", {"new": "failed" if i >= 26 else "passed",
                         "old": "failed" if i >= 20 else "passed", "good": "passed"},
               {"run_id": [f"r{i}"] * 3}, started_at=1e9 + i)
        for i in range(30)
    ]  # fmt: skip
    rows = frame_of(runs)
    html = show.attention(show.findings_of(rows)).html
    assert re.findall(r'case-\w+"><bdi>(\w+)</bdi>', html) == ["old", "new"]
    assert re.findall(r'standing failed">([^<]+)<', html) == ["broken, 10 runs", "broken, 4 runs"]


def test_hostile_names_are_text_in_the_page(run_of, tmp_path):
    name = "<script>alert(1)</script>|`"
    store = History(tmp_path / "h")
    for i in range(8):
        status = "flaky" if i % 2 else "failed"
        store.append(run_of(f"r{i}", {name: status}, {"run_id": [f"r{i}"]}, run_id=f"r{i}"))
    invoke(history, store.path, "-o", tmp_path / "h.html")
    html = (tmp_path / "h.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in html
    text = invoke(history, store.path).stdout
    assert "<script" not in text
    assert "\\|" in text


def test_a_static_page_shows_the_same_limits_and_rows_without_a_script(
    filled, page_of_history, tmp_path, opened
):
    target = tmp_path / "static.html"
    words = ("--target", "90%", "--phase", "late=nightly-0020", "--static")
    invoke(history, filled.path, "-o", target, *words)
    assert "<script" not in target.read_text(encoding="utf-8")
    page, usual = opened(target), opened(page_of_history)
    assert page.complaints == []
    limits = [p.locator(".limits li").all_text_contents() for p in (page, usual)]
    assert limits[0] == limits[1]
    assert len(limits[0]) >= 1
    assert page.locator(".limits .track:visible").count() == len(limits[0])
    # The rows of the tests need no script.
    assert page.locator("section.attention li.row").count() >= 5


def test_a_history_is_printed_with_its_charts(filled, tmp_path, chromium, monkeypatch):
    from pypdf import PdfReader

    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    monkeypatch.setenv("FICTURES_CHROMIUM", browser)
    target = tmp_path / "h.pdf"
    assert "wrote" in invoke(history, filled.path, "-o", target).stderr
    assert list(tmp_path.iterdir()) == [target]
    text = " ".join(page.extract_text() for page in PdfReader(target).pages)
    words = " ".join(normalize("NFKC", text).split())
    for said in ("Over 40 runs", "In the latest run", "Pass rate", "broken, "):
        assert said in words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--format", "pdf"], "pdf is binary: name a file with -o"),
        (["--static"], "--static is a kind of html, but the format is markdown"),
        (["-o", "h.ipynb", "--static"], "--static is a kind of html, but the format is ipynb"),
        (["-o", "h.docx"], "h.docx: no format goes with this ending"),
    ],
)
def test_formats_that_do_not_go_together_are_refused(filled, tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    assert said in _refused(filled.path, *words)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_tool_is_said_before_any_work(filled, tmp_path, monkeypatch):
    from fictures_reports.report.rendering import static_page as static

    monkeypatch.setattr(static, "find_spec", lambda _: None)
    monkeypatch.setenv("FICTURES_CHROMIUM", "/no/such/chrome")
    page, printed = (str(tmp_path / name) for name in ("h.html", "h.pdf"))
    assert "fictures-reports[static]" in _refused(filled.path, "-o", page, "--static")
    assert "FICTURES_CHROMIUM is '/no/such/chrome'" in _refused(filled.path, "-o", printed)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_to_is_said(raw, tmp_path):
    (tmp_path / "file").write_text("")
    for name in ("h.html", "h.md", "h.json"):
        assert "cannot be written" in _refused(raw, "-o", tmp_path / "file" / name)
