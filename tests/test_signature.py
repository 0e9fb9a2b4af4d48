"""Signatures and clusters: what differs goes, what says something stays, ids last."""

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.failures.clusters import cluster_ids, clusters
from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.signature import signature
from fictures_reports.schema import results_frame


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("story 17 not found", "story 18 not found"),
        ("at 2025-11-02T10:00:01Z", "at 2026-01-12T23:59:59Z"),
        ("id 1f966833-2252-491d-b768-0569db1058e0", "id 8c7e2f10-9d0e-4f64-b330-a533255b3613"),
        ("object at 0x7f1093ab", "object at 0x55d0c2ee"),
        ("commit 5f6378ca", "commit d9eb17c0"),
        ("http://127.0.0.1:4173/a?x=1 down", "http://localhost:80/b down"),
        ("open /srv/a/b.json", "open /tmp/pytest-of-x/c.json"),
        (r"open C:\a\b.json", r"open D:\work\c.json"),
        ("\x1b[31mred\x1b[39m", "red"),
        ("boom\n    at a.ts:1:2", "boom\n    at b.ts:9:9"),
    ],
)
def test_what_differs_from_run_to_run_is_taken_out(one: str, other: str) -> None:
    assert signature(one) == signature(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("status code 404", "status code 500"),
        ("assert 404 == 200\n + where 404 = <Response [404]>", "assert 500 == 200\n + where 500"),
        ("locator('#save')", "locator('#load')"),
        ("story 1 is not story 2", "story 1 is not story 1"),
        ("TypeError: x is null", "TypeError: y is null"),
    ],
)
def test_what_says_something_stays(one: str, other: str) -> None:
    assert signature(one) != signature(other)


def test_equal_values_stay_equal() -> None:
    assert signature("7 and 8 and 7") == "<n1> and <n2> and <n1>"


def test_both_wordings_of_a_web_first_assertion_have_one_signature() -> None:
    old = (
        "Error: Timed out 5000ms waiting for expect(locator).toBeVisible()\n\nLocator: locato"
        "r('#a')\n"
        "Expected: visible\nReceived: <element(s) not found>\nCall log:\n"
        "  - Expect \"toBeVisible\" with timeout 5000ms\n  - waiting for locator('#a')\n"
    )
    new = (
        "Error: expect(locator).toBeVisible() failed\n\nLocator: locator('#a')\nExpected: visible\n"
        "Timeout: 5000ms\nError: element(s) not found\n\nCall log:\n"
        "  - Expect \"toBeVisible\" with timeout 5000ms\n  - waiting for locator('#a')\n"
    )
    assert signature(old) == signature(new)


def test_a_plain_message_keeps_its_call_log() -> None:
    text = "Error: x\nCall log:\n  - waiting for locator('#a')\n\n> 3 | x\n    | ^\n"
    assert plain(text) == "Error: x\nCall log:\n  - waiting for locator('#a')"


def failures(*messages: str, cases: list[str] | None = None) -> pd.DataFrame:
    n = len(messages)
    return classify(
        results_frame(
            {
                "case_id": cases or [f"case {k}" for k in range(n)],
                "status": ["failed"] * n,
                "message": list(messages),
            }
        )
    )


def test_a_cluster_counts_results_and_cases_and_has_a_readable_name() -> None:
    rows = failures(
        "TypeError: story 7 is null",
        "TypeError: story 8 is null",
        "Error: page.goto: net::ERR_FAILED at http://a/1",
        cases=["a", "a", "b"],
    )
    table = clusters(rows)
    assert table[["n_results", "n_cases", "category"]].to_numpy().tolist() == [
        [2, 1, "code_error"],
        [1, 1, "network"],
    ]
    assert table["name"][0] == "TypeError: story … is null"


def test_ids_do_not_depend_on_what_else_failed() -> None:
    alone = clusters(failures("TypeError: story 7 is null"))["cluster"][0]
    among = failures("Error: x", "TypeError: story 9 is null", "Error: y")
    assert cluster_ids(among)[1] == alone


def test_near_equal_texts_of_one_case_are_one_cluster() -> None:
    text = "the story list of the studio should show {} chapters of the first story but shows none"
    rows = failures(text.format("all"), text.format("five"), cases=["a", "a"])
    assert len(set(cluster_ids(rows))) == 1


def test_other_locators_are_other_clusters() -> None:
    text = (
        "Error: expect(locator).toBeVisible() failed\n\nLocator: locator('{}')\n"
        "Expected: visible\nTimeout: 5000ms\nError: element(s) not found"
    )
    rows = failures(text.format("#save"), text.format("#load"))
    assert len(set(cluster_ids(rows))) == 2


def test_near_equal_texts_join_the_cluster_that_was_known() -> None:
    text = "Error: head\nthe story list of the studio should show {} chapters of the first story"
    known = clusters(failures(text.format("all")))
    later = failures(text.format("five"), text.format("some"))
    assert set(cluster_ids(later, known)) == set(known["cluster"])


def test_rows_without_a_failure_have_no_cluster() -> None:
    rows = classify(results_frame({"case_id": ["a"], "status": ["passed"]}))
    assert cluster_ids(rows).isna().all()
    assert clusters(rows).empty
