"""Sentences of numbers, of one run or of both sides: pass rates, causes, lost time."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fictures_reports.analysis.counts import pass_rate, passed_of
from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.reasons.human_names import category_name, naming_categories_of
from fictures_reports.analysis.wording import MISSING, duration, listed, percent, points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run


def rates(c: Comparison) -> str:
    """State the pass rate of both sides, over all cases and over those that ran.

    What has no case in common is not subtracted.
    """
    sentences = []
    for executed, of in ((False, "all cases"), (True, "cases that ran")):
        sides = [_rate(run, executed=executed) for run in (c.before, c.after)]
        values = [pass_rate(run.totals, executed=executed) for run in (c.before, c.after)]
        moved = points(*values) if c.comparable else MISSING
        words = f"of {of} {' → '.join(sides)}"
        sentences.append(words if moved == MISSING else f"{words} ({moved})")
    return f"Pass rate {sentences[0]}; {sentences[1]}.{_counted_as_passed(c.before, c.after)}"


def _rate(run: Run, *, executed: bool) -> str:
    good, whole = passed_of(run.totals, executed=executed)
    return f"{good:,} of {whole:,} = {percent(good, whole)}" if whole else "none"


def _counted_as_passed(*runs: Run) -> str:
    names = [n for n in ("flaky", "xpassed") if any(run.totals[n] for run in runs)]
    counts = [f"{name} {' → '.join(f'{run.totals[name]:,}' for run in runs)}" for name in names]
    return f" Counted as passed: {listed(counts)}." if counts else ""


def causes(*runs: Run) -> str:
    """Count failures by category, most frequent first; for two runs before → after.

    They add up to the failed tests: those that passed on a retry are counted behind them. "" where
    no test ran.
    """
    sentences = [f"Failures by cause: {words}." if (words := _by_category(runs, "failed")) else ""]
    if not sentences[0] and all(_ran(run) for run in runs):
        sentences = ["No test failed."]
    if words := _by_category(runs, "flaky"):
        sentences.append(f"Passed on a retry, by cause: {words}.")
    return " ".join(filter(None, sentences))


def _by_category(runs: Sequence[Run], status: str) -> str:
    rows = [run.results.loc[run.results["status"] == status, "category"] for run in runs]
    counts = [Counter(run_counts.fillna("unknown").tolist()) for run_counts in rows]
    names = dict.fromkeys(name for run_counts in counts for name, _ in run_counts.most_common())
    ordered = sorted(names, key=lambda name: -sum(run_counts[name] for run_counts in counts))
    with naming_categories_of(runs):
        return ", ".join(
            f"{category_name(name)} {' → '.join(f'{run_counts[name]:,}' for run_counts in counts)}"
            for name in ordered
        )


def _ran(run: Run) -> bool:
    return any(run.totals[name] for name in ("passed", "failed", "flaky", "xfailed", "xpassed"))


def time_lost(*runs: Run) -> str:
    """State how much of the workers' time went to time-outs; "" where nothing timed out."""
    spent = [worker_time(run) for run in runs]
    if not any(part.timeout_s for part in spent):
        return ""
    shares = [percent(part.timeout_s, part.capacity_s) for part in spent]
    minutes = [duration(part.timeout_s) for part in spent]
    text = f"Time-outs took {' → '.join(minutes)}"
    return (
        f"{text}, {' → '.join(shares)} of the worker time." if MISSING not in shares else f"{text}."
    )
