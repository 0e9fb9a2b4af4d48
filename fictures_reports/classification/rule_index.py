"""Rules in order, ready to be searched: one pass over a text finds all that may match.

RE2 joins the patterns about one part of a failure into a single automaton; only the rules that it
names are then compiled and searched by themselves, for the place of their words.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import re2

from fictures_reports.classification.rule_files import default_rules
from fictures_reports.classification.rules import SKIP_PARTS
from fictures_reports.patterns import encodable, with_line_ends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.classification.rules import Rule

#: Memory in bytes for an automaton, and the longest text, in characters, that cannot use it up.
MEMORY: Final = 64 << 20
SAFE_LENGTH: Final = 4_000


class RuleIndex:
    """Rules in order, by the part of a text that they look at."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._places: dict[str, list[int]] = {}
        for place, rule in enumerate(self.rules):
            self._places.setdefault(rule.where, []).append(place)
        self._automata: dict[str, Any] = {}

    def candidates(self, parts: Mapping[str, str]) -> list[Rule]:
        """Return, in order, the rules whose own patterns match these parts, or may do so."""
        places = sorted(
            place
            for where in self._places
            if (text := parts.get(where))
            for place in self._that_may_match(where, text)
        )
        return [self.rules[place] for place in places]

    def _that_may_match(self, where: str, text: str) -> Sequence[int]:
        found = self._automaton(where).Match(encodable(text))
        places = self._places[where]
        if found:
            return [places[n] for n in found]
        # nothing found is "no match", or, on a long text, perhaps "out of memory"
        return () if len(text) <= SAFE_LENGTH else places

    def _automaton(self, where: str) -> Any:
        """Join the patterns about a part, when it is first needed."""
        if where not in self._automata:
            options = re2.Options()
            options.log_errors = False
            options.max_mem = MEMORY
            automaton = re2.Set.SearchSet(options)
            for place in self._places[where]:
                automaton.Add(with_line_ends(self.rules[place].pattern))
            automaton.Compile()
            self._automata[where] = automaton
        return self._automata[where]


class RuleIndexes(NamedTuple):
    """The rules about failures and those about skips."""

    failures: RuleIndex
    skips: RuleIndex


def indexes_for(rules: Sequence[Rule] | None) -> RuleIndexes:
    """Put a user's rules before ours; a rule of ours with the same id gives way."""
    return _indexes_with(tuple(rules or ()))


@lru_cache(maxsize=4)
def _indexes_with(own_rules: tuple[Rule, ...]) -> RuleIndexes:
    taken = {rule.id for rule in own_rules}
    return indexes_of([*own_rules, *(rule for rule in default_rules() if rule.id not in taken)])


def indexes_of(rules: Sequence[Rule]) -> RuleIndexes:
    """Divide rules into those about failures and those about skips."""
    skips = [rule for rule in rules if rule.where in SKIP_PARTS]
    failures = [rule for rule in rules if rule.where not in SKIP_PARTS]
    return RuleIndexes(RuleIndex(failures), RuleIndex(skips))
