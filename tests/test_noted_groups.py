"""Groups of causes that people name in their notes, and in reports on many runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nbformat

import fictures_reports as fr
from fictures_reports.report.document.author_notes import groups_in, parsed
from fictures_reports.report.document.written_document import document
from fictures_reports.report.history_report import as_json, findings

from .conftest import ROOT

NOTES = """# Ours
## Cause: nobody is signed in
Members: Like button, `Reply button`

The tests run without a session.

## Cause: the studio
Members:
- cache-invalidation-studio*

## Cause: words alone
No members here.
"""
RUNS = [ROOT / "runs" / name / "results.json" for name in ("phase2-initial", "phase2-rerun")]


def test_members_stand_in_one_line_or_in_a_list_below_the_word() -> None:
    assert groups_in(NOTES) == {
        "nobody is signed in": ["Like button", "Reply button"],
        "the studio": ["cache-invalidation-studio*"],
    }


def test_a_pattern_in_backticks_may_have_a_comma_and_begin_with_a_star() -> None:
    assert groups_in("## Cause: a\nMembers: `*one, two`, `three`") == {"a": ["*one, two", "three"]}
    assert groups_in("## Cause: a\nMembers: *one, two") == {"a": ["*one", "two"]}


def test_members_in_a_code_block_name_no_group() -> None:
    assert groups_in("## Cause: a\n```\nMembers: one\n```\n") == {}


def test_the_words_of_a_cause_go_without_its_members() -> None:
    assert parsed(NOTES).text("Cause: nobody is signed in") == "The tests run without a session."
    assert parsed(NOTES).text("Cause: the studio") == ""


def test_a_document_groups_by_its_notes_and_shows_the_words_below() -> None:
    c = fr.compare(*(fr.read_run(source) for source in RUNS))
    text = document(c, ["passed >= 24"], notes=NOTES)
    assert "### nobody is signed in (5 tests, 2 before)" in text
    assert "### the studio (6 tests, 6 before)" in text
    assert "The tests run without a session." in text
    assert "Members" not in text


def test_groups_in_notes_reach_the_json_and_come_before_those_of_the_settings(
    command, tmp_path: Path
) -> None:
    shutil.copy(ROOT / "examples" / "story-cache" / "fictures-reports.toml", tmp_path)
    (tmp_path / "notes.md").write_text(NOTES)
    done = command(
        "compare", *map(str, RUNS), "--format", "json", "--notes", "notes.md", cwd=tmp_path
    )
    found = json.loads(done.stdout)
    names = {row["name"]: row["cases"] for row in found["readiness"]["order"]}
    assert names["nobody is signed in"] == 5
    assert names["the studio"] == 6
    assert "posts cannot be liked or answered" not in names
    assert names["benchmarks"] == 4


def test_a_notebook_that_is_run_again_keeps_the_groups(command, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text(NOTES)
    page = tmp_path / "page.ipynb"
    done = command("compare", *map(str, RUNS), "--notes", "notes.md", "-o", page, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(page, as_version=4).cells
    given = next(c.source for c in cells if "injected-parameters" in c.metadata.get("tags", ()))
    values: dict[str, object] = {}
    exec(given, values)
    assert values["causes"] == groups_in(NOTES)
    again = fr.read_run(RUNS[1], causes=groups_in(NOTES))
    assert "the studio" in again.causes["name"].tolist()


def test_a_report_on_many_runs_has_a_group_as_one_cause() -> None:
    found = json.loads(as_json(findings(ROOT / "runs", causes=groups_in(NOTES))))
    named = {row["name"]: row["n_cases"] for row in found["clusters"]}
    assert named["the studio"] == 6


def test_the_history_command_uses_the_groups_of_the_settings(command, tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "story-cache" / "fictures-reports.toml", tmp_path)
    done = command("history", str(ROOT / "runs"), "--format", "json", cwd=tmp_path)
    names = [row["name"] for row in json.loads(done.stdout)["clusters"]]
    assert "studio: the cache is not invalidated" in names
    assert len(set(names)) == len(names)
