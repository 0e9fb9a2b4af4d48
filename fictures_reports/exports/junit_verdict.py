"""The verdict on a run or a comparison as JUnit XML, for what shows test results.

A failure is what fails and nobody knew of, or a gate that is missed. What is known – an issue, a
flaky test, a failure of the base branch, an expected failure – is skipped, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import junitparser
from junitparser.xunit2 import FlakyFailure

from fictures_reports.exports.judged_run import judged
from fictures_reports.guards import need_options, path_of
from fictures_reports.readers.rows import PATH_SEPARATOR
from fictures_reports.report.terminal_text import printable
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.run import Run

#: Characters that XML 1.0 cannot hold.
_FORBIDDEN: Final = dict.fromkeys(
    (*range(9), 0xB, 0xC, *range(0xE, 0x20), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd"
)
_SKIPPED: Final = ("skipped", "not_run", "xfailed")
#: Suites that hold no tests of a file.
GATES: Final = "gates"
RUN_ERRORS: Final = "run errors"


def junit_of(
    subject: Comparison | Run,
    path: str | Path,
    *,
    gates: str | Sequence[str] = (),
    known_issues: Sequence[KnownIssue | Mapping[str, Any]] = (),
    **options: Any,
) -> Path:
    """Write a run, or the side after of a comparison, as JUnit XML; return the path.

    One suite for each test file, one for the run's own errors and one for the gates. `gates`,
    `known_issues` and further options are those of `check`.
    """
    target = path_of(path, "the path of the JUnit file")
    need_options(options, ("areas", "allow_incomplete"), "to_junit")
    found = judged(subject, gates, known_issues, **options)
    run, known, checked = found.run, found.known, found.gates
    document = junitparser.JUnitXml(_text(run.label))
    for file, rows in run.results.groupby("file", sort=False):
        cases = [_case(row, known.get(str(row.case_id))) for row in rows.itertuples(index=False)]
        document.append(_suite(str(file) or run.label, cases))
    if run.info.errors:
        document.append(_suite(RUN_ERRORS, [_error(text) for text in run.info.errors]))
    if len(checked):
        document.append(_suite(GATES, [_gate(gate) for gate in checked]))
    document.update_statistics()
    write('<?xml version="1.0" encoding="UTF-8"?>\n' + _as_text(document), target)
    return target


def _suite(name: str, cases: Sequence[junitparser.TestCase]) -> junitparser.TestSuite:
    suite = junitparser.TestSuite(_text(name))
    for case in cases:
        suite.add_testcase(case)
    return suite


def _case(row: Any, known: str | None) -> junitparser.TestCase:
    marks = "".join(
        form.format(value)
        for form, value in ((" [{}]", row.project), (" {{{}}}", row.variant))
        if isinstance(value, str) and value
    )
    seconds = row.duration_s if row.duration_s == row.duration_s else None
    # As Playwright writes it: the class is the file, the name the whole title path.
    path = PATH_SEPARATOR.join(filter(None, (row.suite, row.title)))
    case = _named(path + marks, row.file or row.suite, seconds)
    if row.file:
        case._elem.set("file", _text(row.file))  # noqa: SLF001  # junitparser has no name for it
    message = row.message if isinstance(row.message, str) else ""
    reason = row.skip_reason if isinstance(row.skip_reason, str) else row.status
    if known is not None:
        case.result = [junitparser.Skipped(_text(known))]
    elif row.status in _SKIPPED:
        case.result = [junitparser.Skipped(_text(reason))]
    elif row.status in ("failed", "xpassed"):
        first = message.partition("\n")[0] or row.status
        case.result = [_with_text(junitparser.Failure(_text(first), row.category), message)]
    elif row.status == "interrupted":
        case.result = [junitparser.Error("interrupted", row.category)]
    elif row.status == "flaky":
        case.append(FlakyFailure(_text(message.partition("\n")[0]), row.category))
    return case


def _error(text: str) -> junitparser.TestCase:
    case = _named(text.partition("\n")[0], RUN_ERRORS, None)
    case.result = [_with_text(junitparser.Error(_text(text.partition("\n")[0])), text)]
    return case


def _gate(gate: Gate) -> junitparser.TestCase:
    case = _named(gate.gate, GATES, None)
    if not gate.holds:
        case.result = [junitparser.Failure(_text(gate.sentence), "gate")]
    return case


def _named(name: str, classname: str, seconds: float | None) -> junitparser.TestCase:
    return junitparser.TestCase(_text(name), _text(classname), seconds)


def _with_text(result: Any, text: str) -> Any:
    result.text = _text(text)
    return result


def _text(text: str) -> str:
    return printable(text.translate(_FORBIDDEN))


def _as_text(document: junitparser.JUnitXml) -> str:
    text = document.tostring()
    return text.decode() if isinstance(text, bytes) else str(text)
