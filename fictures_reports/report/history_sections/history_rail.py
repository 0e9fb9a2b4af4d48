"""What the rail says of a history: counts at the names of the views, and which runs were read."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.rail import Count, Rail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fictures_reports.report.history_findings import Findings


def rail(findings: Findings) -> Rail:
    """Return counts and facts of a report on many runs."""
    n = len(findings.totals)
    counts = {
        "tests": _tests(findings), "since-when": Count(f"{len(findings.events):,}"),
        "causes-over-time": Count(f"{len(findings.clusters):,}"),
        "about-the-data": _whole(findings),
    }  # fmt: skip
    facts = [("Runs", list(_runs(findings))), ("Branches", _branches(findings)),
             ("Latest", list(_latest(findings)))]  # fmt: skip
    return Rail(f"history of {counted(n, 'run')}", counts, [fact for fact in facts if fact[1]])


def _tests(findings: Findings) -> Count:
    n, total = findings.states, f"of {len(findings.tests):,}"
    urgent = n["broken"] + sum(test.standing == "failing" for test in findings.tests)
    if urgent and n["flaky"]:
        return Count(f"+ {n['flaky']:,} {total}", f"{urgent:,}")
    return Count(total, f"{urgent:,}") if urgent else Count(f"{len(findings.tests):,}")


def _whole(findings: Findings) -> Count:
    doubts = findings.incomplete or findings.unreadable
    return Count("", "incomplete") if doubts else Count("complete")


def _runs(findings: Findings) -> Iterator[str]:
    totals, dates = findings.totals, dates_of(findings.totals)
    if not len(totals):
        return
    yield f"{len(totals):,}"
    labels = totals["label"].iloc[[0, -1]].tolist()
    yield labels[0] if len(totals) == 1 else " to ".join(labels)
    days = [dates.when(moment) for moment in totals["run_at"].iloc[[0, -1]]]
    if all(days):
        yield f"{days[0]} UTC" if days[0] == days[1] else f"{days[0]} to {days[1]} UTC"


def _branches(findings: Findings) -> list[str]:
    counts = Counter(known(branch) or "none named" for branch in findings.totals["branch"])
    if len(counts) < 2:
        return []
    most = [f"{name} {n:,}" for name, n in counts.most_common(5)]
    return [", ".join(most), *([f"and {len(counts) - 5:,} more"] if len(counts) > 5 else [])]


def _latest(findings: Findings) -> Iterator[str]:
    if not len(findings.totals):
        return
    last = findings.totals.iloc[-1]
    yield str(last["label"])
    words = {"passed": "passed", "flaky": "on retry", "failed": "failed", "skipped": "skipped"}
    counts = [f"{int(last[name]):,} {word}" for name, word in words.items() if last[name]]
    yield ", ".join(counts) or "no test ran"
