"""A gate as it is written: `METRIC COMPARATOR LIMIT`, for a part `METRIC[file=cache-*] …`."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.changes import CHANGE_METRICS
from fictures_reports.errors import GateError, did_you_mean
from fictures_reports.schema import CATEGORIES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

#: The part in brackets goes to the last bracket: file names hold brackets themselves.
_FORM: Final = re.compile(
    r"(\w+)\s*(?:\[\s*(\w+)\s*=\s*(.+?)\s*\])?\s*(>=|<=|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*(%?)"
)
#: What a gate may be narrowed to.
SCOPES: Final = ("file", "area", "tag", "project")
#: Metrics that are shares of all cases or of those that ran, in percent.
RATES: Final = ("pass_rate", "executed_pass_rate")
RUN_METRICS: Final = ("cases", *STATUSES, *RATES, "duration_s", "run_errors", *CATEGORIES)
COMPARISON_METRICS: Final = CHANGE_METRICS
RELATIONS: Final[dict[str, Callable[[Fraction, Fraction], bool]]] = {
    ">=": operator.ge, "<=": operator.le, "==": operator.eq,
    "!=": operator.ne, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A gate's parts; `limit` is exact, and in percent for rates."""

    text: str
    metric: str
    comparator: str
    limit: Fraction
    #: what to narrow the runs to and the name or pattern for it; both "" for all of them
    scope: str = ""
    pattern: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether reading and limit are in percent."""
        return self.metric in RATES

    @property
    def is_about_changes(self) -> bool:
        """Whether it needs a run to compare with."""
        return self.metric in COMPARISON_METRICS


def parsed(text: str, *, has_changes: bool, own_categories: Collection[str] = ()) -> Expression:
    """Read a gate; raises `GateError` for what cannot be read or is not known here.

    `own_categories` are those that the rules of the run added.
    """
    match = _FORM.fullmatch(text.strip())
    if not match:
        raise GateError(
            f"gate {text!r}: expected METRIC COMPARATOR NUMBER, such as 'passed >= 24' "
            "or 'pass_rate >= 85.7%'"
        )
    metric, scope, pattern, comparator, limit, sign = match.groups()
    known = (*RUN_METRICS, *own_categories, *(COMPARISON_METRICS if has_changes else ()))
    if metric not in known:
        raise GateError(f"gate {text!r}: no metric {metric!r}{_hint(metric, known)}")
    if sign and metric not in RATES:
        raise GateError(f"gate {text!r}: {metric} is not a rate, write the limit without %")
    if scope and scope not in SCOPES:
        raise GateError(f"gate {text!r}: no part {scope!r}; there are {', '.join(SCOPES)}")
    if scope and metric in ("duration_s", "run_errors"):
        raise GateError(f"gate {text!r}: {metric} is about the whole run")
    value = Fraction(limit)
    if metric in RATES and not sign and 0 < value <= 1:
        raise GateError(f"gate {text!r}: rates are in percent, write {float(100 * value):g}%")
    return Expression(text.strip(), metric, comparator, value, scope or "", pattern or "")


def _hint(metric: str, known: Sequence[str]) -> str:
    if metric in COMPARISON_METRICS:
        return " for a single run; it needs two runs to compare"
    return did_you_mean(metric, known)
