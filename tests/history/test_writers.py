"""Many processes, killed processes, a full disk, a bucket: each run once, or not at all.

benchmarks/stress.py does the same at length.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from fictures_reports.errors import HistoryError
from fictures_reports.history import History

#: Takes the first rows of a bucket's history and goes, without a look at the others.
LEFT = """
from fictures_reports.history import table_files as files, delta_log as log
from fictures_reports.history.tables import RESULTS
from fictures_reports.history.typed_dataset import dataset

table = log.table("s3://reports/history/results", {})
rows = dataset(table, files.all_files(table), RESULTS).scanner().to_reader()
print(rows.read_next_batch().num_rows)
"""


@pytest.fixture(params=["files", "delta"])
def form(request, monkeypatch):
    """Try run files and the table; a bucket holds a table."""
    monkeypatch.setenv("HISTORY_FORM", request.param)
    return request.param


@pytest.mark.usefixtures("form")
def test_processes_that_write_at_once_lose_and_repeat_nothing(stress, tmp_path):
    said = stress.at_once(str(tmp_path / "h"), 4, 6)
    history = History(tmp_path / "h")
    assert len(said) == 24
    assert sorted(history.runs()["label"]) == sorted(said)
    assert stress.torn(history) == []


@pytest.mark.usefixtures("form")
def test_the_same_runs_from_several_processes_are_there_once(stress, tmp_path):
    started = [stress.writer(str(tmp_path / "h"), 0, 5) for _ in range(3)]
    assert [len(one.end().split()) for one in started] == [5, 5, 5]
    history = History(tmp_path / "h")
    assert len(history.runs()) == 5
    assert stress.torn(history) == []


@pytest.mark.usefixtures("form")
def test_a_writer_that_is_killed_leaves_no_torn_run(stress, tmp_path):
    assert stress.kills(str(tmp_path / "h"), 4).startswith("held")


def test_two_compactions_at_once_repeat_nothing(one_by_one):
    from threading import Thread

    path = one_by_one.path
    threads = [Thread(target=History(path).compact) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(History(path).runs()) == 40
    assert len(History(path).load()) == 40 * 60


@pytest.mark.usefixtures("form")
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system takes root")
def test_a_full_disk_is_said_so_in_one_line_and_harms_nothing(stress, tmp_path, capfd):
    said = stress.disk(str(tmp_path))
    if said.startswith("skipped"):
        pytest.skip(said)
    assert said.startswith("held"), said
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 3 MB."""
    words = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", tmp_path]
    if subprocess.run(words, capture_output=True).returncode:
        pytest.skip("cannot mount here")
    yield tmp_path
    subprocess.run(["umount", "-l", tmp_path], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system takes root")
def test_compacting_on_a_full_disk_is_refused_in_one_line(small_disk, made, capfd):
    history = History(small_disk / "h", format="delta")
    for index in range(20):
        history.append(made.run(index))
    free = shutil.disk_usage(small_disk).free
    (small_disk / "other").write_bytes(b"x" * (free - 300_000))
    with pytest.raises(HistoryError, match=r"^\S+: the disk is full; [^\n]+$"):
        history.compact()
    assert capfd.readouterr() == ("", "")
    (small_disk / "other").unlink()
    history.compact()
    assert len(history.files()) == 1
    assert len(history.runs()) == 20


@pytest.fixture
def read_only(tmp_path, made):
    """A table of two runs that can be read only."""
    shown, command = tmp_path / "shown", ["mount", "-o", "bind,ro"]
    for index in range(2):
        History(tmp_path / "h", format="delta").append(made.run(index))
    shown.mkdir()
    if subprocess.run([*command, tmp_path / "h", shown], capture_output=True).returncode:
        pytest.skip("cannot mount here")
    yield History(shown)
    subprocess.run(["umount", "-l", shown], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")
def test_a_table_that_can_only_be_read_says_so_in_one_line(read_only, made, capfd):
    changes = (
        lambda: read_only.append(made.run(2)), lambda: read_only.amend("latest", branch="x"),
        lambda: read_only.remove("latest"), read_only.compact, read_only.vacuum,
    )  # fmt: skip
    said = r"^\S+: cannot be written[^\n]*nothing was changed$"
    for change in changes:
        with pytest.raises(HistoryError, match=said):
            change()
    assert capfd.readouterr() == ("", "")
    assert len(read_only.runs()) == 2


@pytest.fixture(scope="module")
def bucket(stress):
    """Let two processes write 3 runs each to a bucket; give the labels that were acknowledged."""
    with stress.s3_server() as environment, pytest.MonkeyPatch.context() as patched:
        for name, value in environment.items():
            patched.setenv(name, value)
        yield stress.at_once("s3://reports/history", 2, 3)


@pytest.mark.usefixtures("bucket")
def test_rows_of_a_bucket_may_be_left_before_their_end():
    # A stream whose files are read meanwhile takes Python down with it on its way out. First, for
    # it takes several files.
    words = [sys.executable, "-c", LEFT]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, "30"), done.stderr
    some = History("s3://reports/history").scan().limit(2)
    assert len(some.fetchall()) == len(some.fetchall()) == 2


def test_a_bucket_takes_runs_from_several_processes(stress, bucket):
    history = History("s3://reports/history")
    assert history.exists
    assert sorted(history.runs()["label"]) == sorted(bucket)
    assert len(bucket) == 6
    assert stress.torn(history) == []
    assert history.run("latest").totals["cases"] == 30
    assert history.scan().count("*").fetchall() == [(180,)]
    history.compact()
    assert len(history.load(last=2)) == 60
