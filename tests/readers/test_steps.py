"""The steps of a failed attempt: all up to the one that failed, which is marked."""

from __future__ import annotations

import json

import msgspec
import pytest

import fictures_reports as fr
from fictures_reports.readers.text.steps import (
    MOST_STEPS,
    NestedStep,
    Step,
    any_failed,
    by_parent,
    nested,
    steps_to_keep,
)


def test_steps_within_steps_keep_their_depth_and_the_failed_ones_are_marked():
    told = [
        {"title": "open", "duration": 12},
        {"title": "read", "error": {"message": "x"}, "steps": [{"title": "price", "error": {}}]},
        {"title": "never reached"},
    ]
    told[1]["steps"][0]["error"] = {"message": "x"}
    steps = msgspec.convert(told, list[NestedStep])
    assert any_failed(steps)
    assert not any_failed(steps[:1])
    assert steps_to_keep(nested(steps))["steps"] == [
        {"title": "open", "depth": 0, "seconds": 0.012},
        {"title": "read", "depth": 0, "failed": True},
        {"title": "price", "depth": 1, "failed": True},
    ]


def test_steps_that_name_their_parent_are_as_deep():
    told = [
        ("1", "", "Before Hooks", False),
        ("2", "1", "fixture: page", True),
        ("3", "9", "x", False),
    ]
    assert [step.depth for step in by_parent(told)] == [0, 1, 0]


def test_where_none_failed_no_step_is_kept():
    assert steps_to_keep([Step(0, "open", failed=False)]) == {}


def test_of_many_steps_the_last_ones_up_to_the_failure_are_kept():
    many = [Step(0, f"step {i}", failed=i == 500) for i in range(1000)]
    titles = [step["title"] for step in steps_to_keep(many)["steps"]]
    assert titles == [f"step {i}" for i in range(501 - MOST_STEPS, 501)]


@pytest.mark.parametrize(
    "strange", [None, "x", {"title": "x"}, [None, 3, {"title": 4}, {"steps": "x"}, {"error": 1}]]
)
def test_what_are_no_steps_are_left_out_and_the_result_is_read(strange, tmp_path):
    run = _run_with(strange, tmp_path)
    assert run.totals["failed"] == 1
    extra = run.results["attempts"].iloc[0][0].get("extra") or {}
    assert "steps" not in extra
    assert run.is_whole


def test_a_very_deep_step_is_followed_to_an_end():
    deep = NestedStep("x")
    for _ in range(5000):
        deep = NestedStep("x", steps=[deep])
    assert len(list(nested([deep]))) == 20


def _run_with(steps, folder):
    """Read a Playwright report of one failed result with these steps."""
    result = {
        "status": "failed", "duration": 5, "retry": 0, "attachments": [],
        "errors": [{"message": "Error: no"}], "steps": steps,
    }  # fmt: skip
    test = {"status": "unexpected", "expectedStatus": "passed", "projectName": "",
            "results": [result]}  # fmt: skip
    spec = {"title": "t", "file": "a.spec.ts", "line": 1, "column": 1, "ok": False, "tests": [test]}
    suite = {"title": "a.spec.ts", "file": "a.spec.ts", "specs": [spec]}
    document = {"config": {"version": "1.58"}, "errors": [], "stats": {}, "suites": [suite]}
    (folder / "results.json").write_text(json.dumps(document))
    return fr.read_run(folder)


def test_playwright_json_brings_the_steps_that_a_test_names(tmp_path):
    steps = [{"title": "open", "duration": 3},
             {"title": "<b>pay</b>", "duration": 2, "error": {"message": "Error: no"}}]  # fmt: skip
    run = _run_with(steps, tmp_path)
    steps = run.results["attempts"].iloc[0][0]["extra"]["steps"]
    assert [(step["title"], step.get("failed", False)) for step in steps] == [
        ("open", False), ("<b>pay</b>", True),
    ]  # fmt: skip
    page = fr.render("run", run=run, output=tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Steps, up to the one that failed" in page
    assert "&lt;b&gt;pay&lt;/b&gt;" in page
    assert "<b>pay</b>" not in page


def test_allure_brings_its_steps_within_steps(tmp_path):
    failed = {
        "name": "card",
        "status": "failed",
        "start": 1760000005000,
        "stop": 1760000007000,
    }
    steps = [
        {"name": "open", "status": "passed", "start": 1760000001000, "stop": 1760000003000},
        {"name": "pay", "status": "broken", "steps": [failed]},
        {"name": "leave", "status": "skipped"},
    ]
    result = {
        "uuid": "1", "historyId": "1", "name": "t", "fullName": "a.spec.ts#t", "status": "failed",
        "statusDetails": {"message": "Error: no"}, "start": 1760000001000, "stop": 1760000009000,
        "labels": [],
        "steps": steps,
    }  # fmt: skip
    (tmp_path / "1-result.json").write_text(json.dumps(result))
    told = fr.read_run(tmp_path).results["attempts"].iloc[0][0]["extra"]["steps"]
    assert told == [
        {"title": "open", "depth": 0, "seconds": 2.0},
        {"title": "pay", "depth": 0, "failed": True},
        {"title": "card", "depth": 1, "failed": True, "seconds": 2.0},
    ]
