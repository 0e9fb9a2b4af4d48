"""Each topic of a report is one section, and none of its forms can be forgotten."""

from __future__ import annotations

import json
import os
from importlib import import_module
from pathlib import Path

import nbformat
import pytest
from markupsafe import escape

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.reading import read_run
from fictures_reports.report import history_sections, sections
from fictures_reports.report.fragment import Fragment
from fictures_reports.report.section import LeftOut, Section, joined, json_of, markdown_of
from fictures_reports.report.sections import ReportInput

from .conftest import ROOT, make_run

KINDS = {
    "comparison": (sections, sections.COMPARISON, "compare"),
    "run": (sections, sections.RUN, "run"),
    "history": (history_sections, history_sections.HISTORY, "history"),
}
REGISTERED = [(kind, section) for kind, (_, chosen, _) in KINDS.items() for section in chosen]
EACH = pytest.mark.parametrize(
    ("kind", "section"), REGISTERED, ids=[f"{kind}-{section.name}" for kind, section in REGISTERED]
)
BEFORE = make_run("b", {"fixed": "failed", "broken": "passed", "old": "failed"})
AFTER = make_run("a", {"fixed": "passed", "broken": "failed", "old": "failed"})


def defined(package):
    """Find every section that the modules of a package define."""
    folder = Path(package.__file__).parent
    modules = [import_module(f"{package.__name__}.{path.stem}") for path in folder.glob("[!_]*.py")]
    return [
        value for module in modules for value in vars(module).values() if isinstance(value, Section)
    ]


@EACH
def test_a_section_states_every_form_or_why_it_leaves_one_out(kind, section):
    forms = (section.html, section.markdown, section.json)
    assert all(form.why if isinstance(form, LeftOut) else callable(form) for form in forms)
    assert not all(isinstance(form, LeftOut) for form in forms)


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_a_section_cannot_be_made_without_one_of_its_forms(form):
    forms = dict.fromkeys(("html", "markdown", "json"), LeftOut("for this test"))
    del forms[form]
    with pytest.raises(TypeError, match=form):
        Section("short", lambda report: report, **forms)


@pytest.mark.parametrize("package", [sections, history_sections])
def test_every_section_that_is_defined_is_part_of_a_report(package):
    registered = [section for _, section in REGISTERED]
    found = defined(package)
    assert len(found) > 8
    assert [section.name for section in found if section not in registered] == []


@EACH
def test_notebooks_find_a_section_by_its_name_and_the_page_shows_it(kind, section):
    package = KINDS[kind][0]
    assert getattr(package, section.name) is section
    cells = nbformat.read(ROOT / "notebooks" / f"{kind}.ipynb", as_version=4).cells
    shown = "\n".join(cell.source for cell in cells)
    # The overview holds gates and notes; what the page leaves out says why.
    is_elsewhere = section.name in ("gates", "notes") or isinstance(section.html, LeftOut)
    assert f"show.{section.name}(" in shown or is_elsewhere


@pytest.mark.parametrize("kind", ["comparison", "run"])
def test_every_key_of_the_schema_comes_from_one_section(kind):
    _, chosen, schema = KINDS[kind]
    subject = compare(BEFORE, AFTER) if kind == "comparison" else AFTER
    report = ReportInput(subject, check(subject, ["passed >= 2"]))
    path = Path(sections.__file__).parents[1] / "schema" / f"{schema}.schema.json"
    keys = [key for section in chosen for key in section.as_json(report)]
    expected = set(json.loads(path.read_text(encoding="utf-8"))["properties"])
    assert len(keys) == len(set(keys))
    assert set(keys) == expected - {"schema_version"}
    assert list(json_of(chosen, report)) == keys


def test_the_keys_of_a_section_are_there_though_it_has_nothing_to_say():
    """Else the schema could lack them, and a script would have to ask for each."""
    reports = [ReportInput(compare(BEFORE, AFTER)), ReportInput(AFTER)]
    without = [
        section.name
        for section in {*sections.COMPARISON, *sections.RUN}
        if not isinstance(section.json, LeftOut)
        and not any(section.as_json(report) for report in reports)
    ]
    assert without == []


def test_the_first_screen_holds_each_gate_with_what_is_missing():
    report = ReportInput(AFTER, check(AFTER, ["passed >= 2", "failed <= 50"]))
    html = sections.summary(report).html
    for gate in report.gates:
        assert f"<code>{escape(gate.gate)}</code>" in html
    assert "Not ready:" in html


def test_a_section_with_nothing_to_say_is_in_no_form():
    silent = Section("silent", {}.get, Fragment, str, dict)
    assert silent("key") is None
    assert markdown_of([silent], "key") == "\n"
    assert json_of([silent], "key") == {}
    assert joined(silent("key"), Fragment("<b>", "b")).html == "<b>"


def test_all_forms_are_made_from_the_same_values():
    counted = Section(
        "counted", len, lambda n: Fragment(f"<p>{n}</p>", str(n)), str, lambda n: {"n": n}
    )
    assert counted("abc").html == "<p>3</p>"
    assert markdown_of([counted], "abc") == "3\n"
    assert json_of([counted], "abc") == {"n": 3}


def test_a_section_for_comparisons_says_what_it_needs():
    with pytest.raises(TypeError, match="needs a comparison, not the run a"):
        sections.transitions(ReportInput(AFTER))


def test_a_comparison_and_a_run_show_themselves_without_the_report():
    shown = compare(BEFORE, AFTER)._repr_html_()
    assert "Mixed: 1 test that passed now fails" in shown
    assert '<tr><th scope="row">still failing</th><td>1</td></tr>' in shown
    assert '<tr><th scope="row">assertion</th><td>2</td></tr>' in AFTER._repr_html_()


def test_notes_of_equal_words_are_one_line_and_those_of_formats_one_for_all(tmp_path):
    row = '<testcase classname="tests.a" name="test_{}" file="tests/a.py"/>'
    for side in ("before", "after"):
        (tmp_path / side).mkdir()
        for part in ("one", "two"):
            text = '<testsuites><testsuite name="pytest" timestamp="2026-01-01T10:00:00" tests="2">'
            text += f"{row.format(part)}</testsuite></testsuites>"
            (tmp_path / side / f"{part}.xml").write_text(text)
    c = compare(read_run(str(tmp_path / "before")), read_run(str(tmp_path / "after")))
    ledger = next(one for one in sections.COMPARISON if one.name == "ledger")
    _, _, *lines = ledger.as_markdown(ReportInput(c)).splitlines()
    assert any("one.xml and 3 others: timestamps have no time zone" in line for line in lines)
    # a run keeps such a note with its first file, for all
    [line] = [line for line in lines if "in this format" in line]
    assert f"before{os.sep}one.xml and " in line
    assert f"after{os.sep}one.xml: workers and starts of single tests are not in" in line
