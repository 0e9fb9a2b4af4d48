"""The proof behind each classification: message, source lines, output and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import known, rows_by_case
from fictures_reports.report.attachments import Attachments, Budget, attached
from fictures_reports.report.terminal_colours import Piece, Span, colours, pieces, shifted
from fictures_reports.schema import CHANGES, Change

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run

#: How many tests are shown with their evidence; the rest is in the frame.
MOST_ITEMS: Final = 200
#: How much of a message, and of the output (its end), is shown.
MOST_MESSAGE: Final = 8_000
MOST_OUTPUT: Final = 4_000


@dataclass
class Proof:
    """One side of a case, its texts in pieces of one colour.

    `message` is split around the words that decided the category.
    """

    side: str
    row: Any
    message: tuple[list[Piece], list[Piece], list[Piece]]
    n_cut: int
    snippet: list[Piece]
    output: list[Piece]
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
    sides = _sides(subject)
    change = subject.labels if isinstance(subject, Comparison) else {}
    cases, n_left_out = proven(subject)
    indexed = {name: rows_by_case(rows[rows["category"].notna()]) for name, rows in sides.items()}
    budget = Budget(_folders(subject))
    return [_item(case, indexed, change, budget) for case in cases], n_left_out


def proven(subject: Comparison | Run) -> tuple[list[str], int]:
    """Name the cases whose proof is shown, and say how many more did not pass on some side."""
    named = [rows.loc[rows["category"].notna(), "case_id"] for rows in _sides(subject).values()]
    cases = list(dict.fromkeys(case for side in reversed(named) for case in side))
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
    message, snippet = known(row.message) or "", known(row.snippet) or ""
    spans_of, shown = colours(row), message[:MOST_MESSAGE]
    output, spans = _output(row, spans_of)
    n_cut = max(0, len(output) - MOST_OUTPUT)
    return Proof(
        side,
        row,
        _coloured(shown, known(row.evidence) or "", spans_of.get("message", [])),
        len(message) - len(shown),
        pieces(snippet, spans_of.get("snippet", [])),
        pieces(output, spans, n_cut),
        n_cut,
        attachments=attached(row.attachments, budget, failed=row.status in ("failed", "flaky")),
    )


def message_of(row: Any) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Return a result's message in pieces of one colour, split around the words that decided."""
    message, words = (known(row.message) or "")[:MOST_MESSAGE], known(row.evidence) or ""
    return _coloured(message, words, colours(row).get("message", []))


def _output(row: Any, spans_of: Mapping[str, list[Span]]) -> tuple[str, list[Span]]:
    stdout, stderr = known(row.stdout) or "", known(row.stderr) or ""
    first = f"{stdout}\n" if stdout and stderr else stdout
    return first + stderr, spans_of.get("stdout", []) + shifted(
        spans_of.get("stderr", []), len(first)
    )


def _coloured(
    text: str, words: str, spans: list[Span]
) -> tuple[list[Piece], list[Piece], list[Piece]]:
    before, words, _ = around(text, words)
    start, end = len(before), len(before) + len(words)
    return pieces(text, spans, 0, start), pieces(text, spans, start, end), pieces(text, spans, end)


def around(text: str, words: str) -> tuple[str, str, str]:
    """Split a text around some words of it; all of it comes first where they are not there.

    >>> around("Error: no such row", "no such"), around("Error", "")
    (('Error: ', 'no such', ' row'), ('Error', '', ''))
    """
    return text.partition(words) if words else (text, "", "")
