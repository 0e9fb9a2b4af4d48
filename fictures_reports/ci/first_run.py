"""What fails in a run that is compared with nothing, as `compare` lists what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.run import Run

#: Nobody can know yet whose failure it is.
UNCOMPARED: Final = "uncompared"


def failing_cases(run: Run, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the cases that failed, each with why; `known` says of a case who answers for it."""
    from fictures_reports.analysis.reasons import reason
    from fictures_reports.frame_rows import rows_of

    failed = run.results[run.results["status"] == "failed"]
    where = failed[["project", "variant"]].fillna("")
    return [
        {
            "case_id": row.case_id, "title": row.title, "project": project, "variant": variant,
            "after": {"reason": reason(row)}, "newly_flaky": False,
            "standing": "known_issue" if row.case_id in known else UNCOMPARED,
            "standing_words": known.get(row.case_id, ""),
        }
        for row, (project, variant) in zip(
            rows_of(failed), where.itertuples(index=False), strict=True
        )
    ]  # fmt: skip
