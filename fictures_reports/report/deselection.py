"""Lists with which a runner leaves tests out: for pytest, and for Playwright.

Neither leaves out more than was asked for. pytest takes what `--deselect` names as the beginning of
ids, so a test whose id begins another's cannot be named without that one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import pandas as pd

_SPECIAL: Final = frozenset("\\^$.*+?()[]{}|")
_CONTROLS: Final = {"\n": r"\n", "\r": r"\r", "\u2028": r"\u2028", "\u2029": r"\u2029"}
#: A pattern that fits no test: an empty one would leave all out.
_NONE: Final = "/(?!)/"


def for_pytest(
    cases: pd.DataFrame, other_cases: pd.DataFrame
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return `--deselect` arguments, one for each test, and what cannot be named without another.

    `cases` and `others`, all other tests that are known, have file, suite and title. The second
    list holds pairs of ids: the one that was left out of the arguments and one that it begins.
    """
    wanted = list(dict.fromkeys(_pytest_ids(cases)))
    known = sorted(set(_pytest_ids(other_cases)) - set(wanted))
    arguments, refused = [], []
    for name in wanted:
        longer = next((other_name for other_name in known if other_name.startswith(name)), None)
        if longer is None:
            arguments.append(f"--deselect={name}")
        else:
            refused.append((name, longer))
    return arguments, refused


def for_playwright(cases: pd.DataFrame) -> str:
    r"""Return a pattern for `--grep-invert` that fits just these cases; one that fits none of none.

    `cases` has project, file, suite and title. Playwright tries it on project, file, describes,
    title and tags, joined by blanks. Between slashes it minds upper and lower case. Any white
    space fits a blank, for results have titles with single blanks.
    """
    parts = list(dict.fromkeys(_grep(row) for row in rows_of(cases)))
    return f"/^\\s*(?:{'|'.join(parts)})(?:\\s+@\\S+)*$/" if parts else _NONE


def _pytest_ids(cases: pd.DataFrame) -> Iterable[str]:
    for row in rows_of(cases):
        yield "::".join([row.file, *_titles(row.suite), row.title])


def _grep(row: Any) -> str:
    words = [row.project, row.file, *_titles(row.suite), row.title]
    return escaped(" ".join(filter(None, words))).replace(" ", "\\s+")


def _titles(suite: object) -> Collection[str]:
    return suite.split(" › ") if isinstance(suite, str) and suite else []


def escaped(text: str) -> str:
    r"""Write a text as a JavaScript pattern that fits only itself.

    >>> escaped("costs $1.50 (net) [a|b]")
    'costs \\$1\\.50 \\(net\\) \\[a\\|b\\]'
    """
    return "".join(
        _CONTROLS.get(letter) or (f"\\{letter}" if letter in _SPECIAL else letter)
        for letter in text
    )
