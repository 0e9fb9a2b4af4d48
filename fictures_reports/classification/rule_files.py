"""Rule files: TOML into rules, refused with the line, the place and the reason."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import re2

from fictures_reports.classification.rules import (
    SKIP_PARTS,
    Alternative,
    Condition,
    FailurePart,
    Rule,
    SkipPart,
    Standing,
)
from fictures_reports.errors import RuleError, did_you_mean
from fictures_reports.guards import path_of
from fictures_reports.own_categories import OwnCategory
from fictures_reports.patterns import compiled, with_line_ends
from fictures_reports.schema import CATEGORIES
from fictures_reports.typed_tables import TableError, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class ExampleTable(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """The parts of a failure or skip that an example gives."""

    message: str = ""
    phase: str = ""
    code: str = ""
    title: str = ""
    reason: str = ""
    annotation: str = ""


class PatternTable(msgspec.Struct, forbid_unknown_fields=True):
    """A pattern with its example."""

    pattern: str
    example: str | ExampleTable | None = None


class ConditionTable(msgspec.Struct, forbid_unknown_fields=True):
    """A pattern of `also` or `unless`."""

    pattern: str
    where: FailurePart | SkipPart | None = None


class RuleTable(msgspec.Struct, forbid_unknown_fields=True):
    """A rule as its file has it."""

    id: str
    category: str
    pattern: str | None = None
    patterns: list[str | PatternTable] = []
    where: FailurePart | SkipPart = "message"
    also: str | ConditionTable | list[str | ConditionTable] = []
    unless: str | ConditionTable | list[str | ConditionTable] = []
    standing: Standing = "cause"
    examples: list[str | ExampleTable] = []
    advice: str = ""

    def __post_init__(self) -> None:
        """Check what the types do not say."""
        if not self.id:
            raise ValueError('needs id = "…"')
        if (self.pattern is None) == (not self.patterns):
            raise ValueError('needs pattern = "…" or patterns = [ … ], one of the two')


#: The keys that a rule may have.
KEYS = RuleTable.__struct_fields__


def load_rules(path: Path | str) -> list[Rule]:
    """Read a rule file; raise `RuleError` with path, line and reason when it cannot be used."""
    path = path_of(path, "the rule file")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    rules, lines = _parsed(text, str(path))
    for rule, line in zip(rules, lines, strict=True):
        _refuse_broken(rule, f"{path}:{line}")
    return [replace(rule, file=str(path)) for rule in rules]


@cache
def default_rules() -> tuple[Rule, ...]:
    """The rules that come with the package; that their patterns compile is for the tests."""
    path = Path(__file__).with_name("rules.toml")
    return tuple(_parsed(path.read_text(encoding="utf-8"), path.name)[0])


def _parsed(text: str, path: str) -> tuple[list[Rule], list[int]]:
    """Return the rules of a file's text, and the line of each; `path` is for the error."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: is not TOML: {error}") from error
    tables, added = content.get("rule"), content.get("category", [])
    if not isinstance(tables, list) or not tables or set(content) - {"rule", "category"}:
        raise RuleError(f"{path}:1: expected [[rule]] tables and nothing else but [[category]]")
    lines = _lines(text, "rule", len(tables))
    categories = _own_categories(added, text, path)
    rules = [
        _rule(table, categories, f"{path}:{n}") for table, n in zip(tables, lines, strict=True)
    ]
    _refuse_repeated(rules, lines, path)
    if unused := categories.keys() - {rule.category for rule in rules}:
        at = _lines(text, "category", len(categories))[list(categories).index(min(unused))]
        raise RuleError(f"{path}:{at}: no rule of this file has the category {min(unused)!r}")
    return rules, lines


def _lines(text: str, kind: str, n: int) -> list[int]:
    """Return the line of each of the `n` tables of a kind; 1 where they are written otherwise."""
    lines = [i for i, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{kind}]]"]
    return (lines + [1] * n)[:n]


def _own_categories(tables: Any, text: str, path: str) -> dict[str, OwnCategory]:
    """Read the categories that a file adds, by their ids."""
    if not isinstance(tables, list):
        raise RuleError(f"{path}:1: expected [[category]] tables")
    categories: dict[str, OwnCategory] = {}
    for table, line in zip(tables, _lines(text, "category", len(tables)), strict=True):
        if not isinstance(table, dict):
            raise RuleError(f"{path}:{line}: found {table!r}, expected a [[category]] table")
        try:
            category = decode(table, OwnCategory)
        except TableError as error:
            raise RuleError(f"{path}:{line}: {error}") from error
        if category.id in categories:
            raise RuleError(
                f"{path}:{line}: the category {category.id!r} stands in this file already"
            )
        categories[category.id] = category
    return categories


