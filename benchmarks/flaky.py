"""Judges generated histories of 50 runs, whose truth is known, and prints how often that is right.

python benchmarks/flaky.py [--histories 8] [--runs 50] [--cases 300]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent))
from generate import Generated, Plan

from fictures_reports.history_analysis.flakiness import flakiness
from fictures_reports.history_analysis.incidents import incidents


def area_under_roc(is_true: pd.Series, score: pd.Series) -> float:
    """Return how probable it is that a true case scores above a false one (Mann–Whitney)."""
    ranks = score.rank()[is_true]
    n, m = len(ranks), int((~is_true).sum())
    return float((ranks.sum() - n * (n + 1) / 2) / (n * m))


def judged(seed: int, n_runs: int, n_cases: int) -> dict[str, float]:
    """Return the numbers of one history."""
    made = Generated(Plan(
        n_cases=n_cases, n_runs=n_runs, seed=seed, flaky=0.25, broken=0.15, renamed=0,
        branches=("main",),
    ))  # fmt: skip
    frame, truth = made.frame(), made.truth
    outages = {run for one in incidents(frame) if one.is_outage for run in one.runs}
    found = flakiness(frame).set_index("case_id").reindex(truth.index)
    told = truth.query("rate >= 0.03 or rate == 0").index
    score = found["rate_low"] + 1e-6 * found["rate"]
    flaky, broken = truth["rate"] > 0, truth["broken_from"] >= 0
    again = flakiness(frame[~frame["run_id"].isin(outages)])
    states = again.set_index("case_id")["state"].reindex(truth.index)
    return {
        "auc": area_under_roc(truth.loc[told, "rate"] > 0, score[told]),
        "flaky": int(flaky.sum()),
        "covered": int(truth["rate"].between(found["rate_low"], found["rate_high"])[flaky].sum()),
        "broken": int(broken.sum()),
        "broken called flaky": int((found.loc[broken, "state"] == "flaky").sum()),
        "stable called flaky": int((found.loc[~flaky & ~broken, "state"] == "flaky").sum()),
        "outages": len(made.outages),
        "outages found": len(
            outages
            & set(frame.loc[frame["label"].isin([made.label(k) for k in made.outages]), "run_id"])
        ),
        "outages that are none": len(outages) - len(made.outages),
        "changed by an outage": int((states != found["state"]).sum()),
    }


def main() -> None:
    """Print a line for each promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("histories", 8), ("runs", 50), ("cases", 300)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    rows = pd.DataFrame([judged(s, given.runs, given.cases) for s in range(given.histories)])
    total = rows.sum()
    print(f"{rows['auc'].min():.3f} … {rows['auc'].max():.3f}  (at least 0.95)  area under the ROC "
          f"curve, rates from 3 %, each of {len(rows)} histories")  # fmt: skip
    share = total["covered"] / total["flaky"]
    spread = 1.96 * np.sqrt(share * (1 - share) / total["flaky"])
    print(f"{share:.1%} ± {spread:.1%}  (93–97 %)  of {total['flaky']:.0f} true rates lie in "
          "their 95 % interval")  # fmt: skip
    print(f"{total['broken called flaky']:.0f}  (0)  of {total['broken']:.0f} broken streaks are "
          "called flaky")  # fmt: skip
    print(f"{total['stable called flaky']:.0f}  cases that never fail by chance are called flaky")
    print(f"{total['outages found']:.0f} of {total['outages']:.0f} outages are found, "
          f"{total['outages that are none']:.0f} more are named")  # fmt: skip
    print(f"{total['changed by an outage']:.0f}  (0)  states change with one outage")


if __name__ == "__main__":
    main()
