"""Names of causes over many runs: no two alike, and one name in every part of a report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd

from fictures_reports.failures.names_over_runs import names_over_runs
from fictures_reports.history_analysis.aggregates import sightings
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.history_analysis.since_when import since_when

FIRST = "assert <n1> == <n2>\nStatement: assert total == 30\nPlace: one"
SECOND = "assert <n1> == <n2>\nStatement: assert total == 30\nPlace: two"


def history(n_runs: int = 12) -> pd.DataFrame:
    """Two groups of four cases, which begin to fail in the sixth run for causes of one name."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    rows = []
    for at in range(n_runs):
        for case in range(12):
            wrong = at >= 5 and case < 8
            text = (FIRST if case < 4 else SECOND) if wrong else None
            rows.append(
                {"run_id": f"r{at}", "run_at": start + timedelta(days=at), "label": f"run {at}",
                 "commit": f"c{at}", "branch": "main", "stream": None, "case_id": f"case {case}",
                 "title": f"case {case}", "status": "failed" if wrong else "passed",
                 "file": "a.py" if case < 4 else "b.py", "duration_s": 1.0,
                 "category": "assertion" if wrong else None, "signature": text}
            )  # fmt: skip
    return pd.DataFrame(rows).astype({"signature": "str", "category": "str"})


def test_causes_of_one_name_are_told_apart_by_where_they_are() -> None:
    names = names_over_runs(history())
    assert set(names) == {FIRST, SECOND}
    assert len(set(names.values())) == 2
    assert names[FIRST].endswith("a.py")


def test_incidents_and_sightings_have_one_name_for_one_cause() -> None:
    rows = history()
    names = names_over_runs(rows)
    found = incidents(rows, names=names)
    assert sorted(one.name for one in found) == sorted(names.values())
    seen = sightings(rows, names=names)
    assert sorted(seen["name"]) == sorted(names.values())
    assert seen["name"].is_unique


def test_without_names_every_function_gives_unique_ones() -> None:
    rows = history()
    assert sightings(rows)["name"].is_unique
    assert len({one.name for one in incidents(rows)}) == 2
    told = since_when(rows, found=[])
    occurring = told[told["what"] == "cluster occurs"]
    assert occurring["title"].nunique() == occurring["name"].nunique() == 2
