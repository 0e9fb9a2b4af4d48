"""The likeliest mistakes with each public function and method, in one line each: mistakes.txt."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports import charts

TEXT = Path(__file__).with_name("mistakes.txt").read_text(encoding="utf-8")
#: function or method → calls, each with words of its message
MISTAKES = {
    part.partition("\n")[0]: [line.split(" → ", 1) for line in part.splitlines()[1:] if line]
    for part in TEXT.split("\n## ")[1:]
}
CALLS = [(call, words) for calls in MISTAKES.values() for call, words in calls]


@pytest.fixture(scope="module")
def given(runs: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("mistakes")
    before, run = (fr.read_run(runs / f"phase2-{name}") for name in ("initial", "rerun"))
    history = fr.History(folder / "h")
    for one in (before, run):
        history.append(one, branch="main")
    return {
        "fr": fr, "charts": charts, "Path": Path, "OTHER": pd.DataFrame({"x": [1]}),
        "before": before, "run": run, "c": fr.compare(before, run), "history": history,
        "folder": folder, "runs": runs,
    }  # fmt: skip


@pytest.mark.parametrize(("call", "words"), CALLS, ids=[call for call, _ in CALLS])
def test_a_mistake_is_one_line_that_says_what_was_expected(
    given, call, words, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(fr.ReportsError) as error:
        eval(call, dict(given))
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def takes_something(function: Any) -> bool:
    return any(name != "self" for name in inspect.signature(function).parameters)


def test_every_public_function_and_method_that_takes_something_has_its_mistakes():
    public = {n: getattr(fr, n) for n in fr.__all__ if inspect.isfunction(getattr(fr, n))}
    for owner in (fr.Run, fr.Comparison, fr.History):
        methods = {n: f for n, f in vars(owner).items() if n[0] != "_" and inspect.isfunction(f)}
        public |= {f"{owner.__name__}.{name}": method for name, method in methods.items()}
    own = vars(charts.frames).items()
    frames = {n: f for n, f in own if getattr(f, "__module__", "") == charts.frames.__name__}
    public |= {f"charts.frames.{n}": f for n, f in frames.items() if n[0] != "_"}
    assert sorted(n for n, f in public.items() if takes_something(f) and n not in MISTAKES) == []
