"""Tests in a list of Markdown: an entry for each cause of several tests, else a line for each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.result_summary import test_of, where_it_ran
from fictures_reports.analysis.wording import counted
from fictures_reports.failures.cause_names import causes_by_case, names_by_id
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fictures_reports.run import Run

#: So many tests of one cause have a line each; more are one entry.
FEW_TESTS: Final = 3
#: Tests, files and places that an entry names; the others are counted.
_MOST_NAMED: Final = 3
_MOST_PLACES: Final = 6


@dataclass(frozen=True)
class Listed:
    """A case of a list: its result, the name of its cause, and what stands behind its reason."""

    row: Any
    cause: str = ""
    behind: str = ""

    @property
    def test(self) -> str:
        """The id by which tests differ."""
        return test_of(self.row)

    @cached_property
    def why(self) -> str:
        """Why it did not pass, in words."""
        return reason(self.row)


def cause_names(run: Run) -> dict[str, str]:
    """Return the name of the cause of each case of a run that has one."""
    causes = causes_by_case(run.results, run.cause_ids, names_by_id(run.causes))
    return {case: name for case, (_, name) in causes.items()}


def entries(cases: Iterable[Listed], most: int) -> list[str]:
    """Write cases as items of a list, at most so many; of those left out their number."""
    all_cases = list(cases)
    large = _large(all_cases)
    groups: dict[Any, list[Listed]] = {}
    for case in all_cases:
        cause = (_cause_of(case), case.behind)
        line = (case.test, case.why, case.behind)
        groups.setdefault(cause if cause in large else line, []).append(case)
    lines = [
        (_together(key[0], group) if key in large else _line(group), group)
        for key, group in groups.items()
    ]
    left = sum(len(group) for _, group in lines[most:])
    return [line for line, _ in lines[:most]] + ([f"- and {left:,} more"] if left else [])


def _cause_of(case: Listed) -> str:
    return case.cause or case.why


def _large(cases: Sequence[Listed]) -> set[tuple[str, str]]:
    """Return the causes of more than a few tests, with what stands behind these."""
    tests: dict[tuple[str, str], set[str]] = {}
    for case in cases:
        if cause := _cause_of(case):
            tests.setdefault((cause, case.behind), set()).add(case.test)
    return {cause for cause, tests_of_cause in tests.items() if len(tests_of_cause) > FEW_TESTS}


def _line(same: Sequence[Listed]) -> str:
    """Write one test, with the places that say the same."""
    row, why = same[0].row, same[0].why
    places = _places([case.row for case in same])
    file = f" ({text(row.file)})" if row.file else ""
    name = f"- **{text(row.title)}**{f' {places}' if places else ''}{file}"
    return name + (f": {text(why)}" if why else "") + _behind(same[0])


def _together(cause: str, cases: Sequence[Listed]) -> str:
    """Write all tests of a cause as one entry: how many, where, and the first by name."""
    tests = list({case.test: case.row for case in reversed(cases)}.values())[::-1]
    size = counted(len(tests), "test")
    if len(cases) > len(tests):
        size = f"{counted(len(cases), 'case')} of {size}"
    places = _places([case.row for case in cases])
    named = [f"{text(row.title)} ({text(row.file)})" for row in tests[:_MOST_NAMED]]
    more = len(tests) - len(named)
    first = ", ".join(named) + (f" and {more:,} more" if more > 0 else "")
    return (
        f"- **{text(cause)}**: {size}{f' {places}' if places else ''}: {first}{_behind(cases[0])}"
    )


def _places(rows: Sequence[Any]) -> str:
    """Name where some cases ran: `[phone]`, `{linux} {mac}`; "" where that is not known."""
    found = list(dict.fromkeys(place for row in rows if (place := where_it_ran(row).strip())))
    more = len(found) - _MOST_PLACES
    named = [text(place) for place in found[:_MOST_PLACES]]
    return " ".join([*named, *([f"and {more:,} more places"] if more > 0 else [])])


def _behind(case: Listed) -> str:
    return f" – {text(case.behind)}" if case.behind else ""
