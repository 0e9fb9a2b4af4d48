"""Each format of a genuine run tells of the same cases and statuses, but for what it cannot tell.

A suite that is run twice without a change compares as unchanged, from every format.
docs/how-it-works.md lists for people what stands in the tables here.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import fictures_reports as fr

from .conftest import PACKED, run_in

#: Of each suite the format that tells most.
RICHEST = {"playwright": "json", "pytest": "reportlog", "python": "reportlog", "jest": "json",
           "vitest": "json"}  # fmt: skip
#: Formats that do not name the file of a test, or name it from another folder: other ids.
OTHER_IDS = {
    ("jest", "ctrf"), ("jest", "junit"), ("vitest", "junit"), ("python_unittest", "xmlrunner"),
}  # fmt: skip
#: Suites whose formats name the variant by another file or folder, or not at all.
OTHER_VARIANTS = {("playwright_environments", "blob"), ("playwright_environments", "json-merged")}
#: Errors of collection stand in no file of a test.
NO_COLLECTION = {"allure", "ctrf"}
#: What a format says instead of a status: (format, status in the richest): status.
SAID_AS = {
    ("allure", "not_run"): "skipped",
    ("allure", "xpassed"): "passed",
    ("ctrf", "not_run"): "skipped", ("ctrf", "xpassed"): "passed",
    ("junit", "flaky"): "passed", ("junit-xunit1", "xpassed"): "passed",
    ("junit-xunit2", "xpassed"): "passed",
}  # fmt: skip
#: A retry that each format tells: it is in a file of its own.
IN_A_FILE = ("playwright_last_failed", "fails in the first go only")
#: Tests of which a format says less, or something else.
SAID_OTHERWISE = {
    ("allure", "fails as expected"): "passed",
    ("json-report", "test_fails_and_is_then_skipped"): "skipped",
    ("json-report", "test_numbers"): "passed",
    ("json-report", "test_subtests"): "passed",
    **{(form, "test_subtest_is_skipped"): "skipped"
       for form in ("allure", "ctrf", "junit-xunit1", "junit-xunit2")},
}  # fmt: skip
UNCHANGED = {"still_passing", "still_failing", "still_skipped", "still_declared"}


def statuses(folder: Path) -> pd.DataFrame:
    return run_in(folder).results.set_index("case_id")[["status", "title"]]


@pytest.mark.parametrize("suite", sorted(path.name for path in PACKED.iterdir()))
def test_every_format_of_a_run_tells_of_the_same_cases_and_statuses(
    genuine: Path, suite: str
) -> None:
    run = genuine / suite / "run1"
    richest = RICHEST[suite.partition("_")[0]]
    told = statuses(run / richest)
    for folder in sorted(run.iterdir()):
        form = folder.name
        if {(suite, form)} & (OTHER_IDS | OTHER_VARIANTS):
            continue
        own = statuses(folder)
        there = told[~(told["title"].eq("collection") & (form in NO_COLLECTION))]
        assert sorted(own.index) == sorted(there.index), form
        for case, (status, title) in there.iterrows():
            said = SAID_OTHERWISE.get((form, title), SAID_AS.get((form, status), status))
            said = status if (suite, title) == IN_A_FILE else said
            assert own.loc[case, "status"] == said, (form, case)


@pytest.mark.parametrize("suite", sorted(path.name for path in PACKED.iterdir()))
def test_a_suite_run_twice_is_unchanged_from_each_of_its_formats(genuine: Path, suite: str) -> None:
    folders = sorted(path for path in (genuine / suite / "run1").iterdir() if path.is_dir())
    assert folders
    for before in folders:
        after = genuine / suite / "run2" / before.name
        comparison = fr.compare(run_in(before), fr.read_run(after))
        changes = comparison.changes
        odd = changes.loc[~changes["change"].isin(UNCHANGED), ["case_id", "change"]]
        assert odd.to_numpy().tolist() == [], before.name
        assert comparison.moved is None
        assert comparison.missing_variants == {}
