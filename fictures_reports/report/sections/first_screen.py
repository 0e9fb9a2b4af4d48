"""The first screen: what was compared, the verdict, the counts, the gates, and what broke."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import verdict as sentences
from fictures_reports.analysis.count_sentences import causes, rates
from fictures_reports.analysis.run_error_words import error_lines
from fictures_reports.analysis.run_verdict import run_verdict
from fictures_reports.analysis.wording import duration, moment, signed
from fictures_reports.report.json_conclusion import errors_of as run_errors
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section
from fictures_reports.report.sections.overview_page import overview
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.fragment import Fragment
    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run


@dataclass(frozen=True, eq=False)
class FirstScreen:
    """The verdict with the runs that it is about; `comparison` is None for a single run."""

    report: ReportInput
    verdict: str
    #: failures by cause, in a sentence
    causes: str

    @property
    def runs(self) -> dict[str, Run]:
        """The runs by the names that tables give them."""
        return self.report.runs

    @property
    def comparison(self) -> Comparison | None:
        """The comparison; None for a single run."""
        return self.report.comparison if self.report.is_comparison else None

    @property
    def statuses(self) -> list[str]:
        """The statuses that occur, in their order."""
        return [s for s in STATUSES if any(run.totals[s] for run in self.runs.values())]


def values(report: ReportInput) -> FirstScreen:
    """Find the verdict and what belongs to it."""
    c, runs = (report.comparison if report.is_comparison else None), report.runs
    verdict = sentences.verdict(c, report.phases) if c else run_verdict(report.last)
    return FirstScreen(report, verdict, causes(*runs.values()))


def html(v: FirstScreen) -> Fragment:
    """Show the overview of a page: verdict, what broke, where tests went, causes, gates, notes."""
    return overview(v.report, v.verdict, errors_of(v))


def markdown(v: FirstScreen) -> str:
    """Write the title, the verdict, what is missing, and for a comparison counts and doors."""
    head = (
        f"# {' → '.join(text(run.label) for run in v.runs.values())}",
        text(v.verdict),
        _run_errors(v),
        _missing(v),
    )
    if v.comparison is None:
        return blocks(*head, v.causes)
    shares, doors = rates(v.comparison), sentences.doors(v.comparison)
    base = v.comparison.base
    return blocks(
        *head,
        text(base.sentence) if base else "",
        _totals(v, v.comparison),
        shares,
        v.causes,
        doors,
    )


def _run_errors(v: FirstScreen) -> str:
    """List the errors of the runs that belong to no test."""
    lines = [f"- {text(run.label)}: {text(line)}" for run, line in errors_of(v)]
    return "\n".join(["**Errors of the run:**", "", *lines]) if lines else ""


def errors_of(v: FirstScreen) -> list[tuple[Run, str]]:
    """Say the errors of each run in a line each; those of the last run first."""
    return [(run, line) for run in reversed(v.runs.values()) for line in error_lines(run)]


def _missing(v: FirstScreen) -> str:
    return blocks(*(
        f"**Incomplete:** something is known to be missing from {text(run.label)}"
        + ("; see the ledger." if run.doubts else ".")
        for run in v.runs.values()
        if not run.is_whole
    ))  # fmt: skip


def _totals(v: FirstScreen, c: Comparison) -> str:
    lines = ["| | before | after | change |", "|---|---:|---:|---:|"]
    for name in ("cases", *v.statuses):
        before, after = c.before.totals[name], c.after.totals[name]
        label = name.replace("_", " ")
        moved = signed(after - before) if c.comparable else ""
        lines.append(f"| {label} | {before:,} | {after:,} | {moved} |")
    first, second = c.before.info, c.after.info
    times = f"{duration(first.duration_s)} | {duration(second.duration_s)}"
    starts = f"{moment(first.started_at)} | {moment(second.started_at)}"
    return "\n".join([*lines, f"| wall time | {times} | |", f"| started | {starts} | |"])


def json(v: FirstScreen) -> dict[str, Any]:
    """Return the verdict of a comparison, and of a run, whose totals say the same, its errors."""
    if v.comparison:
        return {"verdict": v.verdict}
    return {"run_errors": [error for run in v.runs.values() for error in run_errors(run)]}


summary: Final = Section("summary", values, html, markdown, json)
