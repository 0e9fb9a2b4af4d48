"""Pass rates with their denominators, and what their change is made of."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.statistics import wilson

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.compare import Comparison

_GOOD: Final = ("passed", "flaky")


def rates(c: Comparison) -> pd.DataFrame:
    """Return the pass rate of both sides over three denominators, each with n and an interval.

    Index: "all" cases, "executed" (ran to an end), "common" to both runs. Columns for both sides:
    before_ and after_ passed, n, rate, low, high (0–1; 95 % Wilson interval), then `points`
    (after − before, in percentage points) and `relative` (after ÷ before − 1). NaN over nothing.
    """
    import pandas as pd

    common = c.changes[(c.changes[["before_outcome", "after_outcome"]] != "absent").all(axis=1)]
    rows = {}
    for name in ("all", "executed", "common"):
        row: dict[str, float] = {}
        for side, run in (("before", c.before), ("after", c.after)):
            if name == "common":
                passed, n = int(common[f"{side}_outcome"].isin(_GOOD).sum()), len(common)
            else:
                passed, n = passed_of(run.totals, executed=name == "executed")
            low, high = wilson(passed, n)
            rate = passed / n if n else math.nan
            values = {"passed": passed, "n": n, "rate": rate, "low": low, "high": high}
            row |= {f"{side}_{key}": value for key, value in values.items()}
        row["points"] = 100 * (row["after_rate"] - row["before_rate"])
        known = row["before_rate"] > 0
        row["relative"] = row["after_rate"] / row["before_rate"] - 1 if known else math.nan
        rows[name] = row
    frame = pd.DataFrame.from_dict(rows, orient="index")
    counts = [f"{side}_{key}" for side in ("before", "after") for key in ("passed", "n")]
    return frame.astype(dict.fromkeys(counts, "int64"))


def decomposition(c: Comparison) -> pd.DataFrame:
    """Split the change of the pass rate over all cases into its parts, which sum to it exactly.

    One row per part, columns: part, cases, points (percentage points). First the cases that only
    `before` has are taken out, then outcomes change among the common ones, then the cases that
    only `after` has come in; the order matters for the size of the first and last part. Computed
    in fractions. Empty if a side has no cases.
    """
    import pandas as pd

    parts = list(_parts(c))
    rows = [(part, n, float(100 * share)) for part, n, share in parts]
    return pd.DataFrame(rows, columns=["part", "cases", "points"])


def _parts(c: Comparison) -> list[tuple[str, int, Fraction]]:
    pairs = list(
        zip(*(c.changes[f"{side}_outcome"].tolist() for side in ("before", "after")), strict=True)
    )
    before = [b in _GOOD for b, _ in pairs if b != "absent"]
    after = [a in _GOOD for _, a in pairs if a != "absent"]
    common = [(b, a) for b, a in pairs if "absent" not in (b, a)]
    if not before or not after:
        return []
    rate_before, rate_after = Fraction(sum(before), len(before)), Fraction(sum(after), len(after))
    if not common:
        n = len(before) + len(after)
        return [("no case in common", n, rate_after - rate_before)]
    n = len(common)
    of_common = Fraction(sum(b in _GOOD for b, _ in common), n)
    moved = [("removed tests", len(before) - n, of_common - rate_before)]
    for part, is_from, is_to, sign in (
        ("fixed", "failed", "good", 1),
        ("broken", "good", "failed", -1),
        ("newly run and passing", "idle", "good", 1),
        ("newly skipped or not run", "good", "idle", -1),
    ):
        k = sum(_kind(b) == is_from and _kind(a) == is_to for b, a in common)
        moved.append((part, k, Fraction(sign * k, n)))
    of_common_after = Fraction(sum(a in _GOOD for _, a in common), n)
    return [*moved, ("added tests", len(after) - n, rate_after - of_common_after)]


def _kind(outcome: str) -> str:
    return "good" if outcome in _GOOD else outcome if outcome == "failed" else "idle"
