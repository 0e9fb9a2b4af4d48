"""What a report on one run or on two is made from: the runs, and what is known beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.causes import causes
from fictures_reports.analysis.compare import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.analysis.causes import Causes
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.cause_cards import Card
    from fictures_reports.report.thumbnails import Thumbnail
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class ReportInput:
    """A comparison or a run with its checked gates, settings and history."""

    subject: Comparison | Run
    gates: Sequence[Gate] = ()
    #: what a history knows of the tests that changed, see `change_in_history.past`
    past: pd.DataFrame | None = None
    #: rows of the last runs of a history, see `change_in_history.rows_in`
    last_runs: pd.DataFrame | None = None
    areas: Areas = field(default_factory=dict)
    #: area → who answers for it
    owners: Mapping[str, str] = field(default_factory=dict)
    #: tables as `known_issues.issue` takes them
    known_issues: Sequence[Mapping[str, Any]] = ()
    #: runs that came before both sides, oldest first
    phases: Sequence[Run] = ()
    #: people's own words, in Markdown
    notes: str = ""
    #: path of a file with all cases, as seen from the page
    table: str = ""
    #: folder of the pictures as they were attached, as seen from the page; "" for none
    assets: str = ""
    #: why a run is compared with nothing, in a sentence; "" where nobody asked for more
    baseline: str = ""

    @property
    def is_comparison(self) -> bool:
        """Whether the report is about two sides."""
        return isinstance(self.subject, Comparison)

    @property
    def comparison(self) -> Comparison:
        """The comparison; raises `TypeError` where the report is about a run."""
        if not isinstance(self.subject, Comparison):
            raise TypeError(f"this section needs a comparison, not the run {self.subject.label}")
        return self.subject

    @property
    def last(self) -> Run:
        """The run that is judged: of a comparison the one after."""
        return self.subject.after if isinstance(self.subject, Comparison) else self.subject

    @property
    def runs(self) -> dict[str, Run]:
        """The runs by the names that tables give them: before and after, or the run's label."""
        if isinstance(self.subject, Comparison):
            return {"before": self.subject.before, "after": self.subject.after}
        return {self.subject.label: self.subject}

    @property
    def sides(self) -> dict[str, Run]:
        """The runs by the names that JSON gives them: before and after, or run."""
        return self.runs if self.is_comparison else {"run": self.last}

    @cached_property
    def causes(self) -> Causes:
        """The clusters of failures of both sides; formed once for all sections."""
        return causes(self.comparison)

    @cached_property
    def blockers(self) -> pd.DataFrame:
        """What stands in the way of the judged run, see `readiness.blockers`; found once."""
        from fictures_reports.analysis.readiness import blockers
        from fictures_reports.report.failing_since import ages, new_failures

        return blockers(
            self.last, areas=self.areas, owners=self.owners, new=new_failures(self),
            ages=ages(self), groups=self.projected,
        )  # fmt: skip

    @cached_property
    def projected(self) -> pd.DataFrame:
        """What fixing each cause of the judged run would give, see `projection.projection`."""
        from fictures_reports.analysis.projection import projection

        return projection(self.last)

    @cached_property
    def cards(self) -> list[Card]:
        """The causes of the judged run as cards; formed once for all sections."""
        from fictures_reports.report.cause_cards import cards_of

        return cards_of(self)

    @cached_property
    def pictures(self) -> dict[tuple[str, ...], Thumbnail | None]:
        """By its ids, a picture for each card that a page shows; made once for all sections."""
        from fictures_reports.report.cause_cards import MOST_CARDS
        from fictures_reports.report.thumbnails import thumbnail

        shown = self.cards[:MOST_CARDS]
        return {
            card.ids: thumbnail([card.shown, *(test.row for test in card.tests)], self.last)
            for card in shown
        }


def as_given(report: ReportInput) -> ReportInput:
    """Return the input itself: the values of a section that works nothing out."""
    return report
