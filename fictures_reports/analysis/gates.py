"""Gates: named conditions on a run or a comparison, each with a reading and a verdict.

A gate reads `METRIC COMPARATOR LIMIT`, such as `passed >= 24` or `pass_rate >= 85.7%`. It fails
closed: a run that is known to be incomplete, or a metric that has no value, does not hold.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.wording import MISSING, number
from fictures_reports.errors import GateError
from fictures_reports.schema import CATEGORIES, CHANGES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fictures_reports.runs import Run

_FORM: Final = re.compile(r"\s*(\w+)\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*")
_RELATIONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq,
    "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
#: Changes by which a test that did not fail before fails now.
NEW_FAILURES: Final = ("broken", "unmasked", "arrived_failing")
#: Metrics that are shares of all cases or of those that ran, in percent.
_RATES: Final = ("pass_rate", "executed_pass_rate")
RUN_METRICS: Final = ("cases", *STATUSES, *_RATES, "duration_s", *CATEGORIES)
COMPARISON_METRICS: Final = (*CHANGES, "new_failures")


@dataclass(frozen=True)
class Gate:
    """One gate, read: `holds` is the verdict, `short_by` the distance to holding (0 if it holds).

    `reading` and `limit` are in the metric's unit: counts, seconds, or percent for rates, where
    `short_by` is in percentage points. `reading` is NaN where there is nothing to read; `note`
    says why a gate failed for another reason than its reading.
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

    @property
    def sentence(self) -> str:
        """Say the verdict, e.g. `passed >= 24: not met, 8 is 16 short`."""
        if self.holds:
            return f"{self.gate}: met, reads {self._value(self.reading)}"
        if self.note:
            return f"{self.gate}: not met – {self.note}"
        word = "short" if self.comparator in (">=", ">") else "off"
        gap = number(self.short_by) + (" points" if self.unit else "")
        return f"{self.gate}: not met, {self._value(self.reading)} is {gap} {word}"

    def _value(self, value: float) -> str:
        # A reading just short of its limit must not be rounded up to it.
        shown = math.floor(value * 100) / 100 if self.comparator in (">=", ">") else value
        return number(shown) + (f" {self.unit}" if self.unit else "")

    def as_dict(self) -> dict[str, Any]:
        """Return the fields for JSON; an unknown reading is None."""
        unknown = {k: None for k in ("reading", "short_by") if math.isnan(getattr(self, k))}
        return asdict(self) | unknown


def check(
    subject: Comparison | Run, gates: Sequence[str], *, allow_incomplete: bool = False
) -> list[Gate]:
    """Read every gate against a comparison's after side, or a run.

    Raises `GateError` for an expression that cannot be read or a metric that does not exist here.
    """
    note = "" if allow_incomplete else _why_closed(subject)
    return [_check(subject, gate, note) for gate in gates]


def all_hold(gates: Sequence[Gate]) -> bool:
    """Tell whether every gate holds; true of none."""
    return all(gate.holds for gate in gates)


def _check(subject: Comparison | Run, gate: str, note: str) -> Gate:
    metric, comparator, limit, unit = _parse(gate, subject)
    value = _reading(subject, metric)
    if math.isnan(value):
        note = note or f"{metric} is not known"
    holds = not note and _RELATIONS[comparator](value, limit)
    short_by = 0.0 if holds else _distance(value, comparator, limit, metric)
    return Gate(gate.strip(), metric, comparator, value, limit, holds, short_by, unit, note)


def _parse(gate: str, subject: Comparison | Run) -> tuple[str, str, float, str]:
    match = _FORM.fullmatch(gate)
    if not match:
        raise GateError(
            f"gate {gate!r}: expected METRIC COMPARATOR NUMBER, such as 'passed >= 24' "
            "or 'pass_rate >= 85.7%'"
        )
    metric, comparator, limit, sign = match.groups()
    known = RUN_METRICS + (COMPARISON_METRICS if isinstance(subject, Comparison) else ())
    if metric not in known:
        raise GateError(f"gate {gate!r}: no metric {metric!r}{_hint(metric, known)}")
    if sign and metric not in _RATES:
        raise GateError(f"gate {gate!r}: {metric} is not a rate, write the limit without %")
    value = float(limit)
    if metric in _RATES and not sign and 0 < value <= 1:
        raise GateError(f"gate {gate!r}: rates are in percent, write {100 * value:g}%")
    return metric, comparator, value, "%" if metric in _RATES else ""


def _hint(metric: str, known: Sequence[str]) -> str:
    if metric in COMPARISON_METRICS:
        return " for a single run; it needs two runs to compare"
    close = get_close_matches(metric, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}"


def _reading(subject: Comparison | Run, metric: str) -> float:
    run = subject.after if isinstance(subject, Comparison) else subject
    totals = run.totals
    if isinstance(subject, Comparison) and metric in COMPARISON_METRICS:
        names = NEW_FAILURES if metric == "new_failures" else (metric,)
        return float(sum(subject.counts[name] for name in names))
    if metric in _RATES:
        return 100 * pass_rate(totals, executed=metric == "executed_pass_rate")
    if metric == "duration_s":
        return math.nan if run.info.duration_s is None else run.info.duration_s
    if metric in totals:
        return float(totals[metric])
    return float(run.categories.get(metric, 0))


def pass_rate(totals: dict[str, int], *, executed: bool = False) -> float:
    """Return passed ÷ cases (0–1), where flaky and unexpected passes count as passed.

    With `executed`, over the cases that ran to an end: not skipped, not_run, interrupted or
    xfailed. NaN over nothing.
    """
    good, whole = passed_of(totals, executed=executed)
    return good / whole if whole else math.nan


def passed_of(totals: dict[str, int], *, executed: bool = False) -> tuple[int, int]:
    """Return the two counts that `pass_rate` divides."""
    good = totals["passed"] + totals["flaky"] + totals["xpassed"]
    return good, good + totals["failed"] if executed else totals["cases"]


def _distance(value: float, comparator: str, limit: float, metric: str) -> float:
    step = 0.0 if metric in (*_RATES, "duration_s") else 1.0
    gap = abs(limit - value)
    return gap + step if comparator in (">", "<", "!=") else gap


def _why_closed(subject: Comparison | Run) -> str:
    sides = (subject.before, subject.after) if isinstance(subject, Comparison) else (subject,)
    for run in sides:
        if run.results.empty:
            return f"{run.label} holds no results"
        if not run.is_whole:
            return f"{run.label} is incomplete, see the ledger"
    return ""


def reading_text(gate: Gate) -> str:
    """Write a gate's reading for a table; "–" where it is not known."""
    return MISSING if math.isnan(gate.reading) else gate._value(gate.reading)  # noqa: SLF001
