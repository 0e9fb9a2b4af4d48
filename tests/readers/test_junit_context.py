"""Context that stands beside a JUnit suite instead of around it is part of its cases' identity."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr

PASSED = '<testcase classname="opens" name="list opens" time="1"/>'
FAILED = (
    '<testcase classname="opens" name="list opens" time="1">'
    '<failure message="expected 1 to equal 2" type="AssertionError"/></testcase>'
)
ORDERS, RETURNS = "cypress/e2e/orders.cy.js", "cypress/e2e/returns.cy.js"


def spec(root: str, case: str) -> str:
    """Write a spec file's suites: its root, then the describe."""
    return f'<testsuite {root}/>\n<testsuite name="list" tests="1">{case}</testsuite>\n'


def whole(*specs: str, root: str = '<testsuites name="Mocha Tests">') -> str:
    return f"{root}{''.join(specs)}</{root[1:].partition(' ')[0].rstrip('>')}>"


@pytest.mark.parametrize(
    "root",
    [
        'name="Root Suite" tests="0" file="{}"',
        'name="All specs" tests="0" file="{}"',
        'name="" tests="0" filepath="{}"',
    ],
)
@pytest.mark.parametrize(
    "around", ['<testsuites name="Mocha Tests">', "<testsuites>", '<testsuite name="e2e">']
)
def test_the_root_suite_names_the_file_of_the_suites_after_it(
    written: Callable[..., Path], root: str, around: str
) -> None:
    first, second = (spec(root.format(f), c) for f, c in ((ORDERS, PASSED), (RETURNS, FAILED)))
    one = fr.read_run(written(whole(first, second, root=around), "a.xml"))
    assert one.results["file"].tolist() == [ORDERS, RETURNS]
    other = fr.read_run(written(whole(second, first, root=around), "b.xml"))
    changes = fr.compare(one, other).changes
    assert sorted(changes["change"]) == ["still_failing", "still_passing"]


def files_of(run: Any) -> dict[str, str]:
    return dict(zip(run.results["title"], run.results["file"], strict=True))


def test_a_root_suite_with_tests_of_its_own_names_the_file_of_the_others_too(
    written: Callable[..., Path],
) -> None:
    text = whole(
        '<testsuite name="Root Suite" file="a.cy.js"><testcase name="top"/></testsuite>'
        '<testsuite name="list"><testcase name="inner"/></testsuite>'
    )
    assert files_of(fr.read_run(written(text, "a.xml"))) == {"top": "a.cy.js", "inner": "a.cy.js"}


def test_a_suite_with_tests_and_a_file_says_nothing_of_the_next(
    written: Callable[..., Path],
) -> None:
    text = whole(
        '<testsuite name="Root Suite"/>'
        '<testsuite name="one" file="a.cy.js"><testcase name="first"/></testsuite>'
        '<testsuite name="two"><testcase name="second"/></testsuite>'
    )
    assert files_of(fr.read_run(written(text, "a.xml"))) == {"first": "a.cy.js", "second": ""}


def test_a_root_suite_without_a_file_ends_the_file_before_it(
    written: Callable[..., Path],
) -> None:
    text = whole(
        spec('name="Root Suite" file="a.cy.js"', PASSED), spec('name="Root Suite"', FAILED)
    )
    assert fr.read_run(written(text, "a.xml")).results["file"].tolist() == ["a.cy.js", ""]


def test_a_package_beside_a_suite_tells_cases_of_one_name_apart(
    written: Callable[..., Path],
) -> None:
    parts = [spec(f'name="head" package="shop.{p}"', PASSED) for p in ("orders", "returns")]
    results = fr.read_run(written(whole(*parts), "a.xml")).results
    assert results["case_id"].tolist() == [
        "shop.orders › list › opens", "shop.returns › list › opens",
    ]  # fmt: skip


def test_the_file_of_a_suite_may_be_one_of_its_properties(written: Callable[..., Path]) -> None:
    suites = [
        f'<testsuite name="list"><properties><property name="specId" value="0"/><property'
        f' name="file" value="file:///ci/test/{name}.e2e.ts"/></properties>'
        '<testcase name="opens"/></testsuite>'
        for name in ("orders", "returns")
    ]
    results = fr.read_run(written(whole(*suites, root="<testsuites>"), "a.xml")).results
    assert results["file"].tolist() == ["/ci/test/orders.e2e.ts", "/ci/test/returns.e2e.ts"]


def test_a_title_that_repeats_those_around_it_says_them_once(written: Callable[..., Path]) -> None:
    text = whole(
        '<testsuite name="Root Suite" file="a.cy.js"/><testsuite name="inner">'
        '<testcase name="outer inner opens" classname="opens"/></testsuite>'
    )
    results = fr.read_run(written(text, "a.xml")).results
    assert results["case_id"].tolist() == ["a.cy.js › outer › inner › opens"]
