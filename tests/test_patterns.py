"""Asking for words first never changes what a pattern finds."""

from __future__ import annotations

import importlib
import itertools
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.patterns import Pattern, Patterns

MODULES = (
    "failures.plain_text", "failures.signature", "failures.message_parts", "failures.timeouts",
    "failures.quantities", "failures.compared_limits", "failures.limits_in_words",
    "classification.facts", "classification.skip_reasons",
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
    # as Python's parser writes what is RE2's own
    text = re.sub(r"\\x\{([0-9a-f]+)\}", lambda m: f"\\u{m[1]:0>4}", pattern.pattern)
    assert not shapes(parser.parse(text.replace(r"\z", r"\Z")), pattern)


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


@given(st.text(alphabet="tTimeout :09was", max_size=40))
def test_patterns_that_are_not_worth_a_try_do_not_match(text: str) -> None:
    several = Patterns(
        Pattern(r"(?i)time ?out", "time", folded=True),
        Pattern(r"was: (\d+)", "was: "),
        Pattern(r"\d:\d"),
        Pattern(r"out9", "out9"),
    )
    worth = several.that_may_match(text)
    assert [p for p in several if p.search(text)] == [p for p in worth if p.search(text)]


def test_a_text_without_any_of_the_words_leaves_nothing_to_try() -> None:
    timed = Pattern(r"time ?out", "time")
    assert Patterns(timed, Pattern(r"1 of", "1 of")).that_may_match("ran out of time") == [timed]


def test_splitting_looks_at_as_many_matches_as_it_is_given() -> None:
    comma = Pattern(",")
    assert comma.split("a,b,c") == ["a", "b", "c"]
    assert comma.split("a,b,c", 1) == ["a", "b,c"]
    assert comma.without("a,b,c") == "abc"
    assert Pattern(r"(\w),").sub(lambda found: f"<{found[1]}>", "a,é,c") == "<a>é,c"


@pytest.mark.parametrize("text", ["\ud800 17", "é\ud800 17", "17"])
def test_a_lone_surrogate_is_read_past_and_moves_no_span(text: str) -> None:
    found = Pattern(r"\d+").search(text)
    assert found is not None
    assert text[found.start() : found.end()] == "17"
