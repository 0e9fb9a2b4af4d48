"""Whether the next phase can begin: blockers with priority and impact, and prerequisites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.wording import counted, number
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.document.author_places import place
from fictures_reports.report.document.document_layout import bullets, section, subsection
from fictures_reports.report.markdown_layout import blocks
from fictures_reports.report.markdown_text import cell, text

if TYPE_CHECKING:
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.document.document_input import DocumentInput

_MOST: Final = 20
_RANK: Final = ("critical", "high", "medium", "low")
_HEADS: Final = ("blocker", "priority", "tests", "failing for", "impact", "estimate")
_MEANING: Final = {
    "critical": "Critical: without it the target cannot be reached, whatever else is fixed.",
    "high": "High: with the critical ones the shortest way to the target.",
    "medium": "Medium: the rest of the failures.",
    "low": "Low: the rest of the skips.",
}


def phase_readiness(d: DocumentInput) -> str:
    """Say whether the phase is ready, what blocks it, and what has to be true."""
    steps = [step for _, step in ordered_steps(d)]
    word = "ready" if is_ready(d) else "not ready"
    return section(
        "Readiness for the next phase", f"**{word[0].upper()}{word[1:]}.**",
        subsection("Blockers", _table(d, steps)) if steps else "",
        subsection("Prerequisites", bullets(_prerequisites(d))),
        _estimates(d, steps),
    )  # fmt: skip


def is_ready(d: DocumentInput) -> bool:
    """Tell whether every gate holds; without gates, whether all ran and was read and none fails."""
    run = d.after
    if d.gates:
        return all(gate.holds for gate in d.gates) and bool(run.totals["cases"])
    return run.is_whole and not run.totals["failed"] and bool(passed_of(run.totals)[0])


def ordered_steps(d: DocumentInput) -> list[tuple[str, Any]]:
    """Return the steps of the order of work with their priority, the most urgent first."""
    order = priorities(d)
    steps = [(order[step.group], step) for step in rows_of(d.readiness.order)]
    return sorted(steps, key=lambda pair: _RANK.index(pair[0]))


def priorities(d: DocumentInput) -> dict[str, str]:
    """Map each step of the order of work to critical, high, medium or low.

    With a target the shortest way to it begins with what is critical; the others follow in their
    order, which has the largest groups of failures first and skips last.
    """
    steps = rows_of(d.readiness.order)
    if not d.missing:
        new = dict(zip(d.readiness.blockers["group"], d.readiness.blockers["new"], strict=True))
        return {step.group: _without_target(step, int(new.get(step.group, 0))) for step in steps}
    most = d.passing + d.unsteady + sum(step.cases for step in steps)
    found = {step.group: "critical" for step in steps if most - step.cases < d.needed}
    so_far = d.passing + sum(step.cases for step in steps if step.group in found)
    for step in steps:
        if step.group in found:
            continue
        lower = "medium" if step.kind == "failure" else "low"
        found[step.group] = "high" if so_far < d.needed else lower
        so_far += step.cases
    return found


def _without_target(step: Any, new: int) -> str:
    return "low" if step.kind == "skip" else "high" if new else "medium"


def estimate_of(d: DocumentInput, name: str) -> str:
    """Return what the notes' estimates say of a cause (`- name: 2–4 hours`); "" for nothing."""
    for line in d.notes.text("Estimates").splitlines():
        words = line.strip().lstrip("-*").strip()
        if words.casefold().startswith(f"{name.casefold()}:"):
            return words[len(name) + 1 :].strip()
    return ""


def _table(d: DocumentInput, steps: list[Any]) -> str:
    order, total = priorities(d), len(d.after.results)
    guesses = [estimate_of(d, step.name) for step in steps]
    ages = [counted(step.age, "run") if step.age else "" for step in steps]
    # a column without anything in it is left out
    given = {"estimate": any(guesses), "failing for": any(ages)}
    heads = [head for head in _HEADS if given.get(head, True)]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    for step, guess, age in list(zip(steps, guesses, ages, strict=True))[:_MOST]:
        gain = f"{100 * step.cases / total:.1f}" if total else "–"
        impact = f"up to {gain} percentage points" + (", once its tests run" * _skips(step))
        cells = [cell(step.name), order[step.group], str(step.cases), age, impact, guess]
        shown = [value for head, value in zip(_HEADS, cells, strict=True) if head in heads]
        lines.append(f"| {' | '.join(shown)} |")
    more = f"{counted(len(steps) - _MOST, 'more blocker')}." if len(steps) > _MOST else ""
    ranks = [_MEANING[rank] for rank in _RANK if rank in order.values()]
    return blocks("\n".join(lines), more, " ".join(ranks) if d.missing else "")


def _skips(step: Any) -> bool:
    return bool(step.kind == "skip")


def _prerequisites(d: DocumentInput) -> list[str]:
    run, changes = d.after, d.changes.values()
    missed = int((run.results["category"] == "threshold_miss").sum())
    new = sum(row.standing == "new" and row.change != "still_failing" for row in changes)
    masked = sum(row.change == "masked" for row in changes)
    lines = [_item(done=gate.holds, words=_gate(gate)) for gate in d.gates]
    lines.append(_item(done=run.is_whole, words="Every result was read, and none is missing"))
    lines.append(_item(done=not missed, words=_so_far("No limit is missed", missed)))
    if d.comparison is not None:
        lines.append(_item(done=not new, words=_so_far("No test fails newly", new)))
        lines.append(
            _item(done=not masked, words=_so_far("No test that failed is skipped instead", masked))
        )
    return lines


def _gate(gate: Gate) -> str:
    reads = gate.note or f"{number(gate.reading)}{gate.unit} now"
    return text(gate.gate if gate.holds else f"{gate.gate}: {reads}")


def _so_far(words: str, n: int) -> str:
    return f"{words}: {n:,} now" if n else words


def _item(*, done: bool, words: str) -> str:
    return f"[{'x' if done else ' '}] {words}"


def _estimates(d: DocumentInput, steps: list[Any]) -> str:
    """Show the notes' estimates as they are, unless the table has all of them."""
    given = [line for line in d.notes.text("Estimates").splitlines() if line.strip()]
    in_table = [step.name for step in steps if estimate_of(d, step.name)]
    return "" if len(in_table) >= len(given) else place(d, "Estimates", lead="**Estimates**")
