"""The 28 tests of the reference runs, before and after: every category, test by test."""

from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.failures.timeouts import timeouts
from fictures_reports.readers.read import read

RUNS = Path(__file__).resolve().parents[2] / "runs"
CATEGORY = {
    "T": "timeout", "I": "fixture_error", "X": "threshold_miss", "C": "code_error",
    "S": "skipped_ui", "-": None,
}  # fmt: skip
# Before and after, in the order of the files: community, studio, benchmarks, cache test page.
BEFORE = "TTSSTT TTTITT XC-TS-T-S TTTTT-T"
AFTER = "ISSSSS TTTITT XC-SSXC-S -X-----"


@pytest.fixture(scope="module", params=["phase2-initial", "phase2-rerun"])
def run(request: pytest.FixtureRequest) -> tuple[str, pd.DataFrame]:
    results, _, _ = read(RUNS / str(request.param) / "results.json")
    return str(request.param), classify(results)


def test_every_test_has_the_category_of_what_happened_to_it(run: tuple[str, pd.DataFrame]) -> None:
    name, rows = run
    letters = (BEFORE if name == "phase2-initial" else AFTER).replace(" ", "")
    found = [c if isinstance(c, str) else None for c in rows["category"]]
    assert found == [CATEGORY[letter] for letter in letters]


def test_the_slow_page_load_is_held_against_its_limit() -> None:
    results, _, _ = read(RUNS / "phase2-rerun" / "results.json")
    rows = all_measurements(classify(results))
    row = rows[rows["case_id"].str.contains("Page load with cache")].iloc[0]
    assert (row["comparator"], row["limit"], row["unit"]) == ("<", 2000, "ms")
    assert row["ratio"] == row["measured"] / 2000 > 5


def test_the_disabled_buttons_are_named_with_their_retries() -> None:
    results, _, _ = read(RUNS / "phase2-initial" / "results.json")
    rows = timeouts(classify(results))
    row = rows[rows["case_id"].str.contains("full cache test")].iloc[0]
    assert row["last_state"] == "element is not enabled"
    assert row["retries"] > 10
    assert "button" in row["waited_for"]
