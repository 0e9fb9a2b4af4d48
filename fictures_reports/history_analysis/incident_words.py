"""An incident in one sentence: what it was, in which runs, of which commits, over or going on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.history_analysis.incidents import Incident

#: Characters of a commit that tell it apart.
_OF_COMMIT: Final = 10


def sentence(incident: Incident, labels: Mapping[str, str], where: str = "") -> str:
    """Say what happened; `labels` maps run ids to labels, `where` is such as " on main".

    >>> from fictures_reports.history_analysis.incidents import Incident
    >>> one = Incident("1", "c", "TypeError: no", None, ("a", "b"), "r5", ("x", "y"), None, 1,
    ...                False, ("5", "6"))
    >>> sentence(one, {"5": "r5", "6": "r6"})
    '2 tests broken since r5, 2 runs, going on: TypeError: no; commits x…y'
    """
    tests, name = counted(len(incident.cases), "test"), incident.name
    if incident.is_recurring:
        kind = "Outages: " if incident.is_outage else ""
        often = f"{kind}{tests} fail together, {incident.n_occurrences} times{where}"
        now = f", going on in {labels[incident.runs[-1]]}" if not incident.is_over else ""
        return f"{often}: {name}; from {incident.since} to {labels[incident.runs[-1]]}{now}"
    if incident.is_outage:
        return f"{_outage(incident, labels, where)}: {tests} failed together: {name}"
    cause = f"{name}{commits_of(*incident.commits)}"
    if incident.is_over:
        return f"{tests} broken {_span(incident, labels)}{where}, over: {cause}"
    runs = counted(len(incident.runs), "run")
    return f"{tests} broken since {incident.since}{where}, {runs}, going on: {cause}"


def _outage(incident: Incident, labels: Mapping[str, str], where: str) -> str:
    if incident.is_over:
        return f"Outage {_span(incident, labels)}{where}, over"
    return f"Outage since {incident.since}{where}, going on"


def _span(incident: Incident, labels: Mapping[str, str]) -> str:
    names = [labels[run] for run in incident.runs]
    if len(names) <= 2:
        return f"in {' and '.join(names)}"
    return f"from {names[0]} to {names[-1]}"


def commits_of(before: str | None, first: str | None) -> str:
    """Name the last commit without a change and the first with it, as far as they are known.

    >>> commits_of("a", "b"), commits_of(None, "b"), commits_of("a", "a"), commits_of("a", None)
    ('; commits a…b', '; commit b', '', '')
    """
    before, first = (commit and commit[:_OF_COMMIT] for commit in (before, first))
    if first is None or before == first:
        return ""
    return f"; commits {before}…{first}" if before else f"; commit {first}"
