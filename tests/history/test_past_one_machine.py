"""The lines under "Past one machine" in docs/history.md, run by a real Spark session."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.history_analysis import aggregates

PAGE = Path(__file__).parents[2] / "docs" / "history.md"


def section() -> str:
    return PAGE.read_text(encoding="utf-8").partition("\n## Past one machine\n")[2]


def test_the_page_has_the_lines():
    assert section().partition("\n## ")[0].count("```python\n") == 1


@pytest.mark.spark
# pyspark 4 warns of pandas 3 and of what it forks; neither is ours to mend.
@pytest.mark.filterwarnings("default")
def test_the_lines_of_the_page_run(runs, tmp_path, monkeypatch, capfd, spark_installed):
    history = fr.History(tmp_path / "history")
    for name in ("phase2-initial", "phase2-rerun"):
        history.append(fr.read_run(runs / name))
    monkeypatch.chdir(tmp_path)
    code = re.search(r"```python\n(.+?)```", section(), re.DOTALL).group(1)
    names: dict[str, object] = {}
    try:
        exec(compile(code, "history.md", "exec"), names)
    finally:
        if "session" in names:
            names["session"].stop()
    expected = aggregates.stability(history.load())
    pd.testing.assert_frame_equal(names["stability"], expected, rtol=1e-9, atol=0)
    assert re.search(r"\| +timeout\| +22\|", capfd.readouterr().out)
