"""A genuine suite that is run twice without a change compares as unchanged, from every format."""

from __future__ import annotations

from pathlib import Path

import pytest

import fictures_reports as fr

PACKED = Path(__file__).parent / "runs"

UNCHANGED = {"still_passing", "still_failing", "still_skipped", "still_declared"}


@pytest.mark.parametrize("suite", sorted(path.name for path in PACKED.iterdir()))
def test_a_suite_run_twice_is_unchanged_from_each_of_its_formats(genuine: Path, suite: str) -> None:
    folders = sorted(path for path in (genuine / suite / "run1").iterdir() if path.is_dir())
    assert folders
    for before in folders:
        after = genuine / suite / "run2" / before.name
        comparison = fr.compare(fr.read_run(before), fr.read_run(after))
        changes = comparison.changes
        odd = changes.loc[~changes["change"].isin(UNCHANGED), ["case_id", "change"]]
        assert odd.to_numpy().tolist() == [], before.name
        assert comparison.moved is None
        assert comparison.missing_variants == {}
