"""Results stay the same however they are cut, laid out and sent on the way to the frame."""

from __future__ import annotations

from typing import Any

import msgspec
import pandas as pd
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.readers import frame as frames
from fictures_reports.readers.frame import Table
from fictures_reports.readers.packed import Packed, packed, unpacked
from fictures_reports.readers.passes import (
    Entry,
    Passes,
    Span,
    columns_of_entries,
    ids_of,
    n_results,
    names_of,
    rows_of,
)
from fictures_reports.readers.pieces import Part, Piece, piece_of
from fictures_reports.readers.rows import Attachment, Attempt, Failure, Row

TEXTS = st.sampled_from(["", "a", "test_ü[1]", "🚀 \0", "long " * 20])
PASSES = Passes(
    "a.xml",
    ["tests/a.py", "tests/a.py", "b.py"],
    [3, None, None],
    ["", "TestX", ""],
    ["test_a", "test_ü", "test_c"],
    ["tests/a.py › test_a", "tests/a.py › TestX › test_ü", "b.py › test_c"],
    [0.5, 0.0, 3.25],
)
_TEXT = pa.large_string()
#: the same as it comes from a large file
LARGE_PASSES = Passes(
    PASSES.source,
    pa.array(PASSES.files, _TEXT),
    pa.array(PASSES.lines, pa.int64()),
    pa.array(PASSES.suites, _TEXT),
    pa.array(PASSES.titles, _TEXT),
    pa.array(PASSES.ids, _TEXT),
    pa.array(PASSES.durations, pa.float64()),
)
ENDS = st.tuples(st.integers(0, 2), st.integers(1, 3)).map(lambda e: (min(e[0], e[1] - 1), e[1]))
SPANS = ENDS.map(lambda ends: Span(PASSES, *ends))
LARGE_SPANS = st.builds(
    lambda ends, source: Span(LARGE_PASSES._replace(source=source), *ends),
    ENDS,
    st.sampled_from(["a.xml", "b.xml"]),
)
FAILURES = st.builds(Failure, message=TEXTS, phase=st.sampled_from([None, "setup"]))
ATTEMPTS = st.builds(
    Attempt,
    status=st.sampled_from(["passed", "failed"]),
    started_at=st.sampled_from([None, 1.7e9]),
    duration_s=st.sampled_from([None, 0.25]),
    worker=st.sampled_from([None, 2]),
    errors=st.lists(FAILURES, max_size=1),
    stdout=st.none() | TEXTS,
    attachments=st.lists(st.builds(Attachment, name=st.just("shot")), max_size=1),
)
ROWS = st.builds(
    Row,
    file=st.just("a.py"),
    title=TEXTS,
    status=st.sampled_from(["passed", "failed", "skipped", "not_run"]),
    project=st.sampled_from(["", "chromium"]),
    line=st.sampled_from([None, 7]),
    tags=st.lists(st.just("@slow"), max_size=1),
    attempts=st.lists(ATTEMPTS, max_size=2),
    shard=st.sampled_from([None, 1]),
    source=st.just("a.xml"),
)
ENTRIES = st.lists(ROWS | SPANS | LARGE_SPANS, min_size=1, max_size=8)


def framed(*given: Any) -> tuple[pd.DataFrame, str]:
    table = Table()
    for rows in given:
        table.add(rows)
    run_id = table.run_id()
    return table.frame(run_id), run_id


def part(piece: Piece, start: int, stop: int) -> Part:
    ids = piece.columns["case_id"].to_pylist()[start:stop]
    return Part(piece, start, stop, names_of(ids))


def alike(one: tuple[pd.DataFrame, str], other: tuple[pd.DataFrame, str]) -> None:
    pd.testing.assert_frame_equal(one[0], other[0])
    assert one[1] == other[1]


@given(ENDS, st.integers(0, 2))
def test_passes_of_a_large_file_are_gone_through_like_any(ends: tuple[int, int], at: int) -> None:
    small, large = Span(PASSES, *ends), Span(LARGE_PASSES, *ends)
    assert list(large.rows()) == list(small.rows())
    assert large.divided()[1] == small.divided()[1]
    assert ids_of([large]) == ids_of([small])
    assert LARGE_PASSES.title(at) == PASSES.title(at)


@given(ENTRIES)
def test_passes_give_the_frame_that_their_rows_give(entries: list[Entry]) -> None:
    piece = piece_of(columns_of_entries(entries))
    whole = part(piece, 0, n_results(entries))
    alike(framed(whole), framed(list(rows_of(entries))))


@given(ENTRIES)
def test_what_another_process_sends_is_what_this_one_makes(entries: list[Entry]) -> None:
    columns = columns_of_entries(entries)
    sent = msgspec.msgpack.decode(msgspec.msgpack.encode(packed(columns)), type=Packed)
    n = n_results(entries)
    alike(framed(part(unpacked(sent), 0, n)), framed(part(piece_of(columns), 0, n)))


@given(ENTRIES, st.integers(0, 8))
def test_a_file_s_part_of_a_piece_gives_its_rows_again(entries: list[Entry], at: int) -> None:
    first, second = entries[:at], entries[at:]
    piece = piece_of(columns_of_entries(entries))
    n, cut = len(piece), n_results(first)
    parts = part(piece, 0, cut), part(piece, cut, n)
    alike(framed(*parts), framed(*map(list, parts)))
    alike(framed(*parts), framed(list(rows_of(first)), list(rows_of(second))))


@pytest.mark.parametrize("batch", [1, 2, 3, 8, 9, 10])
def test_a_run_has_the_same_id_however_its_results_come(
    monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    rows = [Row("a.py", f"t{n}", "passed", attempts=[Attempt("passed", 5.0, n)]) for n in range(9)]
    monkeypatch.setattr(frames, "BATCH", batch)
    _, whole = framed(rows)
    assert framed(rows[:2], rows[2:7], iter(rows[7:]))[1] == whole
    piece = piece_of(columns_of_entries(list(rows)))
    assert framed(rows[:4], part(piece, 4, 9))[1] == whole
    assert framed(rows[:8])[1] != whole


@pytest.mark.parametrize("passes", [PASSES, LARGE_PASSES])
def test_rows_do_not_share_their_lists(passes: Passes) -> None:
    results, _ = framed(part(piece_of(columns_of_entries([Span(passes, 0, 3)])), 0, 3))
    for name in ("tags", "annotations", "attachments", "attempts"):
        results[name][0].append("x")
        assert "x" not in results[name][1]
