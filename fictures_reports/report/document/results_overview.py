"""Counts of all phases: absolute, in percentage points and relative, each in its own column."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.wording import MISSING, duration, moment, percent, signed
from fictures_reports.report.document.document_layout import aligned, section, subsection
from fictures_reports.report.markdown_text import text
from fictures_reports.report.sections.phase_table import values as phases_of
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

_ALWAYS: Final = ("passed", "failed", "skipped")


def results_overview(d: DocumentInput) -> str:
    """Show the counts of the compared runs, the way to the target, and earlier phases."""
    table = _compared(d.before, d.after, list(d.sides)) if d.before else _alone(d.after)
    targets = [
        text(words)
        for gate in d.gates
        if (words := _target(gate, d.after, alone=len(d.gates) == 1))
    ]
    return section("Results", table, _counting(d), "\n\n".join(targets), _sequence(d))


def _counting(d: DocumentInput) -> str:
    """Say what a test is counted as where it can be there more than once."""
    if not d.places:
        return ""
    return f"A test counts once in each {' and '.join(d.places)} in which it ran."


def _statuses(runs: Sequence[Run]) -> list[str]:
    return [s for s in STATUSES if s in _ALWAYS or any(run.totals[s] for run in runs)]


def _name(status: str) -> str:
    return status.replace("_", " ")


def _alone(run: Run) -> str:
    n = run.totals["cases"]
    rows = [("tests", f"{n:,}", "")]
    rows += [(_name(s), f"{run.totals[s]:,}", percent(run.totals[s], n)) for s in _statuses([run])]
    good, ran = passed_of(run.totals, executed=True)
    rows += [("passed, of those that ran", f"{good:,} of {ran:,}", percent(good, ran))]
    return aligned(["measure", run.label, "share"], [*rows, ("wall time", _wall(run), "")])


def _compared(before: Run, after: Run, labels: Sequence[str]) -> str:
    heads = ["measure", labels[0], "share", labels[1], "share", "change", "points", "relative"]
    return aligned(heads, [
        _tests(before, after),
        *(_counts(_name(s), s, before, after) for s in _statuses([before, after])),
        _of_those_that_ran(before, after),
        _times(before, after),
    ])  # fmt: skip


def _tests(before: Run, after: Run) -> tuple[str, ...]:
    first, second = before.totals["cases"], after.totals["cases"]
    return ("tests", f"{first:,}", "", f"{second:,}", "", signed(second - first), "", "")


def _counts(name: str, status: str, before: Run, after: Run) -> tuple[str, ...]:
    first, second = before.totals[status], after.totals[status]
    n_first, n_second = before.totals["cases"], after.totals["cases"]
    return (
        name, f"{first:,}", percent(first, n_first), f"{second:,}", percent(second, n_second),
        signed(second - first), _points(_share(first, n_first), _share(second, n_second)),
        _relative(first, second),
    )  # fmt: skip


def _of_those_that_ran(before: Run, after: Run) -> tuple[str, ...]:
    (a, n), (b, m) = (passed_of(run.totals, executed=True) for run in (before, after))
    rates = _share(a, n), _share(b, m)
    return (
        "passed, of those that ran", f"{a:,} of {n:,}", percent(a, n), f"{b:,} of {m:,}",
        percent(b, m), "", _points(*rates), _relative(*rates),
    )  # fmt: skip


def _times(before: Run, after: Run) -> tuple[str, ...]:
    first, second = before.info.duration_s, after.info.duration_s
    known = first is not None and second is not None
    moved = (second or 0) - (first or 0)
    change = f"{'−' if moved < 0 else '+'}{duration(abs(moved))}" if known else MISSING
    relative = _relative(first or 0, second or 0) if known else MISSING
    return ("wall time", _wall(before), "", _wall(after), "", change, "", relative)


def _wall(run: Run) -> str:
    return duration(run.info.duration_s)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan


def _points(before: float, after: float) -> str:
    return signed(100 * (after - before), 1)


def _relative(before: float, after: float) -> str:
    if not before or math.isnan(before):
        return MISSING
    return f"{signed(100 * (after / before - 1), 1)} %"


def _target(gate: Gate, run: Run, *, alone: bool) -> str:
    """Say how far a target is, in points and as a share of it; of a gate `alone` no more.

    That a single gate is met or missed stands at the top of the document.
    """
    target = f"Target {gate.sentence}."
    far = _distance(gate, run)
    if alone:
        return far
    return f"{target} {far}" if far else target


def _distance(gate: Gate, run: Run) -> str:
    n = run.totals["cases"]
    if gate.holds or gate.note or "[" in gate.gate or gate.comparator not in (">", ">=") or not n:
        return ""
    if gate.metric == "pass_rate":
        return f"The pass rate is {percent(gate.reading, gate.limit)} of its target."
    if gate.metric != "passed" or not gate.limit:
        return ""
    return (
        f"{percent(gate.reading, n)} passed against a target of {percent(gate.limit / n, 1)}: "
        f"{100 * (gate.limit - gate.reading) / n:.1f} percentage points below, or "
        f"{percent(gate.reading, gate.limit)} of it."
    )


def _sequence(d: DocumentInput) -> str:
    """Show every phase with the target as the last line; "" where there are only two."""
    found = phases_of(d.report)
    if not found:
        return ""
    names = _statuses(found.runs)
    rows = [
        (run.label, moment(run.info.started_at), f"{run.totals['cases']:,}",
         *(f"{run.totals[name]:,}" for name in names), percent(*passed_of(run.totals)), _wall(run))
        for run in found.runs
    ]  # fmt: skip
    if found.target is not None:
        blank = [""] * (len(names) + 2)
        rows.append(("target", *blank, percent(found.target, 1), ""))
    heads = ["phase", "started", "tests", *map(_name, names), "pass rate", "wall time"]
    return subsection("All phases", aligned(heads, rows))
