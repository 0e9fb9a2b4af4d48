"""The first screen of a report on many runs: how many, where things stand, what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted, listed, percent
from fictures_reports.history_analysis.flakiness import STATES
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.history_sections.history_tables import day
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.report.history_findings import Findings


@dataclass(frozen=True, eq=False)
class HistoryScreen:
    """The verdict on many runs with what it rests on."""

    verdict: str
    found: Findings

    @property
    def outages(self) -> list[Any]:
        """The degraded runs, which were left out of flakiness and ages."""
        runs = self.found.degraded
        return rows_of(runs[runs["degraded"]])

    @property
    def cut(self) -> list[str]:
        """The labels of incomplete runs."""
        runs = rows_of(self.found.totals)
        return [run.label for run in runs if run.run_id in self.found.incomplete]


def values(found: Findings) -> HistoryScreen:
    """Judge the latest run and the tests."""
    return HistoryScreen(_verdict(found.totals, found.states, found.target), found)


def _verdict(totals: pd.DataFrame, n_in: dict[str, int], target: float | None) -> str:
    """Say in a sentence how the latest run ended and how many tests can be trusted."""
    if totals.empty:
        return "No runs."
    last = totals.iloc[-1]
    good = int(last["passed"] + last["flaky"] + last["xpassed"])
    said = f"In the latest run {good} of {counted(int(last['cases']), 'test')} passed"
    said += f" ({percent(good, last['cases'])})"
    if target is not None and last["cases"]:
        side = "meets" if good / last["cases"] >= target else "misses"
        said += f", which {side} the target of {percent(target, 1)}"
    return f"{said}. {_trusted(n_in, len(totals))}"


def _trusted(n_in: dict[str, int], n_runs: int) -> str:
    unsure, n = n_in["not enough runs"], sum(n_in.values())
    over = f"Over {counted(n_runs, 'run')}"
    if unsure == n:
        return f"{over} nothing can be said yet of which tests are broken or flaky."
    parts = [f"{n_in[s]} {'is' if n_in[s] == 1 else 'are'} {s}" for s in ("broken", "flaky")]
    rest = f"; for {unsure} of {n} there are too few runs to tell" if unsure else ""
    return f"{over} {listed(parts)}{rest}."


def html(v: HistoryScreen) -> Fragment:
    """Show over how many runs, the verdict, the states, and which runs were left out."""
    totals = v.found.totals
    ends = rows_of(totals.iloc[[0, -1]]) if len(totals) else [None, None]
    return fragment(
        "history_summary.html.j2", v.verdict, verdict=v.verdict, n_runs=len(totals),
        n_in=v.found.states, first=ends[0], last=ends[1], n_cases=len(v.found.flakiness),
        states=STATES, day=day, outages=v.outages,
    )  # fmt: skip


def markdown(v: HistoryScreen) -> str:
    """Write title and verdict, and which runs were left out or are incomplete."""
    names = "; ".join(text(f"{run.label} ({run.why})") for run in v.outages)
    return blocks(
        f"# History: {counted(len(v.found.totals), 'run')}",
        text(v.verdict),
        f"Degraded and left out: {names}." if names else "",
        f"Incomplete: {'; '.join(map(text, v.cut))}." if v.cut else "",
    )


def json(v: HistoryScreen) -> dict[str, Any]:
    """Return the verdict, the target, and how many cases are in each state."""
    return {"verdict": v.verdict, "target": v.found.target, "states": v.found.states}


summary: Final = Section("summary", values, html, markdown, json)
