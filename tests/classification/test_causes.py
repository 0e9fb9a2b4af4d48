"""Failures by known causes, under four versions of Playwright and two of pytest.

The suites are in data/causes; each title begins with the category that its failure must get. What
the runners wrote lies beside them.
"""

import re
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.clusters import cluster_ids
from fictures_reports.failures.measurements import all_measurements
from fictures_reports.failures.timeouts import timeouts
from fictures_reports.readers.read import read
from fictures_reports.schema import CATEGORIES

CAUSES = Path(__file__).parent / "data" / "causes"
FILES = sorted(path.name for path in CAUSES.glob("*.gz"))
JSON = [name for name in FILES if name.endswith(".json.gz")]
PLAYWRIGHT = [name for name in JSON if name.startswith("playwright")]


@cache
def classified(name: str) -> pd.DataFrame:
    results, _, _ = read(CAUSES / name)
    return classify(results)


#: Written when an error thrown by hand was taken for one of the code.
THROWN_BY_HAND = (
    "code_error: a thrown error",
    "code_error: raised in a fixture, which JSON and JUnit do not tell",
)


def cause(row: pd.Series) -> str:
    """The category that a title begins with: "timeout: …", test_timeout_of_…, a module's name."""
    if row["title"] in THROWN_BY_HAND:
        return "assertion"
    if ":" in row["title"]:
        return str(row["title"].partition(":")[0])
    words = f"{row['title'].removeprefix('test_')} {row['file']}"
    return next(c for c in sorted(CATEGORIES, key=len, reverse=True) if c in words)


def row_of(name: str, title: str) -> pd.Series:
    rows = classified(name)
    return rows[rows["title"].str.contains(re.escape(title))].iloc[0]


@pytest.mark.parametrize("name", FILES)
def test_every_failure_and_skip_gets_the_category_of_its_cause(name: str) -> None:
    rows = classified(name)
    rows = rows[rows["status"] != "passed"]
    if name.endswith(".xml.gz"):
        # JUnit has no output of skipped tests, so it cannot tell what this one said
        rows = rows[~rows["title"].str.contains("said in the output")]
    wrong = {
        row["title"]: (row["category"], row["rule"])
        for _, row in rows.iterrows()
        if row["category"] != cause(row)
    }
    assert wrong == {}
    assert len(rows) > 60


@pytest.mark.parametrize("name", FILES)
def test_every_answer_quotes_words_of_the_result(name: str) -> None:
    rows = classified(name)
    decided = rows[rows["status"].isin(["failed", "flaky"])]
    assert decided["rule"].notna().all()
    assert decided["evidence"].notna().all()
    for row in decided.itertuples():
        first = row.evidence.removeprefix(f"{row.phase}: ").split("\n")[0][:40]
        assert first in f"{row.message}\nExpected to fail, but passed."


@pytest.mark.parametrize("name", PLAYWRIGHT)
def test_a_disabled_button_is_a_timeout_with_its_locator_and_last_state(name: str) -> None:
    late = timeouts(classified(name))
    row = late[late["case_id"].str.contains("disabled button")].iloc[0]
    assert row["waited_for"] == "locator('#save')"
    assert row["last_state"] == "element is not enabled"
    assert row["retries"] > 3
    assert row["timeout_s"] == 7
    assert row["duration_s"] >= 6


@pytest.mark.parametrize("name", PLAYWRIGHT)
@pytest.mark.parametrize(
    ("title", "seconds"),
    [
        ("click with its own budget", 0.3),
        ("goto a slow page", 0.5),
        ("waitForURL", 0.3),
        ("request to a slow service", 0.3),
        ("expect.poll", 0.3),
        ("toPass", 0.3),
        ("a slow fixture with its own budget", 0.4),
        ("beforeEach waits for ever", 7.0),
        ("toBeVisible on a missing element", 0.8),
    ],
)
def test_the_budget_that_ran_out_is_read(name: str, title: str, seconds: float) -> None:
    assert row_of(name, title)["timeout_s"] == seconds


@pytest.mark.parametrize("name", PLAYWRIGHT)
def test_a_timeout_in_a_fixture_or_hook_names_it_and_its_phase(name: str) -> None:
    assert row_of(name, "a slow fixture")[["fixture", "phase"]].tolist() == ["slowStory", "setup"]
    assert row_of(name, "beforeEach waits")[["fixture", "phase"]].tolist() == [
        "beforeEach",
        "setup",
    ]
    assert row_of(name, "does not come to its end")["phase"] == "teardown"


@pytest.mark.parametrize("name", PLAYWRIGHT)
def test_limits_are_read_with_their_units(name: str) -> None:
    facts = ["measured", "comparator", "limit", "unit"]
    assert row_of(name, "latency in ms")[facts].tolist() == [1047, "<", 100, "ms"]
    assert row_of(name, "Page load < 2s")[facts].tolist() == [15400, "<", 2000, "ms"]
    assert row_of(name, "lower bound")[facts[:3]].tolist() == [62.5, ">=", 100]
    assert row_of(name, "custom message")[facts].tolist()[:1] != [420]  # another test's title
    assert row_of(name, "budget in words")[facts].tolist() == [15.4, "<", 2, "s"]
    assert row_of(name, "close to")[facts[:3]].tolist() == [5.6, "==", 5.1]


@pytest.mark.parametrize("name", PLAYWRIGHT)
def test_soft_assertions_keep_all_their_measurements(name: str) -> None:
    rows = all_measurements(classified(name))
    rows = rows[rows["case_id"].str.contains("soft, two numbers")]
    found = rows[["measured", "comparator", "limit"]].to_numpy().tolist()
    assert found == [[120, "<", 100], [7, ">", 9]]


@pytest.mark.parametrize("name", [n for n in FILES if n.startswith("pytest")])
def test_pytest_limits_are_read(name: str) -> None:
    facts = ["measured", "comparator", "limit", "unit"]
    assert row_of(name, "miss_le")[facts[:3]].tolist() == [312.4, "<=", 300]
    assert row_of(name, "miss_where")[facts].tolist() == [312.4, "<=", 300, "ms"]
    assert row_of(name, "with_message")[facts].tolist() == [612.7012, "<=", 400, "ms"]
    assert row_of(name, "miss_sum")[facts[:3]].tolist() == [6.75, "<", 5]
    assert row_of(name, "miss_approx")[facts[:3]].tolist() == [1.25, "==", 1.0]
    assert row_of(name, "miss_timedelta")[facts[:3]].tolist() == [3, "<", 2]
    assert row_of(name, "miss_in_words")[facts].tolist() == [420, "<=", 300, "ms"]


@pytest.mark.parametrize(
    "title",
    [
        "toBeVisible on a missing element",
        "toBeVisible on a hidden element",
        "toBeAttached",
        "strict mode on click",
        "click with its own budget",
        "connection refused",
        "assertion: toHaveTitle",
        "storage of a blank page",
    ],
)
def test_a_failure_stays_in_its_cluster_from_version_to_version(title: str) -> None:
    ids = set()
    for name in PLAYWRIGHT:
        rows = classified(name)
        ids |= set(cluster_ids(rows)[rows["title"].str.contains(title, regex=False)].dropna())
    assert len(ids) == 1
