"""Every chart is drawn from a frame that a public name gives."""

# ruff: noqa: ARG005 – every call is given the same

from __future__ import annotations

from pathlib import Path

import altair as alt
import pytest

import fictures_reports as fr
from fictures_reports import charts

frames = charts.frames
#: chart → what draws it, of a comparison and of the rows of a history
OF_RUNS = {
    "outcomes": lambda c: charts.outcomes(c.totals),
    "phases": lambda c: charts.phases(frames.phases([c.before, c.after])),
    "transitions": lambda c: charts.transitions(c.transitions),
    "categories": lambda c: charts.categories(frames.categories(c)),
    "thresholds": lambda c: charts.thresholds(frames.thresholds(c)),
    "durations": lambda c: charts.durations(frames.durations(c)),
    "workers": lambda c: charts.workers(c.after.results),
    "files": lambda c: charts.files(frames.files(c)),
}
OF_HISTORY = {
    "trend": lambda rows: charts.trend(frames.totals(rows)),
    "counts": lambda rows: charts.counts(frames.totals(rows)),
    "heat_map": lambda rows: charts.heat_map(rows, fr.flakiness(rows)),
    "rates": lambda rows: charts.rates(fr.flakiness(rows)),
    "clusters": lambda rows: charts.clusters(frames.clusters(rows)),
    "ages": lambda rows: charts.ages(frames.ages(rows)),
    "slowest": lambda rows: charts.slowest(frames.slowest(rows)),
    "many_runs": lambda rows: charts.many_runs.thresholds(frames.missed_limits(rows)),
}


@pytest.fixture(scope="module")
def c(runs: Path) -> fr.Comparison:
    return fr.compare(fr.read_run(runs / "phase2-initial"), fr.read_run(runs / "phase2-rerun"))


@pytest.fixture(scope="module")
def rows(runs: Path):
    return fr.read_runs([runs / "phase2-initial", runs / "phase2-rerun"]).frame


def test_no_chart_is_without_such_a_frame():
    drawn = {*OF_RUNS, *OF_HISTORY, "enable", "frames", "pass_rates"}
    assert drawn == set(charts.__all__)


@pytest.mark.parametrize("name", OF_RUNS)
def test_a_chart_of_runs_is_drawn_from_what_a_public_name_gives(name, c):
    assert isinstance(OF_RUNS[name](c), alt.TopLevelMixin)


@pytest.mark.parametrize("name", OF_HISTORY)
def test_a_chart_of_a_history_is_drawn_from_what_a_public_name_gives(name, rows):
    assert isinstance(OF_HISTORY[name](rows), alt.TopLevelMixin)


def test_pass_rates_are_those_of_the_totals(rows):
    assert charts.pass_rates(frames.totals(rows)).round(3).tolist() == [0.143, 0.286]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda c: frames.categories(3), "the subject is 3, expected a run or a comparison"),
        (lambda c: frames.durations(c.after), "c is a Run, expected a comparison"),
        (lambda c: frames.phases(c.after), "runs is a Run, expected a list of runs"),
        (lambda c: frames.totals(c.after.results), "history lacks the columns"),
        (lambda c: frames.slowest("x"), "history is 'x', expected a frame"),
    ],
)
def test_a_mistake_is_one_line(call, message, c):
    with pytest.raises(fr.ReportsError, match=message):
        call(c)
