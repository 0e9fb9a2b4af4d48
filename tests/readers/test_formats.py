"""The registry of formats: what recognition, merging and messages follow from."""

from __future__ import annotations

from pathlib import Path

import pytest

from fictures_reports.errors import ReadError
from fictures_reports.readers.detect import sniff
from fictures_reports.readers.files.sources import plain_source
from fictures_reports.readers.formats import FORMATS, Format
from fictures_reports.readers.read import read

from .conftest import DATA


def test_names_and_ranks_are_unique() -> None:
    assert (
        len({one.name for one in FORMATS}) == len({one.richness for one in FORMATS}) == len(FORMATS)
    )


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_each_format_has_a_reader_that_says_what_it_reads(form: Format) -> None:
    assert callable(form.reader().read)
    assert form.reader().__doc__
    assert hasattr(form.reader(), "join_attempts") == form.has_files_per_attempt


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("playwright-1.65/results.json", "playwright-json"),
        ("playwright-1.65/report.zip", "playwright-blob"),
        ("playwright-1.65/results.xml", "playwright-junit"),
        ("pytest-9/report.json", "pytest-json-report"),
        ("pytest-7-interrupted.jsonl", "pytest-reportlog"),
        ("pytest-9-xunit1.xml", "pytest-junit"),
    ],
)
def test_a_file_is_recognised_and_its_format_named_in_the_ledger(file: str, name: str) -> None:
    assert read(DATA / file)[2]["format"].tolist() == [name]


def test_what_a_folder_should_hold_is_said_with_all_formats(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as error:
        read(tmp_path)
    assert all(one.title in str(error.value) for one in FORMATS)


def test_an_unknown_document_may_be_recognised_by_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "results"
    path.write_text('{"stats": {}, "suites": [], "config": {}}', "utf-8")
    assert sniff(plain_source(path, None)).name == "playwright-json"
