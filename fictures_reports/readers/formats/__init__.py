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

To add a format: write the module, a function of its name in `recognition`, and a line below.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Final, NamedTuple

from fictures_reports.readers.formats import recognition
from fictures_reports.readers.formats.recognition import Head


class Format(NamedTuple):
    """One format: how it is recognised and read, and how rich it is.

    Its name is written once, as that of its function in `recognition`.
    """

    #: asked in the order of `FORMATS`
    recognises: Callable[[Head], bool]
    #: as people call it
    title: str
    #: of two files of one run, the one of the richer format is taken
    richness: int
    #: what writes such files, for the docs
    written_by: str
    #: the module in this folder where it is not called as the format is
    module: str = ""
    #: names at the top of a JSON document, where its beginning did not tell
    keys: frozenset[str] = frozenset()
    #: whether attempts of one test lie in files of their own, which `join_attempts` puts together
    has_files_per_attempt: bool = False

    @property
    def name(self) -> str:
        """The name in the ledger, such as "playwright-json"."""
        return self.recognises.__name__.replace("_", "-")

    def reader(self) -> ModuleType:
        """Import the module that reads this format, when the first such file is met."""
        return import_module(f"{__name__}.{self.module or self.recognises.__name__}")


FORMATS: Final = (
    Format(
        recognition.playwright_json, "Playwright JSON", 11, "Playwright's `json` reporter",
        keys=frozenset({"config", "suites"}),
    ),
    Format(
        recognition.playwright_blob, "Playwright blob report", 10,
        "Playwright's `blob` reporter, a file for each shard",
    ),
    Format(
        recognition.pytest_reportlog, "pytest-reportlog", 9,
        "pytest's plug-in of that name, `--report-log`",
    ),
    Format(
        recognition.pytest_json_report, "pytest-json-report", 8,
        "pytest's plug-in of that name, `--json-report`",
        keys=frozenset({"tests", "summary"}),
    ),
    Format(recognition.ctrf, "CTRF", 4, "the CTRF reporter of any tool"),
    Format(recognition.jest_json, "Jest JSON", 6, "`jest --json`"),
    Format(
        recognition.vitest_json, "Vitest JSON", 5, "Vitest's `json` reporter",
        module="jest_json",
    ),
    Format(
        recognition.allure_results, "allure-results", 7,
        "Allure's adapter for any tool, a file for each test",
        has_files_per_attempt=True,
    ),
    Format(recognition.pytest_junit, "pytest JUnit", 2, "`pytest --junitxml` (xunit1 and xunit2)"),
    Format(recognition.playwright_junit, "Playwright JUnit", 3, "Playwright's `junit` reporter"),
    Format(recognition.junit, "other JUnit XML", 1, "any other tool"),
)  # fmt: skip
BY_NAME: Final = {format_.name: format_ for format_ in FORMATS}


def titles() -> str:
    """List the formats that are read, for messages."""
    return ", ".join(format_.title for format_ in FORMATS)
