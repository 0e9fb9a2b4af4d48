"""What is remembered of a shape gives the same answers as asking each time."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports import signature
from fictures_reports.classify import texts
from fictures_reports.shapes import LONGEST, OFTEN, by_shape, shape
from tests.test_patterns import TEXTS, redigited

#: All functions that remember.
REMEMBERED = {
    "errors": texts._told_in,
    "said": texts.said_in,
    "frames": signature._without_frames,
    "words": signature._reworded,
}


def asked_often(function: Any, text: str) -> None:
    """Ask until the shape is known."""
    for digits in ("0", "1", "24", "987", "31")[: OFTEN + 1]:
        function(redigited(text, digits))


@pytest.mark.parametrize("name", REMEMBERED)
def test_every_failure_of_a_shape_gets_what_it_would_get_alone(name: str) -> None:
    function: Any = REMEMBERED[name]
    for text in TEXTS:
        asked_often(function, text)
        for digits in ("5", "4013", "200", "1234567890"):
            other = redigited(text, digits)
            assert function(other) == function.__wrapped__(other)


class Pair(NamedTuple):
    head: str
    tail: str | None


def counted(function: Any) -> tuple[Any, list[str]]:
    asked: list[str] = []

    def counting(text: str) -> Any:
        asked.append(text)
        return function(text)

    return by_shape(counting), asked


@given(st.lists(st.text(alphabet="0123456789ab: "), min_size=1, max_size=4), st.data())
def test_pieces_that_are_copied_added_and_left_out_come_out_right(pieces: Any, data: Any) -> None:
    def work(text: str) -> tuple[Pair, ...]:
        head, colon, tail = text.partition(":")
        return (Pair(f"<1> {tail}{head[1:]} 2", tail[::-1] if colon else None), Pair("7", ""))

    remembered = by_shape(work)
    text = ":".join(pieces)
    asked_often(remembered, text)
    other = redigited(text, data.draw(st.text(alphabet="0123456789", min_size=1)))
    assert remembered(other) == work(other)


def test_a_shape_met_often_is_not_asked_about_again() -> None:
    remembered, asked = counted(lambda text: text.removeprefix("took "))
    for number in range(100, 200):
        assert remembered(f"took {number} ms") == f"{number} ms"
    assert len(asked) < 20


def test_a_shape_met_once_is_asked_about_once() -> None:
    remembered, asked = counted(str.strip)
    for n in range(1, 50):
        remembered("x" * n)
    assert len(asked) == 49


def test_a_function_that_tells_digits_apart_is_always_asked() -> None:
    def work(text: str) -> str:
        return "late" if int(text) > 500 else text

    remembered = by_shape(work)
    assert [remembered(str(n)) for n in range(100, 1000)] == [
        work(str(n)) for n in range(100, 1000)
    ]


def test_a_text_with_more_digits_than_can_be_traced_is_asked_about() -> None:
    remembered, asked = counted(str.strip)
    for digit in "123456789":
        assert remembered(f" {digit * 1200} ") == digit * 1200
    assert [text for text in asked if text.strip("0 ")] == asked


def test_a_long_text_is_not_remembered() -> None:
    remembered, asked = counted(len)
    for _ in range(10):
        remembered("x" * (LONGEST + 1))
    assert len(asked) == 10


def test_only_digits_of_ascii_are_alike() -> None:
    assert shape("1٣４²") == "0٣４²"
    assert all(len(shape(text)) == len(text) for text in itertools.chain(TEXTS, ["é9", ""]))
