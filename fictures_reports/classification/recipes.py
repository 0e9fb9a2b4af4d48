"""Failures shaped like earlier ones: their answers by recipe instead of by asking all rules.

All that decides a failure is joined into one text. Where that has a shape met often, the way to
its answer is known: the rule, where its words stand in the text, and where the numbers and the
values that its signature compares. What a shape does not tell is asked of the text itself: rules
that tell digits apart (a recipe is good for their answers only), whether values are equal, numbers.
What decides rarely is left out of the text until a shape is known to need it: the title, and of a
stack all but the line that failed.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.classification.deciding_rule import verdict
from fictures_reports.classification.facts import limit_facts, told_of
from fictures_reports.classification.failure_answer import QUOTED, Words, failure_answer, words_of
from fictures_reports.failures.measurements import Comparison, names_unit, only_comparison
from fictures_reports.failures.message_parts import (
    MoreNeeded,
    Read,
    errors_in,
    read_briefly,
    read_told,
)
from fictures_reports.failures.signature import labelled, signed, values_in
from fictures_reports.failures.timeouts import seconds
from fictures_reports.shapes import (
    LONGEST,
    Copied,
    Joined,
    NotAlike,
    filled,
    of_shape,
    taker,
    traced,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fictures_reports.classification.failure_answer import Cause
    from fictures_reports.classification.rule_index import Book
    from fictures_reports.classification.rules import Rule
    from fictures_reports.shapes import Made

#: A shape that comes for the so-manieth time gets a recipe: finding it costs as much as this many.
OFTEN: Final = 6
#: Shapes with recipes, recipes of a shape, and shapes counted.
MOST: Final = 256
_MOST_RECIPES: Final = 4
_MOST_COUNTED: Final = 10_000
#: Signatures kept by a recipe, one for each way in which its values can be equal.
_MOST_SIGNATURES: Final = 64
#: What may be, for all that a shape tells, a terminal colour: its digits decide.
_LIKE_COLOUR: Final = re.compile(r"\x1b|#x0B|\[0[0;]*m")


class Look(NamedTuple):
    """What the joined text holds besides what it always holds."""

    #: stacks and second source lines
    all: bool = False
    title: bool = False


#: Texts that hold different things begin differently, and so are never shaped alike.
_MARKS: Final = {Look(a, t): f"{'-a'[a]}{'-t'[t]}" for a in (False, True) for t in (False, True)}


def joined(cause: Cause, look: Look) -> str | None:
    """Join all that decides a failure into one text; None where that cannot be taken apart."""
    pieces: list[str | None] = [_MARKS[look], cause.title if look.title else ""]
    for told in cause.errors:
        if len(told.message) > LONGEST:
            return None
        pieces += read_told(told) if look.all else read_briefly(told)
    text = "\0".join([piece or "" for piece in pieces])
    if len(text) > LONGEST or text.count("\0") >= len(pieces):
        return None
    return text


def parted(text: str, look: Look) -> tuple[str, list[Read]]:
    """Take a joined text apart into title and errors."""
    _, title, *pieces = text.split("\0")
    reads = [Read(*pieces[k : k + 6]) for k in range(0, len(pieces), 6)]
    return title, reads if look.all else [_brief(read) for read in reads]


def _brief(read: Read) -> Read:
    """Tell what was not looked at from what was empty."""
    return (
        read if read.stack else read._replace(stack=None, quoted=None if read.line else read.quoted)
    )


class TitleNeeded(Exception):
    """A rule that looks at the title was to be asked without it."""


class _AsMet:
    """A book whose rules that tell digits apart answer as they did about the text first met."""

    def __init__(self, book: Book, look: Look, met: _AsMet | None = None) -> None:
        self._book, self._look, self._met = book, look, met
        #: the rules that tell digits apart, in the order in which they were asked, about what
        self.rules: list[Rule] = []
        self.parts: list[tuple[str, ...]] = []
        self.places: list[tuple[int, int] | None] = []

    def candidates(self, parts: Mapping[str, str]) -> Iterator[Rule]:
        for rule in self._book.candidates(parts):
            if "title" in rule.looks_at and not self._look.title:
                raise TitleNeeded
            yield rule

    def found(self, rule: Rule, parts: Mapping[str, str]) -> tuple[int, int] | None:
        if rule.by_shape:
            return self._book.found(rule, parts)
        if self._met is None:
            place = self._book.found(rule, parts)
        else:
            met = self._met.rules[len(self.rules) : len(self.rules) + 1]
            if met != [rule]:
                raise NotAlike
            place = self._met.places[len(self.rules)]
        self.rules.append(rule)
        self.parts.append(tuple(parts.get(where, "") for where in rule.looks_at))
        self.places.append(place)
        return place


class Traced(NamedTuple):
    """What a recipe takes out of a text."""

    words: Words
    values: tuple[str, ...] | None
    comparison: Comparison | None
    #: the parts that rules which tell digits apart were asked about
    parts: tuple[tuple[str, ...], ...]


def _traced(text: str, look: Look, rules: _AsMet) -> Traced:
    title, reads = parted(text, look)
    errors = errors_in(reads)
    words = words_of(errors, verdict(errors, rules, title))
    values = values_in(words.worded)
    measured = words.category == "threshold_miss" and len(words.chain) == 1
    return Traced(
        words,
        tuple(words.worded[start:end] for _, start, end in values)
        if isinstance(values, tuple)
        else None,
        only_comparison(words.chain[0], words.code) if measured else None,
        tuple(rules.parts),
    )


def recipe_for(text: str, shape: str, look: Look, book: Book) -> Recipe:
    """Find how to answer about texts of this shape for which rules answer as about this one."""
    if _LIKE_COLOUR.search(shape):
        raise NotAlike
    met = _AsMet(book, look)
    _traced(text, look, met)
    return Recipe(
        traced(lambda one: _traced(one, look, _AsMet(book, look, met)), shape), shape, met
    )


class Recipe:
    """How to answer about a failure of a shape."""

    def __init__(self, found: Made, shape: str, met: _AsMet) -> None:
        words, values, _, parts = found.parts
        nodes = dict(zip(Words._fields, words.parts, strict=True))
        told: Traced = filled(found, shape)
        quoted = {name: nodes[name] for name in QUOTED}
        copied = {name: node for name, node in quoted.items() if type(node) is Copied}
        self._same = {n: v for n, v in quoted.items() if v is None or isinstance(v, str)}
        self._copied, self._copies = tuple(copied), taker(tuple(copied.values()))
        self._joined = {n: v for n, v in quoted.items() if type(v) is Joined}
        self._told = told.words.told
        self._budget, self._worded = nodes["budget"], nodes["worded"]
        self._chain, self._code = nodes["chain"], nodes["code"]
        self._measures = told.words.category == "threshold_miss"
        self._comparison, self._numbers = told.comparison, _numbers_in(found.parts[2])
        self._spans = values_in(told.words.worded)
        self._values = None if values is None else taker(values.parts)
        self._signatures: dict[tuple[int, ...], str] = {}
        self._asked = tuple(zip(met.rules, parts.parts, met.places, strict=True))

    def answer(self, text: str, cause: Cause) -> dict[str, Any] | None:
        """Answer about a text of the shape; None where a rule answers otherwise than it did."""
        for rule, parts, place in self._asked:
            if rule.found(dict(zip(rule.looks_at, filled(parts, text), strict=True))) != place:
                return None
        answer: dict[str, Any] = self._same.copy()
        answer.update(zip(self._copied, self._copies(text), strict=True))
        for name, node in self._joined.items():
            answer[name] = filled(node, text)
        answer["location"] = cause.errors[self._told].location or None
        answer["signature"] = self._signature(text)
        if self._budget:
            answer["timeout_s"] = seconds(filled(self._budget, text))
        if self._measures:
            answer.update(self._limit(text, cause.title))
        return answer

    def _signature(self, text: str) -> str:
        """Sign; equal values have equal labels, so which of them are equal is all that matters."""
        if self._values is None or not isinstance(self._spans, tuple):
            return signed(filled(self._worded, text))
        seen: dict[str, int] = {}
        equal = tuple([seen.setdefault(value, len(seen)) for value in self._values(text)])
        known = self._signatures.get(equal)
        if known is None:
            known = labelled(filled(self._worded, text), self._spans)
            if len(self._signatures) < _MOST_SIGNATURES:
                self._signatures[equal] = known
        return known

    def _limit(self, text: str, title: str) -> dict[str, Any]:
        if self._comparison is not None and not names_unit(title):
            _, comparator, _, unit, _ = self._comparison
            measured, limit = self._numbers(text)
            measurement = Comparison(measured, comparator, limit, unit, "").read()
            if measurement is not None:
                return told_of(measurement)
        chain, code = filled(self._chain, text), filled(self._code, text)
        return limit_facts("threshold_miss", chain, code, title)


def _numbers_in(comparison: Made | None) -> Callable[[str], Sequence[str]]:
    """Return what takes the two numbers of a comparison out of a text; the rest is the same."""
    if comparison is None:
        return taker(())
    measured, comparator, limit, unit, _ = comparison.parts
    if not isinstance(comparator, str) or not isinstance(unit, str | None):
        raise NotAlike
    return taker((measured, limit))


#: What is known of a shape: recipes, what to look at besides, or (None) that there is no recipe.
Known = tuple[Recipe, ...] | Look | None


class Recipes:
    """Answers about failures by the rules of a book, from the second few of a shape by recipe."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._look = Look(title=book.asks_title)
        self._known: dict[str, Known] = {}
        self._n_met: dict[int, int] = {}

    def answer(self, cause: Cause) -> dict[str, Any]:
        """Return what `failure_answer` does."""
        look = self._look
        while True:
            text = joined(cause, look)
            if text is None:
                return failure_answer(cause, self._book)
            shape = of_shape(text)
            known = self._known.get(shape, ())
            if known is None:
                return failure_answer(cause, self._book)
            if isinstance(known, Look):
                look = known
                continue
            for recipe in known:
                answer = recipe.answer(text, cause)
                if answer is not None:
                    return answer
            answer = failure_answer(cause, self._book)
            if len(known) < _MOST_RECIPES and self._is_often(shape):
                self._know(shape, self._learnt(text, shape, look, cause, answer, known))
            return answer

    def _is_often(self, shape: str) -> bool:
        # a number is kept, not the text; two shapes with one number are learnt too early
        number = hash(shape)
        if len(self._n_met) >= _MOST_COUNTED:
            self._n_met.clear()
        n_met = self._n_met[number] = self._n_met.get(number, 0) + 1
        return n_met % OFTEN == 0

    def _know(self, shape: str, known: Known) -> None:
        if len(self._known) >= MOST and shape not in self._known:
            del self._known[next(iter(self._known))]
        self._known[shape] = known

    def _learnt(
        self,
        text: str,
        shape: str,
        look: Look,
        cause: Cause,
        answer: Mapping[str, Any],
        recipes: tuple[Recipe, ...],
    ) -> Known:
        """Return what is known of a shape from now on."""
        try:
            recipe = recipe_for(text, shape, look, self._book)
        except MoreNeeded:
            return look._replace(all=True)
        except TitleNeeded:
            return look._replace(title=True)
        except NotAlike:
            return None
        if not _same(recipe.answer(text, cause), answer):
            return None
        return (*recipes, recipe)


@lru_cache(maxsize=4)
def recipes_for(book: Book) -> Recipes:
    """Return the recipes by a book, as far as they are known."""
    return Recipes(book)


def _same(one: Mapping[str, Any] | None, other: Mapping[str, Any]) -> bool:
    """Compare two answers: zero is not minus zero, and what is no number is itself."""
    if one is None:
        return False
    return all(repr(one.get(name)) == repr(other.get(name)) for name in {**one, **other})
