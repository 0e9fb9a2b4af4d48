"""Title, date, phase and status: front matter for a viewer, and the status with its reasons."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.verdict import gates as gates_sentence
from fictures_reports.analysis.wording import counted, moment
from fictures_reports.report.document.steps_so_far import reach
from fictures_reports.report.markdown_text import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.gates import Gate
    from fictures_reports.report.document.document_input import DocumentInput

#: From best to worst.
STATUSES: Final = ("complete", "partial", "blocked")


def status(d: DocumentInput) -> tuple[str, str]:
    """Return the status of the phase and the sentence that says why.

    Blocked: no test ran or none passed, or a gate is missed that everything known would not meet.
    Complete: every gate holds; without gates no test fails and nothing is known to be missing.
    The notes' `status:` can make it worse, never better: no words pass a gate.
    """
    found, why = _counted_status(d)
    noted = d.notes.facts.get("status", "").casefold()
    if noted in STATUSES and STATUSES.index(noted) > STATUSES.index(found):
        return noted, f"{why} Its author calls the phase {noted}."
    return found, why


def _counted_status(d: DocumentInput) -> tuple[str, str]:
    run = d.after
    good = run.totals["passed"] + run.totals["flaky"] + run.totals["xpassed"]
    if not run.totals["cases"] or not good:
        return "blocked", "No test passed." if run.totals["cases"] else "No test ran."
    if d.gates:
        if all(gate.holds for gate in d.gates):
            return "complete", gates_sentence(d.gates)
        kind = "blocked" if d.missing and reach(d) < d.needed else "partial"
        return kind, _missed(d.gates)
    failed = run.totals["failed"]
    if failed or not run.is_whole:
        fail = "test fails" if failed == 1 else "tests fail"
        return "partial", f"{failed:,} {fail}." if failed else "Something of the run is missing."
    return "complete", f"None of {counted(run.totals['cases'], 'test')} fails."


def _missed(gates: Sequence[Gate]) -> str:
    if len(gates) == 1:
        return f"Gate {gates[0].sentence}."
    n = sum(not gate.holds for gate in gates)
    return f"{n} of {counted(len(gates), 'gate')} {'is' if n == 1 else 'are'} not met."


def title(d: DocumentInput) -> str:
    """Return the notes' title, or one made of the labels."""
    labels = " → ".join(run.label for run in d.phases)
    return d.notes.facts.get("title", f"Phase report: {labels}")


def front(d: DocumentInput) -> str:
    """Write the front matter as YAML."""
    date = moment(d.after.info.started_at).split(" ")[0]
    facts = {
        "title": title(d),
        "date": d.notes.facts.get("date", date),
        "phase": d.notes.facts.get("phase", d.after.label),
        "status": status(d)[0],
        "author": d.notes.facts.get("author", ""),
    }
    given = [(name, value) for name, value in facts.items() if value and value != "–"]
    # A JSON string is a YAML string, whatever it holds.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in given]
    return "\n".join(["---", *lines, "---"])


def head(d: DocumentInput) -> str:
    """Write the title and the status with its reasons."""
    word, why = status(d)
    return f"# {text(title(d))}\n\n**Status: {word}.** {text(why)}"
