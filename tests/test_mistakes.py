"""Likely mistakes with every public function: each is one line that says what was expected."""

# ruff: noqa: ARG005 – every call is given the same

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports import charts


class Given(NamedTuple):
    before: fr.Run
    run: fr.Run
    c: fr.Comparison
    history: fr.History
    folder: Path


OTHER = pd.DataFrame({"x": [1]})


@pytest.fixture(scope="module")
def given(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> Given:
    folder = tmp_path_factory.mktemp("mistakes")
    before, run = (fr.read_run(runs / f"phase2-{name}") for name in ("initial", "rerun"))
    history = fr.History(folder / "h")
    for one in (before, run):
        history.append(one, branch="main")
    return Given(before, run, fr.compare(before, run), history, folder)


#: (call, what its message says)
MISTAKES: tuple[tuple[Callable[[Given], Any], str], ...] = (
    (lambda g: fr.read_run(3), "the source is 3, expected a path"),
    (lambda g: fr.read_run(None), "the source is None, expected a path"),
    (lambda g: fr.read_run(""), "the source is '', expected a path"),
    (lambda g: fr.read_run(OTHER), "the source is a DataFrame"),
    (lambda g: fr.read_run([]), "holds no result files"),
    (lambda g: fr.read_run("no/such"), "no such file or folder"),
    (lambda g: fr.read_run({"src": "x"}), "expected a table with source and where"),
    (lambda g: fr.read_run("x", rules="r.toml"), "as load_rules gives"),
    (lambda g: fr.read_run("x", label=3), "label is 3, expected a text"),
    (lambda g: fr.read_run(f"{g.history.path}@nope"), "no run 'nope'"),
    (lambda g: fr.read_run(f"{g.history.path}@branch:x"), "branches are main"),
    (lambda g: fr.read_runs(3), "the source is 3"),
    (lambda g: fr.read_runs(None), "the source is None"),
    (lambda g: fr.read_runs([]), "holds no runs"),
    (lambda g: fr.read_runs("no/such"), "no such folder"),
    (lambda g: fr.compare("a", "b"), "before is 'a', expected a run"),
    (lambda g: fr.compare(g.run, None), "after is None"),
    (lambda g: fr.compare([], g.run), "before is empty"),
    (lambda g: fr.compare(g.run.results, g.run), "before is a DataFrame"),
    (lambda g: fr.compare([g.run], ["x"]), "after is ['x']"),
    (lambda g: fr.compare(g.run, g.run, renames=["a"]), "renames is ['a']"),
    (lambda g: fr.compare(g.run, g.run, known_issues={"case": "x"}), "known_issues is"),
    (lambda g: fr.compare(g.run, g.run, known_issues=["x"]), "known_issues is"),
    (lambda g: fr.compare(g.run, g.run, removed=3), "removed is 3"),
    (lambda g: fr.compare(g.run, g.run, by="tests"), "did you mean 'test'"),
    (lambda g: g.c.named("brokn"), "did you mean 'broken'"),
    (lambda g: fr.check(g.run.results, "passed >= 1"), "expected a run or a comparison"),
    (lambda g: fr.check(g.run, 3), "gates is 3"),
    (lambda g: fr.check(g.run, [3]), "gates is [3]"),
    (lambda g: fr.check(g.run, None), "gates is None"),
    (lambda g: fr.check(g.run, "passd >= 1"), "did you mean 'passed'"),
    (lambda g: fr.check(g.run, "passed"), "expected METRIC COMPARATOR NUMBER"),
    (lambda g: fr.check(g.run, "broken == 0"), "it needs two runs"),
    (lambda g: fr.check(g.run, "failed[area=x] == 0"), "no test matches area 'x'"),
    (lambda g: fr.flakiness("x"), "history is 'x', expected a frame"),
    (lambda g: fr.flakiness(OTHER), "history lacks the columns run_id"),
    (lambda g: fr.flakiness(g.run.results), "history lacks the columns run_at, label"),
    (lambda g: fr.flakiness(g.history), "history is a History, expected a frame"),
    (lambda g: fr.classify(g.run), "results is a Run, expected a frame"),
    (lambda g: fr.classify(OTHER), "results lacks the columns"),
    (lambda g: fr.classify(g.run.results, "x"), "rules is 'x'"),
    (lambda g: fr.load_rules(3), "the rule file is 3, expected a path"),
    (lambda g: fr.load_rules("no.toml"), "no.toml: cannot be read"),
    (lambda g: fr.projection(OTHER), "expected a run"),
    (lambda g: fr.projection(g.c), "expected a run"),
    (lambda g: fr.render("comparsion", run=g.run, output="x.html"), "there are comparison, run"),
    (lambda g: fr.render("run", run=g.run, output="x.docx"), "a page ends in .html"),
    (lambda g: fr.render("run", run=g.run, output=3), "output is 3, expected a path"),
    (lambda g: fr.render("run", run=3, output="x.html"), "run is 3, expected a run"),
    (lambda g: fr.render("run", run=g.run, output="x", format="docx"), "format is 'docx'"),
    (lambda g: fr.render("run", run=g.run, output="x.html", gates=3), "gates is 3"),
    (lambda g: fr.render("comparison", before=g.run, output="x.html"), "given: 'before'"),
    (lambda g: g.run.to_html("x.docx"), "a page ends in .html"),
    (lambda g: g.run.to_html(3), "the page's path is 3"),
    (lambda g: g.c.to_html("x.csv"), "a page ends in .html"),
    (lambda g: g.run.to_markdown("nope"), "expected METRIC COMPARATOR NUMBER"),
    (lambda g: g.run.to_junit(None), "the path of the JUnit file is None"),
    (lambda g: g.run.to_junit(g.folder), "cannot be written"),
    (lambda g: fr.History(3), "the history's path is 3"),
    (lambda g: fr.History(None), "the history's path is None"),
    (lambda g: fr.History(g.folder / "none").load(), "no history here"),
    (lambda g: g.history.append("x"), "expected a run"),
    (lambda g: g.history.append(g.run.results), "is a DataFrame, expected a run"),
    (lambda g: g.history.append(g.run, label=3), "label is 3"),
    (lambda g: g.history.load(stream="x"), "no run of stream 'x'"),
    (lambda g: g.history.load(last=0), "last 0"),
    (lambda g: g.history.load(last="5"), "last '5'"),
    (lambda g: g.history.load(since="yesterday"), "no day or moment"),
    (lambda g: g.history.load(columns=["statsu"]), "did you mean 'status'"),
    (lambda g: g.history.run("nope"), "no run 'nope'"),
    (lambda g: g.history.run(3), "the selector is 3"),
    (lambda g: g.history.flakiness(branch="x"), "branches are main"),
    (lambda g: g.history.flakiness(lst=3), "did you mean 'last'"),
    (lambda g: g.history.incidents(branch="x"), "branches are main"),
    (lambda g: g.history.timeline("nope"), "no test 'nope'"),
    (lambda g: g.history.timeline(3), "the test is 3"),
    (lambda g: g.history.render("x.docx"), "no form goes with this ending"),
)  # fmt: skip


@pytest.mark.parametrize(("call", "message"), MISTAKES)
def test_a_mistake_is_one_line_that_says_what_was_expected(given, call, message):
    with pytest.raises(fr.ReportsError) as error:
        call(given)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


DRAWN = sorted(set(charts.__all__) - {"enable", "frames", "many_runs", "heat_map"})


@pytest.mark.parametrize("name", DRAWN)
def test_a_chart_says_what_gives_its_frame(name):
    with pytest.raises(fr.ReportsError, match=r"is 'x', expected a frame, such as .* gives"):
        getattr(charts, name)("x")


@pytest.mark.parametrize("name", sorted(set(DRAWN) - {"categories"}))
def test_a_chart_names_the_columns_that_a_frame_lacks(name):
    with pytest.raises(fr.ReportsError, match=r"lacks the (columns|row) "):
        getattr(charts, name)(OTHER)
