"""A list of rules, ready to be asked: one pass over a text finds all patterns that may match.

RE2 joins the patterns on one part of a failure into a single automaton; only the rule that
decides is then compiled and searched by itself, for its words.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import re2

from fictures_reports.classify.rules import SKIP_PARTS, default_rules
from fictures_reports.patterns import LONGEST_SHAPE, SHAPES, shape, with_line_ends

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fictures_reports.classify.rules import Rule

#: Memory for an automaton, and the longest text that cannot use it up.
MEMORY: Final = 64 << 20
SAFE_LENGTH: Final = 4_000


class Book:
    """Rules in order, by the part of a text that they look at."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._places: dict[str, list[int]] = {}
        for place, rule in enumerate(self.rules):
            self._places.setdefault(rule.where, []).append(place)
        self._sets: dict[tuple[str, bool | None], tuple[Any, list[int]]] = {}
        self._of_shape = lru_cache(maxsize=SHAPES)(partial(self._asked, by_shape=True))

    def candidates(self, parts: Mapping[str, str]) -> Iterator[Rule]:
        """Yield, in order, the rules whose own pattern matches these parts."""
        places = sorted(
            place
            for where in self._places
            if (text := parts.get(where))
            for place in self._matching(where, text)
        )
        return (self.rules[place] for place in places)

    def _matching(self, where: str, text: str) -> list[int]:
        if len(text) > LONGEST_SHAPE:
            return self._asked(where, text)
        return sorted(self._of_shape(where, shape(text)) + self._asked(where, text, by_shape=False))

    def _asked(self, where: str, text: str, *, by_shape: bool | None = None) -> list[int]:
        """Ask the patterns on a part: all, only those that go by the shape, or only the others."""
        joined, places = self._set(where, by_shape=by_shape)
        if not places:
            return []
        found = joined.Match(text)
        if found is not None:
            return [places[n] for n in found]
        # None is "nothing", or, on a long text, perhaps "out of memory"
        if len(text) <= SAFE_LENGTH:
            return []
        return [place for place in places if self.rules[place].compiled.search(text)]

    def _set(self, where: str, *, by_shape: bool | None) -> tuple[Any, list[int]]:
        if (where, by_shape) not in self._sets:
            options = re2.Options()
            options.log_errors = False
            options.max_mem = MEMORY
            joined = re2.Set.SearchSet(options)
            places = [
                place
                for place in self._places[where]
                if by_shape in (None, self.rules[place].compiled.by_shape)
            ]
            for place in places:
                joined.Add(with_line_ends(self.rules[place].pattern))
            joined.Compile()
            self._sets[where, by_shape] = joined, places
        return self._sets[where, by_shape]


class Books(NamedTuple):
    """The rules about failures and those about skips."""

    failures: Book
    skips: Book


def books_for(rules: Sequence[Rule] | None) -> Books:
    """Put a user's rules before ours; a rule of ours with the same id gives way."""
    return _books_with(tuple(rules or ()))


@lru_cache(maxsize=4)
def _books_with(own: tuple[Rule, ...]) -> Books:
    taken = {rule.id for rule in own}
    return books_of([*own, *(rule for rule in default_rules() if rule.id not in taken)])


def books_of(rules: Sequence[Rule]) -> Books:
    """Divide rules into those about failures and those about skips."""
    skips = [rule for rule in rules if rule.where in SKIP_PARTS]
    return Books(Book([rule for rule in rules if rule.where not in SKIP_PARTS]), Book(skips))
