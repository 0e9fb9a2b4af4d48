"""Reports as PDF, printed by a real Chromium."""

from __future__ import annotations

import os
import shutil
import stat
from unicodedata import normalize

import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports.errors import RenderError
from fictures_reports.report.rendering import pdf

from .conftest import RUNS, make_run

#: The files of some tests: those of all take three times as many pages.
SOME = "cache-performance"


@pytest.fixture
def named(chromium, monkeypatch):
    monkeypatch.setenv("FICTURES_CHROMIUM", os.environ.get("CHROMIUM") or shutil.which("chromium"))


@pytest.mark.usefixtures("named")
def test_all_views_are_printed_on_few_pages_and_what_is_folded_stays_so(command, tmp_path):
    from pypdf import PdfReader

    printed = tmp_path / "r.pdf"
    runs = (RUNS / "phase2-initial", RUNS / "phase2-rerun")
    done = command("compare", *runs, "-o", printed, "--gate", "passed >= 24")
    assert done.returncode == 2, done.stderr
    pages = PdfReader(printed).pages
    assert 5 <= len(pages) <= 10
    # Printed letters run together: "ﬁ" for "fi".
    text = normalize("NFKC", "\n".join(page.extract_text() for page in pages))
    words = " ".join(text.split())
    for said in (
        "1 test that passed now fails", "passed >= 24", "What the workers did",
        "Limits that were missed", "Missed its limit", "15,962 ms", "About the data",
        f"1 / {len(pages)}",
    ):  # fmt: skip
        assert said in words
    assert "Call log:" not in words
    assert any("/XObject" in page["/Resources"] for page in pages), "no picture was printed"
    assert PdfReader(printed).metadata.title == "phase2-initial → phase2-rerun"
    assert list(printed.parent.iterdir()) == [printed]


@pytest.mark.usefixtures("named")
def test_evidence_on_request_is_an_appendix_after_all_views(command, tmp_path):
    from pypdf import PdfReader

    target = tmp_path / "r.pdf"
    runs = (RUNS / "phase2-initial", RUNS / "phase2-rerun")
    done = command("compare", *runs, "-o", target, "--evidence", "--only", f"file={SOME}*")
    assert done.returncode == 0, done.stderr
    sheets = PdfReader(target).pages
    pages = [normalize("NFKC", sheet.extract_text()) for sheet in sheets]
    first = next(i for i, text in enumerate(pages) if "Appendix: evidence" in text)
    assert 5 <= first <= 10, "the views are as short as without it"
    assert "Call log:" not in "".join(pages[:first])
    words = " ".join("".join(pages[first:]).split())
    results = fr.read_run(runs[1]).results
    did_not_pass = results[results["file"].str.startswith(SOME) & (results["status"] != "passed")]
    assert len(did_not_pass) >= 8
    assert all(title in words for title in did_not_pass["title"])
    for said in (
        "Call log:", 'navigating to "http', "After: ✗ failed", "Before: ✗ failed",
        "Expected: < 2000",
        "Steps, up to the one that failed", "Page load with cache: 16.0s",
    ):  # fmt: skip
        assert said in words
    pictures = [sheet for sheet in sheets[first:] if "/XObject" in sheet["/Resources"]]
    assert pictures, "no picture was printed"


@pytest.mark.parametrize(
    "output", [("-o", "r.html"), ("-o", "r.md"), ("-o", "r.pdf", "--document")], ids=" ".join
)
def test_evidence_is_for_a_report_as_pdf(command, tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)
    done = command("run", RUNS / "api-rerun", *output, "--evidence")
    assert done.returncode == 1
    assert "--evidence is the appendix of a report as PDF: use -o FILE.pdf" in done.stderr
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(RenderError, match="evidence is an appendix of a PDF"):
        fr.render("run", run=make_run("r", {"x": "passed"}), output="r.html", evidence=True)


#: What the page shows while it is printed, and whether a second print is as the first.
_PRINTED = """() => {
  const said = [];
  addEventListener("beforeprint", () => {
    const part = document.querySelector("main > .printed-evidence");
    const folded = document.querySelectorAll(".printed-evidence details:not([open])").length;
    said.push([part === document.querySelector("main").lastElementChild, folded, part?.querySelectorAll(".here").length ?? 0]);
  });
  const print = () => ["beforeprint", "afterprint"].forEach((name) => dispatchEvent(new Event(name)));
  window.print = print;
  document.querySelector(".print-with button").click();
  print();
  return said;
}"""  # noqa: E501


def test_a_button_prints_the_page_with_evidence_once_and_leaves_it_as_it_was(opened, tmp_path):
    made = make_run("r", dict.fromkeys("xy", "failed"), {"message": ["Error: one", "Error: two"]})
    page = opened(fr.render("run", run=made, output=tmp_path / "r.html"), "tests/failing")
    page.locator(".test-row").first.click()
    expect(page.locator(".panel .pane:visible")).to_contain_text("Error: one")
    before = page.locator(".panel").inner_html()
    assert "Error: one" in before
    assert page.evaluate(_PRINTED) == [[True, 0, 2], [False, 0, 0]]
    assert page.locator(".panel").inner_html() == before
    assert page.locator(".printed-evidence").count() == 0


def test_where_no_test_says_anything_there_is_no_button(opened, tmp_path):
    made = make_run("r", {"x": "passed"})
    page = opened(fr.render("run", run=made, output=tmp_path / "r.html"))
    assert page.locator("div.cases[data-ready]").count() == 1
    assert page.locator(".print-with").count() == 0


def test_no_browser_is_said_in_one_line_before_anything_is_written(command, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("FICTURES_CHROMIUM", raising=False)
    done = command("run", RUNS / "api-rerun", "-o", tmp_path / "r.pdf")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "none is in the PATH: install one, or name it in FICTURES_CHROMIUM" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_no_program_is_said(monkeypatch):
    monkeypatch.setenv("FICTURES_CHROMIUM", "/no/such/chrome")
    with pytest.raises(RenderError, match="FICTURES_CHROMIUM is '/no/such/chrome'"):
        pdf.browser()


def test_a_browser_that_prints_nothing_is_said_with_its_own_words(tmp_path, monkeypatch):
    program = tmp_path / "chrome"
    program.write_text("#!/bin/sh\necho first >&2\necho 'no display' >&2\nexit 3\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("FICTURES_CHROMIUM", str(program))
    with pytest.raises(RenderError, match="printed no PDF: no display"):
        fr.render("run", run=make_run("r", {"x": "passed"}), output=tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()


def test_pdf_goes_to_a_file_alone(command):
    done = command("run", RUNS / "api-rerun", "--format", "pdf")
    assert done.returncode == 1
    assert "pdf is binary: name a file with -o" in done.stderr
