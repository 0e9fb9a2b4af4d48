"""Many processes, killed processes, a full disk, a bucket: each run once, or not at all.

benchmarks/stress.py does the same at length.
"""

from __future__ import annotations

import os

import pytest

from fictures_reports.history import History


def test_processes_that_write_at_once_lose_and_repeat_nothing(stress, tmp_path):
    said = stress.at_once(str(tmp_path / "h"), 4, 6)
    history = History(tmp_path / "h")
    assert len(said) == 24
    assert sorted(history.runs()["label"]) == sorted(said)
    assert stress.torn(history) == []


def test_the_same_runs_from_several_processes_are_there_once(stress, tmp_path):
    started = [stress.writer(str(tmp_path / "h"), 0, 5) for _ in range(3)]
    assert [len(p.communicate()[0].split()) for p in started] == [5, 5, 5]
    history = History(tmp_path / "h")
    assert len(history.runs()) == 5
    assert stress.torn(history) == []


def test_a_writer_that_is_killed_leaves_no_torn_run(stress, tmp_path):
    assert stress.kills(str(tmp_path / "h"), 4).startswith("held")


def test_two_compactions_at_once_repeat_nothing(generate, made, tmp_path):
    from threading import Thread

    generate.fill(str(tmp_path), made, at_once=1)
    threads = [Thread(target=History(tmp_path).compact) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(History(tmp_path).runs()) == 40
    assert len(History(tmp_path).load()) == 40 * 60


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system takes root")
def test_a_full_disk_is_said_so_and_harms_nothing(stress, tmp_path):
    said = stress.disk(str(tmp_path))
    if said.startswith("skipped"):
        pytest.skip(said)
    assert said.startswith("held"), said


def test_a_bucket_takes_runs_from_several_processes(stress, tmp_path, monkeypatch):
    with stress.s3_server() as environment:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        said = stress.at_once("s3://reports/history", 2, 4, **environment)
        history = History("s3://reports/history")
        assert history.exists
        assert sorted(history.runs()["label"]) == sorted(said)
        assert len(said) == 8
        assert stress.torn(history) == []
        assert history.run("latest").totals["cases"] == 30
        assert history.scan().count("*").fetchall() == [(240,)]
        history.compact()
        assert len(history.load(last=2)) == 60
