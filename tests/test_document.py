"""The phase document: what it says of the reference runs, its author's places, three phases."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.report.document.author_notes import parsed
from fictures_reports.report.document.changed_files import between
from fictures_reports.report.document.kept_edits import edits_in, rewriting
from fictures_reports.settings import load

from .conftest import ROOT, make_run

EXAMPLE = ROOT / "examples" / "story-cache"
COMMITTED = ROOT / "reports" / "PHASE2.md"
GATE = "passed >= 24"


@pytest.fixture(scope="module")
def phases():
    groups = load(EXAMPLE).causes
    runs = [fr.read_run(ROOT / "runs" / name) for name in ("phase2-initial", "phase2-rerun")]
    return [replace(run, groups=groups) for run in runs]


@pytest.fixture(scope="module")
def compared(phases):
    return fr.compare(*phases)


@pytest.fixture(scope="module")
def written(compared):
    return fr.document(compared, [GATE])


def part(document: str, title: str) -> str:
    """Return a section of a document, without its heading."""
    return document.split(f"\n## {title}\n")[1].split("\n## ")[0]


def written_by(command, folder: Path, *more: object):
    for name in ("phase2-initial", "phase2-rerun"):
        shutil.copytree(ROOT / "runs" / name, folder / "runs" / name, dirs_exist_ok=True)
    shutil.copytree(EXAMPLE, folder / "examples" / "story-cache", dirs_exist_ok=True)
    (folder / "reports").mkdir(exist_ok=True)
    words = (
        "compare", "../../runs/phase2-initial", "../../runs/phase2-rerun",
        "-o", "../../reports/PHASE2.md", "--document", "--gate", GATE,
    )  # fmt: skip
    return command(*words, *more, cwd=folder / "examples" / "story-cache")


def as_committed(folder: Path) -> Path:
    """Begin with the document that the command writes with the notes."""
    (folder / "reports").mkdir()
    return Path(shutil.copy(COMMITTED, folder / "reports"))


def test_the_committed_document_is_what_its_own_command_writes(command, tmp_path):
    done = written_by(command, tmp_path, "--notes", "phase2-notes.md")
    assert done.returncode == 2, done.stderr
    text = (tmp_path / "reports" / "PHASE2.md").read_text(encoding="utf-8")
    assert text == COMMITTED.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    charts = sorted((tmp_path / "reports" / "PHASE2-charts").iterdir())
    assert [path.name for path in charts] == ["performance.svg", "what-changed.svg"]
    assert all((COMMITTED.parent / "PHASE2-charts" / path.name).is_file() for path in charts)
    shown = next(line for line in text.splitlines() if line.startswith("$ fictures-reports"))
    assert shown.endswith(f"--document --notes phase2-notes.md --gate '{GATE}'")


def test_the_command_in_a_document_has_every_option_that_it_was_written_with(command, tmp_path):
    source = ROOT / "runs" / "api-rerun"
    words = ("run", source, "--only", "file=*stories*", "--gate", "passed >= 1", "--document")
    done = command(*words, "--allow-incomplete", cwd=tmp_path)
    shown = next(line for line in done.stdout.splitlines() if line.startswith("$ fictures-reports"))
    assert "--only 'file=*stories*'" in shown
    assert "--allow-incomplete" in shown
    assert "--gate 'passed >= 1'" in shown


def test_points_and_relative_changes_have_a_column_of_their_own(written):
    results = part(written, "Results")
    assert "| passed | 4 | 14.3 % | 8 | 28.6 % | +4 | +14.3 | +100.0 % |" in results
    assert "57.1 percentage points below, or 33.3 % of it" in results


def test_masked_failures_are_no_progress_and_the_test_that_broke_is_named(written):
    changed = part(written, "What changed")
    assert "5 tests that failed pass" in changed.split("### What is worse")[0]
    assert "Page load with cache \\< 2s" in changed.split("### What remains")[0]
    seeming = changed.split("### What only looks better")[1]
    assert "Failures fell by 8, and 5 were fixed" in seeming
    assert "4 tests that failed are skipped or not run now" in seeming
    assert "p = 0.22" in seeming


def test_every_test_stands_in_the_detail_once_and_each_skip_with_its_reason(written, phases):
    detail = part(written, "Tests in detail")
    for title in phases[1].results["title"]:
        assert detail.count(title.replace("<", "\\<")) == 1, title
    assert "“Reply button not found, skipping test”: Post reply creation" in detail


def test_the_appendix_adds_up_by_file(written):
    rows = [line.strip("| ").split(" | ") for line in part(written, "Appendix: tests by file")
            .splitlines() if ".spec.ts" in line or line.startswith("| all")]  # fmt: skip
    counts = [[int(cell.split(" → ")[-1]) for cell in row[1:]] for row in rows]
    assert counts[-1] == [28, 8, 12, 8]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert all(row[0] == sum(row[1:]) for row in counts)


def test_causes_name_the_addresses_and_calls_of_their_tests(written):
    studio = part(written, "Root causes").split("### ")[1]
    assert studio.startswith("studio: the cache is not invalidated (6 tests, 6 before)")
    assert "`http://127.0.0.1:4173/studio`" in studio
    assert "`PATCH /api/chapters/story-1-chapter-1`" in studio


def test_a_blocker_is_critical_exactly_if_the_target_is_out_of_reach_without_it(written):
    rows = [line.strip("| ").split(" | ") for line in part(written, "Readiness for the next phase")
            .splitlines() if "percentage points" in line]  # fmt: skip
    assert {(row[1], int(row[2])) for row in rows if row[1] == "critical"} == {
        ("critical", 6), ("critical", 5),
    }  # fmt: skip
    assert all((28 - int(row[2]) < 24) == (row[1] == "critical") for row in rows)


def test_the_projection_grows_step_by_step_to_all_tests(written):
    rows = [line.strip("| ").split(" | ") for line in part(written, "Projection").splitlines()]
    most = [int(row[1].split(" to ")[-1]) for row in rows if len(row) > 2 and row[1][0].isdigit()]
    assert most[:-1] == sorted(most[:-1])
    assert (most[0], most[-2], most[-1]) == (8, 28, 24)


def test_a_cause_of_one_test_is_told_with_its_test_alone():
    runs = [
        fr.read_run(ROOT / "runs" / name / "report.json") for name in ("api-initial", "api-rerun")
    ]
    text = fr.document(fr.compare(*runs), ["pass_rate >= 90%"])
    assert "## Root causes" not in text
    detail = part(text, "Tests in detail")
    assert "cause:" not in detail
    assert "13 passing, 2 failing, 1 failing as declared, 3 skipped" in detail
    # The gate leaves expected failures out: no second rate stands beside its own.
    assert "57.9 %" not in part(text, "Results")


def test_a_large_suite_names_only_what_passes_anew():
    before = {f"t{i}": "passed" if i else "failed" for i in range(300)}
    after = dict.fromkeys(before, "passed")
    text = fr.document(fr.compare(make_run("b", before), make_run("a", after)))
    detail = part(text, "Tests in detail")
    assert "- t0 –" in detail
    assert "- 299 passed before, too" in detail
    assert "t17" not in detail


def test_sections_without_content_are_left_out():
    run = make_run("only", {"a": "passed", "b": "passed"})
    text = fr.document(run)
    titles = [line for line in text.splitlines() if line.startswith("## ")]
    for absent in ("What changed", "Root causes", "Performance", "Error patterns", "Projection"):
        assert f"## {absent}" not in titles
    assert 'status: "complete"' in text


def test_a_third_phase_gives_the_sequence_and_the_target_without_other_settings(phases, written):
    third = replace(phases[1], info=replace_label(phases[1], "phase2-third"))
    c = fr.compare(phases[1], third)
    text = fr.document(c, [GATE], phases=[phases[0]])
    table = part(text, "Results").split("### All phases")[1]
    labels = ["phase2-initial", "phase2-rerun", "phase2-third", "target"]
    assert [row.split(" | ")[0].strip("| ") for row in table.splitlines() if row[:2] == "| "][
        1:
    ] == labels
    assert "85.7 %" in table.splitlines()[-1]
    assert "phase2-initial:" in part(text, "References")
    assert headings(written) - {"Performance"} <= headings(text)


def replace_label(run, label):
    import msgspec

    return msgspec.structs.replace(run.info, label=label, run_id=label)


def headings(document: str) -> set[str]:
    return {line[3:] for line in document.splitlines() if line.startswith("## ")}


def test_notes_go_to_their_places_and_unknown_headings_to_the_end(compared):
    notes = (
        "---\ntitle: Ours\nauthor: Kim\n---\n## Summary\nWe made data.\n\n"
        "## Cause: benchmarks\nThe page is blank.\n\n## Cause: nobody knows\nLost?\n\n"
        "## Estimates\n- benchmarks: 2 hours\n\n## Weather\n```\n## no heading\n```\n- [ ] rain\n"
    )
    text = fr.document(compared, [GATE], notes=notes)
    assert 'title: "Ours"' in text
    assert 'author: "Kim"' in text
    assert "We made data." in part(text, "Executive summary")
    assert "The page is blank." in part(text, "Root causes")
    assert "| 2 hours |" in part(text, "Readiness for the next phase")
    assert "## Estimates" not in text
    assert "Lost?" in part(text, "Cause: nobody knows")
    assert "## no heading\n```\n- [ ] rain" in text.split("\n## Weather\n")[1]
    order = [line[3:] for line in text.splitlines() if line.startswith("## ")]
    assert order.index("Weather") > order.index("Metrics")
    assert order[-1] == "References"


def test_a_heading_in_a_code_block_of_notes_is_no_heading():
    notes = parsed("intro\n## One\n~~~\n## two\n~~~\n## one\nmore\n# Title\n")
    assert set(notes.sections) == {"Summary", "One", "one"}
    assert notes.facts == {"title": "Title"}


@pytest.mark.parametrize(
    ("noted", "expected"), [("blocked", "blocked"), ("complete", "partial"), ("odd", "partial")]
)
def test_an_authors_status_can_make_it_worse_but_never_better(compared, noted, expected):
    text = fr.document(compared, [GATE], notes=f"---\nstatus: {noted}\n---\n")
    assert f'status: "{expected}"' in text


@pytest.mark.parametrize(
    ("statuses", "gates", "expected"),
    [
        ({"a": "passed"}, ["failed == 0"], "complete"),
        ({"a": "passed", "b": "failed"}, [], "partial"),
        ({"a": "failed"}, [], "blocked"),
        ({"a": "passed", "b": "failed"}, ["passed >= 2"], "partial"),
        ({"a": "passed", "b": "failed"}, ["passed >= 3"], "blocked"),
        ({}, [], "blocked"),
    ],
)
def test_the_status_comes_from_gates_and_counts(statuses, gates, expected):
    assert f'status: "{expected}"' in fr.document(make_run("r", statuses), gates)


def test_edits_between_the_marks_are_kept_and_what_is_replaced_is_said(command, tmp_path):
    path, notes = as_committed(tmp_path), ("--notes", "phase2-notes.md")
    mark = next(line for line in path.read_text().splitlines() if "edit: Summary" in line)
    path.write_text(path.read_text().replace(mark, f"{mark}\nEdited by hand.", 1))
    done = written_by(command, tmp_path, *notes, "--gate", "failed <= 3")
    assert "kept what was edited in Summary" in done.stderr
    assert "replaced " in done.stderr
    assert "Readiness for the next phase" in done.stderr
    assert "changed outside" not in done.stderr
    text = path.read_text()
    assert "Edited by hand." in part(text, "Executive summary")
    assert "failed \\<= 3" in text
    again = written_by(command, tmp_path, *notes, "--gate", "failed <= 3")
    assert path.read_text() == text
    assert "replaced " not in again.stderr


def test_what_was_changed_outside_the_marks_is_kept_as_a_copy(command, tmp_path):
    (tmp_path / "reports").mkdir()
    by_hand = tmp_path / "reports" / "PHASE2.md"
    by_hand.write_text("# Ours\n\nWritten by hand.\n")
    done = written_by(command, tmp_path)
    copy = by_hand.with_name("PHASE2.before.md")
    assert copy.read_text() == "# Ours\n\nWritten by hand.\n"
    assert "PHASE2.before.md" in done.stderr
    assert not by_hand.with_name("PHASE2.before-2.md").exists()
    by_hand.write_text(by_hand.read_text().replace("## Results", "## My results"))
    written_by(command, tmp_path)
    assert "## My results" in by_hand.with_name("PHASE2.before-2.md").read_text()


def test_an_edit_whose_place_is_gone_stands_at_the_end(phases, written):
    place = next(line for line in written.splitlines() if "edit: Cause: benchmarks" in line)
    edited = written.replace(place, f"{place}\nKnown since May.")
    assert list(edits_in(edited).values()) == ["Known since May."]
    without = [replace(run, groups={}) for run in phases]
    text = fr.document(fr.compare(*without), [GATE], older=edited)
    assert "Known since May." in part(text, "Cause: benchmarks")
    assert rewriting(edited, text).edited == ["Cause: benchmarks"]


def test_hostile_names_stay_text_and_cannot_end_a_mark_or_a_code_block():
    bad = "x --> <script>alert(1)</script> | ``` @team"
    message = f"Error: {bad}\n```\nmore {bad}"
    columns = {"message": [message] * 2, "signature": ["Error: x"] * 2}
    run = make_run("r", {bad: "failed", f"{bad} 2": "failed"}, columns)
    text = fr.document(replace(run, groups={bad: ["*"]}))
    outside = [line for line in text.split("````text")[0].splitlines() if "edit:" not in line]
    assert "<script>" not in "\n".join(outside)
    marks = [line for line in text.splitlines() if line.startswith("<!-- edit: Cause")]
    assert [line.count("-->") for line in marks] == [1]
    assert "````text" in text


def test_the_page_has_the_documents_sections_and_task_list_and_no_script(command, tmp_path):
    runs = ROOT / "runs"
    page = tmp_path / "phase.html"
    done = command(
        "compare", runs / "phase2-initial" / "results.json", runs / "phase2-rerun" / "results.json",
        "-o", page, "--document", cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html
    assert 'href="#executive-summary"' in html
    assert html.count('type="checkbox"') >= 4
    assert "status:" not in html


def test_a_run_alone_has_a_document_and_json_has_none(command, tmp_path):
    source = ROOT / "runs" / "api-rerun" / "junit.xml"
    done = command("run", source, "--document", cwd=tmp_path)
    assert done.stdout.startswith("---\ntitle:")
    assert "$ pytest " in done.stdout
    refused = command("run", source, "--document", "--format", "json", cwd=tmp_path)
    assert refused.returncode == 1
    assert "--document is Markdown, html, ipynb, pdf or docx" in refused.stderr


def test_a_cause_is_named_in_a_document_without_what_differs_from_test_to_test(phases):
    bare = [replace(run, groups={}) for run in phases]
    notes = "## Cause: Internal error: step id not found: fixture@…\nThe journal ends a lost step."
    text = fr.document(fr.compare(*bare), [GATE], notes=notes)
    assert "n1" not in text
    assert "The journal ends a lost step." in part(text, "Root causes")


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_files_changed_between_the_commits_come_from_the_checkout(tmp_path):
    def git(*words):
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a",
               "GIT_COMMITTER_EMAIL": "a@b.c"}  # fmt: skip
        done = subprocess.run(
            ["git", *words], cwd=tmp_path, check=True, capture_output=True, env=os.environ | who
        )
        return done.stdout.decode().strip()

    git("init", "-q")
    commits = []
    for words in ("one\n", "one\ntwo\n"):
        (tmp_path / "cart.py").write_text(words)
        git("add", "-A")
        git("commit", "-qm", "change")
        commits.append(git("rev-parse", "HEAD"))
    runs = [make_run(f"r{i}", {"a": "passed"}, commit=one) for i, one in enumerate(commits)]
    text = fr.document(fr.compare(*runs), folder=tmp_path)
    assert "cart.py | 1 +" in part(text, "Files changed")
    other = make_run("r2", {"a": "passed"}, commit="--output=/tmp/x")
    assert between(runs[0], other, tmp_path) == ""
    assert "## Files changed" not in fr.document(fr.compare(*runs), folder=tmp_path / "no")
