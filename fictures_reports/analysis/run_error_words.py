"""What went wrong in a run and belongs to no test, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons.human_names import category_name, naming_categories_of
from fictures_reports.analysis.result_summary import first_line, known
from fictures_reports.frame_rows import rows_of

if TYPE_CHECKING:
    from fictures_reports.run import Run

#: Errors of a run that are written out; the others are counted.
MOST_ERRORS: Final = 5


def error_lines(run: Run) -> list[str]:
    """Say each error of the run as a whole in a line, the first with whether a test ran.

    Files that could not be collected are left out: they have rows among the results.
    """
    subject = "no test ran" if run.results.empty else "the run itself failed"
    if not run.info.errors:
        return [f"{subject}: no reason was recorded"] if run.results.empty else []
    shown = rows_of(run.errors.head(min(MOST_ERRORS, len(run.info.errors))))
    with naming_categories_of([run]):
        lines = [f"{subject}: {_words(error)}" for error in shown]
    more = len(run.info.errors) - len(shown)
    return [*lines, f"and {more} more errors of the run"] if more else lines


def _words(error: Any) -> str:
    """Write an error with its category, phase and file, e.g. `no database (fixture, setup)`."""
    facts = [category_name(error.category), known(error.phase), known(error.file)]
    return f"{first_line(error.message)} ({', '.join(filter(None, facts))})"
