"""A list of rules, ready to be asked: one pass over a text finds all patterns that may match.

RE2 joins the patterns on one part of a failure into a single automaton, which is asked about the
text's shape, for a shape met again has the same answer; only the rules that may match are then
compiled and searched by themselves, for their words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import re2

from fictures_reports.classification.rules import SKIP_PARTS, default_rules
from fictures_reports.patterns import of_any_digit, with_line_ends
from fictures_reports.shapes import LONGEST, MOST, of_shape, shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fictures_reports.classification.rules import Rule

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
        self.asks_title = "title" in self._places
        self._sets: dict[str, tuple[Any, list[int], list[int]]] = {}
        self._known = lru_cache(maxsize=MOST)(self._of_joined)

    def candidates(self, parts: Mapping[str, str]) -> Iterable[Rule]:
        """Return, in order, the rules whose own pattern may match these parts."""
        joined = "\0".join(parts.values())
        if len(joined) > LONGEST or joined.count("\0") >= len(parts):
            return self._may_match(tuple(parts), [of_shape(text) for text in parts.values()])
        return self._known(tuple(parts), shape(joined))

    def found(self, rule: Rule, parts: Mapping[str, str]) -> tuple[int, int] | None:
        """Return where a rule matches."""
        return rule.found(parts)

    def _of_joined(self, names: tuple[str, ...], joined: str) -> list[Rule]:
        return self._may_match(names, joined.split("\0"))

    def _may_match(self, names: tuple[str, ...], shapes: Sequence[str]) -> list[Rule]:
        told = dict(zip(names, shapes, strict=True))
        places = sorted(
            place
            for where in self._places
            if (text := told.get(where))
            for place in self._asked(where, text)
        )
        return [self.rules[place] for place in places]

    def _asked(self, where: str, of_text: str) -> Sequence[int]:
        """Ask all patterns on a part at once which of them may match a text of this shape."""
        joined, places, others = self._set(where)
        found = joined.Match(of_text) if places else None
        if found is not None:
            return sorted([*(places[n] for n in found), *others])
        # None is "nothing", or, on a long text, perhaps "out of memory"
        return others if len(of_text) <= SAFE_LENGTH else self._places[where]

    def _set(self, where: str) -> tuple[Any, list[int], list[int]]:
        """Join the patterns on a part; the others cannot be asked about a shape."""
        if where not in self._sets:
            options = re2.Options()
            options.log_errors = False
            options.max_mem = MEMORY
            joined = re2.Set.SearchSet(options)
            places, others = [], []
            for place in self._places[where]:
                pattern = of_any_digit(self.rules[place].pattern)
                if pattern is None:
                    others.append(place)
                else:
                    joined.Add(with_line_ends(pattern))
                    places.append(place)
            joined.Compile()
            self._sets[where] = joined, places, others
        return self._sets[where]


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
