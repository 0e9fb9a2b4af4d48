"""Imports point one way: what stands left in the pipeline never imports what stands right."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "fictures_reports"
ORDER = [
    {"collector", "errors", "schema", "settings", "progress", "shapes"},
    {"readers"},
    {"patterns", "signature", "clusters", "waits", "measurements"},
    {"classify"},
    {"runs"},
    {"ahead", "history"},
    {"aggregates"},
    {"analysis"},
    {"charts", "charts_history"},
    {"report"},
    {"cli", "cli_ci", "cli_format", "cli_history", "cli_notebook"},
    {"__main__", "__init__"},
]
# Comparisons and runs show themselves in a notebook when asked, a run may come out of a history:
# both are imported when it comes to that, not before.
DEFERRED = {("analysis", "report"), ("runs", "report"), ("runs", "history")}


def layer(name: str) -> int:
    return next(i for i, names in enumerate(ORDER) if name in names)


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fictures_reports"):
            parts = (node.module or "").split(".")
            found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: p.stem)
def test_no_module_imports_from_its_right(path):
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        return
    wrong = {name for name in imports(path) if layer(name) > layer(own)}
    assert not {name for name in wrong if (own, name) not in DEFERRED}
