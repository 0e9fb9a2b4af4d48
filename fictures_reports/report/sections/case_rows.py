"""Every case of a report as a plain row: what it is and how it ended on each side."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import known, rows_by_case, test_of
from fictures_reports.report.evidence import anchor
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    return {
        "title": _tagged(case),
        "suite": case.suite,
        "tags": " ".join(_tags(case)),
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
        **_side(new, "", excerpts),
        **_side(old, "_before", excerpts),
    }


def _side(result: Any, suffix: str, excerpts: Excerpts) -> dict[str, Any]:
    """Say how a case ended on one side, in names whose suffix says which side."""
    facts: dict[str, Any] = dict.fromkeys(("seconds", "worker", "shard"))
    facts |= dict.fromkeys(("category", "why", "tries", "excerpt"), "")
    if result:
        facts = {
            "seconds": _rounded(known(result.duration_s)),
            "worker": known(result.worker),
            "shard": known(result.shard),
            "category": known(result.category) or "",
            "why": reason(result),
            "tries": result.n_attempts if result.n_attempts > 1 else "",
            "excerpt": excerpts.of(result),
        }
    return {f"{name}{suffix}": value for name, value in facts.items()}


def _rounded(seconds: float | None) -> float | None:
    """Keep as much of a duration as the page says of it."""
    if seconds is None:
        return None
    return round(seconds, 3) if seconds < 1 else round(seconds, 1)


def _tags(case: Any) -> list[str]:
    return [f"@{tag.lstrip('@')}" for tag in case.tags]


def _tagged(case: Any) -> str:
    return " ".join([case.title, *(tag for tag in _tags(case) if tag not in case.title)])
