"""Every case of a report as a plain row: what it is and how it ended on each side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known, rows_by_case, test_of
from fictures_reports.report.evidence import anchor
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.report.evidence_excerpts import Excerpts
    from fictures_reports.run import Run


@dataclass(frozen=True)
class Known:
    """What is known of cases beside their results, by case: cause, whose failure it is."""

    #: the cause's id and name
    causes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    standings: Mapping[str, str] = field(default_factory=dict)


def case_rows(
    subject: Comparison | Run, excerpts: Excerpts, beside: Known | None = None
) -> list[dict[str, Any]]:
    """Return a row for each case, of a comparison by what happened to it."""
    beside = beside or Known()
    if not isinstance(subject, Comparison):
        results = rows_by_case(subject.results)
        return [_row(result, None, "", excerpts, beside) for result in results.values()]
    before, after = rows_by_case(subject.before.results), rows_by_case(subject.after.results)
    order = {change: i for i, change in enumerate(CHANGES)}
    cases = sorted(subject.labels.items(), key=lambda case: order[case[1]])
    return [
        _row(after.get(case), before.get(case), change, excerpts, beside) for case, change in cases
    ]


def _row(new: Any, old: Any, change: str, excerpts: Excerpts, beside: Known) -> dict[str, Any]:
    """Say of one case what it is and how it ended on each side; None for a side that lacks it."""
    case = new or old
    tags = _tags(case)
    return {
        "title": _tagged(case.title, tags),
        "suite": case.suite,
        "tags": " ".join(tags),
        "file": case.file,
        "line": known(case.line),
        "project": case.project,
        "variant": known(case.variant) or "",
        "test": test_of(case),
        "cause": beside.causes.get(case.case_id, ""),
        "standing": beside.standings.get(case.case_id, ""),
        "change": change,
        "status": new.status if new else "absent",
        "before": (old.status if old else "absent") if change else "",
        "case_id": case.case_id,
        "id": anchor(case.case_id),
        "strip": "",
        **(_side(new, excerpts) if new else _LACKS_IT),
        **(_named_before(_side(old, excerpts)) if old else _LACKED_IT),
    }


def _side(result: Any, excerpts: Excerpts) -> dict[str, Any]:
    """Say how a case ended on one side."""
    category = known(result.category)
    passed = category is None
    return {
        "seconds": _rounded(known(result.duration_s)),
        "worker": known(result.worker),
        "shard": known(result.shard),
        "category": category or "",
        "why": "" if passed else reason(result),
        "tries": result.n_attempts if result.n_attempts > 1 else "",
        "excerpt": () if passed else excerpts.of(result),
    }


#: What stands in the row of a case that a side lacks, in the order of `_side`.
_LACKS_IT: Final[dict[str, Any]] = dict.fromkeys(("seconds", "worker", "shard")) | dict.fromkeys(
    ("category", "why", "tries", "excerpt"), ""
)
_NAMES_BEFORE: Final = tuple(f"{name}_before" for name in _LACKS_IT)


def _named_before(side: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(_NAMES_BEFORE, side.values(), strict=True))


_LACKED_IT: Final = _named_before(_LACKS_IT)


def _rounded(seconds: float | None) -> float | None:
    """Keep as much of a duration as the page says of it."""
    if seconds is None:
        return None
    return round(seconds, 3) if seconds < 1 else round(seconds, 1)


def _tags(case: Any) -> list[str]:
    return [f"@{tag.lstrip('@')}" for tag in case.tags]


def _tagged(title: str, tags: Sequence[str]) -> str:
    if not tags:
        return title
    return " ".join([title, *(tag for tag in tags if tag not in title)])
