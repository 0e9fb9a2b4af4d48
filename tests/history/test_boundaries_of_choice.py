"""Where a choice tips over: at the limit, and one beyond."""

from __future__ import annotations

import pytest

from fictures_reports.errors import NoRuns
from fictures_reports.history import History


@pytest.fixture
def history(tmp_path, run_of):
    history = History(tmp_path)
    for i, name in enumerate(("abcdefgh", "abcdxfgh")):
        history.append(run_of(f"r{i}", {"a": "passed"}, run_id=name, started_at=1e9 + i))
    return history


def test_six_letters_of_an_id_name_a_run_and_five_do_not(history):
    assert history.run("abcdef").label == "r0"
    with pytest.raises(NoRuns, match="no run 'abcde'"):
        history.run("abcde")


def test_the_same_run_is_the_same_id_whatever_its_label(history, run_of):
    assert history.append(run_of("other", {"b": "failed"}, run_id="abcdefgh")) is False
    assert history.append(run_of("r0", {"b": "failed"}, run_id="abcdefgh")) is False
    assert history.append(run_of("r0", {"a": "passed"}, run_id="abcdefg")) is True
    assert history.run("r0").run_id == "abcdefgh"
    assert history.run("r0-abcdefg").run_id == "abcdefg"


def test_latest_counts_back_to_the_first_and_no_further(history):
    assert history.run("latest~0").label == "r1"
    assert history.run("latest~1").label == "r0"
    with pytest.raises(NoRuns, match="it holds 2"):
        history.run("latest~2")


def test_since_takes_the_run_of_that_very_moment(history):
    assert list(history.runs(since="2001-09-09T01:46:41")["label"]) == ["r1"]
    assert list(history.runs(since="2001-09-09T01:46:41.000001")["label"]) == []


def test_last_of_as_many_as_there_are_takes_all(history):
    assert [len(history.runs(last=n)) for n in (1, 2, 3)] == [1, 2, 2]
