"""Boundaries of judgement: what counts at a limit, and what one step beyond it."""

from typing import Any

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.classification.deciding_rule import EVIDENCE
from fictures_reports.classification.printed_reasons import printed_reason
from fictures_reports.failures.limits_in_words import limits_in_words
from fictures_reports.failures.measured_limit import Measurement, is_budget
from fictures_reports.failures.measurements import measurements
from fictures_reports.failures.message_parts import MOST, ReportedError, errors_in
from fictures_reports.failures.plain_text import HEAD, TAIL, shorten
from fictures_reports.failures.signature import LONGEST, signature
from fictures_reports.failures.timeouts import timeout_facts
from fictures_reports.schema import results_frame

BODY = {"message": "assert 'a' == 'b'", "phase": "call"}
TEAR_DOWN = {"message": "OSError: the folder is not empty", "phase": "teardown"}


def row(status: str = "failed", **columns: Any) -> pd.Series:
    given = {name: [value] for name, value in columns.items()}
    return classify(results_frame({"case_id": ["a"], "status": [status], **given})).iloc[0]


@pytest.mark.parametrize("errors", [[BODY, TEAR_DOWN], [TEAR_DOWN, BODY]])
def test_the_body_decides_where_its_tear_down_failed_too(errors: list[dict[str, str]]) -> None:
    answer = row(attempts=[{"status": "failed", "errors": errors}])
    assert (answer["category"], answer["phase"]) == ("assertion", "call")
    assert answer["message"].startswith(BODY["message"])


def test_a_tear_down_decides_alone() -> None:
    answer = row(attempts=[{"status": "failed", "errors": [TEAR_DOWN]}])
    assert (answer["category"], answer["phase"]) == ("fixture_error", "teardown")


def test_the_first_of_two_errors_of_a_body_decides() -> None:
    errors = [{"message": "TypeError: stories is null"}, {"message": "net::ERR_FAILED"}]
    assert row(attempts=[{"errors": errors}])["category"] == "code_error"
    assert row(attempts=[{"errors": errors[::-1]}])["category"] == "network"


def test_an_integer_is_a_number_up_to_308_digits() -> None:
    longest = "1" + "0" * 308
    assert measurements(f"assert {longest} <= 5")[0].measured == 1e308
    assert measurements(f"assert {longest}0 <= 5") == []
    assert timeout_facts(f"Timeout of {longest}ms exceeded").timeout_s == 1e305
    assert timeout_facts(f"Timeout of {longest}0ms exceeded").timeout_s is None


def test_a_count_of_retries_has_up_to_9_digits() -> None:
    text = "Test timeout of 5ms exceeded.\n  {} × waiting for element"
    assert timeout_facts(text.format("9" * 9)).retries == 999_999_999
    assert timeout_facts(text.format("9" * 10)).retries is None


@pytest.mark.parametrize("text", ["seconds=1.2.3", "seconds=--1", "seconds=."])
def test_a_time_delta_that_is_none_is_no_error(text: str) -> None:
    measurements(f"assert datetime.timedelta({text}) <= datetime.timedelta(seconds=1)")


@pytest.mark.parametrize(("text", "seconds"), [("5", 5.0), (".5", 0.5), ("1.5", 1.5), (".", None)])
def test_a_read_time_out_is_read_where_it_is_a_number(text: str, seconds: float | None) -> None:
    assert timeout_facts(f"x (read timeout={text})").timeout_s == seconds


@pytest.mark.parametrize(
    ("measured", "comparator", "limit", "counts"),
    [
        (100, "<", 500, False), (99, "<", 500, True), (599, "<", 500, False),
        (600, "<", 500, True), (503, ">", 500, True), (503.5, "<", 500, True),
        (503, "<", 501, True), (0, ">", 0, False), (0, ">=", 1, False), (0, ">=", 2, True),
        (0.5, ">=", 1, True),
    ],
)  # fmt: skip
def test_a_status_or_an_empty_list_is_no_budget(
    measured: float, comparator: str, limit: float, counts: bool
) -> None:
    assert is_budget(Measurement(measured, comparator, limit)) == counts


def test_a_skip_is_declared_up_to_half_a_second() -> None:
    declared = row("skipped", expected_status="skipped", duration_s=0.5)
    looked_first = row("skipped", expected_status="skipped", duration_s=0.51)
    assert declared["category"] == "skipped_declared"
    assert looked_first["category"] == "skipped"


def test_evidence_is_cut_behind_its_longest_length() -> None:
    start = "TypeError: "
    whole = start + "x" * (EVIDENCE - len(start))
    assert row(message=whole)["evidence"] == whole
    assert row(message=f"{whole}x")["evidence"] == whole[:-1] + "…"


def test_a_text_is_read_whole_up_to_head_and_tail() -> None:
    whole = "x" * (HEAD + TAIL)
    assert shorten(whole) == whole
    assert shorten(f"{whole}x") == f"{'x' * HEAD}\n…\n{'x' * TAIL}"


def test_a_signature_is_cut_at_its_longest_length() -> None:
    assert signature("x" * LONGEST) == "x" * LONGEST
    assert signature("x" * (LONGEST + 1)) == "x" * LONGEST


def test_so_many_errors_of_a_text_are_looked_at() -> None:
    for n, seen in ((MOST, MOST), (MOST + 1, MOST)):
        text = "\n\n".join(f"TypeError: {k}" for k in range(n))
        assert len(errors_in([ReportedError(text)])) == seen


def test_the_last_40_lines_of_an_output_may_tell_why_a_test_gave_up() -> None:
    assert printed_reason("no story found" + "\n." * 39) == "no story found"
    assert printed_reason("no story found" + "\n." * 40) is None


def test_words_between_a_number_and_its_limit_are_at_most_70_characters() -> None:
    text = "took 5 s {} limit 3 s"
    near = text.format("x" * (70 - len(" s  limit ")))
    assert len(measurements(near)) == 1
    assert measurements(text.format("x" * (71 - len(" s  limit ")))) == []


def test_prose_is_read_up_to_its_20th_line() -> None:
    assert len(measurements("x\n" * 19 + "took 5 s, limit 3 s")) == 1
    assert measurements("x\n" * 20 + "took 5 s, limit 3 s") == []


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ("13 rows, at most 12 expected", [12]),
        ("12 rows, at most 12 expected", []),  # it was met
        ("11 rows, at least 12 expected", [12]),
        ("12 rows, at least 12 expected", []),
        ("3 rows, at most 2 expected", [2]),
        ("3 rows, at most 1 expected", []),  # one is no budget
    ],
)
def test_a_count_in_words_missed_its_limit_which_is_more_than_one(
    words: str, limits: list[int]
) -> None:
    assert [m.limit for m in limits_in_words(words)] == limits
