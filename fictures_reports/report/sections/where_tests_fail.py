"""In which projects and on which variants failing tests fail: on Windows only, say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.failing_variants import failing_variants as found_in
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.json_rows import plain_rows
from fictures_reports.report.markdown_layout import MOST_ROWS, listing, shortened
from fictures_reports.report.markdown_text import text
from fictures_reports.report.place_matrix import MOST_TESTS, place_matrix
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.place_matrix import PlaceMatrix
    from fictures_reports.report.report_input import ReportInput


@dataclass(frozen=True, eq=False)
class WhereTestsFail:
    """The failing tests of the last run: with the variants they fail on, and as a table."""

    #: of `failing_variants`
    by_variant: pd.DataFrame
    matrix: PlaceMatrix | None


def values(report: ReportInput) -> WhereTestsFail:
    """Find where the tests of the last run fail."""
    return WhereTestsFail(found_in(report.last), place_matrix(report.last))


def html(v: WhereTestsFail) -> Fragment | None:
    """Show a row for each test and a column for each project and variant; nothing of one place."""
    if v.matrix is None:
        return None
    tests = v.matrix.tests
    return fragment(
        "variants.html.j2", counted(len(tests), "test"), matrix=v.matrix, most=MOST_TESTS,
        several_files=len({test.file for test in tests}) > 1,
    )  # fmt: skip


def markdown(v: WhereTestsFail) -> str:
    """List the first; "" where there are none."""
    # what fails everywhere is no news about places, and stands in the lists
    found = v.by_variant
    found = found[(found["passing"].str.len() + found["other"].str.len()) > 0]
    lines = [
        f"- {text(row.title)} ({text(row.file)}): {text(row.words)}"
        for row in rows_of(found.head(MOST_ROWS))
    ]
    return listing("Where tests fail", shortened(lines, len(found)))


def json(v: WhereTestsFail) -> dict[str, Any]:
    """Return the variants of each test by what it did there, and the words."""
    return {"failing_variants": plain_rows(v.by_variant)}


failing_variants: Final = Section("failing_variants", values, html, markdown, json)
