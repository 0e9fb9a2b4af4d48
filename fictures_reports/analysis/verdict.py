"""Sentences about a run or a comparison; every number in them is counted from rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.analysis.counts import NEW_FAILURES, pass_rate, passed_of
from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.wording import (
    MISSING,
    counted,
    duration,
    listed,
    percent,
    points,
    signed,
)
from fictures_reports.schema import FAILURE_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run


def verdict(c: Comparison) -> str:
    """Say in one sentence whether things got better, and by which doors.

    Fewer failures is not called better while tests are hidden or newly failing.
    """
    n_new = sum(c.counts[change] for change in NEW_FAILURES)
    n_good, n_hidden = c.counts["fixed"] + c.counts["gained"], c.counts["masked"]
    word = _word(n_good, n_new, n_hidden + c.counts["vanished"] + c.counts["lost"])
    before, after = c.before.totals["failed"], c.after.totals["failed"]
    moved = f"from {before} to {after}" if before != after else f"at {after}"
    return f"{word}: failures {_verb(before, after)} {moved}; {_doors(c)}."


def _word(n_good: int, n_new: int, n_hidden: int) -> str:
    if n_good and (n_new or n_hidden):
        return "Mixed"
    if n_good:
        return "Better"
    return "Worse" if n_new or n_hidden else "No change"


def _verb(before: int, after: int) -> str:
    return "stay" if before == after else "went down" if after < before else "went up"


def _doors(c: Comparison) -> str:
    n = c.counts
    parts = [f"{counted(n['fixed'], 'test')} {_was(n['fixed'])} fixed"]
    for change, text in (
        ("masked", "that failed {is_} now skipped or not run"),
        ("vanished", "that failed {is_} no longer there"),
        ("broken", "that passed now {fails}"),
        ("unmasked", "that did not run before now {fails}"),
        ("arrived_failing", "new {is_} failing"),
        ("lost", "that passed no longer {runs}"),
    ):
        if k := n[change]:
            forms = {"is_": "is", "fails": "fails", "runs": "runs"}
            plural = {"is_": "are", "fails": "fail", "runs": "run"}
            parts.append(f"{k:,} {text.format(**(forms if k == 1 else plural))}")
    return listed(parts)


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def doors(c: Comparison) -> str:
    """Say where the failures of before went: they leave fixed, masked or vanished, or stay."""
    n, total = c.counts, c.before.totals["failed"]
    if not total:
        return "No test failed before."
    return (
        f"Of {counted(total, 'test')} that failed before, {n['fixed']} "
        f"{_was(n['fixed'])} fixed, {n['masked']} {_is(n['masked'])} now skipped or not run "
        f"(masked), {n['vanished']} vanished and {n['still_failing']} still "
        f"{'fails' if n['still_failing'] == 1 else 'fail'}."
    )


def rates(c: Comparison) -> str:
    """State the pass rate of both sides, over all cases and over those that ran."""
    sentences = []
    for executed, of in ((False, "all cases"), (True, "cases that ran")):
        sides = [_rate(run, executed=executed) for run in (c.before, c.after)]
        values = [pass_rate(run.totals, executed=executed) for run in (c.before, c.after)]
        sentences.append(f"of {of} {sides[0]} → {sides[1]} ({points(*values)})")
    return f"Pass rate {sentences[0]}; {sentences[1]}.{_counted_as_passed(c.before, c.after)}"


def _rate(run: Run, *, executed: bool) -> str:
    good, whole = passed_of(run.totals, executed=executed)
    return f"{good} of {whole} = {percent(good, whole)}"


def _counted_as_passed(*runs: Run) -> str:
    names = [n for n in ("flaky", "xpassed") if any(run.totals[n] for run in runs)]
    counts = [f"{name} {' → '.join(str(run.totals[name]) for run in runs)}" for name in names]
    return f" Counted as passed: {listed(counts)}." if counts else ""


def totals(c: Comparison) -> str:
    """State the counts of both sides that are not zero, with their differences."""
    pairs = [(name, n, c.after.totals[name]) for name, n in c.before.totals.items()]
    return ", ".join(f"{name} {b} → {a} ({signed(a - b)})" for name, b, a in pairs if b or a)


def causes(*runs: Run) -> str:
    """Count failures by category, most frequent first; for two runs before → after."""
    names = dict.fromkeys(c for run in runs for c in run.categories if c in FAILURE_CATEGORIES)
    if not names:
        return "No test failed."
    counts = {name: [run.categories.get(name, 0) for run in runs] for name in names}
    ordered = sorted(counts, key=lambda name: -sum(counts[name]))
    parts = [f"{name} {' → '.join(map(str, counts[name]))}" for name in ordered]
    return f"Failures by cause: {', '.join(parts)}."


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


def run_verdict(run: Run) -> str:
    """Say in one sentence how a single run ended."""
    t = run.totals
    if not t["cases"]:
        why = run.info.errors[0].splitlines()[0] if run.info.errors else "no reason was recorded"
        return f"No test ran: {why}"
    rest = [f"{n:,} {status.replace('_', ' ')}" for status, n in list(t.items())[2:] if n]
    share = percent(t["passed"], t["cases"])
    ended = f"{t['passed']:,} of {counted(t['cases'], 'test')} passed ({share})"
    return f"{ended}; {listed(rest)}." if rest else f"{ended}."


def gates(checked: Sequence[Gate]) -> str:
    """Say how many gates hold and by how much the first failing one is missed."""
    if not checked:
        return "No gates were set."
    missed = [gate for gate in checked if not gate.holds]
    if not missed:
        return (
            f"All {counted(len(checked), 'gate')} met."
            if len(checked) > 1
            else f"Gate met: {checked[0].gate}."
        )
    return f"{len(missed)} of {counted(len(checked), 'gate')} not met: " + "; ".join(
        gate.sentence for gate in missed
    )
