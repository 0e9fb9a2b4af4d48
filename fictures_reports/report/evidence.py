"""The proof behind each classification: message, source lines, output and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import rows_by_case
from fictures_reports.report.attachments import Budget
from fictures_reports.report.picture_order import make_pictures
from fictures_reports.report.tries import Try, tries_of
from fictures_reports.schema import CHANGES, Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run

#: How many tests are shown with their evidence; the rest is in the frame.
MOST_ITEMS: Final = 200


@dataclass
class Item:
    """One case that did not pass on some side, with every try of it; those before come first."""

    anchor: str
    row: Any
    change: str
    tries: list[Try]


def anchor(case_id: str) -> str:
    """Return the page anchor of a case, the same in every report."""
    return f"case-{blake2b(case_id.encode(), digest_size=6).hexdigest()}"


def collect(
    subject: Comparison | Run, causes: Mapping[str, str] | None = None, assets: str = ""
) -> tuple[list[Item], int]:
    """Gather the proof for every case that did not pass on some side.

    `causes` is the cause of each case: of each the last picture comes before other pictures.
    `assets` is the folder beside the page that holds pictures as they were attached.
    Returns at most `MOST_ITEMS` items, what broke first, and how many more there are.
    """
    change = subject.labels if isinstance(subject, Comparison) else {}
    cases, n_left_out = proven(subject)
    wanted = set(cases)
    indexed = {
        name: rows_by_case(rows[rows["case_id"].isin(wanted)])
        for name, rows in _sides(subject).items()
    }
    budget = Budget(_folders(subject), assets=assets)
    make_pictures(list(indexed.values()), causes or {}, budget)
    return [_item(case, indexed, change, budget) for case in cases], n_left_out


def proven(subject: Comparison | Run) -> tuple[list[str], int]:
    """Name the cases whose proof is shown, and say how many more did not pass on some side."""
    named = [rows.loc[rows["category"].notna(), "case_id"] for rows in _sides(subject).values()]
    cases = list(dict.fromkeys(case for side in reversed(named) for case in side.tolist()))
    if isinstance(subject, Comparison):
        order, change = {label: i for i, label in enumerate(CHANGES)}, subject.labels
        cases.sort(key=lambda case: order[change[case]])
    return cases[:MOST_ITEMS], max(0, len(cases) - MOST_ITEMS)


def _sides(subject: Comparison | Run) -> dict[str, pd.DataFrame]:
    if isinstance(subject, Comparison):
        return {"before": subject.before.results, "after": subject.after.results}
    return {"": subject.results}


def _folders(subject: Comparison | Run) -> list[Path]:
    runs = (subject.before, subject.after) if isinstance(subject, Comparison) else (subject,)
    return [folder for run in runs for folder in folders_of(run)]


def folders_of(run: Run) -> list[Path]:
    """Return the folders that a run's attachments may come from: those of its results."""
    paths = [Path(source).resolve() for source in run.sources]
    return [path if path.is_dir() else path.parent for path in paths]


def _item(
    case: str, sides: Mapping[str, Mapping[str, Any]], change: Mapping[str, Change], budget: Budget
) -> Item:
    rows = {name: rows[case] for name, rows in sides.items() if case in rows}
    tries = [attempt for name, row in rows.items() for attempt in tries_of(name, row, budget)]
    return Item(anchor(case), list(rows.values())[-1], change.get(case, ""), tries)


def around(text: str, words: str) -> tuple[str, str, str]:
    """Split a text around some words of it; all of it comes first where they are not there.

    >>> around("Error: no such row", "no such"), around("Error", "")
    (('Error: ', 'no such', ' row'), ('Error', '', ''))
    """
    return text.partition(words) if words else (text, "", "")
