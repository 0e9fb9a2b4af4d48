"""Foreign text must not meet Python's `re`: a text made for it keeps a pattern busy for hours."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import fictures_reports

PACKAGE = Path(fictures_reports.__file__).parent
#: Packages whose modules read what a result file, or a file derived from one, holds.
MEETING_FOREIGN_TEXT = (
    "readers", "failures", "classification", "report", "charts", "history", "history_analysis",
    "analysis", "cli",
)  # fmt: skip
#: What brings in `re`, besides the module itself.
DISGUISES = {"ascii_re"}
#: Modules whose patterns only meet our own words or those of the user, and what these are.
ALLOWED = {
    "analysis/gate_expressions.py": "the conditions that a user writes",
    "history/run_selectors.py": "the names of runs that a user writes",
    "history/selectors.py": "the names of runs that a user writes",
    "report/sections/written_notes.py": "the notes that an author writes",
}


def uses_re(source: str) -> bool:
    """Tell whether a module imports `re`, anywhere and under whatever name."""
    for node in ast.walk(ast.parse(source)):
        names = [name.name for name in getattr(node, "names", ()) if isinstance(name, ast.alias)]
        if isinstance(node, ast.Import) and "re" in names:
            return True
        if isinstance(node, ast.ImportFrom) and (node.module == "re" or DISGUISES & set(names)):
            return True
    return False


def modules() -> list[str]:
    """List the modules that may meet foreign text."""
    found = (path for name in MEETING_FOREIGN_TEXT for path in (PACKAGE / name).rglob("*.py"))
    return sorted(path.relative_to(PACKAGE).as_posix() for path in found)


@pytest.mark.parametrize(
    "source",
    [
        "import re",
        "import os, re as patterns",
        "from re import compile",
        "def f():\n    import re",
        "from fictures_reports.patterns import ascii_re",
    ],
)
def test_an_import_of_re_is_seen(source: str) -> None:
    assert uses_re(source)
    assert not uses_re("import re2\nfrom fictures_reports.patterns import Pattern")


def test_no_module_that_meets_foreign_text_uses_re() -> None:
    using = {name for name in modules() if uses_re((PACKAGE / name).read_text("utf-8"))}
    assert using - set(ALLOWED) == set(), (
        "use readers/text/linear.py, a Pattern or a method of str; what only meets our own words"
        " or the user's goes into ALLOWED, with them"
    )


def test_what_is_excused_still_needs_it() -> None:
    using = {name for name in modules() if uses_re((PACKAGE / name).read_text("utf-8"))}
    assert set(ALLOWED) - using == set()
    assert len(modules()) > 50
