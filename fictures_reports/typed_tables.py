"""TOML tables → typed values; what is wrong is said with its place, what was found and expected."""

from __future__ import annotations

from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect

from fictures_reports.errors import did_you_mean

T = TypeVar("T")

#: msgspec's names of types, in words.
_IN_WORDS: Final = {
    "str": "a text", "array": "a list", "object": "a table", "int": "a whole number",
    "float": "a number", "bool": "true or false",
}  # fmt: skip
#: Longest value, in characters, that a message shows.
LONGEST: Final = 80
#: Stands for any key of a table whose keys are free.
_ANY: Final = "*"


class TableError(Exception):
    """A table that is not of its type; its text is one line: place, what was found and expected."""

    def __init__(self, key: str, wrong: str) -> None:
        #: the key of the whole table under which it is; "" where that is the table itself
        self.key = key
        super().__init__(wrong)


def decode(table: dict[str, Any], kind: type[T]) -> T:
    """Turn a table into a value of a msgspec type; raise `TableError` where it is not one."""
    try:
        return msgspec.convert(table, kind)
    except msgspec.ValidationError as error:
        words, _, place = str(error).partition(" - at `$.")
        steps = _steps(place.removesuffix("`"))
        if _ANY in steps:
            steps = _with_key(table, kind, steps)
        raise TableError(steps[0] if steps else "", _wrong(words, table, kind, steps)) from error


def _steps(place: str) -> list[str]:
    """Part a place as msgspec names it: 'rule[0].also' into rule, 0, also."""
    parts = place.replace("[...]", f".{_ANY}").replace("[", ".").split(".")
    return [part.removesuffix("]") for part in parts if part]


def _named(steps: list[str]) -> str:
    return "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in steps).lstrip(".")


def _with_key(table: dict[str, Any], kind: type[Any], steps: list[str]) -> list[str]:
    """Find the key that msgspec does not tell: the first entry of the table that is refused."""
    for key, value in table[steps[0]].items():
        try:
            msgspec.convert({steps[0]: {key: value}}, kind)
        except msgspec.ValidationError:
            return [key if step == _ANY else step for step in steps]
    return steps


def _wrong(words: str, table: dict[str, Any], kind: type[Any], steps: list[str]) -> str:
    """Say in words what msgspec found wrong."""
    quoted = words.partition("`")[2].partition("`")[0]
    place = _named(steps)
    within = f"{place}: " if place else ""
    if words.startswith("Object contains unknown field"):
        return f"{within}unknown key {quoted!r}{did_you_mean(quoted, _fields(kind, steps))}"
    if words.startswith("Object missing required field"):
        return f'{within}needs {quoted} = "…"'
    if words.startswith("Invalid enum value"):
        allowed = ", ".join(str(value) for value in _values(kind, steps))
        return f"{place} = {_found(table, steps)} is none of {allowed}"
    if words.startswith("Expected `"):
        kinds = (_IN_WORDS.get(name) for name in quoted.split(" | "))
        expected = " or ".join(dict.fromkeys(name for name in kinds if name))
        return f"{place} = {_found(table, steps)}, expected {expected}"
    return f"{within}{words}"


def _found(table: Any, steps: list[str]) -> str:
    for step in steps:
        table = table[int(step) if isinstance(table, list) else step]
    return repr(table) if len(repr(table)) <= LONGEST else f"{repr(table)[:LONGEST]}…"


def _fields(kind: type[Any], steps: list[str]) -> list[str]:
    """List the keys that a table at a place may have."""
    types = _types_at(kind, steps)
    return sorted(f.name for t in types if isinstance(t, inspect.StructType) for f in t.fields)


def _values(kind: type[Any], steps: list[str]) -> list[Any]:
    """List the values that a choice at a place has, in the order of the alphabet."""
    types = _types_at(kind, steps)
    return [v for t in types if isinstance(t, inspect.LiteralType) for v in t.values]


def _types_at(kind: type[Any], steps: list[str]) -> list[inspect.Type]:
    types = _members(inspect.type_info(kind))
    for step in steps:
        types = [member for t in types for member in _members(_inner(t, step))]
    return types


def _members(kind: inspect.Type | None) -> list[inspect.Type]:
    if kind is None:
        return []
    return list(kind.types) if isinstance(kind, inspect.UnionType) else [kind]


def _inner(kind: inspect.Type, step: str) -> inspect.Type | None:
    """Return the type of what stands in a type under a key or number."""
    if isinstance(kind, inspect.StructType):
        return next((field.type for field in kind.fields if field.name == step), None)
    if isinstance(kind, inspect.ListType | inspect.VarTupleType):
        return kind.item_type if step.isdigit() else None
    return kind.value_type if isinstance(kind, inspect.DictType) else None
