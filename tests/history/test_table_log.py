"""The log of a table stays short, and who reads or writes meanwhile is not harmed by it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.history import History, result_rows, stored_facts, tables, typed_writer
from fictures_reports.history import delta_log as log
from fictures_reports.history.old_log_entries import drop_old_entries

NOW = timedelta(0)
#: Commits now and then, and deletes the entries before each commit.
WRITER = """
import sys, time
from deltalake import DeltaTable

target = DeltaTable(sys.argv[1])
for index in range(40):
    target.alter.set_table_properties({"other": str(index)}, raise_if_not_exists=False)
    time.sleep(0.02)
"""


@pytest.fixture
def history(tmp_path, made):
    """A table of 4 runs in a folder whose name deltalake writes otherwise."""
    history = History(tmp_path / "our runs", format="delta")
    for index in range(4):
        history.append(made.run(index))
    return history


def entries(history, table):
    folder = Path(history.path, table, "_delta_log")
    return [path for path in folder.iterdir() if path.name[:20].isdecimal()]


def make_older(history, table):
    """Let the log look as if it had been written two minutes ago."""
    for path in entries(history, table):
        os.utime(path, (time.time() - 120,) * 2)


def rows_of(run, ingest_id):
    row = stored_facts.run_row(run, run.info, ingest_id, pd.Timestamp.now("UTC").to_pydatetime())
    return result_rows.results_table(run, row)


def test_a_vacuum_leaves_what_opens_the_table_and_every_run(history, made):
    before = history.load()
    for table in ("runs", "results"):
        make_older(history, table)
    history.vacuum(keep=NOW)
    for table in ("runs", "results"):
        left = {path.name[20:] for path in entries(history, table)}
        assert left == {".checkpoint.parquet", ".json"}
        assert len(entries(history, table)) == 2
    pd.testing.assert_frame_equal(history.load(), before)
    assert history.append(made.run(4))
    assert not history.append(made.run(0))
    assert len(history.runs()) == 5


def test_a_vacuum_leaves_entries_that_someone_may_be_about_to_read(history):
    written = set(entries(history, "runs"))
    history.vacuum(keep=NOW)
    assert written <= set(entries(history, "runs"))


def test_a_vacuum_that_keeps_a_week_leaves_two_minutes(history):
    make_older(history, "runs")
    written = set(entries(history, "runs"))
    history.vacuum()
    assert written <= set(entries(history, "runs"))


def test_a_writer_that_slept_until_the_log_was_deleted_begins_anew(history, made):
    slept = log.table(f"{history.path}/results", {})
    history.append(made.run(4))
    history.append(made.run(5))
    make_older(history, "results")
    drop_old_entries(f"{history.path}/results", {}, NOW)
    rows = rows_of(made.run(6), "f" * 13)
    with pytest.raises(log.Collision):
        typed_writer.append(slept, rows, tables.RESULTS)
    typed_writer.add(slept, rows, tables.RESULTS, {})
    stored = log.table(f"{history.path}/results", {}).to_pyarrow_table(columns=["ingest_id"])
    assert stored["ingest_id"].to_pylist().count("f" * 13) == len(rows)


def test_a_table_opens_while_others_delete_its_old_entries(history):
    uri = f"{history.path}/runs"
    log.table(uri, {}).alter.set_table_properties(
        {"delta.checkpointInterval": "1", "delta.logRetentionDuration": "interval 0 seconds"}
    )
    writer = subprocess.Popen([sys.executable, "-c", WRITER, uri])
    while writer.poll() is None:
        log.table(uri, {})
    assert writer.returncode == 0
    assert len(history.runs()) == 4


def test_an_append_opens_each_table_once(history, made, monkeypatch):
    opened, table = Counter(), log.table

    def counted(uri, options):
        opened[Path(uri).name] += 1
        return table(uri, options)

    monkeypatch.setattr(log, "table", counted)
    assert history.append(made.run(4))
    assert opened == {"runs": 1, "results": 1}
