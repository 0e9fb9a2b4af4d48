"""Facts of a failure that is a group of errors: an exception group, checks, soft assertions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.classification.facts import waiting_facts
from fictures_reports.failures.measured_limit import is_budget
from fictures_reports.failures.measurements import compared, measurements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.failures.message_parts import Error

_OF_MEASUREMENT: Final = ("measured", "comparator", "limit", "unit", "ratio")


def group_facts(category: str, ordered: Sequence[Error], title: str) -> dict[str, Any]:
    """Return the facts in which a group differs from an error alone; {} where it is none.

    `ordered` are its members, the deciding one first. Each waited for something of its own, so the
    deciding one's time and locator count, if it has them. Where no limit decided, the first limit
    that another member missed is kept.
    """
    if not ordered[0].in_group:
        return {}
    waited = waiting_facts(category, "\n\n".join(ordered[0].chain))
    waited = waited if any(waited.values()) else {}
    return {**waited, **(_first_limit(ordered, title) if category == "assertion" else {})}


def _first_limit(ordered: Sequence[Error], title: str) -> dict[str, Any]:
    """Prefer what an assertion compared to numbers in prose, which needs a unit."""
    for read in (compared, measurements):
        for error in ordered:
            for part in error.chain:
                missed = (
                    m
                    for m in read(part, title, error.code)
                    if is_budget(m) and (m.unit or read is compared)
                )
                if first := next(missed, None):
                    return {name: getattr(first, name) for name in _OF_MEASUREMENT}
    return {}
