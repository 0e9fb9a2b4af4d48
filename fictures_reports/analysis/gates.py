"""Gates: named conditions on a run or a comparison, each with a reading and a verdict.

A gate fails closed: where nothing ran, on errors of the run itself, on a run that is known to be
incomplete or holds far fewer tests than the one before, where the runs have nothing in common (for
gates on changes), and on a metric that has no value. It then says why, and no distance.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import patterns_of
from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.gate_expressions import (
    RATES,
    RELATIONS,
    RUN_METRICS,
    Expression,
    parsed,
)
from fictures_reports.analysis.gate_readings import cases_of, expired_words, narrowed, reading
from fictures_reports.analysis.known_issues import issues as made_of
from fictures_reports.analysis.sides import TRIED
from fictures_reports.analysis.verdict import missing_words
from fictures_reports.analysis.wording import counted, named, number
from fictures_reports.errors import GateError
from fictures_reports.guards import refuse, texts
from fictures_reports.run import Run, count_table
from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.schema import Outcome

#: A run that holds less than this share of the tests of the one before has shrunk.
LEAST_SHARE: Final = Fraction(4, 5)


@dataclass(frozen=True)
class Gate:
    """One gate, read: `holds` is the verdict, `short_by` the distance to holding (0 if it holds).

    `reading` and `limit` are in the metric's unit: counts, seconds, or percent for rates, where
    `short_by` is in percentage points. `reading` is NaN where there is nothing to read, `short_by`
    where the gate is closed for another reason than its reading; `note` says why. `cases` are the
    ids of what a missed count of tests has too many of, and `expired` says which known issues
    would have covered some of them.
    """

    gate: str
    metric: str
    comparator: str
    reading: float
    limit: float
    holds: bool
    short_by: float
    unit: str = ""
    note: str = ""
    cases: tuple[str, ...] = ()
    expired: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """Say the verdict, e.g. `passed >= 24: not met, 8 is 16 short`."""
        if self.holds:
            return f"{self.gate}: met, reads {self._value(self.reading)}"
        if self.note:
            return f"{self.gate}: not met – {self.note}"
        if self.reading == self.limit:
            return f"{self.gate}: not met, it is exactly {self._value(self.reading)}"
        word = "short" if self.comparator in (">=", ">") else "off"
        if self.comparator in ("<=", "<", "==") and self.reading > self.limit:
            word = "over" if self.unit or self.metric == "duration_s" else "too many"
        gap = number(self.short_by) + (" points" if self.unit else "")
        text = f"{self.gate}: not met, {self._value(self.reading)} is {gap} {word}"
        return "; ".join([f"{text}{named(self.cases)}", *self.expired])

    def _value(self, value: float) -> str:
        shown = value
        if self.comparator in (">=", ">") and value < self.limit:
            # A reading just short of its limit must not be rounded up to it.
            shown = math.floor(round(value * 100, 6)) / 100
            shown = shown if shown < self.limit else math.floor(value * 100) / 100
        return number(shown) + (f" {self.unit}" if self.unit else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the fields and the sentence for JSON; an unknown reading or distance is None."""
        unknown = {k: None for k in ("reading", "short_by") if math.isnan(getattr(self, k))}
        lists = {"cases": list(self.cases), "expired": list(self.expired)}
        return asdict(self) | lists | unknown | {"sentence": self.sentence}


class Checked(list[Gate]):
    """Gates that were read, in their order: true if all of them hold, false if one is missed.

    Ask `len` for whether there are any; true of none.
    """

    def __bool__(self) -> bool:
        return all_hold(self)

    def __repr__(self) -> str:
        """Say each gate's verdict, a line each."""
        return "\n".join(gate.sentence for gate in self) or "no gates"

    def _repr_html_(self) -> str:
        """Show the verdicts in a notebook, in its own colours."""
        marks = {gate.sentence: "✅" if gate.holds else "❌" for gate in self}
        return count_table(("gate", ""), marks)


