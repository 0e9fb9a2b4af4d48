"""An answer by recipe is word for word the answer that asking all rules gives."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fictures_reports.classification import Rule, default_rules, recipes
from fictures_reports.classification.failure_answer import Cause, failure_answer
from fictures_reports.classification.recipes import MOST, OFTEN, Recipe, Recipes
from fictures_reports.classification.rule_index import Book, books_for
from fictures_reports.classification.rules import Condition
from fictures_reports.failures.message_parts import Told
from tests.test_patterns import redigited

#: Rules of a user, most of which tell digits apart.
OWN = (
    Rule("odd", "network", r"4[0-9]4 of"),
    Rule("by-title", "auth", r"40[13]", where="title"),
    Rule(
        "but-not-nine", "script_error", r"assert [1-4]", unless=(Condition("title", "9"),),
        standing="fallback",
    ),
    Rule("escaped", "timeout", r"\x33\d+ms", where="said"),
    Rule("and-in-code", "assertion", r"^Value", also=(Condition("code", "[5-9]$"),)),
)  # fmt: skip
BOOKS = (books_for(None).failures, books_for(OWN).failures)

IN_CHAIN = "During handling of the above exception, another exception occurred:"
MESSAGES = (
    "AssertionError: assert 12 < 11\n +  where 12 = f()",
    "assert 12 < 11\n +  where 12 = elapsed_ms()",
    "assert 404 == 200\n +  where 404 = <Response [404]>.status_code",
    "Error: expect(received).toBeLessThan(expected)\n\nExpected: < 500\nReceived:   503",
    "Expected: < 100\nReceived: 104\n\nExpected: < 100\nReceived: 104",
    "Expected: >= 1\nReceived: 0",
    "assert 0.5 <= 0.0",
    "assert 5e300 < 1e999",
    "assert datetime.timedelta(seconds=31) < datetime.timedelta(seconds=30)",
    "saving is slow: 612.70ms (max: 400ms)\nassert 612.7012 <= 400",
    "P95 420 ms exceeds budget of 300 ms",
    "took 31 %, expected at most 20 %",
    "expected 5 to be close to 6",
    "Test timeout of 3000ms exceeded.\n\nError: locator.click: Test ended.\n  - waiting for #row-7",
    "TimeoutError: page.goto: Timeout 3000ms exceeded.",
    "Error: page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:8080/page-3",
    "500 Server Error: for url: http://story/17, cURL error 28",
    'Tearing down "story_3" exceeded the test timeout of 3000ms.',
    f"ValueError: 404 of 3\n\n{IN_CHAIN}\n\nRuntimeError: status code 503",
    "ValueError: bad 12 at 12:34:56, 0x1f, 1f2e, 10.0.0.1, 2024-01-02 and /srv/a1/b2.txt",
    "\x1b[31mValueError: bad 12\x1b[39m",
    "[31mValueError: bad 12[39m",
    "[2mValueError: bad 12",
    "ValueError: zero\0byte 12",
    "ValueError: lone \ud800 12",
    "Failed",
    "",
    "ValueError: long 12 " + "word " * 900,
)  # fmt: skip
TITLES = ("", "case 7", "Page load < 2s", "answers 403 in 300 ms", "page 9")
STACK = (
    "def f():\n    x = {n} * 0.5\n> 12 |     assert x < 17\nE   assert {n} < 17\n\na.py:12: Error"
)
STACKS = (
    "",
    STACK.format(n=12),
    f"E   ValueError: 404 of 12\n\n{IN_CHAIN}\n\n> call(17)\nE   RuntimeError: status code 503",
)


@st.composite
def tolds(draw: Any) -> Told:
    return Told(
        message=draw(st.sampled_from(MESSAGES)),
        error_type=draw(st.sampled_from(["", "Error42"])),
        phase=draw(st.sampled_from(["", "setup", "teardown"])),
        location=draw(st.sampled_from(["", "a.py:12"])),
        stack=draw(st.sampled_from(STACKS)),
        snippet=draw(
            st.sampled_from(["", "> 3 | expect(elapsedMs < 12)", "  3 | x\n> 4 | y == 5"])
        ),
    )


CAUSES = st.builds(
    Cause,
    st.lists(tolds(), min_size=1, max_size=2).map(tuple),
    st.sampled_from(TITLES),
)
#: Few digits make equal values and turning points likely.
NUMBERS = ("0", "1", "3", "9", "10", "11", "12", "200", "404", "503", "401", "500", "300", "3000")


def varied(cause: Cause, rng: random.Random) -> Cause:
    """Put other digits into all texts of a cause."""

    def number(found: re.Match[str]) -> str:
        alike = [n for n in NUMBERS if len(n) == len(found[0])]
        if alike and rng.random() < 0.7:
            return rng.choice(alike)
        return "".join(rng.choices("0123456789", k=len(found[0])))

    def other(text: str) -> str:
        return re.sub("[0-9]+", number, text)

    errors = tuple(Told(*map(other, told)) for told in cause.errors)
    return Cause(errors, other(cause.title))


def told(answer: dict[str, Any]) -> dict[str, str]:
    """Minus zero is not zero, and what is no number equals itself."""
    return {name: repr(value) for name, value in answer.items() if value is not None}


def by_recipe(found: Recipes, cause: Cause, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Tell whether no rule is asked about a cause."""
    asked: list[Cause] = []

    def asking(cause: Cause, book: Book) -> dict[str, Any]:
        asked.append(cause)
        return failure_answer(cause, book)

    with monkeypatch.context() as patched:
        patched.setattr(recipes, "failure_answer", asking)
        found.answer(cause)
    return not asked


