"""All tests of a history as JSON for the page's script: rows, cells, and what the panel says."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons.human_names import STATUS_NAMES
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import duration
from fictures_reports.frame_rows import rows_of
from fictures_reports.history_analysis.events import line_of
from fictures_reports.history_analysis.run_grid import CODES
from fictures_reports.history_analysis.standing_of_tests import NEED_ATTENTION, STANDINGS
from fictures_reports.report.history_sections import run_columns
from fictures_reports.report.history_sections.run_dates import dates_of
from fictures_reports.report.history_sections.tests_in_rows import (
    COLOURS,
    addresses,
    own_codes,
    place_of,
    places_of,
)
from fictures_reports.report.history_sections.tests_in_words import facts, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.report.history_findings import Findings
    from fictures_reports.report.history_sections.run_dates import RunDates

#: Heights of bars, each a letter; the first is for a duration that is not known.
LETTERS: Final = "-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Numbers:
    """Gives each value a number, so that what many tests have in common is written once."""

    def __init__(self) -> None:
        self.numbers: dict[Any, int] = {}

    def __call__(self, value: Any) -> int:
        """Return the number of a value."""
        return self.numbers.setdefault(value, len(self.numbers))


def packed_tests(findings: Findings) -> str:
    """Write all tests as JSON that can stand in a script element of a page."""
    texts, lines, dates = Numbers(), Numbers(), dates_of(findings.totals)
    place = {run: i for i, run in enumerate(findings.totals["run_id"])}
    tests = [
        [*_test(test, name, findings, dates, texts, place), lines(test.line),
         [texts(part or "") for part in places_of(test)]]
        for test, name in zip(findings.tests, addresses(findings.tests), strict=True)
    ]  # fmt: skip
    document = {
        "runs": _runs(findings, dates, lines), "columns": run_columns.MOST,
        "grid": len(findings.grid.runs),
        "standings": STANDINGS, "attention": NEED_ATTENTION, "colours": COLOURS,
        "codes": CODES, "names": STATUS_NAMES, "tests": tests, "texts": list(texts.numbers),
    }  # fmt: skip
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _runs(findings: Findings, dates: RunDates, lines: Numbers) -> list[list[Any]]:
    """Return each run: label, moment, branch where there are several, whether it lies in an outage.

    Last comes the number of its line: what a test did on others is faded.
    """
    several = findings.words.several_branches
    return [
        [row.label, dates.when(row.run_at), (several and known(row.branch)) or "",
         int(row.run_id in findings.outages), lines(line_of(row))]
        for row in rows_of(findings.totals)
    ]  # fmt: skip


def _test(
    test: HistoryTest,
    name: str,
    findings: Findings,
    dates: RunDates,
    texts: Numbers,
    place: dict[str, int],
) -> list[Any]:
    """Return the values of one test, in the order that the script reads them."""
    bars, longest = _bars(findings.grid.durations(test.row.case_id))
    failures = [
        [place[each.run_id], CODES.index(each.status), texts(each.why)]
        for each in test.failures.newest
    ]
    return [
        name, test.row.title, texts(place_of(test, findings)), test.standing, texts(test.short),
        texts(test.why), "".join(map(str, own_codes(test, findings))), bars, longest,
        texts(sentence(test, findings, dates)),
        [[texts(key), texts(value)] for key, value in facts(test, findings, dates)],
        failures, test.failures.n,
    ]  # fmt: skip


def _bars(seconds: Sequence[float]) -> tuple[str, str]:
    """Return a letter for the height of each run's bar, and the longest duration in words."""
    known_ones = [s for s in seconds if not math.isnan(s)]
    longest = max(known_ones, default=0.0)
    if not longest:
        return "", duration(longest) if known_ones else ""
    most = len(LETTERS) - 1
    letters = (
        LETTERS[0] if math.isnan(s) else LETTERS[max(1, round(most * s / longest))] for s in seconds
    )
    return "".join(letters), duration(longest)
