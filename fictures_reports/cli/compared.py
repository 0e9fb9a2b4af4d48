"""Two sides as they were read, compared: with the base branch where a history names it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fictures_reports.cli import inputs
from fictures_reports.cli.output import say
from fictures_reports.errors import NoRuns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.joined_parts import By
    from fictures_reports.analysis.standing import Base
    from fictures_reports.run import Run


def compared(
    before: Sequence[Run],
    after: Sequence[Run],
    history: str,
    stream: inputs.Stream,
    *,
    removed: Sequence[str] = (),
    variant: str = "",
    allow_missing: Sequence[str] = (),
    partial: bool = False,
    by: By | None = None,
    removed_in: Callable[[Comparison], Sequence[str]] | None = None,
) -> Comparison:
    """Compare two sides by the settings, and say what a base branch was put together from.

    With a `variant`, only that one of the side before is compared with. Raises `NoRuns` if it is
    not there. `removed_in` may find further removed tests among those that a comparison misses.
    """
    from fictures_reports.analysis.allowed_missing import unknown_names
    from fictures_reports.analysis.compare import compare
    from fictures_reports.analysis.known_issues import old_names
    from fictures_reports.analysis.verdict import order_warning

    whole, base = _with_base(before, after[-1], history, stream)
    settings = inputs.settings()
    if base is not None:
        say(base.sentence)
    runs = [_of_variant(run, variant) for run in whole]

    def compare_without(removed: Sequence[str]) -> Comparison:
        return compare(
            runs, after, renames=settings.renames, known_issues=settings.known_issues,
            base=base, removed=removed,
            allow_missing=[*settings.allow_missing, *allow_missing], partial=partial, by=by,
        )  # fmt: skip

    found = compare_without(removed)
    if removed_in is not None and (more := removed_in(found)):
        found = compare_without([*removed, *more])
    for line in order_warning(found):
        say(line)
    for name in unknown_names(allow_missing, found.before, found.after):
        say(f"--allow-missing {name!r}: no variant and no file of either side is called so")
    for old, new in old_names(found.after, found.known_issues).items():
        say(f"known issue {old!r}: the first version called it so, write {new!r} now")
    return found


def _with_base(
    before: Sequence[Run], after: Run, history: str, stream: inputs.Stream
) -> tuple[Sequence[Run], Base | None]:
    """Return the runs to compare with, and what the history knows of their branch."""
    if not history:  # what looks into one takes a while to import
        return before, None
    from fictures_reports.history_analysis.base_branch import baseline_for

    named = inputs.stream_in(history, stream) if stream.is_given else after.info.stream
    found = baseline_for(before, after, history, named)
    return found.runs, found.base


def _of_variant(run: Run, variant: str) -> Run:
    if not variant:
        return run
    import msgspec

    from fictures_reports.analysis.variant_names import is_within

    names = sorted(run.results["variant"].dropna().unique())
    variants = [name for name in names if is_within(name, variant)]
    if not variants:
        there = ", ".join(filter(None, names))
        raise NoRuns(
            f"{run.label} has {there}, and not {variant}" if there
            else f"{run.label} names no variant, so none of it is {variant}"
        )  # fmt: skip
    part = run.where(variant=variants)
    return replace(part, info=msgspec.structs.replace(part.info, label=run.label))


def history_facts(subject: Comparison | Run, history: str) -> dict[str, Any]:
    """Return what a history knows beside a report's subject: fields of `ReportInput`."""
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.history_analysis.change_in_history import past, rows_in

    rows = rows_in(history)
    known = {"past": past(subject, rows)} if isinstance(subject, Comparison) else {}
    return known | {"last_runs": rows}
