"""A run or comparison with its gates and what is known of its failures: what every export shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.known_issues import is_open, known_failures
from fictures_reports.analysis.known_issues import issues as made_of
from fictures_reports.analysis.run_verdict import run_verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class JudgedRun:
    """What an export is written from."""

    run: Run
    #: None for a run that is compared with nothing
    comparison: Comparison | None
    gates: Sequence[Gate]
    #: case → why its failure is none of this change, of those that fail
    known: Mapping[str, str]

    @property
    def verdict(self) -> str:
        """The sentence on all of it."""
        return self.comparison.verdict if self.comparison else run_verdict(self.run)

    @property
    def missed(self) -> list[Gate]:
        """The gates that do not hold."""
        return [gate for gate in self.gates if not gate.holds]

    @property
    def failures(self) -> Iterator[Any]:
        """The rows that failed and that nobody knew of."""
        return (row for row in self._failed if row.case_id not in self.known)

    @property
    def known_failures(self) -> Iterator[Any]:
        """The rows that failed and are none of this change."""
        return (row for row in self._failed if row.case_id in self.known)

    @property
    def _failed(self) -> Iterator[Any]:
        failed = self.run.results[self.run.results["status"] == "failed"]
        return iter(failed.itertuples(index=False))


def judged(
    subject: Comparison | Run,
    gates: str | Sequence[str] = (),
    known_issues: Sequence[KnownIssue | Mapping[str, Any]] = (),
    **options: Any,
) -> JudgedRun:
    """Ask the gates, and find what is known; `options` are those of `check`."""
    checked = check(subject, gates, known_issues=known_issues, **options)
    known = _known(subject, made_of(known_issues))
    if isinstance(subject, Comparison):
        return JudgedRun(subject.after, subject, list(checked), known)
    return JudgedRun(subject, None, list(checked), known)


def _known(subject: Comparison | Run, issues: Sequence[KnownIssue]) -> dict[str, str]:
    """Say of each failing case that is not new why it is known."""
    if isinstance(subject, Comparison):
        changes = (subject.with_known_issues(issues) if issues else subject).changes
        old = changes[changes["standing"].notna() & (changes["standing"] != "new")]
        return dict(zip(old["case_id"], old["standing_words"].fillna(old["standing"]), strict=True))
    return {
        case: f"known issue ({issue.owner}, until {issue.expires}): {issue.reason}"
        for case, issue in known_failures(subject, issues).items()
        if is_open(issue)
    }
