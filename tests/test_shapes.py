"""What is taken out of a text by its shape is what the function would make of that text."""

from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.shapes import NotAlike, filled, of_shape, shape, taker, traced
from tests.test_patterns import TEXTS, redigited

DIGITS = st.text(alphabet="0123456789", min_size=1)


class Pair(NamedTuple):
    head: str
    tail: str | None


@given(st.lists(st.text(alphabet="0123456789ab: é"), min_size=1, max_size=4), DIGITS)
def test_pieces_that_are_copied_added_and_left_out_come_out_right(
    pieces: list[str], digits: str
) -> None:
    def work(text: str) -> tuple[Any, ...]:
        head, colon, tail = text.partition(":")
        return (
            Pair(f"<1> {tail}{head[1:]} 2", tail[::-1] if colon else None),
            len(head),
            (),
            Pair("7", ""),
        )

    text = ":".join(pieces)
    found = traced(work, shape(text))
    for other in (text, redigited(text, digits)):
        assert filled(found, other) == work(other)


@given(st.text(alphabet="0123ab ", max_size=20), DIGITS)
def test_answers_taken_at_once_are_those_taken_one_by_one(text: str, digits: str) -> None:
    def words(text: str) -> tuple[str, ...]:
        return (*text.split("a"), text[:3] + text[5:])

    other = redigited(text, digits)
    for n in (0, 1, 2, None):
        nodes = traced(words, shape(text)).parts[:n]
        assert tuple(taker(nodes)(other)) == words(other)[:n]


@pytest.mark.parametrize(
    "apart",
    [
        lambda text: "late" if text > "waited 500" else "in time",
        lambda text: text if text > "waited 500" else None,
        lambda text: len(text.rstrip("0")),
        lambda text: text.rstrip("0"),
        lambda text: tuple(text.split("0")),
        lambda text: str(sum(map(int, filter(str.isdigit, text)))),
    ],
)
def test_a_function_that_tells_digits_apart_is_found_out(apart: Any) -> None:
    with pytest.raises(NotAlike):
        traced(apart, "waited 000 of 0")


def test_a_text_with_more_digits_than_can_be_told_apart_is_given_up() -> None:
    with pytest.raises(NotAlike):
        traced(str.strip, "0" * 1_001)
    assert filled(traced(str.strip, " " + "0" * 1_000), " " + "12345" * 200) == "12345" * 200


def test_only_digits_of_ascii_are_alike() -> None:
    assert shape("1٣４²") == of_shape("1٣４²") == "0٣４²"
    assert of_shape("7\ud800") == "0\ud800"
    assert all(len(shape(text)) == len(text) for text in itertools.chain(TEXTS, ["é9", ""]))
