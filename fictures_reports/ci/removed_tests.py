"""Tests that a change took away on purpose: the lines that declared them are deleted in its diff.

A file that was only touched proves nothing, and neither does a line that the change adds again.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted, named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison

#: Seconds that a question to Git may take.
_PATIENCE: Final = 60
#: Said where tests are gone and nobody can look whether their lines are.
_NO_DIFF: Final = (
    "Whether the tests that are gone were removed on purpose is not known: the checkout does not "
    "have {base}, to take a diff from (on GitHub: fetch-depth: 0)."
)
_SHORT: Final = 7
_QUOTES: Final = "\"'`"


@dataclass(frozen=True)
class Diff:
    """Lines of a change by the path of their file: those that it deletes, and all it adds."""

    deleted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    added: list[str] = field(default_factory=list)


def removed_on_purpose(
    comparison: Comparison, bases: Sequence[str], checkout: Path
) -> tuple[list[str], list[str]]:
    """Return the cases that are gone and whose declarations the change deletes, and words on them.

    `bases` are commits or branches that the change may be held against; the first that the checkout
    has is taken. Where it has none of them, which is said, or is no checkout, none are found.
    """
    changes = comparison.changes
    gone = changes[(changes["after_outcome"] == "absent") & ~changes["waived"]]
    if gone.empty or not bases:
        return [], []
    diff = diff_since(bases, checkout)
    if diff is None:
        there = gone[~gone["variant"].isin(list(comparison.missing_variants))]
        is_asked = comparison.comparable and len(comparison.after.results) and len(there)
        return [], _why_no_diff(bases[0], checkout) if is_asked else []
    found = _deleted(gone, diff)
    return found, [removed_words(found)] if found else []


def _why_no_diff(base: str, checkout: Path) -> list[str]:
    """Say that a checkout lacks the base of a diff; nothing where there is no checkout at all."""
    if _git(checkout, "rev-parse", "HEAD") is None:
        return []
    name = base.removeprefix("origin/")
    return [_NO_DIFF.format(base=name if name != base else base[:_SHORT])]


def _deleted(gone: pd.DataFrame, diff: Diff) -> list[str]:
    """Return those of some cases whose declarations a diff deletes."""
    cases: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    names = ("case_id", "suite", "file", "title")
    for case, suite, file, title in zip(*(gone[name].fillna("") for name in names), strict=True):
        cases[file, _declared(title)][suite].add(case)
    return sorted(
        case
        for (file, name), tests in cases.items()
        if 0 < len(tests) <= _declarations(diff, file, name)
        for cases in tests.values()
        for case in cases
    )


def waived_cases(comparison: Comparison) -> set[str]:
    """Return the cases that are gone and that nobody misses."""
    changes = comparison.changes
    return set(changes.loc[changes["waived"], "case_id"])


def removed_words(cases: Sequence[str]) -> str:
    """Say which tests were taken away on purpose, and how that is known."""
    is_one = len(cases) == 1
    return (
        f"{counted(len(cases), 'test')} {'is' if is_one else 'are'} gone on purpose, "
        f"{'its' if is_one else 'their'} lines are deleted in this change{named(cases)}."
    )


def _declared(title: str) -> str:
    """Return a test's name as its file has it: without pytest's parameters."""
    head, bracket, _ = title.partition("[")
    return head if bracket and head.isidentifier() else title


def _declarations(diff: Diff, file: str, name: str) -> int:
    """Count the lines that declared a test of this name and are deleted, unless one is added."""
    if any(declares(line, name) for line in diff.added):
        return 0
    return sum(
        declares(line, name)
        for path, lines in diff.deleted.items()
        if f"/{path}".endswith(f"/{file}") or not file
        for line in lines
    )


def declares(line: str, name: str) -> bool:
    """Tell whether a line of code names a test: in quotes, or as a function or method.

    >>> declares("  test('pays', async () => {", "pays"), declares("def test_pay(p):", "test_pay")
    (True, True)
    >>> declares("  test('pays twice', f)", "pays"), declares("# pays", "pays")
    (False, False)
    """
    start = line.find(name) if name else -1
    while start >= 0:
        before, after = line[:start][-1:], line[start + len(name) :]
        if before and before in _QUOTES and after[:1] == before:
            return True
        is_word = not (before.isalnum() or before in ("_", "$", "."))
        if name.isidentifier() and is_word and after.lstrip()[:1] == "(":
            return True
        start = line.find(name, start + 1)
    return False


def diff_since(bases: Iterable[str], checkout: Path) -> Diff | None:
    """Return what the checkout's commit changed since it left the first base that is there."""
    for base in bases:
        if not base or base.startswith("-"):
            continue
        # Nothing that the repository's files name is run, and no file but the index is read.
        text = _git(checkout, "diff", "--no-color", "--no-ext-diff", "--no-textconv",
                    "--unified=0", "--no-renames", f"{base}...HEAD", "--")  # fmt: skip
        if text is not None:
            return _parsed(text)
    return None


def _git(checkout: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(  # noqa: S603
            ["git", "-C", str(checkout), "-c", "core.quotePath=false", *words],  # noqa: S607
            check=False, capture_output=True, timeout=_PATIENCE,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def _parsed(text: str) -> Diff:
    diff = Diff()
    path, in_hunk = "", False
    for line in text.split("\n"):
        if line.startswith("diff --git "):
            in_hunk = False
        elif not in_hunk and line.startswith("--- "):
            path = line[4:].rstrip("\t").strip('"').removeprefix("a/")
        elif line.startswith("@@"):
            in_hunk = True
        elif in_hunk and line.startswith("-"):
            diff.deleted[path].append(line[1:])
        elif in_hunk and line.startswith("+"):
            diff.added.append(line[1:])
    return diff
