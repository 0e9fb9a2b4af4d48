"""Tests that are called otherwise than before and are the same, one to one or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.readers.first_version_ids import new_ids


def run_of(path: Path, *titles: str, failed: str = "") -> fr.Run:
    cases = "".join(
        f'<testcase classname="tests.test_pond" name="{title}" time="1">'
        + ('<failure message="AssertionError: dry"/>' if title == failed else "")
        + "</testcase>"
        for title in titles
    )
    path.write_text(f'<testsuite name="pytest">{cases}</testsuite>', "utf-8")
    return fr.read_run(path)


DATES = ("test_tide[2026-11-28]", "test_tide[2026-11-29]")
UUIDS = tuple(f"test_fish[{c * 8}-1111-4111-8111-{c * 12}]" for c in "ab")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        DATES,
        UUIDS,
        ("test_boat[http://localhost:40123/]", "test_boat[http://localhost:51877/]"),
        ("test_net[1764324000]", "test_net[1764410400]"),
        ("test_log[2026-11-28T10:00:00Z-a]", "test_log[2026-11-29T11:30:12Z-a]"),
    ],
)
def test_what_differs_by_a_date_uuid_or_port_is_compared_as_the_same(
    tmp_path: Path, old: str, new: str
) -> None:
    before = run_of(tmp_path / "a.xml", "test_swims", old, failed=old)
    after = run_of(tmp_path / "b.xml", "test_swims", new)
    assert before.results["title"].tolist()[1] == old  # the id keeps it
    found = fr.compare(before, after)
    assert found.labels == {
        "tests/test_pond.py › test_swims": "still_passing",
        f"tests/test_pond.py › {new}": "fixed",
    }
    assert f"'tests/test_pond.py › {old}' is now 'tests/test_pond.py › {new}'" in found.verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (DATES[:1], DATES),  # which of the two is it?
        (DATES, ("test_tide[2026-11-30]", "test_tide[2026-12-01]")),
        (("test_pays[100]",), ("test_pays[200]",)),  # a number is the test's own
        (DATES[:1], ("test_ebb[2026-11-29]",)),
    ],
)
def test_ties_and_other_tests_are_not_joined(
    tmp_path: Path, old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    found = fr.compare(run_of(tmp_path / "a.xml", *old), run_of(tmp_path / "b.xml", *new))
    assert found.changed_ids == ()
    assert found.counts["arrived"] == len(set(new) - set(old))


def test_a_date_that_is_new_each_day_is_one_case_over_many_runs(tmp_path: Path) -> None:
    runs = [
        run_of(tmp_path / f"{day}.xml", f"test_tide[2026-11-{day}]", "test_swims")
        for day in (21, 22, 23, 24)
    ]
    found = fr.compare(runs[:2], runs[2:])
    assert found.counts["still_passing"] == 2
    assert found.changes["n_before"].tolist() == [2, 2]


CYPRESS = (
    '<testsuites name="Mocha Tests"><testsuite name="Root Suite" file="cypress/e2e/pond.cy.js"/>'
    '<testsuite name="pond"><testcase name="pond fills" classname="fills" time="1">'
    "{}</testcase></testsuite></testsuites>"
)
OLD, NEW = "pond › fills › pond fills", "cypress/e2e/pond.cy.js › pond › fills"


def test_a_known_issue_of_the_first_version_still_matches(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(CYPRESS.format(""), "utf-8")
    (tmp_path / "b.xml").write_text(CYPRESS.format('<failure message="dry"/>'), "utf-8")
    before, after = fr.read_run(tmp_path / "a.xml"), fr.read_run(tmp_path / "b.xml")
    assert after.results["case_id"].tolist() == [NEW]
    issue = {"owner": "kim", "reason": "leak", "expires": "2099-12-31", "case": OLD}
    found = fr.compare(before, after, known_issues=[issue])
    assert found.changes["standing"].tolist() == ["known_issue"]


def test_renames_of_the_first_version_still_name_their_cases(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(CYPRESS.format(""), "utf-8")
    (tmp_path / "b.xml").write_text(
        CYPRESS.format("").replace("fills", "is filled at noon"), "utf-8"
    )
    sides = [fr.read_run(tmp_path / name) for name in ("a.xml", "b.xml")]
    now = "pond › is filled at noon › pond is filled at noon"
    found = fr.compare(*sides, renames={OLD: now})
    assert found.counts["still_passing"] == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW),
        ("a.py › test_x[<P object at 0x7fb512284150>]", "a.py › test_x[<P object at …>]"),
        ("t.py › t.T-20261128195017 › t.T › test_ok", "t.py › t.T › test_ok"),
        ("src/a.test.ts › src/a.test.ts", "src/a.test.ts › collection"),
        ("a.js › Test suite failed to run › a.js", "a.js › collection"),
        ("test_pond/describe_fish.py › swims", "test_pond.py › describe_fish › swims"),
        ("../lib/site-packages/pytest_bdd/scenario.py › test_a", "test_bdd.py › test_a"),
    ],
)
def test_an_id_of_the_first_version_is_found_under_its_new_one(old: str, new: str) -> None:
    assert new_ids([old], [new, "other.py › test_b"]) == {old: new}


def test_an_old_id_that_may_be_two_tests_is_left_alone() -> None:
    two = [NEW, NEW.replace("pond.cy", "lake.cy")]
    assert new_ids([OLD], two) == {}
    assert new_ids([OLD, NEW], [NEW]) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a.spec.ts › order › is sent", "a.spec.ts › order › order is sent"),
        ("list › opens › list opens #2", "list.cy.js › list › opens #2"),
        ("a.spec.ts › order › is sent [desk] #3", "a.spec.ts › order › order is sent [desk] #3"),
    ],
)
def test_cut_titles_and_copies_of_the_first_version_are_known(old: str, new: str) -> None:
    assert new_ids([old], [new]) == {old: new}
    assert new_ids([old], [f"{new}4"]) == {}
