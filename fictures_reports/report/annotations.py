"""Failing tests as marks on the lines of a change, one for each cause, for GitHub's page.

Whose failure it is decides how loud a mark is: only new failures are errors. Made from what the
commands print: `compare --format json` says what changed, `results --format json` on which line.
GitHub shows ten errors a step, so tests that fail for one cause share one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.github_text import command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: Names of further tests with the same cause that one mark lists.
_MOST_NAMES: Final = 10
#: How loud a failure of each standing is, the loudest first. What failed before for another cause
#: is new, too, though it broke nothing that worked.
_LEVELS: Final = {
    "new": "error", "other cause": "error", "fails": "warning", "known_flaky": "warning",
    "failing_on_base": "warning", "known_issue": "notice",
}  # fmt: skip
#: Changes of a test that fails now, the most urgent first.
_FAILING: Final = (*NEW_FAILURES, "still_failing")
#: Folders that hold no tests of the project.
_FOREIGN: Final = frozenset({"node_modules", "site-packages", "__pycache__"})


@dataclass(frozen=True)
class Annotation:
    """One mark: `file` is relative to the checkout, "" with no `line` where nobody knows it."""

    title: str
    message: str
    file: str = ""
    line: int | None = None
    #: "error", "warning" or "notice"
    level: str = "error"

    @property
    def command(self) -> str:
        r"""The line that makes GitHub's runner show it.

        >>> Annotation("broken: a, b", "100 % of it\nfailed", "a.spec.ts", 7).command
        '::error file=a.spec.ts,line=7,title=broken%3A a%2C b::100 %25 of it%0Afailed'
        """
        where = {"file": self.file, "line": self.line, "title": self.title}
        return command(self.level, self.message, **where)


def marks(
    comparison: Mapping[str, Any],
    results: Sequence[Mapping[str, Any]],
    *,
    checkout: Path | None = None,
) -> list[Annotation]:
    """Return a mark for each cause of failures, the loudest first.

    New failures are errors, those of broken tests before others; then come warnings for known
    flaky ones and for those that fail on the base, too, then notices for known issues.

    `comparison` is what `compare --format json` prints and `results` what `results --format json`
    prints for its after side. With a `checkout`, files are looked up there: test files are
    reported relative to the suite, which often lies in a folder of the repository.
    """
    rows = {row.case_id: row for row in rows_of(_with_clusters(results))} if results else {}
    causes: dict[tuple[str, str], list[Case]] = {}
    for change in _FAILING:
        for case in comparison["changes"].get(change, ()):
            standing = case.get("standing") or ("new" if change in NEW_FAILURES else "")
            row = rows.get(case["case_id"])
            if row is not None and standing in _LEVELS:
                kind = "other cause" if (change, standing) == ("still_failing", "new") else standing
                causes.setdefault((kind, row.cluster), []).append((change, row, case))
    place = _Places(checkout)
    order = sorted(causes, key=lambda cause: list(_LEVELS).index(cause[0]))
    return [_annotation(cause[0], causes[cause], place) for cause in order]


def marks_of_run(
    results: Sequence[Mapping[str, Any]],
    known: Mapping[str, str],
    *,
    checkout: Path | None = None,
) -> list[Annotation]:
    """Return a mark for each cause of failures in a run that is compared with nothing.

    Whose failure each is cannot be known, so they are warnings; of those that are `known`, with
    who answers for them, notices.
    """
    causes: dict[tuple[str, str], list[Case]] = {}
    for row in rows_of(_with_clusters(results)) if results else ():
        if row.status == "failed":
            kind = "known_issue" if row.case_id in known else "fails"
            case = {"standing_words": known.get(row.case_id, "")}
            causes.setdefault((kind, row.cluster), []).append((kind, row, case))
    place = _Places(checkout)
    order = sorted(causes, key=lambda cause: list(_LEVELS).index(cause[0]))
    return [_annotation(cause[0], causes[cause], place) for cause in order]


def _with_clusters(results: Sequence[Mapping[str, Any]]) -> Any:
    import pandas as pd

    from fictures_reports.failures.clusters import cluster_ids

    frame = pd.DataFrame(results)
    # A failure without a text is a cause of its own.
    return frame.assign(cluster=cluster_ids(frame).astype("object").fillna(frame["case_id"]))


#: a failing test: what happened to it, its result, and its row of the comparison
Case = tuple[str, Any, "Mapping[str, Any]"]


def _annotation(kind: str, cases: Sequence[Case], place: _Places) -> Annotation:
    (change, row, case), *later_cases = cases
    file, line = place.of(row)
    lines = [reason(row)]
    if kind != "new":
        lines.append(str(case.get("standing_words") or ""))
    if later_cases:
        lines.append(f"{counted(len(later_cases), 'more test')} with this cause:")
        lines += [f"- {row.title} ({row.file})" for _, row, _ in later_cases[:_MOST_NAMES]]
        more = len(later_cases) - _MOST_NAMES
        lines += [f"- and {more:,} more"] if more > 0 else []
    title = f"{(change if kind == 'new' else kind).replace('_', ' ')}: {row.title}"
    return Annotation(title, "\n".join(filter(None, lines)), file, line, _LEVELS[kind])


class _Places:
    """Where tests lie in a checkout; walks through it once, and only when it has to."""

    def __init__(self, checkout: Path | None) -> None:
        self._checkout = checkout
        self._by_name: dict[str, list[str]] | None = None

    def of(self, row: Any) -> tuple[str, int | None]:
        """Return file and line of a failure: the line that failed if that is in the test's file."""
        file, line = row.file or "", row.line
        raised, *numbers = str(row.location or "").rsplit(":", 2)
        if numbers and numbers[-1].isdecimal():
            if not numbers[0].isdecimal():
                raised, numbers = f"{raised}:{numbers[0]}", numbers[1:]
            if file and f"/{raised}".endswith(f"/{file}"):
                file, line = (file if Path(raised).is_absolute() else raised), int(numbers[0])
        return self._in_checkout(file), None if line is None or line != line else int(line)

    def _in_checkout(self, file: str) -> str:
        if self._checkout is None or not file or (self._checkout / file).is_file():
            return file
        if self._by_name is None:
            self._by_name = {}
            for path in _files(self._checkout):
                self._by_name.setdefault(path.rsplit("/", 1)[-1], []).append(path)
        candidates = self._by_name.get(file.rsplit("/", 1)[-1], [])
        fitting = [path for path in candidates if f"/{path}".endswith(f"/{file}")]
        return fitting[0] if len(fitting) == 1 else file


def _files(checkout: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(checkout):
        folders[:] = [n for n in folders if not n.startswith(".") and n not in _FOREIGN]
        for name in names:
            yield Path(folder, name).relative_to(checkout).as_posix()
