"""The examples of docs/python.md: what python_examples.txt holds for each name, run and printed.

The statements of all examples run in one session, as someone would type them; what each of them
prints stands below it. One that fails stops everything: a page with a traceback is never written.
"""

from __future__ import annotations

import ast
import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).with_name("python_examples.txt")
_NOT_RUN: Final = "# not run: "


def examples() -> dict[str, str]:
    """Return the statements of each name, in the order of the file, "begin" first."""
    parts = _FILE.read_text(encoding="utf-8").split("\n## ")[1:]
    pairs = (part.partition("\n") for part in parts)
    return {name: code.strip() + "\n" for name, _, code in pairs}


def sessions(folder: Path) -> dict[str, str]:
    """Run all examples in a folder, and return each as a session with what it prints."""
    names: dict[str, Any] = {}
    shown = {}
    with contextlib.chdir(folder):
        for name, code in examples().items():
            shown[name] = _left_out(code) if code.startswith(_NOT_RUN) else _session(code, names)
    return shown


def _left_out(code: str) -> str:
    """Show an example that cannot be run everywhere, with why."""
    why, _, statements = code.partition("\n")
    return f"<!-- {why[2:]} -->\n```pycon\n{_typed(statements)}```\n"


def _session(code: str, names: dict[str, Any]) -> str:
    lines = code.splitlines()
    text = []
    for node in ast.parse(code).body:
        statement = "\n".join(lines[node.lineno - 1 : node.end_lineno]) + "\n"
        text.append(_typed(statement) + _printed(statement, names))
    return f"```pycon\n{''.join(text)}```\n"


def _typed(statements: str) -> str:
    tree, lines = ast.parse(statements), statements.splitlines()
    first = {node.lineno for node in tree.body}
    return "".join(
        f"{'>>>' if n in first else '...'} {line}\n" for n, line in enumerate(lines, 1) if line
    )


def _printed(statement: str, names: dict[str, Any]) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), _plain_display():
        exec(compile(statement, "<example>", "single"), names)  # noqa: S102
    return out.getvalue()


@contextlib.contextmanager
def _plain_display() -> Any:
    """Show values as Python's own prompt does, whatever runs this."""
    before, sys.displayhook = sys.displayhook, sys.__displayhook__
    try:
        yield
    finally:
        sys.displayhook = before


def missing(documented: Mapping[str, str]) -> list[str]:
    """Return the names without an example, and the examples of names that are not there."""
    return sorted(documented.keys() ^ (examples().keys() - {"begin"}))
