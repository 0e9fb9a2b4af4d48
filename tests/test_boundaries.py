"""Limits of judgement, at the limit and just beyond it."""

from __future__ import annotations

from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.durations import changed
from fictures_reports.readers.files import xml_repair

from .conftest import make_run


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
    monkeypatch.setattr(xml_repair, "CHUNK", 64)
    for length in range(64):
        case = f'<testcase classname="a" name="{"x" * length}" time="1"/>'
        others = '<testcase name="y"/>' * n_before
        text = f"<testsuite>stray & {case}{others}</testsuite>"
        path = tmp_path / "a.xml"
        path.write_text(text, encoding="utf-8")
        assert len(fr.read_run(path).results) == n_before + 1