def check(
    subject: Comparison | Run,
    gates: str | Sequence[str],
    *,
    areas: Areas | None = None,
    known_issues: Sequence[KnownIssue | Mapping[str, Any]] = (),
    allow_incomplete: bool = False,
) -> Checked:
    """Read one gate or several against a comparison's side after, or a run; false if one is missed.

    `areas` as in `area_of`, for gates on an area. Open `known_issues` (or tables to make them of,
    see `known_issues.issue`) leave the failures; a comparison that was made with known issues
    needs none here. Raises `GateError` for an expression that cannot be read, a metric that does
    not exist here or a part that no test belongs to.
    """
    gates = texts(gates, "gates", "passed >= 24")
    if not isinstance(subject, Comparison | Run):
        raise refuse(subject, "what is checked", "a run or a comparison")
    patterns, issues = patterns_of(areas or {}), made_of(known_issues)
    if isinstance(subject, Comparison):
        if issues and issues != subject.known_issues:
            subject = subject.with_known_issues(issues)
        issues = subject.known_issues
    categories, is_comparison = categories_of(subject), isinstance(subject, Comparison)
    expressions = [
        parsed(text, has_changes=is_comparison, own_categories=categories) for text in gates
    ]
    return Checked(
        _check(subject, gate, patterns, issues, allow_incomplete=allow_incomplete)
        for gate in expressions
    )


def categories_of(subject: Comparison | Run) -> list[str]:
    """Return the own categories that a gate may ask for: those of the rules, and of the rows."""
    runs = (subject.before, subject.after) if isinstance(subject, Comparison) else (subject,)
    named = [
        [*(category.id for category in run.info.own_categories), *run.categories] for run in runs
    ]
    return [name for name in dict.fromkeys(chain(*named)) if name not in RUN_METRICS]


def about_changes(gate: str, subject: Comparison | Run) -> bool:
    """Tell whether a gate needs a run to compare with; raises `GateError` as `check` does."""
    return parsed(gate, has_changes=True, own_categories=categories_of(subject)).is_about_changes


def all_hold(gates: Sequence[Gate]) -> bool:
    """Tell whether every gate holds; true of none."""
    return all(gate.holds for gate in gates)


def _why_unknown(subject: Comparison | Run, gate: Expression) -> str:
    if gate.metric != "new_failures_not_flaky":
        return ""
    has_base = getattr(subject, "base", None) is not None
    return " without an earlier run in the history" if has_base else " without a history"


def _check(
    subject: Comparison | Run,
    gate: Expression,
    areas: Mapping[str, Sequence[str]],
    issues: Sequence[KnownIssue],
    *,
    allow_incomplete: bool,
) -> Gate:
    part = narrowed(subject, gate, areas)
    note = why_closed(subject, gate, allow_incomplete=allow_incomplete)
    if part is None and not note:
        raise GateError(f"gate {gate.text!r}: no test matches {gate.scope} {gate.pattern!r}")
    value = None if part is None else _reading(part, gate, issues)
    if value is None and not note:
        note = f"{gate.metric} is not known{_why_unknown(subject, gate)}"
    holds = not note and value is not None and RELATIONS[gate.comparator](value, gate.limit)
    short_by = 0.0 if holds else math.nan if note or value is None else _distance(value, gate)
    read = math.nan if value is None else float(value)
    unit = "%" if gate.is_rate else ""
    cases = _too_many(part, value, gate, issues) if part is not None and not note else ()
    expired = expired_words(part, cases, issues) if part is not None and cases else ()
    return Gate(
        gate.text, gate.metric, gate.comparator, read, float(gate.limit), holds, short_by, unit,
        note, cases, tuple(expired),
    )  # fmt: skip


