"""The rows of tests as a page shows them: name, cells of the last runs, how it stands, why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.run_grid import ABSENT
from fictures_reports.report.evidence import anchor
from fictures_reports.report.history_sections import run_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Line
    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.report.history_findings import Findings

#: The colour of a standing, which is that of a status.
COLOURS: Final = {
    "broken": "failed", "failing": "failed", "flaky": "flaky", "mended": "passed",
    "slower": "slower", "skipped": "skipped", "gone": "skipped", "unsure": "skipped",
    "stable": "passed",
}  # fmt: skip


@dataclass(frozen=True)
class TestRow:
    """What a row shows of a test; `id` is its address behind `#tests/`."""

    #: pytest takes a class whose name begins with Test for tests
    __test__ = False

    id: str
    title: str
    #: file, project, variant, and where there are several, branch and stream
    place: str
    standing: str
    colour: str
    short: str
    why: str
    paths: list[tuple[str, str]]
    label: str


def addresses(tests: Iterable[HistoryTest]) -> list[str]:
    """Return the address of each test; one that is in several streams gets a number."""
    n: dict[str, int] = {}
    found = []
    for test in tests:
        name = anchor(test.row.case_id)
        n[name] = n.get(name, 0) + 1
        found.append(name if n[name] == 1 else f"{name}~{n[name]}")
    return found


def own_codes(test: HistoryTest, findings: Findings) -> list[int]:
    """Return what a test did in the runs of the grid; absent from runs of other streams."""
    codes = findings.grid.codes(test.row.case_id)
    if not findings.words.several_streams:
        return codes
    streams = findings.grid.runs["stream"].tolist()
    own_stream = test.line.stream
    return [
        code if (stream if isinstance(stream, str) else None) == own_stream else ABSENT
        for code, stream in zip(codes, streams, strict=True)
    ]


def rows_of_tests(findings: Findings, most: int, *, quiet: bool = False) -> list[TestRow]:
    """Return the rows of the first tests, of those that need attention or, `quiet`, of all."""
    chosen = [
        (test, name) for test, name in zip(findings.tests, addresses(findings.tests), strict=True)
        if quiet or test.needs_attention
    ]  # fmt: skip
    runs = run_columns.shown(findings.grid.runs)
    outages = {i for i, run in enumerate(runs["run_id"]) if run in findings.outages}
    rows = []
    lines = lines_of_runs(runs)
    for test, name in chosen[:most]:
        beside = {i for i, line in enumerate(lines) if line != test.line}
        codes = own_codes(test, findings)[-len(runs) :] if len(runs) else []
        rows.append(TestRow(
            name, test.row.title, place_of(test, findings), test.standing, COLOURS[test.standing],
            test.short, test.why, run_columns.cell_paths(codes, outages, beside),
            run_columns.cells_in_words(codes),
        ))  # fmt: skip
    return rows


def lines_of_runs(runs: pd.DataFrame) -> list[Line]:
    """Return the line of each run."""
    return [line_of(row) for row in rows_of(runs)]


def places_of(test: HistoryTest) -> tuple[str | None, ...]:
    """Return what a list can be filtered by: project, variant, and the branch and stream of it."""
    return known(test.row.project), test.variant, test.line.branch, test.line.stream


def place_of(test: HistoryTest, findings: Findings) -> str:
    """Say which of the tests with its title it is: file, project, variant, branch, stream."""
    parts = [test.row.file, test.row.project, test.variant, findings.words.where(test.line).strip()]
    return " · ".join(part for part in parts if part)
