"""One sentence that says how a single run ended; every number in it is counted from rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fictures_reports.analysis.change_phrases import tests
from fictures_reports.analysis.common_cause import counted_rows, struck
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.analysis.sides import TRIED
from fictures_reports.analysis.wording import listed, percent
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run


def run_verdict(run: Run) -> str:
    """Say in one sentence how a single run ended."""
    t = run.totals
    if not t["cases"]:
        why = first_line(run.info.errors[0]) if run.info.errors else "no reason was recorded"
        return f"No test ran: {why}."
    other_counts = [f"{n:,} {status.replace('_', ' ')}" for status, n in list(t.items())[2:] if n]
    failed = run.info.errors
    run_error = f", but the run itself failed ({first_line(failed[0])})" if failed else ""
    if none_ran(run):
        return f"No test ran; {idle_words(run.results)}{why_most_skipped(run)}{run_error}."
    if not other_counts:
        every = f"All {tests(run.results)} passed" if t["cases"] > 1 else "The only test passed"
        return f"{every}{run_error}."
    ended = f"{t['passed']:,} of {tests(run.results)} passed ({percent(t['passed'], t['cases'])})"
    shared = f"{common}. " if (common := _one_cause(run)) else ""
    return f"{shared[:1].upper()}{shared[1:]}{ended}; {listed(other_counts)}{run_error}."


def _one_cause(run: Run) -> str:
    """Say that one cause took at least three tests and half of those that ran; "" if none did."""
    cause, n, n_ran = struck(run, run.results["status"] == "failed")
    return f"one cause, {n:,} of {counted_rows(run, n_ran)} that ran: {cause}" if cause else ""


def none_ran(run: Run) -> bool:
    """Tell whether all of a run's tests were skipped or never started."""
    return not run.results["status"].map(OUTCOME_OF).isin([*TRIED, "xfailed"]).any()


def idle_words(results: pd.DataFrame) -> str:
    """Count what did not run, by how: `8 skipped and 2 never started`."""
    counts = Counter(results["status"].map(OUTCOME_OF).tolist())
    counts_in_words = {"skipped": counts["skipped"], "never started": counts["not_run"]}
    return listed([f"{n:,} {words}" for words, n in counts_in_words.items() if n])


def why_most_skipped(run: Run) -> str:
    """Give the reason that most skips of a run have, behind a colon; "" without one."""
    reasons = Counter(run.results["skip_reason"].dropna().tolist()).most_common(1)
    return f": {first_line(reasons[0][0])}" if reasons else ""
