"""Each failed attempt has its category, and a result says where its attempts failed differently."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.analysis.reasons import reason
from fictures_reports.classification import classify
from fictures_reports.report.markdown import markdown
from fictures_reports.report.results_output import as_text
from fictures_reports.schema import results_frame

LATE = "Test timeout of 5000ms exceeded."
WRONG = "Error: expect(received).toBe(expected)\n\nExpected: 1\nReceived: 2"
BROKEN = "TypeError: till is undefined"
CLOSED = "Error: page.click: Target page, context or browser has been closed"


def attempt(*messages: str, status: str = "failed") -> dict[str, Any]:
    return {"status": status, "errors": [{"message": message} for message in messages]}


PASSED = {"status": "passed", "duration_s": 1.0}


def classified(status: str, *attempts: dict[str, Any]) -> pd.Series:
    frame = results_frame({"case_id": ["a"], "status": [status], "attempts": [list(attempts)]})
    return classify(frame).iloc[0]


def categories(row: pd.Series) -> list[str | None]:
    return [one.get("category") for one in row["attempts"]]


def test_each_failed_attempt_has_the_category_of_its_own_errors() -> None:
    row = classified("flaky", attempt(LATE), attempt(WRONG), PASSED)
    assert categories(row) == ["timeout", "assertion", None]
    assert row["category"] == "assertion"


@pytest.mark.parametrize(
    ("attempts", "differ"),
    [
        ([attempt(LATE), attempt(WRONG)], "timeout, then assertion"),
        ([attempt(WRONG), attempt(WRONG), attempt(BROKEN)], "assertion, then code_error"),
        ([attempt(LATE), attempt(WRONG), attempt(LATE)], "timeout, then assertion, then timeout"),
        ([attempt(WRONG), attempt(WRONG)], None),
        ([attempt(LATE, CLOSED), attempt(LATE)], None),
        ([attempt(WRONG), attempt(CLOSED)], None),
        ([attempt(WRONG), attempt(BROKEN, status="interrupted")], None),
        ([attempt(WRONG), PASSED], None),
        ([attempt(WRONG)], None),
    ],
)
def test_a_result_says_where_its_attempts_failed_differently(
    attempts: list[dict[str, Any]], differ: str | None
) -> None:
    status = "flaky" if attempts[-1] is PASSED else "failed"
    told = classified(status, *attempts)["attempts_differ"]
    assert (None if pd.isna(told) else told) == differ


@pytest.mark.parametrize(
    ("status", "own", "category"),
    [
        ("skipped", {"status": "skipped"}, "skipped"),
        ("interrupted", {"status": "interrupted"}, "interrupted"),
        ("xfailed", attempt(WRONG), "expected_failure"),
        ("failed", attempt(WRONG), "assertion"),
    ],
)
def test_the_only_attempt_has_the_category_of_its_result(
    status: str, own: dict[str, Any], category: str
) -> None:
    assert categories(classified(status, own)) == [category]


def test_what_passed_stays_as_it_was_and_so_does_the_argument() -> None:
    tries = [attempt(LATE), PASSED]
    frame = results_frame(
        {"case_id": ["a", "b"], "status": ["flaky", "passed"], "attempts": [tries, [PASSED]]}
    )
    row = classify(frame)
    assert row["attempts"][1] == [PASSED]
    assert frame["attempts"][0] == [attempt(LATE), {"status": "passed", "duration_s": 1.0}]
    pd.testing.assert_frame_equal(classify(row), row)


def test_it_is_said_beside_the_reason() -> None:
    row = classified("failed", attempt(WRONG), attempt(LATE))
    assert reason(row) == (
        "ran out of its 5 s (its attempts: another value than wanted, then ran out of time)"
    )


REPORT = {
    "config": {"version": "1.56.1", "rootDir": "/srv/inn"},
    "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": [{
        "title": "pays", "file": "a.spec.ts", "line": 3, "column": 1, "tests": [{
            "projectName": "", "expectedStatus": "passed", "status": "unexpected",
            "results": [
                {"status": "timedOut", "retry": 0, "duration": 9, "errors": [{"message": LATE}]},
                {"status": "failed", "retry": 1, "duration": 9, "errors": [{"message": WRONG}]},
            ],
        }],
    }]}],
}  # fmt: skip


def test_json_html_markdown_and_a_history_tell_it(tmp_path: Any) -> None:
    (tmp_path / "results.json").write_text(json.dumps(REPORT))
    run = fr.read_run(tmp_path / "results.json")
    rows = json.loads(as_text([run], "json"))
    assert [one["category"] for one in rows[0]["attempts"]] == ["timeout", "assertion"]
    assert rows[0]["attempts_differ"] == "timeout, then assertion"
    told = "timeout, then assertion"
    assert told in fr.render("run", run=run, output=tmp_path / "r.html").read_text()
    assert "ran out of time, then another value than wanted" in markdown(run)
    assert "ran out of time, then another value than wanted" in markdown(fr.compare(run, run))
    history = fr.History(tmp_path / "history")
    history.append(run)
    kept = history.load(last=1).iloc[0]
    assert kept["attempts_differ"] == told
    assert categories(kept) == ["timeout", "assertion"]
