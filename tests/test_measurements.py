"""Facts: numbers against limits and times that ran out, checked by hand."""

import importlib.util
import math
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from fictures_reports.classification import classify, printed_measurements
from fictures_reports.errors import SchemaError
from fictures_reports.failures.measured_limit import times_missed
from fictures_reports.failures.measurements import all_measurements, measurements
from fictures_reports.failures.timeouts import timeout_facts, timeouts
from fictures_reports.schema import results_frame

ROOT = Path(__file__).resolve().parents[1]
FACTS = pd.read_csv(
    ROOT / "tests" / "classification" / "data" / "facts.tsv",
    sep="\t", keep_default_na=False, dtype=str, quoting=3,
)  # fmt: skip
NAMES = ("measured", "comparator", "limit", "unit", "timeout_s")


def unescaped(text: str) -> str:
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


@pytest.mark.parametrize("n", range(len(FACTS)))
def test_the_facts_of_a_text_are_those_read_by_hand(n: int) -> None:
    hand = FACTS.iloc[n]
    row = classify(
        results_frame(
            {
                "case_id": ["a"],
                "title": [unescaped(hand["title"])],
                "status": ["failed"],
                "message": [unescaped(hand["text"])],
            }
        )
    ).iloc[0]
    for name in NAMES:
        if hand[name] == "":
            assert pd.isna(row[name]), name
        elif isinstance(row[name], str):
            assert row[name] == hand[name]
        else:
            assert row[name] == pytest.approx(float(hand[name]))


def test_a_ratio_is_measured_over_limit() -> None:
    assert measurements("assert 3 <= 2")[0].ratio == 1.5


def test_several_measurements_of_one_text_are_all_returned() -> None:
    text = "P95 420 ms exceeds budget of 300 ms\nP99 900 ms exceeds budget of 500 ms"
    assert [m.measured for m in measurements(text)] == [420, 900]


def test_the_failing_line_can_supply_the_unit() -> None:
    text = "Expected: < 100\nReceived:   1047"
    assert measurements(text)[0].unit is None
    assert measurements(text, code="expect(elapsedMs).toBeLessThan(100)")[0].unit == "ms"


def test_an_empty_list_and_a_status_are_no_measurements_of_a_run() -> None:
    text = "Error: expect(received).{}(expected)\n\nExpected: {}\nReceived: {}"
    rows = classify(
        results_frame(
            {
                "case_id": ["a", "b", "c"],
                "status": ["failed"] * 3,
                "message": [
                    text.format("toBeGreaterThan", "> 0", "  0"),
                    text.format("toBeLessThan", "< 500", "  503"),
                    text.format("toBeLessThan", "< 100", "  250"),
                ],
            }
        )
    )
    assert all_measurements(rows)["case_id"].tolist() == ["c"]


def test_timeouts_name_what_was_waited_for_and_its_last_state() -> None:
    text = (
        "Test timeout of 240000ms exceeded.\n\nError: locator.click: Test timeout of 240000ms "
        "exceeded.\nCall log:\n  - waiting for locator('#run')\n"
        "  462 × waiting for element to be visible, enabled and stable\n"
        "      - element is not enabled\n    - retrying click action\n      - waiting 500ms"
    )
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [text]})
    row = timeouts(classify(frame)).iloc[0]
    assert row[["timeout_s", "waited_for", "last_state", "retries"]].tolist() == [
        240,
        "locator('#run')",
        "element is not enabled",
        462,
    ]


@pytest.mark.parametrize(
    ("text", "waited_for"),
    [
        (
            'page.goto: Timeout 5ms exceeded.\n  - navigating to "http://a/"',
            'navigating to "http://a/"',
        ),
        ('Test timeout of 5ms exceeded while setting up "page".', 'setting up "page"'),
        ('"beforeAll" hook timeout of 5ms exceeded.', '"beforeAll" hook'),
        ('page.waitForEvent: Timeout 5ms exceeded while waiting for event "a"', 'event "a"'),
        (
            "Test timeout of 5ms exceeded.\nPending operations:\n  - locator.click at a.ts:9:6",
            "locator.click at a.ts:9:6",
        ),
    ],
)
def test_what_was_waited_for_need_not_be_a_locator(text: str, waited_for: str) -> None:
    assert timeout_facts(text).waited_for == waited_for


