"""The time that tests lost, the dearest first: by test, by file and by owner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import duration, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.cost import KINDS, costs_by, time_lost
from fictures_reports.report.evidence import anchor
from fictures_reports.report.fragment import fragment
from fictures_reports.report.history_sections.history_tables import MOST
from fictures_reports.report.json_rows import history_rows
from fictures_reports.report.markdown_layout import blocks, table
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.history_findings import Findings

_HEADS: Final = ("lost", "share", "failures", "retries", "time-outs", "reruns")


@dataclass(frozen=True, eq=False)
class Costs:
    """What `cost` gives of those that lost any time, and the sums of all."""

    tests: pd.DataFrame
    files: pd.DataFrame
    #: empty where nobody is named for any file
    owners: pd.DataFrame
    lost_s: float
    spent_s: float
    #: case_id → title, with the project where there are several
    titles: Mapping[str, str]

    @property
    def sentence(self) -> str:
        """How much of all time was lost, and for what."""
        sums = [float(self.tests[name].sum()) for name in KINDS]
        kinds = [f"{kind} {duration(s)}" for kind, s in zip(_HEADS[2:], sums, strict=True) if s]
        share = percent(self.lost_s, self.spent_s)
        lost = f"{duration(self.lost_s)} of {duration(self.spent_s)} test time ({share})"
        return f"Lost: {lost} – {', '.join(kinds)}."


def values(findings: Findings) -> Costs | None:
    """Add up the lost time; nothing where none was lost."""
    results = time_lost(findings.rows)
    tests = costs_by(results, "case_id")
    if not tests["lost_s"].sum():
        return None
    owners = costs_by(results, "owner", lambda file, _: findings.owners.get(file))
    return Costs(
        _lost(tests),
        _lost(costs_by(results, "file")),
        _lost(owners) if findings.owners else owners.head(0),
        float(tests["lost_s"].sum()),
        float(tests["spent_s"].sum()),
        {test.row.case_id: f"{test.row.title} [{test.row.project}]" if test.row.project
         else test.row.title for test in findings.tests},
    )  # fmt: skip


def _lost(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["lost_s"] > 0].reset_index(drop=True)


def html(costs: Costs) -> Fragment:
    """List the dearest tests, files and owners."""
    tables = [
        (name, [_named(costs, key, row) for row in rows_of(frame.head(MOST))], len(frame))
        for name, key, frame in _tables(costs)
    ]
    return fragment("history_cost.html.j2", costs.sentence, sentence=costs.sentence, tables=tables)


def _named(costs: Costs, key: str, row: Any) -> tuple[str, str, Any]:
    """Return what a row is of, its address ("" for a file or an owner), and the row."""
    name = getattr(row, key)
    if key != "case_id":
        return name, "", row
    return costs.titles.get(name, name), anchor(name), row


def markdown(costs: Costs) -> str:
    """List the dearest tests and owners; the page has the files, too."""
    return blocks(
        *(_listed(name, key, frame) for name, key, frame in _tables(costs) if name != "file")
    )


def _listed(name: str, key: str, frame: pd.DataFrame) -> str:
    """Write a table; a kind of loss that none of its rows has is no column."""
    heads = dict(zip(KINDS, _HEADS[2:], strict=True))
    kinds = [kind for kind in KINDS if frame[kind].sum()]
    cells = [
        (getattr(row, key), duration(row.lost_s), percent(row.share, 1),
         *(duration(getattr(row, kind)) for kind in kinds))
        for row in rows_of(frame)
    ]  # fmt: skip
    heading = (name, *_HEADS[:2], *(heads[kind] for kind in kinds))
    return table(f"Time lost by {name}", heading, cells)


def _tables(costs: Costs) -> list[tuple[str, str, pd.DataFrame]]:
    given = [("test", "case_id", costs.tests), ("file", "file", costs.files),
             ("owner", "owner", costs.owners)]  # fmt: skip
    return [entry for entry in given if len(entry[2])]


def json(costs: Costs) -> dict[str, Any]:
    """Return the sums, and all tests, files and owners that lost time."""
    tables = {name: history_rows(getattr(costs, name)) for name in ("tests", "files", "owners")}
    return {"cost": {"lost_s": costs.lost_s, "spent_s": costs.spent_s, **tables}}


dear: Final = Section("cost", values, html, markdown, json)
