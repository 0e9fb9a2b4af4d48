"""What `classify` does to a frame: which error decides, what it fills, what it leaves alone."""

from typing import Any

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.schema import COLUMN_NAMES, results_frame


def frame(**columns: Any) -> pd.DataFrame:
    n = max(len(values) for values in columns.values())
    given = {"run_id": ["r"] * n, "case_id": [f"case {k}" for k in range(n)], **columns}
    return results_frame(given)


def failed(*messages: str, **error: Any) -> pd.Series:
    """Classify one failure with these errors; the keywords are the last error's."""
    errors: list[dict[str, Any]] = [{"message": message} for message in messages]
    errors[-1] |= error
    attempts = [{"status": "failed", "errors": errors}]
    return classify(frame(status=["failed"], attempts=[attempts])).iloc[0]


def skipped(**columns: Any) -> pd.Series:
    return classify(
        frame(status=["skipped"], **{name: [value] for name, value in columns.items()})
    ).iloc[0]


TIMEOUT = "Test timeout of 240000ms exceeded."
DISABLED = (
    "Error: locator.click: Test timeout of 240000ms exceeded.\nCall log:\n"
    "  - waiting for getByRole('button', { name: 'Run' })\n"
    '    - locator resolved to <button disabled id="run">Run</button>\n'
    "  462 × waiting for element to be visible, enabled and stable\n"
    "      - element is not enabled\n    - retrying click action"
)
CLOSED = "Error: page.click: Target page, context or browser has been closed"


def test_a_timeout_goes_before_the_closed_page_that_it_caused() -> None:
    assert failed(TIMEOUT, CLOSED)["category"] == "timeout"
    assert failed(CLOSED, TIMEOUT)["category"] == "timeout"
    assert failed(CLOSED)["category"] == "crash"


def test_a_timeout_takes_its_locator_from_the_call_that_it_blocked() -> None:
    row = failed(TIMEOUT, DISABLED)
    assert row["locator"] == "getByRole('button', { name: 'Run' })"
    assert row["timeout_s"] == 240
    assert row["message"].startswith(TIMEOUT)


def test_a_body_goes_before_its_tear_down() -> None:
    row = failed("assert 'a' == 'b'", "OSError: not empty", phase="teardown")
    assert row["category"] == "assertion"
    assert pd.isna(row["phase"])


def test_the_message_begins_with_the_deciding_error() -> None:
    row = failed(CLOSED, "TypeError: stories is null", location="a.spec.ts:3:1")
    assert row["category"] == "code_error"
    assert row["message"].startswith("TypeError: stories is null")
    assert row["message"].endswith(CLOSED)
    assert row["location"] == "a.spec.ts:3:1"


@pytest.mark.parametrize("phase", ["setup", "teardown"])
def test_what_raises_in_a_fixture_is_a_fixture_error(phase: str) -> None:
    assert failed("ValueError: no story", phase=phase)["category"] == "fixture_error"
    assert failed(f'failed on {phase} with "ValueError: no story"')["phase"] == phase


def test_what_times_out_or_crashes_in_a_fixture_stays_that() -> None:
    assert failed("Failed: Timeout (>1.0s) from pytest-timeout.", phase="setup")["category"] == (
        "timeout"
    )
    assert failed("worker 'gw3' crashed while running 'a'", phase="setup")["category"] == "crash"
    missing = "Error: browserType.launch: Executable doesn't exist at /x/chrome"
    assert failed(missing, phase="setup")["category"] == "environment"


def test_code_frames_and_stacks_never_match() -> None:
    text = (
        "TypeError: stories is null\n\n"
        "  11 |   await expect(page).toHaveURL('/login');\n"
        "> 12 |   expect(ms).toBeLessThan(5000); // Test timeout of 3ms exceeded.\n"
        "     |              ^\n"
        "    at net::ERR_FAILED (/srv/story/SecurityError.ts:12:14)"
    )
    row = failed(text)
    assert row["category"] == "code_error"
    assert row["message"] == "TypeError: stories is null"


def test_words_in_compared_values_never_match() -> None:
    text = (
        "Error: expect(received).toEqual(expected) // deep equality\n\n"
        '- "SecurityError"\n+ "Test timeout of 30ms exceeded. net::ERR_FAILED 401 Unauthorized"'
    )
    assert failed(text)["category"] == "assertion"
    assert failed("assert 'ECONNREFUSED' == 'ModuleNotFoundError'")["category"] == "assertion"


def test_a_cause_below_a_vague_error_decides() -> None:
    stack = (
        "E   ConnectionRefusedError: [Errno 111] Connection refused\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "E   RuntimeError: no stories"
    )
    assert failed("RuntimeError: no stories", stack=stack)["category"] == "network"
    java = "java.lang.RuntimeException: no\nCaused by: java.net.ConnectException: refused"
    assert failed(java)["category"] == "network"


def test_a_wrapper_is_opened() -> None:
    stack = (
        "tests/test_story.py:3: in <module>\n    import story\n"
        "E   ModuleNotFoundError: No module named 'story'"
    )
    row = failed("collection failure", stack=stack)
    assert (row["category"], row["rule"]) == ("code_error", "module-missing")
    assert row["message"] == "ModuleNotFoundError: No module named 'story'"


def test_a_status_is_told_from_a_duration_by_the_failing_line() -> None:
    text = "Error: expect(received).toBeLessThan(expected)\n\nExpected: < 500\nReceived:   503"
    assert failed(text, snippet="> 9 | expect(r.status()).toBeLessThan(500)")["category"] == (
        "assertion"
    )
    assert failed(text, snippet="> 9 | expect(elapsed).toBeLessThan(500)")["category"] == (
        "threshold_miss"
    )


