"""Whatever stands in a text, an answer comes: a search that backtracks would hang for minutes."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fictures_reports.classification import classify, explain, printed_measurements
from fictures_reports.classification.skip_reasons import declared_reason
from fictures_reports.failures.clusters import clusters
from fictures_reports.failures.measurements import all_measurements, measurements
from fictures_reports.failures.plain_text import failing_line, plain, without_colours
from fictures_reports.failures.signature import signature
from fictures_reports.failures.timeouts import timeout_facts, timeouts
from fictures_reports.schema import CATEGORIES, results_frame

SIZE = 200_000
HOSTILE = {
    "letters": "a" * SIZE,
    "blanks": " " * SIZE,
    "line breaks": "\n" * SIZE,
    "numbers": "1 " * (SIZE // 2),
    "colours": "[31m" * (SIZE // 4),
    "half matches": "Timeout of 5 took 3s expected " * (SIZE // 30),
    "frames": "> 1 | a\nb\n" * (SIZE // 10),
    "errors": "\n\nError: x: " * (SIZE // 11),
    "diffs": "- Expected\n+ Received\n" * (SIZE // 22),
    "E lines": "E   assert 1 == 2\n" * (SIZE // 18),
    "causes": "Caused by: a: b\n" * (SIZE // 16),
    "unicode": "жд漢🎉" * (SIZE // 4),
    # aimed at the patterns that are left to `re`
    "hexadecimals": "a1" * (SIZE // 2) + "g",
    "paths": "/a" * (SIZE // 2),
    "types": "A.B\\" * (SIZE // 4),
    "places": "x.py:1: y z " * (SIZE // 12),
    "rules": ("-" * 200 + "x\n") * (SIZE // 202),
    "words of errors": "\n\n" + "aError" * (SIZE // 6),
    "phases": "failed on setup with " + " " * SIZE,
    "frames of a stack": "    at " + "a." * (SIZE // 2),
    "escapes": "#x1B]" * (SIZE // 5),
    "titles of terminals": "\x1b]" * (SIZE // 2),
    "tuples": "('" + "', 1, '" * (SIZE // 7),
    "places of skips": "a.py" * (SIZE // 4) + ":1: ",
    "sums": "assert " + "1 + " * (SIZE // 4) + "<= 1",
    "wrapped numbers": "assert " + "a.b(" * (SIZE // 4),
    "numbers of an hour": "took 1 h " * (SIZE // 9),
    "one long number": "Timeout " + "9" * SIZE + "ms exceeded",
    "one long count": "Timeout 5ms exceeded\n  - " + "9" * SIZE + " × waiting",
    "a time delta": "assert datetime.timedelta(seconds=1.2.3) <= datetime.timedelta(seconds=1)",
    "odd budgets": "requests.exceptions.ReadTimeout: (read timeout=" + "." * SIZE,
    "selectors": '"selector":"' + "\\\\" * (SIZE // 2),
    "values": "a value a value " * (SIZE // 16),
    "indented lines": ("\n" + " " * 300) * (SIZE // 301),
    "surrogates": "\ud800" * SIZE,
}


def frame(text: str, status: str = "failed") -> pd.DataFrame:
    attempts = [{"errors": [{"message": text, "stack": text, "snippet": text}]}]
    return results_frame(
        {
            "run_id": ["r"],
            "case_id": ["a"],
            "title": [text[:200].encode("utf-8", "replace").decode()],
            "status": [status],
            "attempts": [attempts if status == "failed" else []],
            "stdout": [text.encode("utf-8", "replace").decode()],
        }
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_any_kind_is_classified_measured_and_explained(name: str) -> None:
    text = HOSTILE[name]
    rows = classify(frame(text))
    assert rows["category"].isin(CATEGORIES).all()
    assert len(explain(frame(text))) == 1
    assert len(all_measurements(rows)) < 2_000
    assert len(timeouts(rows.assign(category="timeout"))) == 1
    assert len(clusters(rows)) <= 1
    assert classify(frame(text, "skipped"))["category"].isin(CATEGORIES).all()


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_of_any_kind_is_read_by_each_function_alone(name: str) -> None:
    text = HOSTILE[name]
    assert len(signature(text)) < 5_000
    assert len(plain(text)) <= len(text) + 3
    assert len(without_colours(text)) <= len(text)
    assert len(measurements(text, title=text, code=text)) < 2_000
    assert isinstance(timeout_facts(text).waited_for, str | None)
    assert isinstance(failing_line(text), str)
    assert isinstance(declared_reason(text), str | None)
    printed_measurements(frame(text))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Error: ", "assert ", "Expected: < ", "Received: ", "1", "ms", "\n", "\n\n", "E   ",
             "Timeout 5ms exceeded", "waiting for ", "took ", "é", "\ud800", "(", "'", '"', "\x00",
             "Call log:", "datetime.timedelta(", "± ", "--- FAIL: ",
             "Traceback (most recent call last):"]
        ),
        max_size=12,
    ).map("".join),
    st.sampled_from(["failed", "skipped"]),
)  # fmt: skip
def test_any_text_gets_a_category_and_never_an_error(text: str, status: str) -> None:
    rows = classify(frame(text, status))
    assert rows["category"].isin(CATEGORIES).all()
    assert len(explain(frame(text, status))) == 1
    all_measurements(rows)
    timeouts(rows)
    clusters(rows)
