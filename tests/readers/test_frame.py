"""The frame that readers hand over: the schema's columns and dtypes, whatever the rows hold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.errors import ReadError
from fictures_reports.readers import results_frame as layout
from fictures_reports.readers.read import read
from fictures_reports.readers.results_frame import ResultsTable, frame, numbered
from fictures_reports.readers.rows import Attachment, Attempt, Failure, Row
from fictures_reports.schema import COLUMN_NAMES, results_frame

from .conftest import DATA


def test_columns_and_dtypes_are_the_schemas() -> None:
    whole = Row("a.py", "t", "failed", line=3, shard=1, tags=["x"], attempts=[
        Attempt("failed", started_at=1.5, duration_s=0.5, worker=2, errors=[Failure("no", "call")],
                attachments=[Attachment("a", path="b")])])  # fmt: skip
    for rows in ([], [Row("a.py", "t", "passed")], [whole]):
        made = frame(rows, "run")
        assert list(made.columns) == list(COLUMN_NAMES)
        assert (
            made.dtypes.to_dict() == results_frame({"run_id": ["x"] * len(rows)}).dtypes.to_dict()
        )


def test_frames_made_by_hand_share_no_values() -> None:
    first = results_frame({"case_id": ["a", "b"]})
    untouched = first.copy()
    for name, value in {"message": "no", "worker": 3, "limit": 1.5, "n_attempts": 2}.items():
        first.loc[0, name] = value
    first.loc[0, "tags"].append("x")
    pd.testing.assert_frame_equal(results_frame({"case_id": ["a", "b"]}), untouched.assign(
        tags=[[], []], attempts=[[], []], annotations=[[], []], attachments=[[], []]))  # fmt: skip


@pytest.mark.parametrize("column", ["title", "worker", "duration_s", "n_attempts", "tags"])
def test_a_column_made_by_hand_that_is_too_short_ends_in_missing_values(column: str) -> None:
    values = {"tags": ["x"]}.get(column, "t" if column == "title" else 2)
    made = results_frame({"case_id": ["a", "b"], column: [values]})
    assert made[column].isna().tolist() == [False, True]


def test_unknown_is_missing_and_never_zero() -> None:
    row = frame([Row("a.py", "t", "passed", attempts=[Attempt("passed")])], "run").iloc[0]
    for name in ("line", "duration_s", "started_at", "worker", "shard", "message", "stdout"):
        assert pd.isna(row[name]), name
    assert row["n_attempts"] == 1


def test_what_never_ran_has_no_attempts_and_no_duration() -> None:
    row = frame(
        [Row("a.py", "t", "not_run", attempts=[Attempt("skipped", duration_s=0.0)])], "run"
    ).iloc[0]
    assert row["n_attempts"] == 0
    assert pd.isna(row["duration_s"])


def test_attempts_are_plain_dicts_without_what_is_unknown() -> None:
    row = Row("a.py", "t", "failed", attempts=[Attempt("failed", errors=[Failure("no")])])
    assert frame([row], "run")["attempts"][0] == [
        {"status": "failed", "errors": [{"message": "no"}]}
    ]


def test_repeated_cases_are_numbered_around_names_that_are_taken() -> None:
    assert list(numbered(["a", "a", "a #2", "a"])) == ["a", "a #3", "a #2", "a #4"]


@pytest.mark.parametrize(("titles", "n"), [("", 0), ("abc", 0), ("abcda", 1), ("abcdaee", 2)])
def test_repeated_cases_are_counted_and_numbered(titles: str, n: int) -> None:
    table = ResultsTable(Row("a.py", title, "passed") for title in titles)
    assert table.n_duplicates() == n
    assert table.frame("run")["case_id"].str.endswith("#2").sum() == n


def test_ids_of_one_hash_are_no_duplicates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "hash", lambda _: 1, raising=False)
    assert ResultsTable(Row("a.py", title, "passed") for title in "abc").n_duplicates() == 0


@pytest.mark.parametrize("n_rows", [8191, 8192, 8193])
def test_rows_at_the_border_of_a_batch_count_for_the_id_of_a_run(n_rows: int) -> None:
    def run_id(n: int) -> str:
        tries = [Attempt("passed", 5.0, 0.5)]
        return ResultsTable(
            Row("a.py", f"t{i}", "passed", attempts=tries) for i in range(n)
        ).run_id()

    assert run_id(n_rows) == run_id(n_rows) != run_id(n_rows - 1)


#: of 0, 3, 8,192 and 9,000 rows, as the first version made them
IDS = ["ba9653f3a283", "cbd144988687", "473e0c6814ed", "d10e91c3d17e"]


def test_ids_of_runs_stay_what_they_were_in_the_first_version() -> None:
    def rows(n: int) -> list[Row]:
        return [
            Row("a.py", f"t{i}", "passed", attempts=[Attempt("passed", 5.0, i / 4)])
            for i in range(n)
        ]

    ids = [ResultsTable(rows(n)).run_id(5.0, ["no"]) for n in (0, 3, 8192, 9000)]
    assert ids == IDS


def test_rows_do_not_share_their_lists() -> None:
    rows = [Row("a.py", f"t{i}", "passed", attempts=[Attempt("passed")]) for i in range(2)]
    results = frame(rows, "run")
    for name in ("tags", "annotations", "attachments", "attempts"):
        results[name][0].append("x")
        assert "x" not in results[name][1]


def test_the_run_starts_with_the_first_attempt_and_lasts_for_all() -> None:
    tries = [
        Attempt("failed", started_at=100.0, duration_s=1.0),
        Attempt("passed", started_at=102.0, duration_s=2.5),
    ]
    row = frame([Row("a.py", "t", "flaky", attempts=tries)], "run").iloc[0]
    assert row["duration_s"] == 3.5
    assert row["started_at"] == pd.Timestamp(100, unit="s", tz="UTC")


def test_large_numbers_and_lone_surrogates_do_not_break_the_frame() -> None:
    made = frame([Row("a\ud800.py", "t", "passed", line=10**30)], "run")
    assert made.isna()["line"][0]
    assert made["file"][0] == "a?.py"


def test_thousands_of_rows_keep_their_order() -> None:
    rows = (Row("a.py", f"t{i}", "passed", attempts=[Attempt("passed")]) for i in range(20_000))
    made = frame(rows, "run")
    assert made["title"].tolist() == [f"t{i}" for i in range(20_000)]
    assert len(made["attempts"]) == 20_000


@pytest.mark.parametrize("path", sorted(p for p in DATA.rglob("*") if p.is_file()), ids=str)
def test_each_row_names_its_test_and_its_variant(path: Path) -> None:
    try:
        frame, *_ = read(path)
    except ReadError:  # a listing is no run
        return
    assert frame["test_id"].notna().all()
    assert frame["variant"].notna().all()
    assert all(
        case.startswith(test) for case, test in frame[["case_id", "test_id"]].to_numpy().tolist()
    )