def test_zero_is_no_budget_and_nan_is_no_measurement() -> None:
    text = "Error: expect(received).{}(expected)\n\nExpected: {}\nReceived: {}"
    assert failed(text.format("toBeGreaterThan", "> 0", "  0"))["category"] == "assertion"
    assert failed(text.format("toBeLessThan", "< 100", "  NaN"))["category"] == "assertion"
    assert failed("assert 0 >= 1")["category"] == "assertion"


def test_a_frame_with_messages_alone_is_enough() -> None:
    rows = classify(
        frame(
            status=["failed", "failed"],
            message=[
                f"[chromium] › a.spec.ts:3:1 › 401 ────\n\n    {TIMEOUT}\n\n    {DISABLED}",
                "\x1b[31mTypeError\x1b[39m: stories is null",
            ],
        )
    )
    assert rows["category"].tolist() == ["timeout", "code_error"]
    assert rows["message"][1] == "TypeError: stories is null"


def test_an_empty_failure_is_unknown_and_says_so() -> None:
    row = classify(frame(status=["failed"], message=[None])).iloc[0]
    assert (row["category"], row["rule"]) == ("unknown", "no-rule")


def test_statuses_that_say_it_themselves_keep_it() -> None:
    rows = classify(
        frame(status=["not_run", "interrupted", "xfailed"], message=[None, CLOSED, "assert 1 == 2"])
    )
    assert rows["category"].tolist() == ["not_run", "interrupted", "expected_failure"]


def test_a_flaky_test_carries_the_category_of_its_failed_attempt() -> None:
    attempts = [
        {"status": "failed", "errors": [{"message": "TypeError: stories is null"}]},
        {"status": "passed"},
    ]
    rows = classify(frame(status=["flaky", "passed"], attempts=[attempts, attempts[1:]]))
    assert rows["category"][0] == "code_error"
    assert rows[["category", "rule", "evidence"]].iloc[1].isna().all()


def test_an_unexpected_pass_is_an_assertion() -> None:
    rows = classify(
        frame(status=["failed"], expected_status=["failed"], attempts=[[{"status": "passed"}]])
    )
    assert rows[["category", "rule"]].iloc[0].tolist() == ["assertion", "unexpected-pass"]


def test_the_argument_stays_as_it_was_and_the_columns_stay_in_order() -> None:
    before = frame(status=["failed"], message=["TypeError: x\n    at a.ts:1:1"])
    copy = before.copy(deep=True)
    after = classify(before)
    pd.testing.assert_frame_equal(before, copy)
    assert tuple(after.columns) == COLUMN_NAMES
    assert list(after.dtypes) == list(before.dtypes)


@pytest.mark.parametrize("own", [None, "log"])
def test_answers_stand_in_their_rows_and_the_others_keep_what_they_had(own: str | None) -> None:
    errors = [[{"message": text, "location": "a.py:1"}] for text in (TIMEOUT, "é", "")]
    rows = classify(
        frame(
            status=["passed", "failed", "passed", "failed", "failed", "passed"],
            message=[own, None, own, None, None, own],
            location=[None, "a.py:1", None, "a.py:1", "a.py:1", None],
            attempts=[
                [{"status": "failed", "errors": told}] if told else []
                for told in ([], errors[0], [], errors[1], errors[2], [])
            ],
        )
    )
    missing = own or "-"
    assert rows["message"].fillna("-").tolist() == [missing, TIMEOUT, missing, "é", "-", missing]
    assert rows["location"].fillna("-").tolist() == ["-", "a.py:1", "-", "a.py:1", "a.py:1", "-"]
    assert rows["category"].fillna("-").tolist() == [
        "-", "timeout", "-", "unknown", "unknown", "-"
    ]  # fmt: skip
    assert rows["timeout_s"].fillna(-1).tolist() == [-1, 240, -1, -1, -1, -1]


def test_classifying_twice_changes_nothing() -> None:
    once = classify(frame(status=["failed"], message=[f"{TIMEOUT}\n\n{DISABLED}"]))
    pd.testing.assert_frame_equal(classify(once), once)


def test_an_empty_frame_is_no_trouble() -> None:
    assert classify(frame(status=[])).empty


@pytest.mark.parametrize(
    ("columns", "category", "reason"),
    [
        (
            {"stdout": "open\nLike button not found, skipping test\n"},
            "skipped_ui",
            "Like button not found, skipping test",
        ),
        (
            {"annotations": [{"type": "skip", "description": "STORY_KEY not set"}]},
            "skipped_environment",
            "STORY_KEY not set",
        ),
        (
            {"skip_reason": "('tests\\\\test_a.py', 53, 'Skipped: no stories found')"},
            "skipped_data",
            "no stories found",
        ),
        (
            {"skip_reason": "test_a.py:5: need --runslow option to run"},
            "skipped_condition",
            "need --runslow option to run",
        ),
        ({"annotations": [{"type": "fixme"}]}, "skipped_declared", None),
        ({"expected_status": "skipped"}, "skipped_declared", None),
        ({"expected_status": "skipped", "duration_s": 6.4}, "skipped", None),
        ({"skip_reason": "    --- SKIP: StoryTest (5.28s)"}, "skipped", None),
        ({"skip_reason": "skip", "stdout": "Story 7 not found"}, "skipped_data", None),
    ],
)
def test_a_skip_gets_its_kind_and_reason(
    columns: dict[str, Any], category: str, reason: str | None
) -> None:
    row = skipped(**columns)
    assert row["category"] == category
    if reason is not None:
        assert row["skip_reason"] == reason


def test_a_time_out_in_a_hook_names_the_hook_and_its_phase() -> None:
    row = failed('Test timeout of 30000ms exceeded while running "beforeEach" hook.')
    assert row[["category", "fixture", "phase"]].tolist() == ["timeout", "beforeEach", "setup"]
