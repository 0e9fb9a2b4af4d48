"""The proof behind each classification: message, source lines, output and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.reasons import known, rows_by_case
from fictures_reports.report.attachments import Attachments, Budget, attached
from fictures_reports.schema import CHANGES, Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.runs import Run

#: How many tests are shown with their evidence; the rest is in the frame.
MOST_ITEMS: Final = 200
#: How much of a message, and of the output (its end), is shown.
MOST_MESSAGE: Final = 8_000
MOST_OUTPUT: Final = 4_000


@dataclass
class Proof:
    """One side of a case; `message` is split around the words that decided the category."""

    side: str
    row: Any
    message: tuple[str, str, str]
    n_cut: int
    output: str
    n_output_cut: int
    attachments: Attachments = field(default_factory=Attachments)


@dataclass
class Item:
    """One case with its proof on each side that did not pass."""

    anchor: str
    row: Any
    change: str
    proofs: list[Proof]


def anchor(case_id: str) -> str:
    """Return the page anchor of a case, the same in every report."""
    return f"case-{blake2b(case_id.encode(), digest_size=6).hexdigest()}"


def collect(subject: Comparison | Run) -> tuple[list[Item], int]:
    """Gather the proof for every case that did not pass on some side.

    Returns at most `MOST_ITEMS` items, what broke first, and how many more there are.
    """
    if isinstance(subject, Comparison):
        sides = {"before": subject.before.results, "after": subject.after.results}
        change = subject.labels
    else:
        sides, change = {"": subject.results}, {}
    indexed = {name: rows_by_case(rows[rows["category"].notna()]) for name, rows in sides.items()}
    cases = list(dict.fromkeys(case for rows in reversed(indexed.values()) for case in rows))
    order = {label: i for i, label in enumerate(CHANGES)}
    cases.sort(key=lambda case: order[change[case]] if case in change else 0)
    budget = Budget(_folders(subject))
    items = [_item(case, indexed, change, budget) for case in cases[:MOST_ITEMS]]
    return items, max(0, len(cases) - MOST_ITEMS)


def _folders(subject: Comparison | Run) -> list[Path]:
    runs = (subject.before, subject.after) if isinstance(subject, Comparison) else (subject,)
    paths = [Path(source).resolve() for run in runs for source in run.sources]
    return [path if path.is_dir() else path.parent for path in paths]


def _item(
    case: str, sides: Mapping[str, Mapping[str, Any]], change: Mapping[str, Change], budget: Budget
) -> Item:
    rows = {name: rows[case] for name, rows in sides.items() if case in rows}
    # The newer side comes first when pictures run out.
    proofs = [_proof(name, row, budget) for name, row in reversed(rows.items())][::-1]
    return Item(anchor(case), list(rows.values())[-1], change.get(case, ""), proofs)


def _proof(side: str, row: Any, budget: Budget) -> Proof:
    message, output = known(row.message) or "", _output(row)
    shown = message[:MOST_MESSAGE]
    return Proof(
        side,
        row,
        _around(shown, known(row.evidence) or ""),
        len(message) - len(shown),
        output[-MOST_OUTPUT:],
        max(0, len(output) - MOST_OUTPUT),
        attachments=attached(row.attachments, budget),
    )


def _output(row: Any) -> str:
    return "\n".join(text for text in (known(row.stdout), known(row.stderr)) if text)


def _around(text: str, words: str) -> tuple[str, str, str]:
    before, found, after = text.partition(words) if words else (text, "", "")
    return (before, found, after)
