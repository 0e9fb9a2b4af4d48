"""What is better, what remains, and what only looks better."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.causes import causes
from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.confidence import paired
from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import counted, duration, listed
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.document_layout import bullets, section, subsection
from fictures_reports.report.document.executive_summary import ACHIEVED
from fictures_reports.report.document.test_names import shown_title, some, titles
from fictures_reports.report.markdown_text import text
from fictures_reports.schema import CATEGORIES, FAILURE_CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.document.document_input import DocumentInput


_FAILED: Final = ("test that failed is", "tests that failed are")
#: How a test that fails now ended before.
_BY: Final = {
    "broken": "passed before, fails now",
    "unmasked": "did not run before, fails now",
    "undeclared": "was declared to fail, fails undeclared now",
    "arrived_failing": "is new and fails",
}
#: … and how many of them did.
_ALL_BY: Final = {
    "broken": "passed before and fail now",
    "unmasked": "did not run before and fail now",
    "undeclared": "were declared to fail and fail undeclared now",
    "arrived_failing": "are new and fail",
}
#: Of more tests that fail newly for one reason, files are named; the tests stand in the detail.
_MOST_BY_NAME: Final = 10
#: Files that a sentence names.
_MOST_FILES: Final = 6


def improvement(d: DocumentInput) -> str:
    """Tell progress from what looks like it; "" in a document about one run."""
    if d.comparison is None:
        return ""
    return section(
        "What changed",
        subsection("What is better", bullets(_better(d))),
        subsection("What is worse", bullets(_worse(d))),
        subsection("What remains", bullets(_remaining(d))),
        subsection("What only looks better", bullets(_seeming(d, d.comparison))),
    )


def _of(d: DocumentInput, *changes: str) -> list[Any]:
    return [row for row in d.changes.values() if row.change in changes]


def _where(rows: Iterable[Any]) -> str:
    files = Counter(row.file for row in rows)
    names = [text(f"{file} ({n})") for file, n in files.most_common(_MOST_FILES)]
    more = len(files) - len(names)
    return listed([*names, counted(more, "more file")] if more else names)


def _named(d: DocumentInput, rows: list[Any]) -> str:
    return titles(d, rows) if len(rows) <= _MOST_BY_NAME else _where(rows)


def _better(d: DocumentInput) -> list[str]:
    lines = [
        f"{len(rows):,} {forms[len(rows) != 1]}: {_named(d, rows)}."
        for change, forms in ACHIEVED.items()
        if (rows := _of(d, change))
    ]
    c = d.comparison
    assert c is not None  # noqa: S101 - the caller has looked
    flow = rows_of(causes(c).flow)
    named = {*c.before.groups, *c.after.groups}
    # That a test is fixed says as much of a cause that only it had.
    gone = [r for r in flow if r.state == "gone" and (r.before > 1 or r.name in named)]
    names = [f"{text(row.name)} ({row.before:,} before)" for row in gone]
    if names:
        lines.append(
            f"{'Gone as a cause' if len(names) == 1 else 'Gone as causes'}: {some(names)}."
        )
    return lines


def _worse(d: DocumentInput) -> list[str]:
    lines = []
    for change in NEW_FAILURES:
        rows = _of(d, change)
        if len(rows) <= _MOST_BY_NAME:
            lines += [
                f"**{shown_title(d, row)}** ({text(row.file)}): {_BY[change]}." for row in rows
            ]
        else:
            lines.append(f"{counted(len(rows), 'test')} {_ALL_BY[change]}: {_where(rows)}.")
    lost = _of(d, "lost")
    if lost:
        lines.append(f"{counted(len(lost), 'test')} passed and no longer run: {_where(lost)}.")
    return lines


def _remaining(d: DocumentInput) -> list[str]:
    still, skipped = _of(d, "still_failing"), _of(d, "still_skipped")
    moved = Counter(
        (category_name(row.before_category), category_name(row.after_category))
        for row in still
        if known(row.before_category) != known(row.after_category)
    )
    lines = []
    if still:
        fails = "test still fails" if len(still) == 1 else "tests still fail"
        lines.append(f"{len(still):,} {fails}: {_where(still)}.")
    kinds = _kinds(d) if d.after.totals["failed"] else ""
    if kinds:
        lines.append(f"Failures by kind: {kinds}.")
    if moved:
        fails = "fails" if moved.total() == 1 else "fail"
        ways = [f"“{a}” became “{b}” ({n})" for (a, b), n in moved.most_common()]
        lines.append(
            f"{moved.total():,} of the {len(still):,} {fails} for another reason: {listed(ways)}."
        )
    if skipped:
        lines.append(f"{counted(len(skipped), 'test is', 'tests are')} skipped as before.")
    return lines


def _kinds(d: DocumentInput) -> str:
    """Count failures by category on both sides, most frequent first."""
    sides = [run.categories for run in d.report.runs.values()]
    found = [name for name in FAILURE_CATEGORIES if any(name in side for side in sides)]
    categories = dict.fromkeys(name for side in sides for name in side)
    # a skip's own category starts with "skipped", as the built-in ones do
    added = (n for n in categories if n not in CATEGORIES and not n.startswith("skipped"))
    names = [*found, *added]
    counts = {name: [side.get(name, 0) for side in sides] for name in names}
    ordered = sorted(names, key=lambda name: -sum(counts[name]))
    return listed([f"{category_name(n)} {' → '.join(map(str, counts[n]))}" for n in ordered])


def _seeming(d: DocumentInput, c: Comparison) -> list[str]:
    fell = c.before.totals["failed"] - c.after.totals["failed"]
    left = {
        "skipped or not run now": _of(d, "masked"),
        "gone from the run": _of(d, "vanished"),
        "declared to fail now": [row for row in _of(d, "declared") if _failed(row)],
    }
    lines = []
    if fell > 0 and any(left.values()):
        fixed = len(_of(d, "fixed"))
        lines.append(f"Failures fell by {fell:,}, and {fixed:,} were fixed.")
    lines += [
        f"{counted(len(rows), *_FAILED)} {words}: {_where(rows)}."
        for words, rows in left.items()
        if rows
    ]
    lines += [text(words) for words in (_time(c), _chance(c)) if words]
    return lines


def _failed(row: Any) -> bool:
    return bool(row.before_outcome == "failed")


def _time(c: Comparison) -> str:
    """Say how much of the workers' time that was saved is time-outs that did not happen."""
    first, second = worker_time(c.before), worker_time(c.after)
    saved, waited = first.busy_s - second.busy_s, first.timeout_s - second.timeout_s
    if not saved > 0 or not waited > 0:
        return ""
    more = "more" if waited > saved else "less"
    return (
        f"Tests took {duration(saved)} less of the workers' time: {duration(waited)} less in "
        f"time-outs, {duration(abs(waited - saved))} {more} in all else. Fewer time-outs are "
        "no faster tests."
    )


def _chance(c: Comparison) -> str:
    if len(c.before_runs) > 1 or len(c.after_runs) > 1:
        return ""
    found = paired(c)
    if found.is_more_than_chance or not found.n_better:
        return ""
    against = f" against {found.n_worse} broken" if found.n_worse else ""
    return (
        f"{found.n_better} fixed{against} is weak evidence by itself (exact paired test, "
        f"p = {found.p_value:.2g}); more runs of each phase would say more."
    )
