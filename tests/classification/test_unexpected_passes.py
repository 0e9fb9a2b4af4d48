"""What passed though its author declared that it fails has one category in every runner."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.readers.read import read
from fictures_reports.schema import results_frame


def rule_of(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    found = classify(rows)[["status", "category", "rule"]]
    return [tuple(row) for row in found.to_numpy().tolist()]


ANSWER = [("failed", "assertion", "unexpected-pass")]


@pytest.mark.parametrize(
    "text",
    [
        ("Error: Failing test passed even though it was supposed to fail. Remove `.failing` to"
        " remove error.\n    at processTicksAndRejections (node:internal/process/tasks:95:5)"),
        "Error: Expect test to fail\n ❯ node_modules/@vitest/runner/dist/index.js:1:2",
        "Error: Expected test to fail but it passed",
        "Test was expected to fail, but succeeded, you should stop marking the test as failing",
        "test is expected to fail but passed",
        "Expected pending 'no till' to fail. No error was raised.",
        "[XPASS(strict)] no till yet",
        "Expected to fail, but passed.",
    ],
)  # fmt: skip
def test_the_words_of_each_runner_have_one_category(text: str) -> None:
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [text]})
    assert rule_of(frame) == ANSWER


def test_words_of_the_test_itself_are_another_assertion() -> None:
    text = 'Error: expect(received).toBe(expected)\n\nExpected: "Expect test to fail"\nReceived: 1'
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [text]})
    assert rule_of(frame)[0][2] != "unexpected-pass"


def allure(**fields: Any) -> dict[str, Any]:
    names = {"framework": "playwright", "suite": "a.spec.ts", "parentSuite": "desk"}
    labels = [{"name": name, "value": value} for name, value in names.items()]
    own = {"uuid": "1", "name": "opens", "fullName": "a.spec.ts:3:1", "stage": "finished"}
    return {**own, "labels": labels, "start": 1_000, "stop": 2_000, **fields}


@pytest.mark.parametrize("details", [None, {}, {"message": "", "trace": ""}])
def test_a_failure_of_allure_playwright_without_an_error_passed_though_it_should_fail(
    tmp_path: Any, details: Any
) -> None:
    result = allure(status="failed", statusDetails=details)
    (tmp_path / "1-result.json").write_text(json.dumps(result))
    assert rule_of(read(tmp_path)[0]) == ANSWER


def test_a_failure_of_allure_playwright_with_an_error_is_that_failure(tmp_path: Any) -> None:
    result = allure(status="failed", statusDetails={"message": "TypeError: till is undefined"})
    (tmp_path / "1-result.json").write_text(json.dumps(result))
    assert rule_of(read(tmp_path)[0])[0][1] == "code_error"


def jest(matcher: str, expected: str, received: str) -> dict[str, str]:
    text = (
        f"Error: expect(received).{matcher}(expected)\n\nExpected: {expected}\nReceived: {received}"
    )
    return {"message": text}


CLOSED = {"message": "Error: page.click: Target page, context or browser has been closed"}
TOO_MANY = jest("toBeLessThan", "< 5", "  9")
TOO_FEW = jest("toBeGreaterThan", "> 7", "  3")
BELOW = jest("not.toBeLessThan", "not < 4", "    2")
WRONG = jest("toBe", "1", "2")


@pytest.mark.parametrize(
    ("errors", "category", "measured"),
    [
        ([TOO_MANY, WRONG], "threshold_miss", [9]),
        ([WRONG, TOO_MANY], "assertion", [9]),
        ([CLOSED, TOO_MANY, TOO_FEW], "threshold_miss", [9, 3]),
        ([TOO_MANY, TOO_FEW, BELOW], "threshold_miss", [9, 3, 2]),
        ([WRONG, {"message": "TypeError: till is undefined"}], "assertion", []),
    ],
)
def test_the_first_soft_assertion_that_is_no_consequence_decides_and_all_numbers_are_kept(
    errors: list[dict[str, str]], category: str, measured: list[float]
) -> None:
    attempts = [[{"status": "failed", "errors": errors}]]
    rows = classify(results_frame({"case_id": ["a"], "status": ["failed"], "attempts": attempts}))
    assert rows["category"].tolist() == [category]
    assert all_measurements(rows)["measured"].tolist() == measured
