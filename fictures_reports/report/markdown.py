"""The first screen of a report as Markdown: for a job summary, a merge request, a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import verdict as prose
from fictures_reports.analysis.compare import Comparison
from fictures_reports.analysis.result_summary import rows_by_case, rows_of, why
from fictures_reports.analysis.wording import counted, duration, moment, signed
from fictures_reports.report.markdown_text import code, text
from fictures_reports.schema import CHANGES, STATUSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

#: Names listed for each change; the rest is counted.
_MOST_NAMES: Final = 50
_QUIET: Final = ("still_passing", "still_skipped", "left", "arrived", "arrived_skipped")


def markdown(
    subject: Comparison | Run, gates: Sequence[Gate] = (), past: pd.DataFrame | None = None
) -> str:
    """Write verdict, what is missing, counts, gates, doors, changes by name and doubts.

    `past` is what a history knows of the tests that changed, see `analysis.past`.
    """
    if isinstance(subject, Comparison):
        runs = [subject.before, subject.after]
        blocks = [_title(subject), subject.verdict, *_missing(runs), _totals(subject)]
        blocks += [prose.rates(subject), prose.causes(subject.before, subject.after)]
        blocks += [prose.doors(subject), _gates(gates), *_changes(subject, past)]
    else:
        runs = [subject]
        blocks = [f"# {text(subject.label)}", text(prose.run_verdict(subject)), *_missing(runs)]
        blocks += [prose.causes(subject), _gates(gates), _not_passed(subject)]
    blocks.append(_doubts(runs))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _title(c: Comparison) -> str:
    return f"# {text(c.before.label)} → {text(c.after.label)}"


def _missing(runs: Sequence[Run]) -> list[str]:
    return [
        f"**Incomplete:** something is known to be missing from {text(run.label)}"
        + ("; see the ledger." if run.doubts else ".")
        for run in runs
        if not run.is_whole
    ]


def _totals(c: Comparison) -> str:
    lines = ["| | before | after | change |", "|---|---:|---:|---:|"]
    shown = ["cases", *(s for s in STATUSES if c.before.totals[s] or c.after.totals[s])]
    for name in shown:
        label, before, after = name.replace("_", " "), c.before.totals[name], c.after.totals[name]
        lines.append(f"| {label} | {before} | {after} | {signed(after - before)} |")
    times = [duration(run.info.duration_s) for run in (c.before, c.after)]
    starts = [moment(run.info.started_at) for run in (c.before, c.after)]
    lines += [
        f"| wall time | {times[0]} | {times[1]} | |",
        f"| started | {starts[0]} | {starts[1]} | |",
    ]
    return "\n".join(lines)


def _gates(gates: Sequence[Gate]) -> str:
    lines = [f"- {'✅' if gate.holds else '❌'} {text(gate.sentence)}" for gate in gates]
    return "\n".join(["## Gates", "", *lines]) if lines else ""


def _changes(c: Comparison, past: pd.DataFrame | None) -> list[str]:
    after, before = rows_by_case(c.after.results), rows_by_case(c.before.results)
    weighed = {} if past is None else {row.case_id: row.words for row in rows_of(past)}
    blocks = []
    for change in CHANGES:
        rows = c.named(change)
        if rows.empty or change in _QUIET:
            continue
        names = [
            _line((after if row.after_outcome != "absent" else before)[row.case_id])
            + (f" – in its history: {text(words)}" if (words := weighed.get(row.case_id)) else "")
            for row in rows_of(rows.head(_MOST_NAMES))
        ]
        if len(rows) > _MOST_NAMES:
            names.append(f"- and {len(rows) - _MOST_NAMES} more")
        title = f"## {change.replace('_', ' ').capitalize()}: {len(rows)}"
        blocks.append("\n".join([title, "", *names]))
    quiet = [
        f"{change.replace('_', ' ')} {c.counts[change]}" for change in _QUIET if c.counts[change]
    ]
    return [*blocks, f"Besides: {', '.join(quiet)}."] if quiet else blocks


def _line(result: Any) -> str:
    reason = why(result)
    category = f" {code(result.category)}" if isinstance(result.category, str) else ""
    name = f"- **{text(result.title)}** ({text(result.file)})"
    return f"{name}{category}: {text(reason)}" if reason else f"{name}{category}"


def _not_passed(run: Run) -> str:
    rows = run.results[run.results["category"].notna()]
    names = [_line(row) for row in rows_of(rows.head(_MOST_NAMES))]
    more = len(rows) - _MOST_NAMES
    names += [f"- and {more} more"] if more > 0 else []
    return "\n".join([f"## Not passed: {len(rows)}", "", *names]) if names else ""


def _doubts(runs: Sequence[Run]) -> str:
    lines = [f"- {text(doubt)}" for run in runs for doubt in run.doubts]
    return "\n".join([f"## Ledger: {counted(len(lines), 'note')}", "", *lines]) if lines else ""
