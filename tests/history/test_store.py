"""What goes into a history comes out again, once and whole."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import msgspec
import pandas as pd
import pyarrow as pa
import pytest

from fictures_reports import read_run
from fictures_reports.errors import HistoryError, NoRuns
from fictures_reports.history import (
    HISTORY_COLUMNS,
    History,
    frame_of,
    open_history,
    result_rows,
    stored_facts,
    tables,
    typed_dataset,
    typed_writer,
)
from fictures_reports.history import delta_log as log
from fictures_reports.history import table_files as files
from fictures_reports.schema import COLUMNS


@pytest.fixture(params=["files", "delta"])
def form(request):
    return request.param


@pytest.fixture
def two(runs):
    return [read_run(runs / name) for name in ("phase2-initial", "phase2-rerun")]


@pytest.fixture
def history(tmp_path, two, form):
    history = History(tmp_path / "history", format=form)
    for run in two:
        assert history.append(run, branch="main", commit="abc")
    return history


def test_a_run_comes_back_as_it_went_in(history, two):
    back = history.run("phase2-initial")
    pd.testing.assert_frame_equal(back.results, two[0].results)
    pd.testing.assert_frame_equal(back.ledger, two[0].ledger)
    assert back.info == msgspec.structs.replace(two[0].info, branch="main", commit="abc")
    assert back.source == f"{history.path}@phase2-initial"


def test_the_same_run_twice_adds_nothing(history, two):
    assert history.append(two[0]) is False
    assert history.append(two[0], label="another name") is False
    assert len(history.runs()) == 2
    assert len(history.load()) == 56


def test_other_content_under_a_known_label_gets_its_day_added(history, two):
    other = two[0].__class__(
        two[0].results, msgspec.structs.replace(two[0].info, run_id="other"), two[0].ledger
    )
    assert history.append(other)
    assert history.append(other) is False
    assert set(history.runs()["label"]) == {
        "phase2-initial", "phase2-rerun", "phase2-initial-2026-11-21",
    }  # fmt: skip


@pytest.mark.parametrize("letter", ["x", "ü", "\U0010ffff"])
@pytest.mark.parametrize("is_compacted", [True, False])
def test_long_labels_that_begin_alike_are_told_apart(tmp_path, run_of, form, letter, is_compacted):
    history, begin = History(tmp_path, format=form), letter * 80
    labels = [begin + end for end in "acd"]
    for i, label in enumerate(labels):
        assert history.append(run_of(label, {"a": "passed"}, run_id=f"r{i}"))
    if is_compacted:
        history.compact()
    for i, label in enumerate(labels):
        assert not history.append(run_of(label, {"a": "passed"}, run_id=f"r{i}"))
        assert history.append(run_of(label, {"a": "passed"}, run_id=f"other{i}"))
        assert f"{label}-other{i}" in set(history.runs()["label"])
    assert history.append(run_of(begin + "b", {"a": "passed"}, run_id="b"))
    assert history.run(begin + "b").run_id == "b"


def test_a_history_of_an_earlier_version_knows_its_runs(tmp_path, two):
    """Whose log named every run for ever, and kept no statistics of names."""
    history = History(tmp_path)
    log.create(history._place.results, tables.RESULTS, {}, "ingest_id", "month")
    log.create(history._place.runs, tables.RUNS, {}, "schema_version")
    assert history.append(two[0])
    assert not history.append(two[0], label="another name")
    assert history.append(two[1], label=two[0].label)
    assert history.runs()["label"].is_unique


def test_the_log_forgets_who_wrote_so_that_it_stays_short(tmp_path, run_of, monkeypatch):
    history, now = History(tmp_path, format="delta"), time.time()
    for i, age in enumerate((2, 2, 0)):
        monkeypatch.setattr(typed_writer.time, "time", lambda age=age: now - age * 86_400)
        assert history.append(run_of(f"r{i}", {"a": "passed"}))
    monkeypatch.undo()
    known = log.table(history._place.runs, {})
    marks = [known.transaction_version(f"run:r{i}") for i in range(3)]
    assert [mark is None for mark in marks] == [True, True, False]
    assert not history.append(run_of("r0", {"a": "passed"}))
    assert len(history.runs()) == 3


@pytest.mark.parametrize("days", [-3, 0, 3])
def test_writers_of_one_run_collide_whatever_their_clocks_say(tmp_path, run_of, monkeypatch, days):
    history, now = History(tmp_path, format="delta"), time.time()
    history.append(run_of("first", {"a": "passed"}))
    seen = [log.table(history._place.runs, {}) for _ in range(2)]
    rows = typed_dataset.dataset(seen[0], files.all_files(seen[0]), tables.RUNS).to_table()
    monkeypatch.setattr(typed_writer.time, "time", lambda: now + days * 86_400)
    typed_writer.append(seen[0], rows, tables.RUNS, ["run:x"])
    with pytest.raises(log.Collision):
        typed_writer.append(seen[1], rows, tables.RUNS, ["run:x"])


def test_a_run_without_results_is_a_run(tmp_path, run_of, form):
    history = History(tmp_path / "h", format=form)
    assert history.append(run_of("empty", {}, errors=["no server"]))
    assert history.run("latest").info.errors == ["no server"]
    assert history.load().empty
    assert list(history.load()) == list(HISTORY_COLUMNS)
    assert history.scan().fetchall() == []


def test_load_has_the_schemas_columns_and_dtypes(filled, made):
    frame = filled.load()
    assert list(frame) == list(HISTORY_COLUMNS)
    assert {c.name: str(frame[c.name].dtype) for c in COLUMNS} == {c.name: c.dtype for c in COLUMNS}
    pd.testing.assert_frame_equal(frame, made.frame())


@pytest.mark.parametrize("name", ["duration_s", "started_at", "n_attempts", "worker", "message"])
def test_what_was_loaded_can_be_written_to(filled, name):
    frame = filled.load()
    other = frame[name].dropna().iloc[-1]
    frame.loc[0, name] = other
    assert frame.loc[0, name] == other


def test_a_folder_of_runs_gives_the_same_frame(history, two, runs):
    frame = frame_of(two)
    stored = history.load()
    told = ["commit", "branch"]
    pd.testing.assert_frame_equal(stored.drop(columns=told), frame.drop(columns=told))
    again = open_history(runs)
    assert again.columns.equals(stored.columns)
    assert set(two[0].results["run_id"]) <= set(again["run_id"])


def test_last_since_branch_and_cases_choose(filled, made):
    labels = [made.label(i) for i in range(40)]
    assert list(dict.fromkeys(filled.load(last=3)["label"])) == labels[-3:]
    day = f"{pd.Timestamp(made.starts[10], unit='us', tz='UTC'):%Y-%m-%dT%H:%M}"
    assert list(filled.runs(since=day)["label"]) == labels[10:]
    assert set(filled.load(branch="feature")["branch"]) == {"feature"}
    assert set(filled.load(cases=made.case_ids[3])["case_id"]) == {made.case_ids[3]}
    assert list(filled.load(last=1, columns=["title", "status"])) == ["title", "status"]
    with pytest.raises(NoRuns, match="yesterday"):
        filled.load(since="yesterday")


def test_what_there_is_not_is_refused_not_answered_with_nothing(filled, runs):
    for load in (filled.load, lambda **asked: open_history(runs, **asked)):
        with pytest.raises(HistoryError, match=r"^no column 'statu'; did you mean 'status'\?$"):
            load(columns=["title", "statu"])
        for last in (0, -1):
            with pytest.raises(NoRuns, match=f"^last {last}: .* expected 1 or more$"):
                load(last=last)
        assert list(load(last=1, columns="status")) == ["status"]
    with pytest.raises(NoRuns, match="last 0"):
        filled.runs(last=0)


def test_a_scan_gives_moments_as_python_objects(filled):
    [(began,)] = filled.scan().project("run_at").limit(1).fetchall()
    assert began.utcoffset() == timedelta(0)


def test_the_last_runs_need_only_their_files(one_by_one, made):
    history = one_by_one
    files = sorted(
        Path(history.path).glob("results/month*/*.parquet"), key=lambda p: p.stat().st_mtime_ns
    )
    assert len(files) == 40
    for path in files[:-2]:
        path.unlink()
    assert set(history.load(last=2)["label"]) == {made.label(38), made.label(39)}


def test_compacting_changes_files_and_no_rows(one_by_one):
    history = one_by_one
    before = history.load()
    history.compact()
    assert len(history.files()) == 1
    pd.testing.assert_frame_equal(history.load(), before)
    gone = history.vacuum(keep=timedelta(0))
    assert len(gone) >= 80
    assert not any(Path(name).exists() for name in gone)
    assert {Path(name).parent.name for name in gone} == {"runs", "month=2025-01"}
    assert history.vacuum(keep=timedelta(0)) == []
    pd.testing.assert_frame_equal(history.load(), before)
    assert history.scan().count("*").fetchall() == [(len(before),)]


def test_a_million_rows_would_stay_under_25_mb(tmp_path, generate):
    made = generate.Generated(generate.Plan(n_cases=2000, n_runs=10, retries=1))
    generate.fill(str(tmp_path), made, at_once=1)
    history = History(tmp_path)
    history.compact()
    history.vacuum(keep=timedelta(0))
    size = sum(p.stat().st_size for p in tmp_path.rglob("*") if p.is_file())
    assert size / 20_000 < 25


def test_what_a_dead_writer_left_is_not_shown_and_goes(tmp_path, made):
    history = History(tmp_path, format="delta")
    history.append(made.run(0))
    run = made.run(1)
    long_ago = "0" * 13 + "-dead"
    row = stored_facts.run_row(run, run.info, long_ago, pd.Timestamp.now("UTC").to_pydatetime())
    rows = result_rows.results_table(run, row)
    typed_writer.append(log.table(f"{tmp_path}/results", {}), rows, tables.RESULTS)
    assert set(history.load()["label"]) == {made.label(0)}
    assert {label for (label,) in history.scan().project("label").fetchall()} == {made.label(0)}
    assert history.append(run)
    assert len(history.load(last=1)) == len(run.results)
    history.vacuum(keep=timedelta(0))
    stored = log.table(f"{tmp_path}/results", {}).to_pyarrow_table(columns=["ingest_id"])
    assert long_ago not in stored["ingest_id"].to_pylist()
    assert len(history.load()) == len(made.run(0).results) + len(run.results)


def test_a_newer_schema_is_refused(tmp_path, made):
    history = History(tmp_path, format="delta")
    history.append(made.run(0))
    run = made.run(1)
    row = stored_facts.run_row(run, run.info, "f" * 13, pd.Timestamp.now("UTC").to_pydatetime())
    rows = pa.Table.from_pylist([row | {"schema_version": 99}], schema=tables.RUNS)
    typed_writer.append(log.table(f"{tmp_path}/runs", {}), rows, tables.RUNS)
    for ask in (history.load, history.runs, history.scan, history.compact, history.vacuum,
                lambda: history.append(made.run(2))):  # fmt: skip
        with pytest.raises(HistoryError, match="newer fictures-reports"):
            ask()


def test_an_older_table_without_some_columns_is_read_and_grows(tmp_path, made):
    old = pa.schema([f for f in tables.RESULTS if f.name not in ("ratio", "attachments")])
    log.create(f"{tmp_path}/results", old, {}, "ingest_id", "month")
    log.create(f"{tmp_path}/runs", tables.RUNS, {}, "schema_version")
    history = History(tmp_path)
    run = made.run(0)
    row = stored_facts.run_row(run, run.info, "0" * 13, pd.Timestamp.now("UTC").to_pydatetime())
    rows = result_rows.results_table(run, row).select(old.names)
    typed_writer.append(log.table(f"{tmp_path}/results", {}), rows, tables.RESULTS)
    rows = pa.Table.from_pylist([row], schema=tables.RUNS)
    typed_writer.append(log.table(f"{tmp_path}/runs", {}), rows, tables.RUNS)
    assert history.load()["ratio"].isna().all()
    history.append(made.run(1))
    assert len(history.load()) == 120
    assert history.load(last=1)["attachments"].tolist() == [[]] * 60


def test_no_history_is_said_so(tmp_path):
    with pytest.raises(HistoryError, match="ingest RUN --into"):
        History(tmp_path / "nowhere").load()
    assert not History(tmp_path / "nowhere").exists


def test_new_rules_reach_old_runs(history, tmp_path):
    from fictures_reports.classification import load_rules

    assert history.reclassify() == 0
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nid = "own"\ncategory = "environment"\npattern = "step id not"\n'
                     'advice = "own"\n')  # fmt: skip
    n = history.load()["message"].str.contains("step id not", na=False).sum()
    assert n > 0
    assert history.reclassify(load_rules(rules)) == 2
    frame = history.load()
    assert (frame["rule"] == "own").sum() == n
    assert len(frame) == 56
    assert len(history.runs()) == 2


def test_spaces_and_signs_in_the_path_are_no_matter(tmp_path, made, form):
    history = History(tmp_path / "our history (ü) 100%", format=form)
    history.append(made.run(0))
    history.append(made.run(1))
    history.compact()
    assert len(history.load(last=1)) == 60
    assert history.scan().count("*").fetchall() == [(120,)]


def test_a_branch_or_case_that_is_not_there_is_an_error_that_says_what_there_is(filled, made):
    known = made.case_ids[3]
    with pytest.raises(NoRuns, match=r"no run of branch 'mian' – branches are feature, main$"):
        filled.load(branch="mian")
    with pytest.raises(NoRuns, match=r"no case .* – did you mean .*\?$") as refused:
        filled.load(cases=[known, known.replace("should", "shuold")])
    assert repr(known) in str(refused.value)
    with pytest.raises(NoRuns, match=r"no case 'x' among \d+ – such as '.*'$"):
        filled.load(last=1, cases="x", columns="status")


def test_a_case_that_the_chosen_runs_lack_is_no_error(tmp_path, run_of):
    history = History(tmp_path)
    for i, titles in enumerate(({"a": "passed", "b": "passed"}, {"a": "passed"})):
        history.append(run_of(f"r{i}", titles, started_at=1.8e9 + i))
    case = history.load(last=2).query("title == 'b'")["case_id"].iloc[0]
    assert history.load(last=1, cases=case).empty
