"""A table that the first version wrote goes on: its rows have the ids of today's tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.errors import NoRuns
from fictures_reports.history import History

DATA = Path(__file__).parent / "data"
POND = "cypress/e2e/pond.cy.js › pond › {}"
XML = (
    '<testsuites name="Mocha Tests"><testsuite name="Root Suite" file="cypress/e2e/pond.cy.js"'
    ' timestamp="2026-11-23T10:00:00"/><testsuite name="pond">'
    '<testcase name="pond fills" classname="fills" time="1"/>'
    '<testcase name="pond drains" classname="drains" time="1"/></testsuite></testsuites>'
)


def table_with_a_run_of_today(tmp_path: Path) -> History:
    tmp_path.mkdir(exist_ok=True)
    history = History(shutil.copytree(DATA / "first-version", tmp_path / "h"))
    (tmp_path / "n3.xml").write_text(XML, "utf-8")
    history.append(fr.read_run(tmp_path / "n3.xml"))
    return history


def test_rows_of_the_first_version_are_keyed_as_later_runs_are(tmp_path: Path) -> None:
    alone = History(shutil.copytree(DATA / "first-version", tmp_path / "alone"))
    assert "pond › fills › pond fills" in set(alone.load()["case_id"])
    frame = table_with_a_run_of_today(tmp_path).load()
    assert frame["case_id"].value_counts().to_dict() == {
        POND.format("fills"): 3, POND.format("drains"): 3,
    }  # fmt: skip
    assert set(frame["test_id"]) == set(frame["case_id"])
    assert set(frame["title"]) == {"fills", "drains"}
    few = table_with_a_run_of_today(tmp_path / "few").load(columns=["case_id", "status"])
    assert set(few["case_id"]) == set(frame["case_id"])


def test_a_run_of_the_first_version_compares_with_one_of_today(tmp_path: Path) -> None:
    history = table_with_a_run_of_today(tmp_path)
    first, *_ = [history.run(run_id) for run_id in history.runs()["run_id"]]
    found = fr.compare(first, fr.read_run(tmp_path / "n3.xml"))
    assert found.counts["still_passing"] == 2
    assert "called otherwise than before" in found.verdict


def test_a_case_is_loaded_with_its_rows_of_the_first_version(tmp_path: Path) -> None:
    history = table_with_a_run_of_today(tmp_path)
    found = history.load(cases=POND.format("fills"))
    assert found["case_id"].tolist() == [POND.format("fills")] * 3
    assert found.equals(history.load(cases=[POND.format("fills")]))
    assert history.load(cases="pond › fills › pond fills")["status"].size == 2
    with pytest.raises(NoRuns, match="no case 'nothing' among"):
        history.load(cases="nothing")
