"""Limits of judgement, at the limit and just beyond it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

import fictures_reports as fr
from fictures_reports.analysis.common_cause import struck
from fictures_reports.analysis.common_duration import common_change, durations_of
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.durations import changed, over_runs
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.projection import hedged
from fictures_reports.errors import SeveralRuns
from fictures_reports.failures.clusters import cluster_ids
from fictures_reports.history import frame_of
from fictures_reports.history_analysis.ageing import ageing
from fictures_reports.history_analysis.change_in_history import past
from fictures_reports.history_analysis.flakiness import flakiness
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.history_analysis.since_when import since_when
from fictures_reports.history_analysis.standing_of_tests import standings
from fictures_reports.readers.files import xml_encoding
from fictures_reports.readers.files.json_document import load
from fictures_reports.readers.files.sources import Source

from .conftest import make_run

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before_s", "after_s", "is_named"),
    [
        (2.0, 3.0, True),  # one second more, and 1.5 times
        (2.01, 3.01, False),  # one second more, but less than 1.5 times
        (1.9, 2.89, False),  # more than 1.5 times, but less than a second
        (3.0, 2.0, True),
        (3.01, 2.01, False),
    ],
)
def test_a_duration_has_changed_from_a_second_and_one_and_a_half_times_on(
    before_s: float, after_s: float, is_named: bool
) -> None:
    sides = [make_run(n, {"t": "passed"}, {"duration_s": [s]}) for n, s in
             (("b", before_s), ("a", after_s))]  # fmt: skip
    assert len(changed(compare(*sides))) == is_named


@pytest.mark.parametrize("n_before", [20, 21])
def test_an_xml_tag_is_whole_wherever_a_chunk_of_a_broken_file_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_before: int
) -> None:
    monkeypatch.setattr(xml_encoding, "CHUNK", 64)
    for length in range(64):
        case = f'<testcase classname="a" name="{"x" * length}" time="1"/>'
        others = '<testcase name="y"/>' * n_before
        text = f"<testsuite>stray & {case}{others}</testsuite>"
        path = tmp_path / "a.xml"
        path.write_text(text, encoding="utf-8")
        assert len(fr.read_run(path).results) == n_before + 1


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


def wrote(folder, name: str, second: float, longer: float = 0.0) -> None:
    """Write a report of three tests that began at a second."""
    times = [0.5 + n + longer for n in range(3)]
    cases = "".join(
        f'<testcase classname="a" name="t{n}" time="{time:.5f}"/>' for n, time in enumerate(times)
    )
    (folder / name).mkdir()
    (folder / name / "junit.xml").write_text(
        f'<testsuite name="pytest" timestamp="2026-01-01T10:00:{second:06.3f}">{cases}</testsuite>'
    )


@pytest.mark.parametrize(
    ("second", "longer", "is_copy"),
    [(0, 0, True), (1, 0, True), (1.5, 0, False), (0, 0.0001, True), (0, 0.0002, False)],
)
def test_two_reports_are_of_one_run_within_a_second_and_a_tenth_of_a_millisecond(
    tmp_path, second, longer, is_copy
):
    wrote(tmp_path, "one", 0)
    wrote(tmp_path, "two", second, longer)
    assert len(fr.read_run(tmp_path).results) == (3 if is_copy else 6)


@pytest.mark.parametrize(("n_left", "holds"), [(80, True), (79, False)])
def test_a_gate_is_not_met_where_less_than_four_fifths_of_the_tests_are_left(n_left, holds):
    before, after = (make_run(name, {f"t{i}": "passed" for i in range(n)})
                     for name, n in (("b", 100), ("a", n_left)))  # fmt: skip
    [gate] = check(compare(before, after), "failed == 0")
    assert gate.holds is holds
    assert holds or "21 of 100 are gone" in gate.sentence


@pytest.mark.parametrize(("n_struck", "is_outage"), [(3, False), (4, True)])
def test_an_incident_is_an_outage_from_half_of_the_tests_on(n_struck, is_outage):
    titles = [f"t{n}" for n in range(8)]
    days = []
    for day in range(12):
        bad = titles[:n_struck] if day == 10 else []
        statuses = {title: "failed" if title in bad else "passed" for title in titles}
        said = {"signature": ["no server" if title in bad else None for title in titles]}
        began = (START + timedelta(days=day)).timestamp()
        days.append(make_run(f"r{day}", statuses, said, started_at=began))
    found = incidents(frame_of(days))
    assert [incident.is_outage for incident in found] == [is_outage]


def lasting(label: str, seconds: float, n_cases: int) -> fr.Run:
    statuses = {f"t{n}": "passed" for n in range(n_cases)}
    return make_run(label, statuses, {"duration_s": [seconds] * n_cases})


def sides(before: Sequence[float], after: Sequence[float], n_cases: int) -> list[list[fr.Run]]:
    """Draw runs whose tests all took as long, for each side as many as there are durations."""
    return [
        [lasting(f"{side}{n}", seconds, n_cases) for n, seconds in enumerate(durations)]
        for side, durations in (("b", before), ("a", after))
    ]


@pytest.mark.parametrize(
    ("before", "after", "n_cases", "is_named"),
    [
        ([5], [6], 10, True),  # a fifth longer
        ([5], [5.95], 10, False),
        ([5], [6], 9, False),  # nine tests are too few for a common factor
        ([6], [5], 10, True),
        ([1, 1.01, 1.5], [1.3, 1.31, 1.32], 10, True),  # of three runs ranks say nothing
        ([1, 1.01, 1.02, 1.03], [1.3, 1.31, 1.32, 1.33], 10, True),  # p = 0.03
        ([1, 1.01, 1.02, 1.31], [1.3, 1.32, 1.33, 1.34], 10, False),  # p = 0.06
    ],
)
def test_all_tests_take_longer_from_a_fifth_on_and_by_more_than_chance(
    before, after, n_cases, is_named
):
    change = common_change(durations_of(*sides(before, after, n_cases)))
    assert (change is not None) is is_named


@pytest.mark.parametrize(
    ("before", "after", "is_named"),
    [
        ([1.0] * 4, [1.2] * 4, True),  # a fifth longer
        ([1.0] * 4, [1.19] * 4, False),
        ([0.2] * 4, [0.26] * 4, True),  # more than 50 ms
        ([0.1] * 4, [0.14] * 4, False),  # less than 50 ms
        ([1, 1.01, 1.02, 1.03], [1.3, 1.32, 1.33, 1.34], True),  # p = 0.03
        ([1, 1.01, 1.02, 1.31], [1.3, 1.32, 1.33, 1.34], False),  # p = 0.06
        ([1.0] * 3, [2.0] * 4, False),  # three runs are too few
    ],
)
def test_over_runs_a_duration_has_changed_from_a_fifth_and_50_ms_on_and_by_more_than_chance(
    before, after, is_named
):
    assert len(over_runs(*sides(before, after, 1))) == is_named


#: One test of four failed.
ONE_FAILED = make_run("r", {"a": "failed", "b": "passed", "c": "passed", "d": "passed"})


@pytest.mark.parametrize(
    ("gate", "holds"),
    [
        ("failed >= 1", True), ("failed >= 2", False),
        ("failed <= 1", True), ("failed <= 0", False),
        ("failed == 1", True), ("failed == 0", False), ("failed == 2", False),
        ("failed != 0", True), ("failed != 2", True), ("failed != 1", False),
        ("failed > 0", True), ("failed > 1", False),
        ("failed < 2", True), ("failed < 1", False),
        ("pass_rate >= 75%", True), ("pass_rate >= 75.01%", False), ("pass_rate > 75%", False),
    ],
)  # fmt: skip
def test_a_gate_holds_up_to_its_limit_or_short_of_it_as_it_is_written(gate, holds):
    assert check(ONE_FAILED, [gate])[0].holds is holds


@pytest.mark.parametrize(
    ("gate", "cases"),
    [
        ("failed < 1", ["a.spec.ts › a"]),  # the limit itself is one too many
        ("failed <= 0", ["a.spec.ts › a"]),
        ("failed <= 1", []),
        ("failed == 2", []),  # too few
    ],
)
def test_a_gate_names_the_cases_of_which_there_are_too_many(gate, cases):
    assert list(check(ONE_FAILED, [gate])[0].cases) == cases


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        ("pass_rate >= 67%", "66.66 % is 0.3333 points short"),
        ("pass_rate > 66.6%", "reads 66.67 %"),  # only what is short of a limit is rounded down
        ("duration_s >= 10", "9.99 is 1e-09 short"),
    ],
)
def test_a_reading_that_is_short_of_its_limit_is_not_rounded_up(gate, words):
    statuses = {"a": "failed", "b": "passed", "c": "passed"}
    run = make_run("r", statuses, duration_s=10 - 1e-9)
    assert words in check(run, [gate])[0].sentence


def test_a_reading_that_is_exactly_its_limit_is_not_rounded_down():
    # 18.4 × 100 is a little less than 1840
    run = make_run("r", {f"t{n}": "passed" if n < 23 else "failed" for n in range(125)})
    assert "it is exactly 18.4 %" in check(run, ["pass_rate > 18.4%"])[0].sentence


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.9, "5 tests"), (0.89, "about 5 tests"), (0.6, "about 5 tests"), (0.59, "up to 5 tests")],
)
def test_what_a_fix_gives_is_said_the_surer_the_more_alike_the_messages_are(share, words):
    assert hedged(5, share) == words


@pytest.mark.parametrize(
    ("cases", "n_words", "n_different", "n_causes"),
    [
        (("a", "b"), 25, 3, 1),  # 88 % of the words are the same
        (("a", "b"), 25, 4, 2),
        (("a", "a"), 20, 4, 1),  # 80 %, in one test
        (("a", "a"), 20, 5, 2),
    ],
)
def test_two_messages_are_one_cause_from_a_share_of_equal_words_on(
    cases, n_words, n_different, n_causes
):
    common = " ".join(f"word{n}" for n in range(n_words - n_different - 3))
    texts = [
        f"Error: no story\n{common} " + " ".join(f"{side}{n}" for n in range(n_different))
        for side in ("left", "right")
    ]
    rows = {"case_id": cases, "category": "assertion", "status": "failed", "signature": texts}
    assert len(set(cluster_ids(pd.DataFrame(rows).astype("str")))) == n_causes


@pytest.mark.parametrize(("n_common", "variants"), [(2, {""}), (3, {"one", "two"})])
def test_files_that_share_more_than_half_of_their_tests_are_variants(tmp_path, n_common, variants):
    for first, folder in ((0, "one"), (4 - n_common, "two")):
        cases = "".join(f'<testcase classname="a" name="t{n}"/>' for n in range(first, first + 4))
        (tmp_path / folder).mkdir()
        text = f'<testsuite name="pytest" timestamp="2026-01-01T10:00:00">{cases}</testsuite>'
        (tmp_path / folder / "junit.xml").write_text(text)
    assert set(fr.read_run(tmp_path).results["variant"].fillna("")) == variants


@pytest.mark.parametrize(("wait_s", "is_one_run"), [(600, True), (601, False)])
def test_a_variant_may_wait_ten_minutes_for_the_one_before(tmp_path, wait_s, is_one_run):
    cases = "".join(f'<testcase classname="a" name="t{n}" time="1"/>' for n in range(4))
    for folder, second in (("chromium", 0), ("firefox", 4 + wait_s)):
        at = (START + timedelta(seconds=second)).replace(tzinfo=None).isoformat()
        (tmp_path / folder).mkdir()
        text = f'<testsuite name="pytest" time="4" timestamp="{at}">{cases}</testsuite>'
        (tmp_path / folder / "junit.xml").write_text(text)
    with nullcontext() if is_one_run else pytest.raises(SeveralRuns):
        assert len(fr.read_run(tmp_path).results) == 8


@pytest.mark.parametrize(("n_skipped", "standing"), [(4, "stable"), (5, "skipped")])
def test_a_test_that_was_skipped_in_five_runs_needs_attention(n_skipped, standing):
    ends = ["passed"] * 40 + ["skipped"] * n_skipped
    n, row = len(ends), frame_of([make_run("r", {"a": "passed"})])
    names = [f"r{i:02}" for i in range(n)]
    rows = row.loc[row.index.repeat(n)].reset_index(drop=True).assign(
        run_id=names, label=names, run_at=START + pd.to_timedelta(range(n), "D"), status=ends
    )  # fmt: skip
    [test] = standings(rows, flakiness(rows), since_when(rows), ageing(rows))
    assert test.standing == standing
