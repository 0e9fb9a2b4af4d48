"""`history amend`, `remove`, `prune`, `reclassify`, `compact`, `vacuum` and `repair`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from fictures_reports.cli.commands import cli
from fictures_reports.cli.faults import guarded
from fictures_reports.errors import NoRuns
from fictures_reports.history import History
from tests.conftest import make_run

from .test_broken_tables import types_in

DATA = Path(__file__).parent / "data"
FORMS = ("files", "delta")


@pytest.fixture(scope="module", params=FORMS)
def made_once(request, tmp_path_factory):
    """Make a history of two streams on two branches, four runs each."""
    history = History(tmp_path_factory.mktemp("made") / "h", format=request.param)
    for n in range(4):
        for stream in ("unit", "e2e"):
            for branch in ("main", "feature"):
                run = make_run(f"{stream}-{branch}-{n}", {"a": "passed"}, started_at=1.8e9 + n)
                history.append(run, branch=branch, stream=stream)
    return history.path


@pytest.fixture
def lines(made_once, tmp_path):
    """Return a copy of it, to be changed."""
    return History(shutil.copytree(made_once, tmp_path / "h"))


def said(capsys, *words: str, code: int = 0) -> str:
    """Run a command as a shell does and return what it said on stderr."""
    got = guarded(lambda: int(cli.main(args=list(words), standalone_mode=False) or 0))
    err = capsys.readouterr().err
    assert got == code, err
    return err


def labels(history: History) -> set[str]:
    return set(history.runs()["label"])


def test_pruning_keeps_the_newest_of_each_stream_and_branch(lines, capsys):
    said(capsys, "history", "compact", lines.path)
    said(capsys, "history", "prune", lines.path, "--keep", "1")
    assert labels(lines) == {f"{s}-{b}-3" for s in ("unit", "e2e") for b in ("main", "feature")}
    assert len(lines.load()) == 4


def test_pruning_a_branch_or_stream_leaves_the_others_alone(lines, capsys):
    said(capsys, "history", "prune", lines.path, "--keep", "0", "--branch", "feature")
    assert labels(lines) == {f"{s}-main-{n}" for s in ("unit", "e2e") for n in range(4)}
    said(capsys, "history", "prune", lines.path, "--keep", "1", "--stream", "unit")
    assert labels(lines) == {"unit-main-3"} | {f"e2e-main-{n}" for n in range(4)}


def test_a_dry_run_names_what_would_go_and_changes_nothing(lines, capsys):
    before = labels(lines)
    err = said(capsys, "history", "prune", lines.path, "--keep", "3", "--dry-run")
    assert "would drop unit-main-0" in err
    assert "4 runs would be dropped" in err
    assert labels(lines) == before


def test_what_was_pruned_can_be_added_again(lines, run_of):
    assert len(lines.prune(3)) == 4
    again = run_of("unit-main-0", {"a": "passed"}, started_at=1.8e9)
    assert lines.append(again, branch="main", stream="unit")
    assert "unit-main-0" in labels(lines)


def test_pruning_does_not_bring_back_an_older_copy_of_what_was_amended(lines):
    lines.amend("unit-main-0", commit="abc")
    lines.prune(1)
    assert len(lines.runs()) == 4


def test_a_run_is_amended_and_removed_by_its_selector(lines, capsys):
    path = lines.path
    assert "commit 0f3a9c1" in said(
        capsys, "history", "amend", f"{path}@unit-main-3", "--label", "rc", "--commit", "0f3a9c1"
    )
    assert lines.run("rc").info.commit == "0f3a9c1"
    assert "removed unit-main-2" in said(
        capsys, "history", "remove", f"{path}@rc", f"{path}@unit-main-2"
    )
    assert not {"rc", "unit-main-2"} & labels(lines)


def test_counted_selectors_mean_the_runs_from_before_the_first_is_removed(run_of, tmp_path):
    history = History(tmp_path / "h")
    for n in range(4):
        history.append(run_of(f"r{n}", {"a": "passed"}, started_at=1.8e9 + n))
    assert history.remove("latest", "latest~1") == ["r3", "r2"]
    assert labels(history) == {"r0", "r1"}


def test_rules_reach_old_runs(run_of, tmp_path, capsys):
    history = History(tmp_path / "h")
    history.append(run_of("r", {"a": "failed"}, {"message": ["studio idle"]}))
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nid = "studio"\ncategory = "environment"\npattern = "studio idle"\n')
    err = said(capsys, "history", "reclassify", history.path, "--rules", str(rules))
    assert "1 run changed" in err
    assert list(history.load()["rule"]) == ["studio"]


def test_a_table_that_the_first_version_broke_is_named_and_mended(tmp_path, capsys):
    path = str(shutil.copytree(DATA / "broken-newest", tmp_path / "h"))
    hint = f"'fictures-reports history repair {path}' mends them"
    # releases of pyarrow before string_view see nothing wrong
    sees = any("view" in kind for kind in types_in(History(path)))
    assert (hint in said(capsys, "history", path, "--format", "markdown")) == sees
    assert ("repaired" if sees else "nothing to repair") in said(capsys, "history", "repair", path)
    assert "nothing to repair" in said(capsys, "history", "repair", path)
    assert hint not in said(capsys, "history", path, "--format", "markdown")


@pytest.mark.parametrize(("words", "message"), [
    (["prune", "{h}"], "Missing option '--keep'"),
    (["prune", "{h}", "--keep", "0"], "drops every run"),
    (["prune", "{h}", "--keep", "1", "--branch", "mian"], "branches are feature, main"),
    (["prune", "{h}", "--keep", "1", "--stream", "x"], "no run of stream 'x'"),
    (["prune", "none", "--keep", "1"], "no history here"),
    (["amend", "{h}@latest"], "nothing to change"),
    (["amend", "{h}@latest", "--label", " "], "--label is empty"),
    (["amend", "{h}@latest", "--label", "unit-main-0", "--stream", "unit"], "another run"),
    (["amend", "{h}", "--label", "x"], "expected HISTORY@RUN"),
    (["remove", "{h}@nope"], "no run 'nope'"),
    (["remove", "none@latest"], "expected HISTORY@RUN"),
    (["reclassify", "{h}", "--rules", "none.toml"], "none.toml"),
    (["vacuum", "{h}", "--keep-days", "x"], "is not a valid float"),
    (["repair", "none"], "no history here"),
    (["compact", "none"], "no history here"),
])  # fmt: skip
def test_what_cannot_be_done_is_one_line_and_changes_nothing(lines, capsys, words, message):
    before = labels(lines)
    err = said(capsys, "history", *(word.format(h=lines.path) for word in words), code=1)
    assert message in err
    assert len(err.splitlines()) == 1
    assert labels(lines) == before


def test_a_folder_that_is_called_like_a_command_is_named_with_a_dot(monkeypatch, run_of, tmp_path):
    monkeypatch.chdir(tmp_path)
    History("prune").append(run_of("r", {"a": "passed"}))
    shown = CliRunner().invoke(cli, ["history", "./prune"], standalone_mode=False)
    assert "History: 1 run" in shown.stdout


def test_the_help_lists_the_commands_below_and_each_has_its_own():
    shown = CliRunner().invoke(cli, ["history", "--help"]).stdout
    assert "Commands that change a history" in shown
    assert "reclassify" in shown
    assert "fictures-reports history" not in CliRunner().invoke(cli, ["history", "x", "y"]).stdout
    own = CliRunner().invoke(cli, ["history", "prune", "--help"]).stdout
    assert " history prune [OPTIONS] HISTORY" in own


def test_keeping_fewer_than_no_runs_is_refused(lines):
    with pytest.raises(NoRuns, match="keep -1"):
        lines.prune(-1)


def test_ingest_says_the_label_that_the_run_got(runs, tmp_path, capsys):
    into = ["--into", str(tmp_path / "h"), "--label", "nightly"]
    assert "added nightly (" in said(capsys, "ingest", str(runs / "phase2-initial"), *into)
    err = said(capsys, "ingest", str(runs / "phase2-rerun"), *into)
    assert "added nightly-20" in err
    assert err.split("added ")[1].split(" (")[0] in labels(History(tmp_path / "h"))
    again = said(capsys, "ingest", str(runs / "phase2-rerun"), *into)
    assert "was there: nightly-20" in again
