r"""Rules as data: what a rule is.

A file is a list of tables; the first rule that matches decides, a user's before ours:

    [[rule]]
    id = "story-service-down"
    category = "network"                 # see schema.CATEGORIES; or one of a [[category]]
    where = "message"                    # see PARTS; "message" when left out
    patterns = [                         # alternatives in RE2; ^ and $ are the ends of a line
      { pattern = '''story-service \S+ refused''', example = "story-service 8080 refused" },
      { pattern = '''no story-service''', example = "Error: no story-service" },
    ]
    also = '''8080'''                    # optional: must match too; "…", {where, pattern} or a list
    unless = { where = "title", pattern = "offline" }     # optional: must not match
    standing = "cause"                   # optional, see Standing
    examples = ["Error: story-service:8080 refused the connection"]      # further examples
    advice = "Is the story service up? Look at its log first."

One pattern may also be written `pattern = '''…'''`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import msgspec

from fictures_reports.guards import refuse
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.own_categories import OwnCategory
    from fictures_reports.readers.rows import RunInfo

#: The parts of a failure or skip that a pattern can be about. "said" is the message without the
#: values that were compared; "code" is the source line that failed.
FailurePart = Literal["message", "said", "first_line", "type", "phase", "code", "title"]
SkipPart = Literal["reason", "annotation"]
FAILURE_PARTS: Final = get_args(FailurePart)
SKIP_PARTS: Final = get_args(SkipPart)
PARTS: Final = FAILURE_PARTS + SKIP_PARTS

#: root: decides, though it may stand behind others. cause: decides. fallback: a cause below it in a
#: chain is better. consequence: any other error is.
Standing = Literal["root", "cause", "fallback", "consequence"]
STANDINGS: Final = get_args(Standing)


@dataclass(frozen=True)
class Condition:
    """A pattern on one part; used beside a rule's own patterns."""

    where: str
    pattern: str

    @cached_property
    def compiled(self) -> Pattern:
        """The pattern, ready to be searched for."""
        return Pattern(self.pattern)


@dataclass(frozen=True)
class Alternative:
    """One of the patterns of a rule, and a text, as a table of parts, that it is for."""

    pattern: str
    example: Mapping[str, str] | None = field(default=None, hash=False)


@dataclass(frozen=True)
class Rule:
    """One way to recognise why a test failed or was skipped."""

    id: str
    category: str
    #: one of them must match; where several match at one place, the first is quoted
    alternatives: tuple[Alternative, ...]
    where: str = "message"
    #: all of these must match as well
    also: tuple[Condition, ...] = ()
    #: none of these may match
    unless: tuple[Condition, ...] = ()
    standing: Standing = "cause"
    #: further texts, as tables of parts, that this rule decides
    examples: tuple[Mapping[str, str], ...] = field(default=(), hash=False)
    #: what it usually means and what to look at first
    advice: str = ""
    #: the category, where its file adds it
    own_category: OwnCategory | None = None
    #: the file that it was read from; "" for one made in Python
    file: str = field(default="", compare=False)

    @cached_property
    def pattern(self) -> str:
        """All alternatives as one pattern."""
        patterns = [alternative.pattern for alternative in self.alternatives]
        return patterns[0] if len(patterns) == 1 else "|".join(f"(?:{p})" for p in patterns)

    @cached_property
    def compiled(self) -> Pattern:
        """The pattern, ready to be searched for."""
        return Pattern(self.pattern)

    def found(self, parts: Mapping[str, str]) -> tuple[int, int] | None:
        """Return where it matches in the part `where`."""
        for condition in self.also:
            if not condition.compiled.search(parts.get(condition.where, "")):
                return None
        for condition in self.unless:
            if condition.compiled.search(parts.get(condition.where, "")):
                return None
        found = self.compiled.search(parts[self.where])
        return (found.start(), found.end()) if found else None


def with_categories_of(info: RunInfo, rules: Sequence[Rule] | None) -> RunInfo:
    """Return a run's facts with the categories that rules add to the built-in ones, each once."""
    categories = tuple(dict.fromkeys(r.own_category for r in rules or () if r.own_category))
    return msgspec.structs.replace(info, own_categories=categories)


def refuse_other_rules(rules: Any) -> None:
    """Raise `SchemaError` for what is no list of rules."""
    if rules is None or (
        isinstance(rules, Sequence) and all(isinstance(rule, Rule) for rule in rules)
    ):
        return
    raise refuse(rules, "rules", "a list of rules, as load_rules gives")


def file_of(rules: Sequence[Rule] | None) -> str:
    """Return the one file that all of some rules were read from; "" where there is none."""
    files = {rule.file for rule in rules or ()}
    return files.pop() if len(files) == 1 else ""
