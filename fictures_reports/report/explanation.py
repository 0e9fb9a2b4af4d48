"""Why each test is classified as it is, as text for a terminal or as JSON rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.reasons.human_names import category_name, naming_categories_of
from fictures_reports.analysis.result_summary import first_line, known
from fictures_reports.analysis.wording import counted
from fictures_reports.frame_rows import rows_of
from fictures_reports.schema import CATEGORIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.run import Run


def table(runs: Sequence[Run]) -> str:
    """Write one line per failure and skip: category, rule, title."""
    rows = [row for run in runs for row in rows_of(run.results) if known(row.category)]
    errors = [row for run in runs for row in errors_of(run)]
    both = [*rows, *errors]
    wide = max((len(row.category) for row in both), default=0)
    deep = max((len(known(row.rule) or "–") for row in both), default=0)
    lines = [
        f"{row.category:{wide}}  {known(row.rule) or '–':{deep}}  {_named(row)}" for row in errors
    ]
    lines += [
        f"{row.category:{wide}}  {known(row.rule) or '–':{deep}}  {row.title} ({row.file})"
        for row in rows
    ]
    unknown = sum(row.category == "unknown" for row in both)
    also = f", {counted(len(errors), 'error of the run', 'errors of the run')}" if errors else ""
    lines.append(
        f"{counted(len(rows), 'failure or skip', 'failures and skips')}{also}, {unknown} unknown"
    )
    return "\n".join(lines) + "\n"


def errors_of(run: Run) -> list[Any]:
    """Return the errors of the run as a whole; files not collected are among its results."""
    return rows_of(run.errors.head(len(run.info.errors)))


def _named(error: Any) -> str:
    where = ", ".join(part for part in (known(error.phase), known(error.file)) if part)
    return f"error of the run{f' ({where})' if where else ''}: {first_line(error.message)}"


def of_run(run: Run, rows: pd.DataFrame, pattern: str = "*") -> str:
    """Write why the run's errors and its results are what they are; `rows` as `explain` gives."""
    with naming_categories_of([run]):
        return "\n".join(filter(None, (explained_errors(run), explained(rows, pattern))))


def explained_errors(run: Run) -> str:
    """Write a block per error of the run: rule and the words that decided."""
    return "\n".join(
        f"{_named(row)}\n  {_called(row.category)} by {known(row.rule) or 'no rule'}\n"
        + (f"  {' '.join(row.evidence.split())}\n" if known(row.evidence) else "")
        for row in errors_of(run)
    )


def explained(rows: pd.DataFrame, pattern: str = "*") -> str:
    """Write a block per failure and skip: rule, matched words in context, facts, runner-up.

    `pattern` is what the cases were chosen by: where there is no block, it says of which.
    """
    nothing = "nothing failed and nothing was skipped"
    if pattern != "*":
        nothing = f"no case that matches {pattern!r} failed or was skipped"
    return "\n".join(_block(row) for row in rows_of(rows)) or f"{nothing}\n"


def _block(row: Any) -> str:
    lines = [row.case_id, f"  {_called(row.category)} by {known(row.rule) or 'no rule'}"]
    if known(row.matched):
        context = f"{known(row.before) or ''}»{row.matched}«{known(row.after) or ''}"
        lines.append(f"  {known(row.where)}: {' '.join(context.split())}")
    if row.facts:
        lines.append("  " + ", ".join(f"{name} {value}" for name, value in row.facts.items()))
    if known(row.runner_up):
        lines.append(f"  otherwise {_called(row.runner_up_category)} by {row.runner_up}")
    if known(row.advice):
        lines.append(f"  {row.advice}")
    return "\n".join(lines) + "\n"


def _called(category: str) -> str:
    """Name a category that a rule file added, beside the id that gates and tables use."""
    return category if category in CATEGORIES else f"{category_name(category)} ({category})"


def tried(changes: pd.DataFrame) -> str:
    """Write what a rule file would change, and what stays unknown."""
    rows = rows_of(changes)
    lines = [_change(row) for row in rows]
    moved = sum(row.category_before != row.category_after for row in rows)
    unknown = sum(row.category_after == "unknown" for row in rows)
    return "\n".join([*lines, f"{moved} would change category, {unknown} stay unknown"]) + "\n"


def _change(row: Any) -> str:
    if row.category_before == row.category_after == "unknown":
        return f"stays unknown: {row.case_id}"
    before = f"{row.category_before} ({known(row.rule_before) or '–'})"
    return f"{before} → {row.category_after} ({known(row.rule_after) or '–'}): {row.case_id}"
