"""The formats that are read: one module for each, registered in `FORMATS`.

A reader is a module in this folder with a function `read(source: Source) -> Reading`:

- It reads `source` and nothing else, starts no process, and knows nothing of pandas.
- `Reading.rows` has a `Row` for each case. It may be a generator: then `info` and `entry` are
  complete when it ends, and memory stays bounded by what the generator holds.
- `Reading.entry` is the file's line in the ledger: how many results were read, and in words what
  could not be told from the file or does not add up. The format's name is filled in by the caller.
- Content that is not of this format raises `UnknownFormat`, a file beyond repair `MalformedFile`.
  Any other exception is a fault of the reader: the caller names the file as lost, with the class
  of the error, and goes on with the next.
- Texts are cleaned (`text.clean`), times are in seconds, and what is unknown is None.

To add a format: write the module, and a line below that says how it is recognised.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple

from fictures_reports.readers.formats import recognition
from fictures_reports.readers.formats.recognition import Head


class Format(NamedTuple):
    """One format: its name, how rich it is, how it is recognised and how it is read."""

    #: as the ledger has it
    name: str
    #: as people call it
    title: str
    #: of two files of one run, the one of the richer format is taken
    richness: int
    #: asked in the order of `FORMATS`
    recognises: Callable[[Head], bool]
    #: the module in this folder, imported when the first such file is met
    module: str
    #: names at the top of a JSON document, where its beginning did not tell
    keys: frozenset[str] = frozenset()
    #: whether attempts of one test lie in files of their own, which `join_attempts` puts together
    has_files_per_attempt: bool = False

    def reader(self) -> ModuleType:
        """Import the module that reads this format."""
        return import_module(f"{__name__}.{self.module}")


FORMATS: Final = (
    Format(
        "playwright-json", "Playwright JSON", 11, recognition.playwright_json, "playwright_json",
        keys=frozenset({"config", "suites"}),
    ),
    Format(
        "playwright-blob", "Playwright blob report", 10, recognition.playwright_blob,
        "playwright_blob",
    ),
    Format(
        "pytest-reportlog", "pytest-reportlog", 9, recognition.pytest_reportlog, "pytest_reportlog"
    ),
    Format(
        "pytest-json-report", "pytest-json-report", 8, recognition.pytest_json_report,
        "pytest_json_report", keys=frozenset({"tests", "summary"}),
    ),
    Format("ctrf", "CTRF", 4, recognition.ctrf, "ctrf"),
    Format("jest-json", "Jest JSON", 6, recognition.jest_json, "jest_json"),
    Format("vitest-json", "Vitest JSON", 5, recognition.vitest_json, "jest_json"),
    Format(
        "allure-results", "allure-results", 7, recognition.allure_result, "allure_results",
        has_files_per_attempt=True,
    ),
    Format("pytest-junit", "pytest JUnit", 2, recognition.pytest_junit, "pytest_junit"),
    Format(
        "playwright-junit", "Playwright JUnit", 3, recognition.playwright_junit, "playwright_junit"
    ),
    Format("junit", "other JUnit XML", 1, recognition.junit, "junit"),
)  # fmt: skip
BY_NAME: Final = {one.name: one for one in FORMATS}


def titles() -> str:
    """List the formats that are read, for messages."""
    return ", ".join(one.title for one in FORMATS)
