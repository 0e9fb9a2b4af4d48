"""The first screen of a report on many runs: how many, where things stand, which incidents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, listed, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.history.streams import named
from fictures_reports.history_analysis.incidents import Line
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.history_sections.tests_in_rows import addresses
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import text
from fictures_reports.report.section import Section

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.report.history_findings import Findings

#: So many streams a note names, and of so many the verdict reports the latest run.
MOST: Final = 8
MOST_STREAMS: Final = 3


@dataclass(frozen=True, eq=False)
class HistoryScreen:
    """The verdict on many runs with what it rests on."""

    verdict: str
    found: Findings

    @property
    def notes(self) -> list[str]:
        """What else has to be known: several streams, and runs whose branch is not known."""
        notes = []
        if streams := self.streams:
            more = f" and {len(streams) - MOST} more" if len(streams) > MOST else ""
            names = ", ".join(streams[:MOST]) + more
            n_streams = counted(len(streams), "stream")
            notes.append(f"{n_streams} ({names}): each is judged by itself; --stream chooses one.")
        n = int(self.found.totals["branch"].isna().sum())
        if 0 < n < len(self.found.totals):
            have = "has" if n == 1 else "have"
            notes.append(f"{counted(n, 'run')} {have} no branch: judged as one line.")
        return notes + [f"Not read: {why}" for why in self.found.unreadable]

    @property
    def streams(self) -> list[str]:
        """The streams, if there are several: those of the first runs first."""
        if not self.found.words.several_streams:
            return []
        return [known(name) or "none given" for name in self.found.totals["stream"].unique()]

    @property
    def cut(self) -> list[str]:
        """The labels of incomplete runs."""
        runs = rows_of(self.found.totals)
        cut = set(self.found.incomplete) - self.found.no_test_ran.keys()
        return [run.label for run in runs if run.run_id in cut]

    @property
    def empty(self) -> list[str]:
        """The labels of runs in which no test ran, each with why."""
        runs = (run for run in rows_of(self.found.totals) if run.run_id in self.found.no_test_ran)
        empty_runs = ((run.label, self.found.no_test_ran[run.run_id]) for run in runs)
        return [f"{label} ({why})" if why else label for label, why in empty_runs]


def values(findings: Findings) -> HistoryScreen:
    """Judge the latest run and the tests."""
    return HistoryScreen(_verdict(findings), findings)


def _verdict(findings: Findings) -> str:
    """Say how the latest run ended, how many tests can be trusted, and what incidents there are."""
    totals = findings.totals
    if totals.empty:
        return "No runs."
    last_runs = totals.drop_duplicates("stream", keep="last")
    sentences = [_ended(findings, row) for _, row in last_runs.tail(MOST_STREAMS).iterrows()]
    return " ".join([*sentences, _trusted(findings.states, len(totals)), *_incidents(findings)])


def _ended(findings: Findings, last: pd.Series[Any]) -> str:
    """Say how the latest run ended, or that of one of several streams."""
    if not last["cases"]:
        return _nothing_ran(findings, last)
    good = int(last["passed"] + last["flaky"] + last["xpassed"])
    of = findings.words.where(Line(known(last["branch"]), known(last["stream"])))
    sentence = f"In the latest run{of} {good} of {counted(int(last['cases']), 'test')} passed"
    sentence += f" ({percent(good, last['cases'])})"
    if findings.target is not None:
        side = "meets" if good / last["cases"] >= findings.target else "misses"
        sentence += f", which {side} the target of {percent(findings.target, 1)}"
    if n_interrupted := int(last["interrupted"]):
        sentence += f"; {n_interrupted} {'was' if n_interrupted == 1 else 'were'} interrupted"
    return f"{sentence}."


def _nothing_ran(findings: Findings, last: pd.Series[Any]) -> str:
    of = findings.words.where(Line(known(last["branch"]), known(last["stream"])))
    why = findings.no_test_ran.get(last["run_id"], "").rstrip(".")
    return f"In the latest run{of}, {last['label']}, no test ran{f': {why}' if why else ''}."


def _trusted(n_in: dict[str, int], n_runs: int) -> str:
    """Say how many tests are in which state; those that are gone are counted apart."""
    unsure, gone = n_in["not enough runs"], n_in["gone"]
    n = sum(n_in.values()) - gone
    over = f"Over {counted(n_runs, 'run')}"
    left = f"; {gone} {'is' if gone == 1 else 'are'} gone" if gone else ""
    if unsure == n:
        return f"{over} nothing can be said yet of which tests are broken or flaky{left}."
    parts = [
        f"{n_in[s]} {'is' if n_in[s] == 1 else 'are'} {s}" for s in ("broken", "flaky") if n_in[s]
    ]
    untold = f"; for {unsure} of {n} there are too few runs to tell" if unsure else ""
    return f"{over} {listed(parts) if parts else 'no test is broken or flaky'}{untold}{left}."


def _incidents(findings: Findings) -> list[str]:
    """Name the incidents that matter most, and how many more there are."""
    more = len(findings.incidents) - len(findings.headlines)
    more_words = [f"And {counted(more, 'incident')} more."] if more else []
    return [*(f"{event.text}." for event in findings.headlines), *more_words]


def html(v: HistoryScreen) -> Fragment:
    """Show what is broken first, then how the latest run ended and how far tests can be trusted."""
    return fragment(
        "history_summary.html.j2", v.verdict, kind=_kind(v.found), headline=_headline(v.found),
        said=_below(v.found), notes=v.notes, n_runs=len(v.found.totals),
    )  # fmt: skip


def _kind(findings: Findings) -> tuple[str, str]:
    """Return the colour of the verdict and its words, such as "1 broken, 25 flaky"."""
    if len(findings.totals) and not findings.totals.iloc[-1]["cases"]:
        return "failed", "Nothing ran"
    n = Counter(test.standing for test in findings.tests)
    names = {"broken": "broken", "failing": "failed when last run", "flaky": "flaky"}
    parts = [f"{n[name]:,} {words}" for name, words in names.items() if n[name]]
    if n["broken"] or n["failing"]:
        return "failed", ", ".join(parts)
    if parts:
        return "flaky", ", ".join(parts)
    if not len(findings.totals):
        return "skipped", ""
    return (
        ("skipped", "Too few runs to judge") if _nothing_known(findings) else ("passed", "All well")
    )


def _headline(findings: Findings) -> list[tuple[str, str, str]]:
    """Return the headline in pieces: text, the test that it names ("" for none), its address."""
    chosen = [test for test in findings.tests if test.standing in ("broken", "failing")]
    if not chosen or not findings.totals.iloc[-1]["cases"]:
        return [(_quiet(findings), "", "")]
    first = chosen[0]
    address = addresses(findings.tests[:1])[0]
    if len(chosen) == 1:
        return [("", first.row.title, address), (_state_words(first, findings), "", "")]
    how = "are broken" if first.standing == "broken" else "failed when they last ran"
    alike = sum(each.standing == first.standing for each in chosen)
    if alike == 1:
        return [("", first.row.title, address), (_state_words(first, findings), "", "")]
    return [(f"{counted(alike, 'test')} {how}: ", first.row.title, address),
            (f" and {alike - 1:,} more.", "", "")]  # fmt: skip


def _quiet(findings: Findings) -> str:
    """Return the headline where no test is broken, or the latest run cannot tell."""
    totals = findings.totals
    if not len(totals):
        return "No runs."
    if not totals["cases"].any():
        n = len(totals)
        return "No test ran." if n == 1 else f"No test ran in any of the {n:,} runs."
    if not totals.iloc[-1]["cases"]:
        return _nothing_ran(findings, totals.iloc[-1])
    return _ended(findings, totals.iloc[-1]) if _nothing_known(findings) else _over_all(findings)


def _over_all(findings: Findings) -> str:
    return _trusted(findings.states, len(findings.totals))


def _nothing_known(findings: Findings) -> bool:
    """Whether there are too few runs to judge any test."""
    counts = findings.states
    return sum(counts.values()) == counts["not enough runs"] + counts["gone"]


def _state_words(test: HistoryTest, findings: Findings) -> str:
    """Say what is wrong with a test, behind its name."""
    dates, step = dates_of(findings.totals), test.step
    where = findings.words.where(test.line)
    if test.standing == "broken" and step and step.is_bad:
        sentence = f" is broken{where} since {dates.run(step.first.label, step.first.run_at)}"
    else:
        sentence = f" failed when it last ran{where}"
    return f"{sentence}: {test.why}" if test.why else f"{sentence}."


def _below(findings: Findings) -> list[str]:
    """Return the sentences below the headline."""
    totals = findings.totals
    if not len(totals):
        return []
    last_runs = totals.drop_duplicates("stream", keep="last")
    ended = [_ended(findings, row) for _, row in last_runs.tail(MOST_STREAMS).iterrows()]
    sentences = [*ended, _over_all(findings)] if totals["cases"].any() else []
    headline = "".join(text for text, _, _ in _headline(findings))
    return [sentence for sentence in sentences if sentence != headline]


def markdown(v: HistoryScreen) -> str:
    """Write title and verdict, how runs without a branch count, and which runs are incomplete."""
    return blocks(
        f"# History: {counted(len(v.found.totals), 'run')}",
        text(v.verdict),
        *map(text, v.notes),
        f"Incomplete: {'; '.join(map(text, v.cut))}." if v.cut else "",
        f"No test ran: {'; '.join(map(text, v.empty))}." if v.empty else "",
    )


def json(v: HistoryScreen) -> dict[str, Any]:
    """Return the verdict, the target, how many cases are in each state, and what is to be known."""
    return {
        "verdict": v.verdict, "target": v.found.target, "states": v.found.states,
        "notes": v.notes, "streams": named(v.found.totals["stream"]),
    }  # fmt: skip


summary: Final = Section("summary", values, html, markdown, json)
