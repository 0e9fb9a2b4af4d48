"""For how many runs tests have failed or not run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.report.history_sections.tests_listed import named
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import table
from fictures_reports.report.section import LeftOut, Section

if TYPE_CHECKING:
    from fictures_reports.report.history_findings import Findings


def values(findings: Findings) -> pd.DataFrame:
    """Return the ages as `ageing` does, with where that is (" on main", "" for one line).

    `is_broken` marks those that are listed as broken.
    """
    where = [findings.words.where(line_of(row)) for row in rows_of(findings.ageing)]
    broken = {(row.case_id, line_of(row)) for row in rows_of(findings.in_state("broken"))}
    is_broken = [(row.case_id, line_of(row)) in broken for row in rows_of(findings.ageing)]
    return findings.ageing.assign(
        where=pd.Series(where, index=findings.ageing.index, dtype="str"),
        is_broken=pd.Series(is_broken, index=findings.ageing.index, dtype="bool"),
    )


def markdown(rows: pd.DataFrame) -> str:
    """List the tests that are not listed as broken, the longest first."""
    rows = rows[~rows["is_broken"]]
    cells = [
        (named(r), r.file, f"{r.how} for {counted(r.n_runs, 'run')}",
         f"{r.since}{r.where}")
        for r in rows_of(rows)
    ]  # fmt: skip
    return table("How long already", ("test", "file", "for", "since"), cells)


def json(rows: pd.DataFrame) -> dict[str, Any]:
    """Return every test that did not pass in the latest run of its branch."""
    return {"ageing": history_rows(rows.drop(columns=["where", "is_broken"]))}


ages: Final = Section(
    "ages", values, LeftOut("the rows of the tests say for how many runs"), markdown, json
)
