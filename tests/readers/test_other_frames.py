"""Failures of other languages point into the user's own code, not into a package's."""

from __future__ import annotations

from typing import Any

import pytest

import fictures_reports as fr
from fictures_reports.readers.text.other_frames import place_in

from .conftest import junit

JAVA = (
    "java.lang.AssertionError: dry\n\tat org.junit.Assert.fail(Assert.java:89)\n"
    "\tat app//org.assertj.core.api.Fail.fail(Fail.java:4)\n"
    "\tat com.shop.CartTest.sum(CartTest.java:9)\n"
    "\tat java.base/java.lang.reflect.Method.invoke(Method.java:566)"
)


@pytest.mark.parametrize(
    ("stack", "place"),
    [
        (JAVA, "CartTest.java:9"),
        ("at app//com.shop.CartTest.sum(CartTest.kt:12)", "CartTest.kt:12"),
        (
            (
                "   at Xunit.Assert.Equal(Object a) in /_/src/xunit.assert/Equality.cs:line 40\n"
                "   at Shop.CartTests.Sum() in C:\\app\\CartTests.cs:line 12"
            ),
            "C:/app/CartTests.cs:12",
        ),
        (
            "Failed\n\n/srv/app/vendor/phpunit/Assert.php:10\n/srv/app/tests/CartTest.php:12",
            "/srv/app/tests/CartTest.php:12",
        ),
        (
            "/usr/local/bundle/gems/rspec-3.1/lib/x.rb:3:in `y'\n./spec/cart_spec.rb:12:in `block'",
            "spec/cart_spec.rb:12",
        ),
        (
            (
                "testing.tRunner()\n\t/usr/local/go/src/testing/testing.go:1631 +0x3f\nLoad()\n"
                "\t/srv/app/load.go:31"
            ),
            "/srv/app/load.go:31",
        ),
        ("at org.junit.Assert.fail(Assert.java:89)", None),
        ("the pond is dry", None),
    ],
)
def test_the_innermost_frame_of_the_users_own_is_the_place(stack: str, place: str | None) -> None:
    assert place_in(stack) == place


def test_a_junit_file_of_java_gives_the_place(written: Any) -> None:
    case = (
        f'<testcase classname="com.shop.CartTest" name="sum"><failure>{JAVA}</failure></testcase>'
    )
    assert fr.read_run(written(junit(case, "name='s'", ""), "TEST-shop.xml")).results[
        "location"
    ].tolist() == ["CartTest.java:9"]


def test_webpacks_paths_are_those_of_the_sources(written: Any) -> None:
    stack = (
        "Error: dry\n    at fill (webpack://shop/./node_modules/got/index.js:4:2)\n"
        "    at Context.eval (webpack://shop/./cypress/e2e/pond.cy.ts:12:9)"
    )
    case = f'<testcase classname="fills" name="pond fills"><failure>{stack}</failure></testcase>'
    frame = fr.read_run(written(junit(case, "name='s'", ""), "cypress.xml")).results
    assert frame["location"].tolist() == ["cypress/e2e/pond.cy.ts:12:9"]
