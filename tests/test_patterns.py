"""Asking for words first never changes what a pattern finds."""

from __future__ import annotations

import importlib
import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.classification import default_rules
from fictures_reports.patterns import (
    Pattern,
    Patterns,
    ascii_re,
    of_any_digit,
    tells_digits_apart,
)
from fictures_reports.shapes import shape

MODULES = (
    "failures.signature", "failures.measurements", "failures.timeouts", "failures.message_parts",
    "classification.facts",
)  # fmt: skip
ANYTHING = "\0"


def patterns_in(value: object) -> list[Pattern]:
    if isinstance(value, Pattern):
        return [value]
    many = isinstance(value, tuple | Patterns)
    return [p for one in value for p in patterns_in(one)] if many else []


PATTERNS = {
    f"{module}.{name}[{n}]": pattern
    for module in MODULES
    for name, value in vars(importlib.import_module(f"fictures_reports.{module}")).items()
    for n, pattern in enumerate(patterns_in(value))
}


def shapes(parsed: Any, pattern: Pattern) -> set[str]:
    """List what matches without one of the words look like, `ANYTHING` for what may be anything."""
    whole = {""}
    for kind, value in parsed:
        behind = pieces(str(kind), value, pattern)
        joined = (a + b for a, b in itertools.product(whole, behind))
        told = (re.sub(f"{ANYTHING}+", ANYTHING, one) for one in joined)
        whole = {one for one in told if not any(word in one for word in pattern.words)}
        assert len(whole) < 5_000
    return whole


def pieces(kind: str, value: Any, pattern: Pattern) -> set[str]:
    if kind == "LITERAL":
        return {chr(value).lower() if pattern.folded else chr(value)}
    if kind == "AT":
        return {""}
    if kind == "SUBPATTERN":
        return shapes(value[-1], pattern)
    if kind == "BRANCH":
        return set().union(*(shapes(branch, pattern) for branch in value[1]))
    if kind == "IN" and all(str(k) == "LITERAL" for k, _ in value):
        letters = {chr(v).lower() if pattern.folded else chr(v) for _, v in value}
        return letters if len(letters) == 1 or letters <= {*pattern.words} else {ANYTHING}
    if kind in ("MAX_REPEAT", "MIN_REPEAT"):
        least, most, body = value
        inner = shapes(body, pattern) if least or most == 1 else {ANYTHING}
        more = "" if most == 1 else ANYTHING
        return ({""} if not least else set()) | {shape + more for shape in inner}
    return {ANYTHING}


def test_patterns_with_words_are_found() -> None:
    assert len([p for p in PATTERNS.values() if p.words]) > 50


@pytest.mark.parametrize("name", [n for n, p in PATTERNS.items() if p.words])
def test_one_of_the_words_stands_in_everything_that_a_pattern_matches(name: str) -> None:
    pattern = PATTERNS[name]
    parser: Any = importlib.import_module("re._parser")
    assert not shapes(parser.parse(pattern.pattern.replace(r"\z", r"\Z")), pattern)


@pytest.mark.parametrize("name", [n for n, p in PATTERNS.items() if p.words and not p.folded])
def test_what_any_case_matches_is_asked_for_in_any_case(name: str) -> None:
    assert "(?i" not in PATTERNS[name].pattern


@given(st.text(alphabet="aſsKk1é\n "))
def test_spans_are_the_same_in_bytes_and_in_characters(text: str) -> None:
    pattern = Pattern(r"(?i)^[sk]+(\d*)$", "s", "k", folded=True)
    expected = re.search(r"(?im)^[sk]+([0-9]*)$", text)
    found = pattern.search(text)
    assert (found and (found.start(), found.end(), found[1])) == (
        expected and (expected.start(), expected.end(), expected[1])
    )


#: Texts in which our patterns find something, with digits of every kind.
TEXTS = [
    example["message"]
    for rule in default_rules()
    for example in rule.examples
    if "message" in example
]


def redigited(text: str, digits: str) -> str:
    """Put other digits into a text."""
    others = itertools.cycle(digits)
    return re.sub("[0-9]", lambda _: next(others), text)


@pytest.mark.parametrize("name", [n for n, p in PATTERNS.items() if p.by_shape])
def test_what_goes_by_the_shape_is_found_at_the_same_places_whatever_the_digits(name: str) -> None:
    pattern = PATTERNS[name]
    for text, digits in itertools.product(TEXTS, ("0", "9", "1234567890", "40", "7")):
        other = redigited(text, digits)
        assert pattern._first(other) == pattern._first(shape(text))
        assert pattern._all(other) == pattern._all(shape(text))


@pytest.mark.parametrize(
    ("pattern", "like", "apart"),
    [
        (r"\d+ ms", r"\d+ ms", False),
        (r"[0-9a-f]{8}-[^0-9]{2,}", r"[0-9a-f]{8}-[^0-9]{2,}", False),
        (r"(?P<n1>x)", r"(?P<n1>x)", False),
        (r"status 5\d\d", r"status 0\d\d", True),
        (r"[1-5]\d\d", r"[0-0]\d\d", True),
        (r"0x[0-9]+", r"0x[0-9]+", True),
        (r"pages 0-9", r"pages 0-0", True),
        (r"[]1]", r"[]0]", True),
        (r"a{3}b{2,}3", r"a{3}b{2,}0", True),
        ("m²", "m²", False),
        ("[①٣]", "[①٣]", False),
        ("code {,3}", "code {,0}", True),
        (r"[^5]", None, True),
        (r"\x31", None, True),
        (r"[\x30-\x35]", None, True),
    ],
)
def test_a_pattern_that_names_digits_is_not_asked_about_the_shape_alone(
    pattern: str, like: str | None, apart: bool
) -> None:
    assert of_any_digit(pattern) == like
    assert tells_digits_apart(pattern) == apart
    assert Pattern(pattern).by_shape == (not apart)


@given(st.text(alphabet="0159x-ab ]{}3"))
def test_what_a_pattern_matches_has_a_shape_that_its_likeness_matches(text: str) -> None:
    for pattern in (r"[1-5]\d", r"0x[0-9a-f]+", r"a{3}5", r"[]59]x", r"9-[0-9]", r"\b1[^x]5"):
        like = of_any_digit(pattern)
        assert like is not None
        assert not ascii_re(pattern).search(text) or ascii_re(like).search(shape(text))


@given(st.text(alphabet="tTimeout :09was", max_size=40))
def test_patterns_that_are_not_worth_a_try_do_not_match(text: str) -> None:
    several = Patterns(
        Pattern(r"(?i)time ?out", "time", folded=True),
        Pattern(r"was: (\d+)", "was: "),
        Pattern(r"\d:\d"),
        Pattern(r"out9", "out9"),
    )
    worth = several.worth(text)
    assert [p for p in several if p.search(text)] == [p for p in worth if p.search(text)]


def test_a_text_without_any_of_the_words_leaves_nothing_to_try() -> None:
    timed = Pattern(r"time ?out", "time")
    assert list(Patterns(timed, Pattern(r"1 of", "1 of")).worth("ran out of time")) == [timed]
