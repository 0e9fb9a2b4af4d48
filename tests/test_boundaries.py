"""Where a judgement changes: just below, at and just above each boundary."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest

from fictures_reports.analysis.common_cause import struck
from fictures_reports.analysis.compare import compare
from fictures_reports.history import frame_of
from fictures_reports.history_analysis.change_in_history import past
from fictures_reports.readers.files.json_document import load
from fictures_reports.readers.files.sources import Source

from .conftest import make_run

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("n_failed", "n_ran", "is_outage"),
    [(2, 2, False), (3, 3, True), (3, 6, True), (3, 7, False), (4, 7, True), (4, 9, False)],
)
def test_an_outage_took_three_tests_and_half_of_those_that_ran(n_failed, n_ran, is_outage):
    statuses = {f"t{n}": "failed" if n < n_failed else "passed" for n in range(n_ran)}
    said = ["no server" if status == "failed" else None for status in statuses.values()]
    run = make_run("r", statuses | {"skip": "skipped"}, {"signature": [*said, None]})
    name, n, ran = struck(run, run.results["status"] == "failed")
    assert (bool(name), n, ran) == (is_outage, n_failed, n_ran)


@pytest.mark.parametrize(("n_runs", "weight"), [(9, "not known"), (10, "news")])
def test_a_failure_is_news_after_ten_runs_without_one_and_not_after_nine(n_runs, weight):
    days = [(START + timedelta(days=day)).timestamp() for day in range(n_runs + 2)]
    earlier = [make_run(f"r{n}", {"a": "passed"}, started_at=days[n]) for n in range(n_runs)]
    before, after = earlier[-1], make_run("after", {"a": "failed"}, started_at=days[-1])
    assert list(past(compare(before, after), frame_of(earlier))["weight"]) == [weight]


@pytest.mark.parametrize("number", [10**17, 10**18 - 1])
def test_whole_numbers_that_a_column_can_hold_are_read_exactly_from_odd_json(number):
    data = f'{{"odd": NaN, "at": {number}, "far": {10**308}, "farther": {10**400}}}'.encode()
    read = load(Source("r.json", lambda: io.BytesIO(data), len(data)), dict).value
    assert read == {"odd": None, "at": number, "far": 1e308, "farther": None}
    assert [type(read[name]) for name in ("at", "far")] == [int, float]