@settings(deadline=None, max_examples=60)
@given(st.lists(CAUSES, min_size=1, max_size=3), st.sampled_from(BOOKS), st.randoms())
def test_failures_of_a_few_shapes_are_answered_as_each_would_be_alone(
    causes: list[Cause], book: Book, rng: random.Random
) -> None:
    found = Recipes(book)
    for n in range(6 * OFTEN):
        cause = varied(causes[n % len(causes)], rng)
        assert told(found.answer(cause)) == told(failure_answer(cause, book))


@pytest.mark.parametrize("book", BOOKS)
def test_examples_of_all_rules_with_other_digits_are_answered_as_alone(book: Book) -> None:
    found = Recipes(book)
    for rule in default_rules():
        for example in rule.examples:
            for digits in ("7", "13", "404", "1234567890", "503", "20", "40132", "9"):
                message = redigited(example.get("message", ""), digits)
                cause = Cause((Told(message, phase=example.get("phase", "")),), "page 12")
                assert told(found.answer(cause)) == told(failure_answer(cause, book))


def of_number(number: int, text: str = "AssertionError: assert {n} < 7") -> Cause:
    return Cause((Told(text.format(n=number), stack=STACK.format(n=f"0.{number}{number}")),))


def test_a_shape_met_often_is_not_asked_about_again(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Recipes(BOOKS[0])
    asked = [not by_recipe(found, of_number(number), monkeypatch) for number in range(100, 200)]
    assert sum(asked) == OFTEN


@pytest.mark.parametrize("message", [m for m in MESSAGES if "\0" not in m and len(m) < 4_000])
def test_a_failure_met_often_has_a_recipe(message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = Recipes(BOOKS[0])
    cause = Cause((Told(message, stack=STACKS[1]),), "Page load < 2s")
    for _ in range(3 * OFTEN):
        found.answer(cause)
    assert by_recipe(found, cause, monkeypatch) == (not message.startswith("[2m"))


def test_long_stacks_and_titles_that_no_rule_looks_at_need_not_be_alike(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = Recipes(BOOKS[0])
    words = ["one", "another", "third", "and so on"] * 5
    causes = [
        Cause((Told("Error: expected 1, not 2", stack=f"in {w}:\n    at {w}"),), w) for w in words
    ]
    assert sum(not by_recipe(found, cause, monkeypatch) for cause in causes) == OFTEN


def answered_often(causes: list[Cause]) -> dict[str, Any]:
    """Return the answer about the last cause where the first have made the recipe."""
    found = Recipes(BOOKS[0])
    for cause in causes:
        for _ in range(2 * OFTEN):
            answer = found.answer(cause)
    assert told(answer) == told(failure_answer(causes[-1], BOOKS[0]))
    return answer


def test_a_title_that_names_the_unit_is_heard_though_others_of_the_shape_name_none() -> None:
    titles = ("loads", "loads in 7 steps", "loads in 7 s")
    message = "AssertionError: assert 12 < 7"
    answer = answered_often([Cause((Told(message),), title) for title in titles])
    assert answer["unit"] == "s"


def test_a_unit_is_that_of_an_equal_number_only() -> None:
    message = "AssertionError: assert 12 < 7\n +  took {n} px"
    answer = answered_often([of_number(number, message) for number in (13, 12)])
    assert answer["unit"] == "px"
    answer = answered_often([of_number(number, message) for number in (12, 13)])
    assert answer["unit"] is None


def test_one_of_two_comparisons_decides_by_its_numbers() -> None:
    message = "AssertionError: assert {n} < 500\nassert 112 < 111"
    answer = answered_often([of_number(number, message) for number in (733, 503)])
    assert answer["measured"] == 112


def test_a_cause_that_only_the_stack_tells_is_heard() -> None:
    root = f"ConnectionRefusedError: [Errno 111]\n\n{IN_CHAIN}\n\nValueError: bad 1"
    causes = [Cause((Told("ValueError: bad 1", stack=stack),)) for stack in ("", STACK, root)]
    assert answered_often(causes)["category"] == "network"


def test_a_status_is_no_budget_where_a_cause_missed_one() -> None:
    message = f"AssertionError: assert 112 < 111\n{IN_CHAIN}\nAssertionError: assert {{n}} < 500"
    answer = answered_often([of_number(number, message) for number in (733, 503)])
    assert answer["measured"] == 112
    answer = answered_often([of_number(number, message) for number in (503, 733)])
    assert answer["measured"] == 733


def test_a_second_error_has_the_source_line_of_the_snippet() -> None:
    message = "ValueError: bad 1\n\nError: expect(received).toBeLessThan(expected)\n\n{n}"
    book = Book([Rule("x", "assertion", "Bytes", where="code")])
    found = Recipes(book)
    for n in range(30):
        error = Told(message.format(n=n), stack="> 3 | one()", snippet="> 4 | sizeInBytes(2)")
        cause = Cause((error,))
        assert told(found.answer(cause)) == told(failure_answer(cause, book))
        assert found.answer(cause)["rule"] == "x"


def test_a_shape_whose_digits_decide_has_a_recipe_for_each_of_a_few_verdicts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    book = Book([Rule("a", "auth", "code 401"), Rule("n", "network", "code 5")])
    found = Recipes(book)
    codes = [401, 503, 200, 504] * (OFTEN * 3)
    for code in codes:
        cause = of_number(code, "Error: code {n}")
        assert told(found.answer(cause)) == told(failure_answer(cause, book))
    assert all(by_recipe(found, of_number(c, "Error: code {n}"), monkeypatch) for c in codes)


def test_what_is_remembered_stays_within_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "MOST", 8)
    monkeypatch.setattr(recipes, "_MOST_COUNTED", 20)
    found = Recipes(Book([Rule("x", "assertion", "x")]))
    for n in range(1, 60):
        for _ in range(OFTEN):
            found.answer(Cause((Told("x" * n),)))
        assert len(found._known) <= 8
        assert len(found._n_met) <= 20
    assert MOST > 8


def test_signatures_of_a_recipe_stay_within_bounds() -> None:
    found = Recipes(BOOKS[0])
    rng = random.Random(1)
    for _ in range(400):
        numbers = " ".join(rng.choices("1234", k=9))
        cause = Cause((Told(f"ValueError: not sorted: {numbers}"),))
        assert told(found.answer(cause)) == told(failure_answer(cause, BOOKS[0]))
    (kept,) = found._known.values()
    assert isinstance(kept, tuple)
    (recipe,) = kept
    assert isinstance(recipe, Recipe)
    assert len(recipe._signatures) == recipes._MOST_SIGNATURES
