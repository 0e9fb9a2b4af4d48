"""What a phase document is made from: a report's input, notes, and what several parts need."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.readiness import missing_for
from fictures_reports.analysis.result_summary import rows_by_case
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.author_notes import AuthorNotes
from fictures_reports.report.document.mark_names import mark_name
from fictures_reports.report.markdown_entries import cause_names
from fictures_reports.report.sections.readiness_checklist import values as readiness_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.analysis.standing import Base
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.report.sections.readiness_checklist import Readiness
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class DocumentInput:
    """A report's input with notes, what to keep of an older document, and the command."""

    report: ReportInput
    notes: AuthorNotes = field(default_factory=AuthorNotes)
    #: name of a place for an author's words → what was edited there in an older document
    kept_edits: Mapping[str, str] = field(default_factory=dict)
    #: the command line that wrote the document
    command: str = ""
    #: of `changed_files.between`
    changed_files: str = ""

    @property
    def after(self) -> Run:
        """The run that the document is about."""
        return self.report.last

    @property
    def comparison(self) -> Comparison | None:
        """The comparison; None for one run, and where the runs have no test in common."""
        found = self.report.comparison if self.report.is_comparison else None
        return found if found and found.comparable else None

    @property
    def before(self) -> Run | None:
        """The run that is compared with; None where there is no comparison."""
        return self.comparison.before if self.comparison else None

    @property
    def base(self) -> Base | None:
        """What the base branch did before, where it was compared with."""
        return self.comparison.base if self.comparison else None

    @property
    def sides(self) -> dict[str, Run]:
        """The compared runs by their labels, or as before and after where both have one label."""
        named = {run.label: run for run in self.report.runs.values()}
        return named if len(named) == len(self.report.runs) else self.report.runs

    @property
    def phases(self) -> Sequence[Run]:
        """All runs, oldest first."""
        return [*self.report.phases, *self.report.runs.values()]

    @property
    def gates(self) -> Sequence[Gate]:
        """The checked gates."""
        return self.report.gates

    @cached_property
    def changes(self) -> dict[str, Any]:
        """The rows of the comparison's changes by case; empty for one run."""
        return rows_by_case(self.comparison.changes) if self.comparison else {}

    @cached_property
    def rows(self) -> list[Any]:
        """The results of the run that the document is about."""
        return rows_of(self.after.results)

    @cached_property
    def places(self) -> list[str]:
        """The columns that tell apart where a test of a run ran: project, variant or none."""
        frames = [run.results for run in self.report.runs.values()]
        return [
            field
            for field in ("project", "variant")
            if any(len({name for name in frame[field].dropna() if name}) > 1 for frame in frames)
        ]

    @cached_property
    def readiness(self) -> Readiness:
        """Blockers, skips and the order of work, as the section of a report has them."""
        return readiness_of(self.report)

    @cached_property
    def cause_of(self) -> dict[str, str]:
        """The name of the cause of each failing or skipped case."""
        return cause_names(self.after)

    @cached_property
    def named_causes(self) -> set[str]:
        """Causes with a section of their own: of several tests, or that people have words for."""
        counts = Counter(self.cause_of.values())
        return {name for name, n in counts.items() if n > 1 or self._is_named(name)}

    def _is_named(self, cause: str) -> bool:
        noted = [f"{kind}: {cause}" for kind in ("Cause", "Hypothesis")]
        is_noted = any(
            self.notes.text(name) or mark_name(name) in self.kept_edits for name in noted
        )
        return cause in self.after.groups or is_noted

    @cached_property
    def missing(self) -> int:
        """How many more tests must pass for every gate on passed tests to hold; 0 without any."""
        return max((missing_for(gate, self.after) or 0 for gate in self.gates), default=0)

    @cached_property
    def passing(self) -> int:
        """How many tests pass, as the farthest target counts them: some leave flaky ones out."""
        good, _ = passed_of(self.after.totals)
        far = [gate for gate in self.gates if missing_for(gate, self.after) == self.missing]
        return int(far[0].reading) if self.missing and far[0].metric == "passed" else good

    @property
    def needed(self) -> int:
        """How many tests must pass; as many as do where no gate asks for more."""
        return self.passing + self.missing

    @property
    def unsteady(self) -> int:
        """Tests that passed in the end and that the target does not count."""
        return passed_of(self.after.totals)[0] - self.passing
