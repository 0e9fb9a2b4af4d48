"""Every test by area and file: what passes and how long it takes, what fails or skips, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import ELSEWHERE, area_of
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import status_name
from fictures_reports.analysis.result_summary import first_line, known
from fictures_reports.analysis.wording import counted, duration
from fictures_reports.report.document.document_layout import bullets, section
from fictures_reports.report.document.failing_tests import ended_before, failing_lines, named_cause
from fictures_reports.report.document.test_names import shown_title, some, titles
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import code, text

if TYPE_CHECKING:
    from fictures_reports.report.document.document_input import DocumentInput

_PASSING: Final = ("passed", "flaky", "xpassed")
_FAILING: Final = ("failed",)
_DECLARED: Final = ("xfailed",)
#: Passing tests of a file that are named; a large suite has thousands.
_MOST_PASSING: Final = 20
#: In a larger suite a list of what passes as before is no reading.
_LARGE: Final = 200
_MOST_PRINTED: Final = 120
#: Passing tests of a file of a large suite with a line each.
_FEW: Final = 3
#: Files with a list of their tests; the appendix has all.
_MOST_FILES: Final = 30


def tests_in_detail(d: DocumentInput) -> str:
    """Name the tests file by file, below their areas where the project has some."""
    if not d.report.areas:
        return section("Tests in detail", *_files(d, d.rows, 3))
    of_case = zip(d.after.results["case_id"], area_of(d.after.results, d.report.areas), strict=True)
    areas = dict(of_case)
    names = [*d.report.areas, ELSEWHERE]
    of_area = {name: [r for r in d.rows if areas[r.case_id] == name] for name in names}
    return section(
        "Tests in detail",
        *(section(text(name), *_files(d, rows, 4), level=3) for name, rows in of_area.items()),
    )


def _files(d: DocumentInput, rows: list[Any], level: int) -> list[str]:
    """List the files by name; of very many those with most failing tests."""
    files: dict[str, list[Any]] = {}
    for row in rows:
        files.setdefault(row.file, []).append(row)
    parts = {name: _file(d, name, files[name], level) for name in sorted(files)}
    shown_files = [name for name, part in parts.items() if part]
    first = set(sorted(shown_files, key=lambda name: -_failing(files[name]))[:_MOST_FILES])
    left = [name for name in shown_files if name not in first]
    n = sum(_failing(files[name]) for name in left)
    of_them = f", with {counted(n, 'failing test')}" if n else ""
    more_files = f"{counted(len(left), 'more file')}{of_them}." if left else ""
    return [*(part for name, part in parts.items() if name in first), more_files]


def _failing(rows: list[Any]) -> int:
    return sum(row.status in _FAILING for row in rows)


def _file(d: DocumentInput, name: str, rows: list[Any], level: int) -> str:
    passing = [row for row in rows if row.status in _PASSING]
    failing = [row for row in rows if row.status in _FAILING]
    declared = [row for row in rows if row.status in _DECLARED]
    idle = [row for row in rows if row.status not in _PASSING + _FAILING + _DECLARED]
    causes = {named_cause(d, row) for row in failing}
    shared = causes.pop() if len(causes) == 1 else ""
    because = f" – {text(shared)}" if shared else ""
    counts = _counts(len(passing), len(failing), len(declared), len(idle))
    return section(
        f"{text(name or 'no file')} ({counts})",
        _passing(d, passing),
        _list(f"Failing{because}", failing_lines(d, failing, shared)),
        _list("Failing as declared", [_declared(d, row) for row in declared]),
        _list("Skipped or not run", _skipped(d, idle)),
        level=level,
    )


def _counts(passing: int, failing: int, declared: int, idle: int) -> str:
    given = {
        "passing": passing, "failing": failing, "failing as declared": declared, "skipped": idle,
    }  # fmt: skip
    return ", ".join(f"{n:,} {word}" for word, n in given.items() if n)


def _list(title: str, lines: list[str], most: int = 40) -> str:
    return blocks(f"**{title}**", bullets(lines, most)) if lines else ""


def _passing(d: DocumentInput, rows: list[Any]) -> str:
    """List passing tests; of a large suite only those that did not pass before."""
    if len(d.rows) <= _LARGE:
        return _list("Passing", [_passed(d, row) for row in rows], _MOST_PASSING)
    changed = [row for row in rows if ended_before(d, row)]
    if not changed:
        return ""
    few = [_passed(d, row) for row in changed]
    lines = few if len(few) <= _FEW else [f"{len(few):,} did not pass before: {titles(d, changed)}"]
    n_unchanged = len(rows) - len(changed)
    return _list("Passing", [*lines, f"{n_unchanged:,} passed before, too" if n_unchanged else ""])


def _passed(d: DocumentInput, row: Any) -> str:
    mark = f", {status_name(row.status)}" if row.status != "passed" else ""
    line = f"{shown_title(d, row)} – {duration(known(row.duration_s))}{mark}"
    before, printed = ended_before(d, row), _printed(row)
    line += f"; {before}" if before else ""
    return f"{line}; printed {code(printed)}" if printed else line


def _printed(row: Any) -> str:
    """Return what a passing test printed, as the evidence of its pass; "" for nothing."""
    lines = [line.strip() for line in (known(row.stdout) or "").splitlines() if line.strip()]
    words = ", ".join(lines[-2:])
    return words if len(words) <= _MOST_PRINTED else f"{words[:_MOST_PRINTED]}…"


def _declared(d: DocumentInput, row: Any) -> str:
    return f"{shown_title(d, row)}: {text(reason(row))}"


def _skipped(d: DocumentInput, rows: list[Any]) -> list[str]:
    """List reasons with the tests that give them; what failed before is marked."""
    reasons: dict[str, list[Any]] = {}
    for row in rows:
        reasons.setdefault(first_line(reason(row) or status_name(row.status)), []).append(row)
    return [
        f"“{text(words)}”: {some([_idle(d, row) for row in rows_of_reason])}"
        for words, rows_of_reason in reasons.items()
    ]


def _idle(d: DocumentInput, row: Any) -> str:
    change = d.changes.get(row.case_id)
    was = change.before_outcome if change else ""
    marks = {"failed": " (failed before)", "passed": " (**passed before**)", "absent": " (new)"}
    return shown_title(d, row) + marks.get(was, "")
