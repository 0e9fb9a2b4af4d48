"""Which number missed its limit by most: each counts in the direction in which it missed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fictures_reports import charts
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.limit_distance import farthest_first, times_off
from fictures_reports.reading import read_run
from fictures_reports.report import sections as show
from fictures_reports.report.json_report import payload
from fictures_reports.report.report_input import ReportInput

CASE = """<testcase classname="tests.test_a.A" name="{name}" time="0.01"><failure
message="AssertionError: {text}">tests/test_a.py:4: in test
E   AssertionError: {text}</failure></testcase>"""
NEAR, FAR = "29 not greater than or equal to 30", "5 not greater than or equal to 50"
SLOW = "90 not less than or equal to 30"


def junit(folder: Path, **texts: str) -> Path:
    cases = "".join(CASE.format(name=name, text=text) for name, text in texts.items())
    path = folder / "junit.xml"
    path.write_text(f'<testsuites><testsuite name="pytest">{cases}</testsuite></testsuites>')
    return path


def misses(*rows: tuple[float, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["measured", "comparator", "limit"])
    return frame.assign(
        unit=None, ratio=frame["measured"] / frame["limit"], test=[f"t{i}" for i in frame.index]
    )


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([(29, ">=", 30), (5, ">=", 50)], ["t1", "t0"]),
        ([(5, ">=", 50), (90, "<=", 30)], ["t0", "t1"]),
        ([(40, ">", 50), (90, "<", 30)], ["t1", "t0"]),
        ([(11, "<", 10), (0, ">", 10)], ["t1", "t0"]),
        ([(3, "<", 0), (11, "<", 10)], ["t1", "t0"]),
        ([(2, "==", 8), (20, "<", 10)], ["t0", "t1"]),
    ],
)
def test_the_farthest_miss_comes_first_whichever_side_of_its_limit_it_is_on(rows, order):
    assert farthest_first(misses(*rows))["test"].tolist() == order


def test_how_far_is_missing_where_no_ratio_tells():
    assert times_off(misses((3, "<", 0), (-4, "<", -8))).isna().tolist() == [True, False]


def test_a_chart_names_the_farthest_miss_and_says_it_in_words():
    chart = charts.thresholds(misses((29, ">=", 30), (5, ">=", 50), (31, "<=", 30)))
    title = "Farthest off its limit: t1, 5, must be at least 50: a 10th of it"
    assert chart.to_dict()["title"]["text"] == title


def test_a_number_without_a_place_on_the_scale_may_still_be_the_farthest():
    chart = charts.thresholds(misses((12, "<", 10), (0, ">", 100)))
    assert chart.to_dict()["title"]["text"].endswith("t1, 0, must be over 100")


def test_a_report_lists_the_miss_first_that_is_farthest_below_its_limit(tmp_path):
    run = read_run(junit(tmp_path, test_near=NEAR, test_slow=SLOW, test_far=FAR))
    report = ReportInput(run)
    found = show.thresholds.values(report)
    assert found.misses["test"].tolist() == ["test_far", "test_slow", "test_near"]
    html = show.thresholds(report).html
    assert html.index("a 10th of it") < html.index("3.0 × the limit") < html.index("0.97 of it")


def test_json_gives_the_farthest_miss_first(tmp_path):
    run = read_run(junit(tmp_path, test_near=NEAR, test_far=FAR))
    said = payload(compare(run, run))["measurements"]
    assert [(row["side"], row["measured"]) for row in said] == [
        ("before", 5), ("before", 29), ("after", 5), ("after", 29),
    ]  # fmt: skip
