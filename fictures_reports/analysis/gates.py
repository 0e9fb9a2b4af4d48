"""Gates: named conditions on a run or a comparison, each with a reading and a verdict.

A gate reads `METRIC COMPARATOR LIMIT`, such as `passed >= 24` or `pass_rate >= 85.7%`, or for a
part of the suite `METRIC[file=cache-*] …` with file, area, tag or project and a shell pattern. It
fails closed: on a run that is known to be incomplete or holds far fewer tests than the one before,
on a part that matches nothing, and on a metric that has no value.
"""

from __future__ import annotations

import math
import operator
import re
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import area_of, patterns_of
from fictures_reports.analysis.compare import Comparison, compare
from fictures_reports.analysis.counts import NEW_FAILURES, pass_rate
from fictures_reports.analysis.known_issues import KnownIssue, issue, set_apart
from fictures_reports.analysis.wording import MISSING, number
from fictures_reports.errors import GateError, did_you_mean
from fictures_reports.schema import CATEGORIES, CHANGES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.run import Run

_FORM: Final = re.compile(
    r"\s*(\w+)\s*(?:\[\s*(\w+)\s*=\s*([^\]]+?)\s*\])?"
    r"\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)\s*"
)
#: What a gate may be narrowed to.
SCOPES: Final = ("file", "area", "tag", "project")
#: A run that holds less than this share of the tests of the one before has shrunk.
LEAST_SHARE: Final = 0.8
_RELATIONS: Final[dict[str, Callable[[float, float], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq,
    "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip
#: Metrics that are shares of all cases or of those that ran, in percent.
_RATES: Final = ("pass_rate", "executed_pass_rate")
RUN_METRICS: Final = ("cases", *STATUSES, *_RATES, "duration_s", *CATEGORIES)
#: New failures but for those of tests that a history calls flaky.
_NOT_FLAKY: Final = "new_failures_not_flaky"
COMPARISON_METRICS: Final = (*CHANGES, "new_failures", _NOT_FLAKY)


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
        if self.comparator in ("<=", "<", "==") and self.reading > self.limit:
            word = "over" if self.unit or self.metric == "duration_s" else "too many"
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
    subject: Comparison | Run,
    gates: Sequence[str],
    *,
    areas: Areas | None = None,
    known_issues: Sequence[KnownIssue | Mapping[str, Any]] = (),
    flaky: Collection[str] | None = None,
    allow_incomplete: bool = False,
) -> list[Gate]:
    """Read every gate against a comparison's after side, or a run.

    `areas` as in `area_of`, for gates on an area. Open `known_issues` (or
    tables to make them of, see `known.issue`) count as expected failures. `flaky` are the cases
    that a history calls flaky (see `past.known_as_flaky`); None if there is no history.
    Raises `GateError` for an expression that cannot be read or a metric that does not exist here.
    """
    patterns = patterns_of(areas or {})
    note = "" if allow_incomplete else _why_closed(subject)
    if known_issues:
        made = [i if isinstance(i, KnownIssue) else issue(i) for i in known_issues]
        subject = _with_known(subject, made)
    return [_check(subject, gate, note, patterns, flaky) for gate in gates]


def needs_history(gates: Sequence[str]) -> bool:
    """Tell whether a gate can only be read with a history at hand."""
    return any(_NOT_FLAKY in gate for gate in gates)


def _with_known(subject: Comparison | Run, issues: Sequence[KnownIssue]) -> Comparison | Run:
    if isinstance(subject, Comparison):
        return compare(set_apart(subject.before, issues), set_apart(subject.after, issues))
    return set_apart(subject, issues)


def all_hold(gates: Sequence[Gate]) -> bool:
    """Tell whether every gate holds; true of none."""
    return all(gate.holds for gate in gates)


def _check(
    subject: Comparison | Run,
    gate: str,
    note: str,
    areas: Mapping[str, Sequence[str]],
    flaky: Collection[str] | None,
) -> Gate:
    metric, scope, comparator, limit, unit = _parse(gate, subject)
    part = _part(subject, *scope, areas) if scope else subject
    value = math.nan if part is None else _reading(part, metric, flaky)
    if scope and part is None:
        note = note or f"no test matches {scope[0]} {scope[1]!r}"
    if math.isnan(value):
        note = note or f"{metric} is not known" + (
            " without a history" if metric == _NOT_FLAKY and flaky is None else ""
        )
    holds = not note and _RELATIONS[comparator](value, limit)
    short_by = 0.0 if holds else _distance(value, comparator, limit, metric)
    return Gate(gate.strip(), metric, comparator, value, limit, holds, short_by, unit, note)


def _part(
    subject: Comparison | Run, scope: str, pattern: str, areas: Mapping[str, Sequence[str]]
) -> Comparison | Run | None:
    """Narrow a subject to the tests of a file, area, tag or project; None if there are none."""
    if isinstance(subject, Comparison):
        sides = [_narrowed(run, scope, pattern, areas) for run in (subject.before, subject.after)]
        return compare(*sides) if any(len(run.results) for run in sides) else None
    run = _narrowed(subject, scope, pattern, areas)
    return run if len(run.results) else None


def _narrowed(run: Run, scope: str, pattern: str, areas: Mapping[str, Sequence[str]]) -> Run:
    if scope == "tag":
        tags = run.results["tags"]
        chosen = [any(fnmatchcase(tag.lstrip("@"), pattern) for tag in own) for own in tags]
    else:
        names = area_of(run.results, areas) if scope == "area" else run.results[scope]
        chosen = [fnmatchcase(name, pattern) for name in names]
    return replace(run, results=run.results[chosen])


def _parse(
    gate: str, subject: Comparison | Run
) -> tuple[str, tuple[str, str] | None, str, float, str]:
    match = _FORM.fullmatch(gate)
    if not match:
        raise GateError(
            f"gate {gate!r}: expected METRIC COMPARATOR NUMBER, such as 'passed >= 24' "
            "or 'pass_rate >= 85.7%'"
        )
    metric, scope, pattern, comparator, limit, sign = match.groups()
    known = RUN_METRICS + (COMPARISON_METRICS if isinstance(subject, Comparison) else ())
    if metric not in known:
        raise GateError(f"gate {gate!r}: no metric {metric!r}{_hint(metric, known)}")
    if sign and metric not in _RATES:
        raise GateError(f"gate {gate!r}: {metric} is not a rate, write the limit without %")
    if scope and scope not in SCOPES:
        raise GateError(f"gate {gate!r}: no part {scope!r}; there are {', '.join(SCOPES)}")
    if scope and metric == "duration_s":
        raise GateError(f"gate {gate!r}: duration_s is the whole run's wall time")
    value = float(limit)
    if metric in _RATES and not sign and 0 < value <= 1:
        raise GateError(f"gate {gate!r}: rates are in percent, write {100 * value:g}%")
    part = (scope, pattern) if scope else None
    return metric, part, comparator, value, "%" if metric in _RATES else ""


def _hint(metric: str, known: Sequence[str]) -> str:
    if metric in COMPARISON_METRICS:
        return " for a single run; it needs two runs to compare"
    return did_you_mean(metric, known)


def _reading(subject: Comparison | Run, metric: str, flaky: Collection[str] | None) -> float:
    run = subject.after if isinstance(subject, Comparison) else subject
    totals = run.totals
    if isinstance(subject, Comparison) and metric in COMPARISON_METRICS:
        if metric == _NOT_FLAKY:
            if flaky is None:
                return math.nan
            return float((~subject.named(*NEW_FAILURES)["case_id"].isin(list(flaky))).sum())
        names = NEW_FAILURES if metric == "new_failures" else (metric,)
        return float(sum(subject.counts[name] for name in names))
    if metric in _RATES:
        return 100 * pass_rate(totals, executed=metric == "executed_pass_rate")
    if metric == "duration_s":
        return math.nan if run.info.duration_s is None else run.info.duration_s
    if metric in totals:
        return float(totals[metric])
    return float(run.categories.get(metric, 0))


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
    if isinstance(subject, Comparison):
        before, after = len(subject.before.results), len(subject.after.results)
        if after < LEAST_SHARE * before:
            return f"{subject.after.label} holds {after} tests, {before} were there before"
    return ""


def reading_text(gate: Gate) -> str:
    """Write a gate's reading for a table; "–" where it is not known."""
    return MISSING if math.isnan(gate.reading) else gate._value(gate.reading)  # noqa: SLF001