def _too_many(
    part: Comparison | Run, value: Fraction | None, gate: Expression, issues: Sequence[KnownIssue]
) -> tuple[str, ...]:
    """Return the cases that a gate counts if it asks for fewer."""
    if value is None or gate.comparator not in ("<=", "<", "==") or value < gate.limit:
        return ()
    is_met = RELATIONS[gate.comparator](value, gate.limit)
    return () if is_met else tuple(cases_of(part, gate, issues))


def _reading(
    part: Comparison | Run, gate: Expression, issues: Sequence[KnownIssue]
) -> Fraction | None:
    """Read a gate without known issues, or with them where only that meets it.

    To write down an issue for a failure may not make a gate miss that held before, such as
    `failed == 3` of a suite with three failures.
    """
    value = reading(part, gate, issues)
    relation = RELATIONS[gate.comparator]
    if value is None or relation(value, gate.limit) or gate.is_rate:
        return value
    everything = reading(part, gate, issues, with_known=True)
    return everything if everything is not None and relation(everything, gate.limit) else value


def _distance(value: Fraction, gate: Expression) -> float:
    step = 0 if gate.metric in (*RATES, "duration_s") else 1
    gap = abs(gate.limit - value)
    return float(gap + step if gate.comparator in (">", "<", "!=") else gap)


def why_closed(
    subject: Comparison | Run, gate: Expression | None = None, *, allow_incomplete: bool = False
) -> str:
    """Say why a gate cannot be met whatever it reads; "" if it is open.

    Gates on the run ask nothing of the side before.
    """
    after = subject.after_runs if isinstance(subject, Comparison) else (subject,)
    closed = _why_run_closed(after, allow_incomplete=allow_incomplete)
    if closed or not isinstance(subject, Comparison):
        return closed
    if not subject.comparable and (gate is None or gate.is_about_changes):
        return subject.why_not_comparable
    if subject.comparable and not allow_incomplete and (shrunk := _shrunk(subject)):
        return shrunk
    if gate is not None and not gate.is_about_changes:
        return ""
    if missing_words(subject) and not allow_incomplete:
        return missing_words(subject)[0]
    return _why_run_closed(subject.before_runs, allow_incomplete=allow_incomplete, errors=False)


def _shrunk(c: Comparison) -> str:
    """Say how many tests are gone if too few are left; those removed on purpose do not count."""
    not_waived = ~c.changes["waived"]
    n_before = int((not_waived & (c.changes["before_outcome"] != "absent")).sum())
    n_after = len(c.after.results)
    if n_after >= LEAST_SHARE * n_before:
        return ""
    gone = int((not_waived & (c.changes["after_outcome"] == "absent")).sum())
    return (
        f"{c.after.label} holds {counted(n_after, 'test')}, {n_before:,} were there before: "
        f"{gone:,} of {n_before:,} are gone"
    )


def _why_run_closed(runs: Sequence[Run], *, allow_incomplete: bool, errors: bool = True) -> str:
    for run in runs:
        first = run.info.errors[0].splitlines()[0] if run.info.errors else ""
        if run.results.empty:
            return f"{run.label} holds no results" + (f": {first}" if first else "")
        if errors and first:
            more = len(run.info.errors) - 1
            return f"{run.label} had an error of its own: {first}" + (
                f" (and {more} more)" if more else ""
            )
        if not allow_incomplete and not run.is_whole:
            return f"{run.label} is incomplete, see the ledger"
    outcomes = {OUTCOME_OF[status] for run in runs for status in run.results["status"].unique()}
    if not outcomes & {*TRIED, "xfailed"}:
        return _nothing_ran(outcomes, sum(len(run.results) for run in runs))
    return ""


def _nothing_ran(outcomes: set[Outcome], n: int) -> str:
    """Say how all of some tests did not run, of which these are the outcomes."""
    if outcomes == {"not_run"}:
        return f"nothing ran: {counted(n, 'test')} never started"
    never_started = " or never started" if "not_run" in outcomes else ""
    return f"nothing ran: {counted(n, 'test was', 'tests were')} skipped{never_started}"
