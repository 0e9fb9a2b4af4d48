"""Names of the package say what they hold: a case, a run, a message, not "one" or "told"."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from .test_layers import FILES

#: Words that stood where the field has a noun.
RIDDLES = {
    "again", "book", "drawn", "else_", "held", "here", "it", "kept", "made", "one", "ours",
    "outlook", "own", "rest", "said", "seen", "strips", "theirs", "thing", "things", "those",
    "told", "what", "whose",
}  # fmt: skip
#: The same for modules, of which more is asked: their names stand alone.
RIDDLES_OF_MODULES = RIDDLES | {"ahead", "passes", "past", "pieces", "shown"}
#: Nodes that define a name, and the field that it stands in.
DEFINING = {
    ast.arg: "arg",
    ast.alias: "asname",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.ExceptHandler: "name",
    ast.FunctionDef: "name",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
}


def names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """List the names that a tree defines, with their lines: variables, fields, functions, …"""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        elif type(node) in DEFINING and (name := getattr(node, DEFINING[type(node)])):
            yield node.lineno, name


def riddles(text: str) -> list[str]:
    return [
        f"{line}: {name}"
        for line, name in sorted(names(ast.parse(text)))
        if name.strip("_") in RIDDLES or name in RIDDLES
    ]


def test_no_name_of_the_package_is_a_riddle():
    found = {name: riddles(path.read_text(encoding="utf-8")) for name, path in FILES.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_module_is_named_by_a_riddle():
    assert [name for name in FILES if name.rpartition(".")[2] in RIDDLES_OF_MODULES] == []


@pytest.mark.parametrize(
    "text",
    [
        "one = 1",
        "def f(told): pass",
        "def _said(): pass",
        "[one.id for one in cases]",
        "for kept, _ in pairs: pass",
        "class A:\n    held: str",
        "self.made = {}",
        "try: pass\nexcept ValueError as again: pass",
        "import pandas as those",
        "key=lambda one: one.id",
    ],
)
def test_a_riddle_is_found_wherever_a_name_is_made(text: str) -> None:
    assert len(riddles(text)) == 1


def test_words_within_a_name_are_no_riddle():
    assert riddles("one_run = told_apart = own_rules = runs.one") == []