def _refuse_category(given: RuleTable, own_categories: Mapping[str, OwnCategory], at: str) -> None:
    """Raise `RuleError` for a category that there is not, or that is not for this kind of rule."""
    if given.category not in CATEGORIES and given.category not in own_categories:
        hint = did_you_mean(given.category, (*CATEGORIES, *own_categories))
        added = f"; this file adds {', '.join(own_categories)}" if own_categories else ""
        raise RuleError(
            f"{at}: category = {given.category!r} is none of the categories{hint}: "
            f"{', '.join(CATEGORIES)}{added}"
        )
    category = own_categories.get(given.category)
    if category is not None and (category.of == "skip") != (given.where in SKIP_PARTS):
        raise RuleError(
            f"{at}: category = {category.id!r} is of = {category.of!r}, "
            f"but where = {given.where!r} is about a "
            f"{'skip' if given.where in SKIP_PARTS else 'failure'}"
        )


def _rule(table: Any, own_categories: Mapping[str, OwnCategory], at: str) -> Rule:
    if not isinstance(table, dict):
        raise RuleError(f"{at}: found {table!r}, expected a [[rule]] table")
    try:
        given = decode(table, RuleTable)
    except TableError as error:
        raise RuleError(f"{at}: {error}") from error
    _refuse_category(given, own_categories, at)
    patterns = given.patterns if given.pattern is None else [given.pattern]
    return Rule(
        id=given.id,
        category=given.category,
        alternatives=tuple(_alternative(pattern, given.where) for pattern in patterns),
        where=given.where,
        also=tuple(_conditions(given.also, given.where)),
        unless=tuple(_conditions(given.unless, given.where)),
        standing=given.standing,
        examples=tuple(_example(example, given.where) for example in given.examples),
        advice=given.advice,
        own_category=own_categories.get(given.category),
    )


def _alternative(given: str | PatternTable, where: str) -> Alternative:
    if isinstance(given, str):
        return Alternative(given)
    example = None if given.example is None else _example(given.example, where)
    return Alternative(given.pattern, example)


def _example(given: str | ExampleTable, where: str) -> Mapping[str, str]:
    if isinstance(given, str):
        return {where if where in SKIP_PARTS else "message": given}
    parts: dict[str, str] = msgspec.to_builtins(given)
    return parts


def _conditions(
    given: str | ConditionTable | list[str | ConditionTable], where: str
) -> Iterator[Condition]:
    """Read `unless = "pattern"`, `{where = …, pattern = …}`, or a list of these."""
    for condition in given if isinstance(given, list) else [given]:
        if isinstance(condition, str):
            yield Condition(where, condition)
        else:
            yield Condition(condition.where or where, condition.pattern)


def _refuse_broken(rule: Rule, at: str) -> None:
    patterns = [a.pattern for a in rule.alternatives]
    for pattern in (*patterns, *(condition.pattern for condition in rule.also + rule.unless)):
        try:
            compiled(with_line_ends(pattern))
        except re2.error as error:
            reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
            raise RuleError(
                f"{at}: pattern of {rule.id!r} is broken: {reason}{_instead(pattern, reason)}"
            ) from error


#: What Python's patterns have and RE2 has not, and what to write instead.
_INSTEAD = (
    (("(?=", "(?<="), "RE2 has no look-around: give what must be there too to `also`"),
    (("(?!", "(?<!"), "RE2 has no look-around: give what must not be there to `unless`"),
    ((r"\1", r"\2", "(?P="), "RE2 has no back-references: write the alternatives out"),
    ((r"\Z",), r"the end of the text is \z in RE2"),
    (("++", "*+", "?+", "(?>"), "RE2 never backtracks: a plain + or * does the same"),
    (("{",), "RE2 repeats up to 1000 times: use + or *"),
)


def _instead(pattern: str, reason: str) -> str:
    """Say what to write instead of what RE2 does not know."""
    for signs, hint in _INSTEAD:
        if any(sign in pattern and (sign in reason or "{" not in sign) for sign in signs):
            return f"; {hint}"
    return ""


def _refuse_repeated(rules: Sequence[Rule], lines: Sequence[int], path: str) -> None:
    first: dict[str, int] = {}
    for rule, line in zip(rules, lines, strict=True):
        if rule.id in first:
            raise RuleError(
                f"{path}:{line}: id {rule.id!r} stands at line {first[rule.id]} already"
            )
        first[rule.id] = line
