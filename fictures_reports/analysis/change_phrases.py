"""What happened to tests in phrases, each with its count: `2 tests that passed now fail`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.wording import counted, listed

if TYPE_CHECKING:
    import pandas as pd

#: What to say of one test and of several, most urgent first; "{}" stands for the noun.
_FORMS: Final = {
    "broken": ("{} that passed now fails", "{} that passed now fail"),
    "retried": (
        "{} that passed only on a retry now fails",
        "{} that passed only on a retry now fail",
    ),
    "more often": (
        "{} fails significantly more often than before",
        "{} fail significantly more often than before",
    ),
    "unmasked": ("{} that did not run before now fails", "{} that did not run before now fail"),
    "undeclared": (
        "{} that was declared to fail now fails undeclared",
        "{} that were declared to fail now fail undeclared",
    ),
    "arrived_failing": ("new {} fails", "new {} fail"),
    "other cause": (
        "{} that failed before fails for another cause",
        "{} that failed before fail for another cause",
    ),
    "skipped": ("{} that passed did not run", "{} that passed did not run"),
    "gone": ("{} that passed is gone", "{} that passed are gone"),
    "masked": ("{} that failed did not run", "{} that failed did not run"),
    "masked as declared": ("{} that failed as declared did not run",) * 2,
    "vanished": ("{} that failed is gone", "{} that failed are gone"),
    "vanished as declared": (
        "{} that failed as declared is gone",
        "{} that failed as declared are gone",
    ),
    "newly flaky": ("{} is newly flaky", "{} are newly flaky"),
    "collected": (
        "file that could not be collected is collected now",
        "files that could not be collected are collected now",
    ),
    "fixed": ("{} was fixed", "{} were fixed"),
    "less often": (
        "{} fails significantly less often than before",
        "{} fail significantly less often than before",
    ),
    "fixed as declared": (
        "{} that was declared to fail passes now",
        "{} that were declared to fail pass now",
    ),
    "gained": ("{} that did not run before passes", "{} that did not run before pass"),
    "declared": ("{} now fails as declared", "{} now fail as declared"),
    "arrived": ("new {} passes", "new {} pass"),
    "known issue": ("{} is a known issue", "{} are known issues"),
    "known flaky": ("{} known as flaky failed", "{} known as flaky failed"),
}
#: Variants that a phrase names; of more it says how many.
_MOST_VARIANTS: Final = 3


def change_phrases(changes: pd.DataFrame) -> list[str]:
    """Say what happened to the cases of a comparison's changes; nothing about what did not."""
    groups = _groups(changes)
    return [
        _phrase(changes[groups[name]], forms, changes)
        for name, forms in _FORMS.items()
        if groups[name].any()
    ]


def tests(rows: pd.DataFrame) -> str:
    """Count the tests of some cases; where a test has several, both: `6 cases of 2 tests`.

    `rows` need the columns `test_id` and `case_id`, which stands in where the first is missing.
    """
    n, n_tests = len(rows), _test_ids(rows).nunique()
    if n == n_tests:
        return counted(n, "test")
    return f"{counted(n, 'case')} of {counted(n_tests, 'test')}"


def noun_of(rows: pd.DataFrame) -> str:
    """Return what a row is: a test, or where a test has several rows, a case of it."""
    return "case" if _test_ids(rows).duplicated().any() else "test"


def _test_ids(rows: pd.DataFrame) -> pd.Series[Any]:
    return rows["test_id"].fillna(rows["case_id"])


def is_matrix(rows: pd.DataFrame) -> bool:
    """Tell whether tests ran in several projects or on several variants."""
    return any(len(rows[name].dropna().unique()) > 1 for name in ("project", "variant"))


def where(rows: pd.DataFrame, all_rows: pd.DataFrame) -> str:
    """Say on which variants some cases are, where others are on more; "" else."""
    variants, all_variants = (part["variant"].unique() for part in (rows, all_rows))
    names = [name for name in variants if name]
    if len(variants) == len(all_variants) or not names:
        return ""
    if len(names) > _MOST_VARIANTS:
        return f" (on {len(names)} of {len(all_variants)} variants)"
    return f" (only on {listed(names)})"


def _phrase(rows: pd.DataFrame, forms: tuple[str, str], changes: pd.DataFrame) -> str:
    n = len(rows)
    words = forms[n != 1]
    if "{}" not in words:
        return f"{n:,} {words}"
    count, _, noun = tests(rows).partition(" ")
    return f"{count} {words.format(noun)}{where(rows, changes)}"


def _groups(changes: pd.DataFrame) -> dict[str, pd.Series[bool]]:
    """Tell for each phrase which rows it is about; no row is in two that count failures."""
    change, standing = changes["change"], changes["standing"]
    new, gone = standing == "new", changes["after_outcome"] == "absent"
    declared, not_waived = changes["before_outcome"] == "xfailed", ~changes["waived"]
    broken, fixed = new & (change == "broken"), (change == "fixed") & ~declared
    rarely = changes["failed_before"] > 0
    # of several runs a case is flaky because some of them failed, of one by a retry
    retried = (changes["before_outcome"] == "flaky") & (changes["n_before"] == 1)
    return {
        "broken": broken & ~retried & ~rarely,
        "retried": broken & retried,
        "more often": broken & rarely,
        "unmasked": new & (change == "unmasked"),
        "undeclared": new & (change == "undeclared"),
        "arrived_failing": new & (change == "arrived_failing"),
        "other cause": new & (change == "still_failing"),
        "skipped": (change == "lost") & ~gone,
        "gone": (change == "lost") & gone & not_waived,
        "masked": (change == "masked") & ~declared,
        "masked as declared": (change == "masked") & declared,
        "vanished": (change == "vanished") & not_waived & ~declared,
        "vanished as declared": (change == "vanished") & not_waived & declared,
        "newly flaky": changes["newly_flaky"] & ~change.isin(NEW_FAILURES),
        "collected": changes["collected"],
        "fixed": fixed & ~changes["collected"] & (changes["failed_after"] == 0),
        "less often": fixed & (changes["failed_after"] > 0),
        "fixed as declared": (change == "fixed") & declared,
        "gained": change == "gained",
        "declared": change == "declared",
        "arrived": change == "arrived",
        "known issue": standing == "known_issue",
        "known flaky": standing == "known_flaky",
    }
