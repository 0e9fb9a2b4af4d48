"""Imports point down the pipeline, also those inside functions, and no folder has a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "fictures_reports"
NAME = PACKAGE.name
#: Lowest first: a module may import from its own layer and from those before it. A dotted name goes
#: before the folder that it lies in.
LAYERS = (
    (
        "errors",
        "schema",
        "progress",
        "patterns",
        "typed_tables",
        "safe_write",
        "frame_rows",
    ),
    ("extras", "own_categories"),
    ("guards", "late_binding"),
    ("settings",),
    ("readers.rows",),
    ("readers.text",),
    ("readers.statuses",),
    ("readers.files",),
    ("readers.formats",),
    ("readers",),
    ("failures",),
    ("classification",),
    # A run saves itself as a file, so what makes rows and files of it lies beside it.
    (
        "run",
        "history.tables",
        "history.result_rows",
        "history.stored_facts",
        "history.run_file_columns",
        "history.run_file_footer",
        "history.run_files",
    ),
    ("history",),
    ("reading",),
    ("analysis",),
    ("history_analysis",),
    ("charts",),
    ("report",),
    ("exports",),
    ("ci",),
    ("cli.output", "cli.format_options"),
    ("cli.faults", "cli.inputs"),
    ("cli",),
    ("cli.commands",),
    ("__init__", "__main__"),
)
FILES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in PACKAGE.rglob("*.py")
}


def layer(module: str) -> int:
    """Find the layer that names most of a module's path."""
    names = [
        (len(name), i) for i, layer in enumerate(LAYERS) for name in layer if within(module, name)
    ]
    return max(names)[1]


def within(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


def imports(module: str) -> Iterator[str]:
    """List what a module imports, at its top, inside functions and for types."""
    for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (home(alias.name) for alias in node.names if within(alias.name, NAME))
        elif isinstance(node, ast.ImportFrom) and within(node.module or "", NAME):
            yield from (home(f"{node.module}.{alias.name}") for alias in node.names)


def imports_at_run_time(module: str) -> Iterator[str]:
    """List what a module imports but for types, which are never imported when it runs."""
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and within(node.module or "", NAME):
            yield from (home(f"{node.module}.{alias.name}") for alias in node.names)


def home(dotted: str) -> str:
    """Name the module that a dotted name stands in."""
    parts = dotted.split(".")[1:]
    while parts and ".".join(parts) not in FILES:
        parts.pop()
    return ".".join(parts) or "__init__"


def test_every_module_has_a_layer():
    assert [
        module for module in FILES if not any(within(module, n) for ns in LAYERS for n in ns)
    ] == []


@pytest.mark.parametrize("module", sorted(FILES))
def test_no_module_imports_from_a_layer_above(module):
    assert [other for other in imports(module) if layer(other) > layer(module)] == []


def test_no_modules_import_each_other_in_a_circle():
    graph = {module: set(imports_at_run_time(module)) - {module} for module in FILES}
    assert [" → ".join(circle) for circle in circles(graph)] == []


def circles(graph: dict[str, set[str]]) -> Iterator[list[str]]:
    """Find a circle for each module that closes one, depth first."""
    done: set[str] = set()

    def visit(module: str, path: list[str]) -> Iterator[list[str]]:
        if module in path:
            yield [*path[path.index(module) :], module]
        elif module not in done:
            for other in sorted(graph[module]):
                yield from visit(other, [*path, module])
            done.add(module)

    for module in sorted(graph):
        yield from visit(module, [])


def test_a_circle_would_be_found():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}
    assert list(circles(graph)) == [["a", "b", "c", "a"]]


def test_no_two_modules_have_one_name():
    names = sorted(path.stem for path in FILES.values() if path.stem != "__init__")
    assert [one for one, other in pairwise(names) if one == other] == []


def test_no_module_is_longer_than_four_hundred_lines():
    """A module of one topic is shorter; a longer one has several."""
    lengths = {
        name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in FILES.items()
    }
    assert {name: n for name, n in lengths.items() if n > 400} == {}
