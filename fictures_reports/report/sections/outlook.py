"""The sections that look ahead: how sure, what would help, are we ready, what people add."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis import confidence as sure
from fictures_reports.analysis import known_issues as issues
from fictures_reports.analysis import projection as what_if
from fictures_reports.analysis import readiness as ready
from fictures_reports.analysis import tool_versions as tools
from fictures_reports.analysis.counts import pass_rate, passed_of
from fictures_reports.analysis.durations import over_runs as durations_over_runs
from fictures_reports.analysis.rates import decomposition, rates
from fictures_reports.analysis.renames import suggestions
from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted
from fictures_reports.report.fragment import Fragment, fragment
from fictures_reports.report.sections.one_run import MOST_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

_HEADING: Final = re.compile(r"^#{1,3} +(.+?) *#*$", re.MULTILINE)
_HEADING_TAG: Final = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)


def certainty(c: Comparison, before: Sequence[Run] = (), after: Sequence[Run] = ()) -> Fragment:
    """Show the rates with their intervals, the parts of the change, and what chance would give.

    With several runs a side (`before`, `after`) also each case's verdict over all of them.
    """
    over_runs = moved = None
    if len(before) > 1 or len(after) > 1:
        over_runs, moved = sure.several(before, after), durations_over_runs(before, after)
    evidence = sure.paired(c)
    return fragment(
        "certainty.html.j2",
        evidence.sentence,
        evidence=evidence,
        rates=rows_of(rates(c).reset_index(names="of")),
        parts=rows_of(decomposition(c)),
        several=over_runs,
        durations=[] if moved is None else rows_of(moved),
        n_before=len(before),
        n_after=len(after),
        drift=rows_of(tools.drift(c)),
        n_reworded=len(tools.reworded(c)),
        renames=rows_of(suggestions(c)),
    )


def past(rows: pd.DataFrame) -> Fragment:
    """Show what a history knows of the tests that changed; `rows` as `analysis.past` gives them."""
    counts = rows["weight"].value_counts()
    text = ", ".join(f"{weight} {n}" for weight, n in counts.items()) or "nothing changed"
    return fragment("past.html.j2", text, rows=rows_of(rows), counts=dict(counts), most=MOST_ROWS)


def readiness(
    run: Run,
    gates: Sequence[Gate] = (),
    known_issues: Sequence[dict[str, Any]] = (),
    *,
    areas: Areas | None = None,
    owners: Mapping[str, str] | None = None,
) -> Fragment:
    """Show the gates as a checklist, the blockers with advice, and what fixing each would give.

    With `areas` and their `owners` also who answers for each blocker.
    """
    blockers = rows_of(ready.blockers(run, areas=areas, owners=owners))
    reviewed = issues.review(run, [issues.issue(table) for table in known_issues])
    return fragment(
        "readiness.html.j2", counted(len(blockers), "blocker"), run=run, gates=list(gates),
        ways=[way for gate in gates if (way := ready.way_to(gate, run))], blockers=blockers,
        known_issues=rows_of(reviewed), skips=rows_of(what_if.skips(run)),
        assumptions=what_if.ASSUMPTIONS, passed=passed_of(run.totals)[0],
    )  # fmt: skip


def phases(runs: Sequence[Run], gates: Sequence[Gate] = ()) -> Fragment:
    """Show a sequence of runs as a table: counts, pass rate, duration and categories."""
    statuses = [s for s in runs[0].totals if s != "cases" and any(r.totals[s] for r in runs)]
    text = counted(len(runs), "phase")
    return fragment(
        "phases.html.j2", text, runs=list(runs), statuses=statuses, passed_of=passed_of,
        gates=list(gates),
    )  # fmt: skip


def phase_rates(runs: Sequence[Run]) -> pd.DataFrame:
    """Return label, rate (0–1, of all cases) and cases of each run, in order."""
    import pandas as pd

    rows = [(run.label, pass_rate(run.totals), len(run.results)) for run in runs]
    return pd.DataFrame(rows, columns=["label", "rate", "cases"])


def target_of(gates: Sequence[Gate], run: Run) -> float | None:
    """Return the pass rate (0–1) that the first gate on passed tests asks for, if there is one."""
    for gate in gates:
        if gate.comparator in (">", ">=") and "[" not in gate.gate:
            if gate.metric == "pass_rate":
                return gate.limit / 100
            if gate.metric == "passed" and len(run.results):
                return gate.limit / len(run.results)
    return None


def notes(text: str) -> Fragment:
    """Show people's own words, section by section; HTML in them is text."""
    import mistune

    render = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])
    titles = [title.strip() for title in _HEADING.findall(text)]
    html = _below_the_title(str(render(text)))
    return fragment("notes.html.j2", ", ".join(titles) or "notes", html=html)


def _below_the_title(html: str) -> str:
    """Give headings levels that go on from the page's own: the first is 2, none skips a level."""
    # HTML in notes is escaped: every heading here was written by the Markdown renderer.
    stack: list[int] = []

    def moved(match: re.Match[str]) -> str:
        while stack and stack[-1] >= int(match[1]):
            stack.pop()
        stack.append(int(match[1]))
        level = min(len(stack) + 1, 6)
        return f"<h{level}>{match[2]}</h{level}>"

    return _HEADING_TAG.sub(moved, html)