def printed(text: str) -> pd.DataFrame:
    return results_frame({"case_id": ["a"], "status": ["passed"], "stdout": [text]})


def test_printed_measurements_are_a_series() -> None:
    rows = printed_measurements(
        printed("x\n[Benchmark] Cache hit latency: 88ms\n[perf] LCP = 1,204.0 ms")
    )
    assert rows[["what", "measured", "unit"]].to_numpy().tolist() == [
        ["Cache hit latency", 88, "ms"],
        ["LCP", 1204, "ms"],
    ]


def test_a_pattern_of_ones_own_finds_printed_measurements() -> None:
    rows = printed_measurements(printed("hit=7"), r"(?P<what>\w+)=(?P<measured>\d+)")
    assert rows[["what", "measured", "unit"]].to_numpy().tolist() == [["hit", 7, None]]


@pytest.mark.parametrize("pattern", ["(", r"(?P<what>\w+)"])
def test_a_pattern_that_cannot_measure_is_refused(pattern: str) -> None:
    with pytest.raises(SchemaError):
        printed_measurements(printed("x"), pattern)


def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench", ROOT / "benchmarks" / "classify.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not (ROOT.parent / "shared" / "corpus").is_dir(), reason="needs the corpus")
def test_real_texts_are_classified_and_measured_as_by_hand() -> None:
    bench = benchmark()
    table = bench.labels(bench.CORPUS)
    result = bench.judged(table, bench.from_texts(table))
    other_half = result[~result["repository"].map(bench.written_from)]
    skip = other_half["outcome"].isin(bench.SKIPS)
    assert other_half["right"][~skip].mean() >= 0.95
    assert other_half["right"][skip].mean() >= 0.92
    assert bench.macro_f1(other_half) >= 0.90
    assert (other_half["got"] == "unknown").mean() <= 0.03


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("LCP 4.1 above 2.5", (4.1, "<=", 2.5, None)),
        ("Antwortzeit 2,8 s liegt über der Grenze von 1,2 s", (2.8, "<=", 1.2, "s")),
        ("12,5 s statt höchstens 9 s", (12.5, "<=", 9, "s")),
        ("Durée 950 ms supérieure à la limite de 600 ms", (950, "<=", 600, "ms")),
        ("Tiempo 4,2 s por encima del límite de 2 s", (4.2, "<=", 2, "s")),
        ("Время 12,5 с превышает лимит 9 с", (12.5, "<=", 9, "s")),
        ("耗时3.4秒，超过上限1.5秒", (3.4, "<=", 1.5, "s")),
        ("bundle 1,234,567 bytes exceeds budget of 1,000,000 bytes", (1234567, "<=", 1000000, "B")),
        ("Expected: not > 1500\nReceived:       2210", (2210, "<=", 1500, None)),
        ("Expected: not < 4\nReceived:       2", (2, ">=", 4, None)),
        ("AssertionError: expected 5 to not be greater than 3", (5, "<=", 3, None)),
        ("assert not 2210 > 1500", (2210, "<=", 1500, None)),
        ("FAILURE: check 1500 < 1000: load ms", (1500, "<", 1000, None)),
    ],
)
def test_a_limit_is_read_in_any_language_and_negated(
    text: str, numbers: tuple[float, str, float, str | None]
) -> None:
    assert [m[:4] for m in measurements(text)] == [numbers]


def test_a_comma_that_may_be_either_is_no_fact() -> None:
    assert measurements("bundle 1,234 KB exceeds budget of 900 KB") == []


def test_a_limit_from_below_is_missed_downwards() -> None:
    assert times_missed(5, ">=", 50) == 10
    assert times_missed(30, "<", 10) == 3
    assert math.isnan(times_missed(0, ">", 5))
