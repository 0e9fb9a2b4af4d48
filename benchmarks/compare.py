"""Times the comparison of two runs of 10,000 cases against a bare pandas merge of the two.

    python benchmarks/compare.py [--cases 10000]

CPU time of this process, reading left out; the best of several rounds of each.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import TYPE_CHECKING

from fictures_reports.analysis.breakdown import breakdown
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.confidence import paired
from fictures_reports.analysis.durations import changed
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.projection import projection, skips
from fictures_reports.analysis.rates import decomposition, rates
from fictures_reports.analysis.readiness import blockers
from fictures_reports.analysis.renames import suggestions
from fictures_reports.analysis.tool_versions import drift
from fictures_reports.readers.read import ledger_frame
from fictures_reports.readers.rows import LedgerEntry, RunInfo
from fictures_reports.run import Run
from fictures_reports.schema import results_frame

if TYPE_CHECKING:
    from collections.abc import Callable


def run(label: str, n_cases: int, seed: int) -> Run:
    """Draw a run: 84 % pass, 10 % fail for one of 200 reasons, 5 % are skipped, 1 % are flaky."""
    rng = random.Random(seed)
    statuses = rng.choices(["passed", "failed", "skipped", "flaky"], [84, 10, 5, 1], k=n_cases)
    causes = [f"Error: service {rng.randrange(200)} said no" for _ in range(n_cases)]
    bad = [status in ("failed", "flaky") for status in statuses]
    numbers = range(n_cases) if seed else range(20, n_cases + 20)
    columns = {
        "case_id": [f"file{i % 300}.spec.ts › test {i} of the suite" for i in numbers],
        "file": [f"file{i % 300}.spec.ts" for i in numbers],
        "title": [f"test {i} of the suite" for i in numbers],
        "project": [""] * n_cases,
        "suite": [""] * n_cases,
        "status": statuses,
        "category": ["assertion" if b else None for b in bad],
        "message": [cause if b else None for cause, b in zip(causes, bad, strict=True)],
        "signature": [cause if b else None for cause, b in zip(causes, bad, strict=True)],
        "duration_s": [rng.expovariate(1) for _ in range(n_cases)],
    }
    ledger = ledger_frame([LedgerEntry("generated", "generated", read=n_cases)])
    info = RunInfo(run_id=label, label=label, duration_s=600.0, n_workers=4)
    return Run(results_frame(columns), info, ledger)


def everything(before: Run, after: Run) -> None:
    """Make every frame that a report shows."""
    c = compare(before, after)
    _ = c.counts, c.totals, c.transitions, c.category_flow, c.verdict
    rates(c), decomposition(c), paired(c), drift(c), suggestions(c), changed(c)
    breakdown({"before": before, "after": after})
    projection(after), skips(after), blockers(after)
    check(c, ["passed >= 9000", "broken == 0", "failed[file=file1*] <= 3"])


def best(action: Callable[[], object], rounds: int = 5) -> float:
    """Return the least CPU time of several rounds, in seconds."""
    times = []
    for _ in range(rounds):
        begin = time.process_time()
        action()
        times.append(time.process_time() - begin)
    return min(times)


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    n_cases = parser.parse_args().cases
    before, after = run("before", n_cases, 0), run("after", n_cases, 1)
    ours = best(lambda: everything(*(Run(r.results, r.info, r.ledger) for r in (before, after))))
    bare = best(lambda: before.results.merge(after.results, on="case_id", how="outer"))
    print(f"all frames of {n_cases:,} cases a side: {ours:.2f} s of CPU (at most 1.00)")
    print(f"{ours / bare:5.1f}  all frames / bare pandas merge ({bare:.3f} s)")


if __name__ == "__main__":
    main()
