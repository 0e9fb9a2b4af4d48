"""What failures say: each text once, with how often it occurs and a sample."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.causes import causes
from fictures_reports.analysis.result_summary import known
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.document_layout import aligned, fenced, section
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.document.document_input import DocumentInput
    from fictures_reports.run import Run

#: Patterns with a sample of their own.
_MOST_SAMPLES: Final = 3
_MOST_PATTERNS: Final = 15


def error_patterns(d: DocumentInput) -> str:
    """List the texts of failures with how often each occurs, and samples of the most frequent."""
    now = [_Text(*found) for found in (_of_two(d) if d.comparison else _of_one(d.after))]
    now.sort(key=lambda pattern: (-pattern.after, -pattern.before))
    rows = [pattern.cells(two=bool(d.comparison)) for pattern in now]
    heads = ["what failures say", *(["before", "after"] if d.comparison else ["tests"])]
    patterns = [pattern for pattern in now if pattern.after][:_MOST_SAMPLES]
    # One line would say what the table says.
    long = [p for p in patterns if len(p.sample.splitlines()) > 1]
    samples = [part for p in long for part in (f"{text(p.name)}:", fenced(p.sample))]
    return section("Error patterns", aligned(heads, rows, _MOST_PATTERNS), *samples)


class _Text:
    def __init__(self, name: str, before: int, after: int, sample: str) -> None:
        self.name = name
        self.before, self.after, self.sample = before, after, sample

    def cells(self, *, two: bool) -> tuple[str, ...]:
        return (self.name, *((f"{self.before:,}",) if two else ()), f"{self.after:,}")


def _of_two(d: DocumentInput) -> Iterator[tuple[str, int, int, str]]:
    c = d.report.comparison
    # Texts, not the groups that people made of them: those have a section of their own.
    before, after = replace(c.before, groups={}), replace(c.after, groups={})
    found = causes(replace(c, before=before, after=after))
    for row in rows_of(found.flow):
        if not str(row.category).startswith("skipped"):
            sample = _sample(c.after, found.after, row.cluster) or _sample(
                c.before, found.before, row.cluster
            )
            yield row.name, int(row.before), int(row.after), sample


def _of_one(run: Run) -> Iterator[tuple[str, int, int, str]]:
    bare = replace(run, groups={})
    for row in rows_of(bare.causes):
        if not str(row.category).startswith("skipped"):
            yield row.name, 0, int(row.n_cases), _sample(bare, bare.cause_ids, row.cluster)


def _sample(run: Run, ids: Any, cluster: str) -> str:
    places = ids.index[ids == cluster]
    return known(run.results.loc[places[0], "message"]) or "" if len(places) else ""
