"""Rules as data: what a rule is, and how rule files are read and refused.

A file is a list of tables; the first rule that matches decides, a user's before ours:

    [[rule]]
    id = "story-service-down"
    category = "network"                 # see schema.CATEGORIES
    where = "message"                    # see PARTS; "message" when left out
    pattern = '''story-service .* refused'''      # RE2; ^ and $ are the ends of a line
    also = '''8080'''                    # optional: must match too; "…", {where, pattern} or a list
    unless = { where = "title", pattern = "offline" }     # optional: must not match
    standing = "cause"                   # optional, see Standing
    examples = ["Error: story-service:8080 refused the connection"]
    advice = "Is the story service up? Look at its log first."
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args

import re2

from fictures_reports.errors import RuleError
from fictures_reports.patterns import Pattern, compiled, with_line_ends
from fictures_reports.schema import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: The parts of a failure or skip that a pattern can be about. "said" is the message without the
#: values that were compared; "code" is the source line that failed.
FAILURE_PARTS: Final = (
    "message", "said", "first_line", "type", "phase", "code", "title",
)  # fmt: skip
SKIP_PARTS: Final = ("reason", "annotation")
PARTS: Final = FAILURE_PARTS + SKIP_PARTS

#: root: decides, though it may stand behind others. cause: decides. fallback: a cause below it in a
#: chain is better. consequence: any other error is.
Standing = Literal["root", "cause", "fallback", "consequence"]
STANDINGS: Final = get_args(Standing)
_KEYS: Final = frozenset(
    {"id", "category", "where", "pattern", "also", "unless", "standing", "examples", "advice"}
)


@dataclass(frozen=True)
class Condition:
    """A pattern on one part; used beside a rule's own pattern."""

    where: str
    pattern: str

    @cached_property
    def compiled(self) -> Pattern:
        """The pattern, ready to be searched for."""
        return Pattern(self.pattern)


@dataclass(frozen=True)
class Rule:
    """One way to recognise why a test failed or was skipped."""

    id: str
    category: str
    pattern: str
    where: str = "message"
    #: all of these must match as well
    also: tuple[Condition, ...] = ()
    #: none of these may match
    unless: tuple[Condition, ...] = ()
    standing: Standing = "cause"
    #: texts, or tables of parts, that this rule decides
    examples: tuple[Mapping[str, str], ...] = field(default=(), hash=False)
    #: what it usually means and what to look at first
    advice: str = ""

    @cached_property
    def compiled(self) -> Pattern:
        """The pattern, ready to be searched for."""
        return Pattern(self.pattern)

    def found(self, parts: Mapping[str, str]) -> tuple[int, int] | None:
        """Return where it matches in the part `where`."""
        for other in self.also:
            if not other.compiled.search(parts.get(other.where, "")):
                return None
        for other in self.unless:
            if other.compiled.search(parts.get(other.where, "")):
                return None
        found = self.compiled.search(parts[self.where])
        return (found.start(), found.end()) if found else None


def load_rules(path: Path | str) -> list[Rule]:
    """Read a rule file; raise `RuleError` with path, line and reason when it cannot be used."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error
    return parse_rules(text, str(path))


def parse_rules(text: str, path: str) -> list[Rule]:
    """Read rules from a file's text; `path` is for the error."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{path}: is not TOML: {error}") from error
    tables = content.get("rule")
    if not isinstance(tables, list) or not tables or set(content) != {"rule"}:
        raise RuleError(f"{path}:1: expected [[rule]] tables and nothing else")
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rule]]"]
    lines += [1] * len(tables)
    rules = [_rule(table, f"{path}:{line}") for table, line in zip(tables, lines, strict=False)]
    _refuse_repeated(rules, lines, path)
    return rules


@cache
def default_rules() -> tuple[Rule, ...]:
    """The rules that come with the package."""
    path = Path(__file__).with_name("rules.toml")
    return tuple(parse_rules(path.read_text(encoding="utf-8"), path.name))


def _rule(table: Any, at: str) -> Rule:
    if not isinstance(table, dict):
        raise RuleError(f"{at}: expected a [[rule]] table, found {table!r}")
    unknown = sorted(set(table) - _KEYS)
    if unknown:
        raise RuleError(f"{at}: unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    for key in ("id", "category", "pattern"):
        if not isinstance(table.get(key), str) or not table[key]:
            raise RuleError(f'{at}: needs {key} = "…"')
    where = table.get("where", "message")
    rule = Rule(
        id=table["id"],
        category=_one_of(table["category"], CATEGORIES, "category", at),
        pattern=table["pattern"],
        where=_one_of(where, PARTS, "where", at),
        also=_conditions(table, "also", where, at),
        unless=_conditions(table, "unless", where, at),
        standing=cast(
            "Standing",
            _one_of(table.get("standing", "cause"), STANDINGS, "standing", at),
        ),
        examples=_examples(table, where, at),
        advice=str(table.get("advice", "")),
    )
    for pattern in (rule.pattern, *(c.pattern for c in rule.also + rule.unless)):
        _refuse_broken(pattern, rule.id, at)
    return rule


def _one_of(value: Any, allowed: Sequence[str], key: str, at: str) -> str:
    if value not in allowed:
        raise RuleError(f"{at}: {key} = {value!r} is none of {', '.join(allowed)}")
    return str(value)


def _conditions(table: Mapping[str, Any], key: str, where: str, at: str) -> tuple[Condition, ...]:
    """Read `unless = "pattern"`, `{where = …, pattern = …}`, or a list of these."""
    given = table.get(key, [])
    conditions = []
    for one in given if isinstance(given, list) else [given]:
        pair = {"pattern": one} if isinstance(one, str) else one
        if not isinstance(pair, dict) or not isinstance(pair.get("pattern"), str):
            raise RuleError(f"{at}: {key} needs a pattern, found {one!r}")
        part = _one_of(pair.get("where", where), PARTS, f"where of {key}", at)
        conditions.append(Condition(part, pair["pattern"]))
    return tuple(conditions)


def _examples(table: Mapping[str, Any], where: str, at: str) -> tuple[Mapping[str, str], ...]:
    given = table.get("examples", [])
    if not isinstance(given, list) or not all(isinstance(one, str | dict) for one in given):
        raise RuleError(f"{at}: examples must be a list of texts or tables")
    alone = where if where in SKIP_PARTS else "message"
    return tuple({alone: one} if isinstance(one, str) else one for one in given)


def _refuse_broken(pattern: str, name: str, at: str) -> None:
    # tests over our own file make the same check, so `default_rules` stays lazy
    if at.startswith("rules.toml:"):
        return
    try:
        compiled(with_line_ends(pattern))
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        hint = " (RE2 has no look-around and no back-references)" if "(?" in str(reason) else ""
        raise RuleError(f"{at}: pattern of {name!r} is broken: {reason}{hint}") from error


def _refuse_repeated(rules: Sequence[Rule], lines: Sequence[int], path: str) -> None:
    first: dict[str, int] = {}
    for rule, line in zip(rules, lines, strict=False):
        if rule.id in first:
            raise RuleError(
                f"{path}:{line}: id {rule.id!r} stands at line {first[rule.id]} already"
            )
        first[rule.id] = line
