"""What the rail says: counts at the names of the views, and which runs were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.readiness import missing_for
from fictures_reports.analysis.wording import counted, duration, moment
from fictures_reports.report.rail import Count, Rail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.report_input import ReportInput
    from fictures_reports.run import Run

_NAMES: Final = {"before": "Before", "after": "After"}


def rail(report: ReportInput) -> Rail:
    """Return counts and facts of a report on one run or two."""
    kind = "comparison" if report.is_comparison else "one run"
    facts = [(_NAMES.get(name, "Run"), list(_read(run))) for name, run in report.runs.items()]
    if ran := _ran_with(report.last):
        facts.append(("Ran with", [ran]))
    counts = {
        "causes": _causes(report), "tests": _tests(report.last), "timing": _time(report.last),
        "readiness": _short(report), "about-the-data": _whole(report),
    }  # fmt: skip
    return Rail(kind, {view: count for view, count in counts.items() if count}, facts)


def _read(run: Run) -> Iterator[str]:
    yield run.label
    if run.info.started_at is not None:
        yield moment(run.info.started_at)


def _ran_with(run: Run) -> str:
    info = run.info
    projects = sorted({str(name) for name in run.results["project"].unique() if name})
    named = [f"{info.producer} {info.producer_version or ''}".strip()] if info.producer else []
    named += projects if len(projects) < 5 else [counted(len(projects), "project")]
    named += [counted(info.n_workers, "worker")] if info.n_workers else []
    return ", ".join(named)


def _causes(report: ReportInput) -> Count | None:
    n = len(report.cards)
    return Count(f"{n:,}") if n else None


def _tests(run: Run) -> Count:
    n, failed = run.totals["cases"], run.totals["failed"]
    return Count(f"of {n:,}", f"{failed:,}") if failed else Count(f"{n:,}")


def _time(run: Run) -> Count | None:
    return None if run.info.duration_s is None else Count(duration(run.info.duration_s))


def _short(report: ReportInput) -> Count | None:
    missed = [gate for gate in report.gates if not gate.holds]
    if not missed:
        return Count("met") if len(report.gates) else None
    short = [n for gate in missed if (n := missing_for(gate, report.last))]
    return Count("", f"{max(short):,} short" if short else "missed")


def _whole(report: ReportInput) -> Count:
    return Count("complete") if all(run.is_whole for run in report.runs.values()) else Count(
        "", "incomplete"
    )  # fmt: skip
