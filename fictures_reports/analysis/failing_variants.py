"""On which variants of a run a failing test fails, and on which it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import listed
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run

COLUMNS: Final = ("test_id", "title", "file", "failing", "passing", "other", "words")


def failing_variants(run: Run) -> pd.DataFrame:
    """Return one row per failing test of a run with variants; no row of a run without.

    `failing`, `passing` and `other` (skipped, not run) are lists of variants in the order of their
    names; `words` say it: "fails on windows only, passes on linux and macos".
    """
    import pandas as pd

    rows = run.results[run.results["variant"].fillna("") != ""]
    ids = rows.loc[rows["status"].map(OUTCOME_OF) == "failed", "test_id"]
    tests = rows[rows["test_id"].isin(ids)].groupby("test_id", sort=False)
    found = [
        (test, group["title"].iloc[0], group["file"].iloc[0], *_sorted(group))
        for test, group in tests
        if len(set(rows["variant"])) > 1
    ]
    return pd.DataFrame([(*row, _words(*row[3:])) for row in found], columns=list(COLUMNS))


def _sorted(group: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    outcomes = group["status"].map(OUTCOME_OF).tolist()
    pairs = list(zip(group["variant"].tolist(), outcomes, strict=True))
    failing = {variant for variant, outcome in pairs if outcome == "failed"}
    passing = {v for v, outcome in pairs if outcome in ("passed", "flaky")} - failing
    idle = {variant for variant, _ in pairs} - failing - passing
    return sorted(failing), sorted(passing), sorted(idle)


def _words(failing: list[str], passing: list[str], idle: list[str]) -> str:
    """Say where a test fails and where it passes.

    >>> _words(["windows"], ["linux", "macos"], [])
    'fails on windows only, passes on linux and macos'
    """
    if not passing and not idle:
        return f"fails on all {len(failing)} variants" if failing[1:] else f"fails on {failing[0]}"
    parts = [f"fails on {listed(failing)}{' only' if passing and not failing[1:] else ''}"]
    parts += [f"passes on {listed(passing)}"] if passing else []
    return ", ".join([*parts, *([f"did not run on {listed(idle)}"] if idle else [])])
