"""Every test by area and file: what passes and how long it takes, what fails or skips, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import ELSEWHERE, area_of
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import category_name, status_name
from fictures_reports.analysis.result_summary import first_line, known
from fictures_reports.analysis.wording import counted, duration, listed
from fictures_reports.report.document.document_layout import bullets, section
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
    files: dict[str, list[Any]] = {}
    for row in rows:
        files.setdefault(row.file, []).append(row)
    return [_file(d, name, files[name], level) for name in sorted(files)]


def _file(d: DocumentInput, name: str, rows: list[Any], level: int) -> str:
    passing = [row for row in rows if row.status in _PASSING]
    failing = [row for row in rows if row.status in _FAILING]
    declared = [row for row in rows if row.status in _DECLARED]
    idle = [row for row in rows if row.status not in _PASSING + _FAILING + _DECLARED]
    causes = {_told_cause(d, row) for row in failing}
    shared = causes.pop() if len(causes) == 1 else ""
    because = f" – {text(shared)}" if shared else ""
    counts = _counts(len(passing), len(failing), len(declared), len(idle))
    return section(
        f"{text(name or 'no file')} ({counts})",
        _passing(d, passing),
        _list(f"Failing{because}", [_failed(d, row, shared) for row in failing]),
        _list("Failing as declared", [_declared(row) for row in declared]),
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
    told = rows if len(d.rows) <= _LARGE else [row for row in rows if _before(d, row)]
    listed_tests = _list("Passing", [_passed(d, row) for row in told], _MOST_PASSING)
    if not told or len(told) == len(rows):
        return listed_tests
    return f"{listed_tests}\n- {len(rows) - len(told):,} passed before, too"


def _passed(d: DocumentInput, row: Any) -> str:
    mark = f", {status_name(row.status)}" if row.status != "passed" else ""
    line = f"{text(row.title)} – {duration(known(row.duration_s))}{mark}"
    before, printed = _before(d, row), _printed(row)
    line += f"; {before}" if before else ""
    return f"{line}; printed {code(printed)}" if printed else line


def _printed(row: Any) -> str:
    """Return what a passing test printed, as the evidence of its pass; "" for nothing."""
    lines = [line.strip() for line in (known(row.stdout) or "").splitlines() if line.strip()]
    words = ", ".join(lines[-2:])
    return words if len(words) <= _MOST_PRINTED else f"{words[:_MOST_PRINTED]}…"


def _failed(d: DocumentInput, row: Any, shared: str) -> str:
    place = known(row.location)
    where = f", {code(place)}" if place else ""
    why = text(reason(row).rstrip("."))
    line = f"**{text(row.title)}** ({duration(known(row.duration_s))}{where}): {why}"
    cause = _told_cause(d, row)
    parts = [f"cause: {text(cause)}" if cause and cause != shared else "", _before(d, row)]
    standing = _standing(d, row)
    return "; ".join(filter(None, (line, *parts, standing)))


def _told_cause(d: DocumentInput, row: Any) -> str:
    """Name the cause of a failure if it has a section of its own."""
    cause = d.cause_of.get(row.case_id, "")
    return cause if cause in d.told_causes else ""


def _declared(row: Any) -> str:
    return f"{text(row.title)}: {text(reason(row))}"


def _standing(d: DocumentInput, row: Any) -> str:
    """Say whose failure it is, unless it is new."""
    change = d.changes.get(row.case_id)
    if change is None:
        return ""
    standing = known(change.standing)
    # Without a base branch the run before is the base: `_before` says that.
    told = ("known_flaky", "known_issue", *(["failing_on_base"] if d.base else []))
    return text(known(change.standing_words) or "") if standing in told else ""


def _before(d: DocumentInput, row: Any) -> str:
    """Say how the test ended before, where that was otherwise."""
    change = d.changes.get(row.case_id)
    if change is None:
        return ""
    if change.before_outcome == "absent":
        return "new"
    then, now = known(change.before_category), known(row.category)
    if change.before_status == row.status and then == now:
        return ""
    ended = f"“{category_name(then)}”" if then else status_name(change.before_status)
    return f"before: {ended}" if change.change != "broken" else f"**before: {ended}**"


def _skipped(d: DocumentInput, rows: list[Any]) -> list[str]:
    """List reasons with the tests that give them; what failed before is marked."""
    reasons: dict[str, list[Any]] = {}
    for row in rows:
        reasons.setdefault(first_line(reason(row) or status_name(row.status)), []).append(row)
    return [
        f"“{text(words)}”: {listed([_idle(d, row) for row in own])}"
        if len(own) <= _MOST_PASSING
        else f"“{text(words)}”: {counted(len(own), 'test')}"
        for words, own in reasons.items()
    ]


def _idle(d: DocumentInput, row: Any) -> str:
    change = d.changes.get(row.case_id)
    was = change.before_outcome if change else ""
    marks = {"failed": " (failed before)", "passed": " (**passed before**)", "absent": " (new)"}
    return text(row.title) + marks.get(was, "")
