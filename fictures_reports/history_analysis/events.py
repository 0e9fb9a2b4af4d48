"""What happened in a history: incidents and single changes, as one list of sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import changed_duration, listed
from fictures_reports.frame_rows import rows_of
from fictures_reports.history.streams import with_streams
from fictures_reports.history_analysis.incident_words import commits_of, sentence
from fictures_reports.history_analysis.incidents import Line
from fictures_reports.history_analysis.line_words import LineWords, words_for

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident


@dataclass(frozen=True)
class Event:
    """One thing that happened, in a sentence, with the moment of the run that it is dated by."""

    text: str
    run_at: pd.Timestamp
    #: None for a change of a single test, of a cluster, or of what all tests take
    incident: Incident | None = None
    #: outage, incident, failing, better, slower, faster, or cause
    kind: str = "incident"
    #: the test that the sentence begins with; "" where it is of none
    case_id: str = ""
    title: str = ""


def events(
    found: Sequence[Incident],
    changes: pd.DataFrame,
    runs: pd.DataFrame,
    broken: Collection[tuple[str, Line]] = (),
) -> tuple[Event, ...]:
    """List incidents and the latest change of everything else, the latest first.

    `changes` as `since_when` gives them, `runs` with run_id, label, run_at, branch and stream. An
    incident is as late as its last run. Branch and stream are named where there are several. What
    happened on several branches for one cause at one commit is one event. `broken` are cases, each
    with its line, that are listed as broken already: that they fail is not told again.
    """
    words = words_for(runs)
    labels = dict(zip(runs["run_id"], runs["label"], strict=True))
    moments = dict(zip(runs["run_id"], runs["run_at"], strict=True))
    happened = [_incident(group, labels, moments, words) for group in _alike(found)]
    before = commits_before(runs)
    happened += [_change(group, words, before) for group in _same_step(_single(changes, broken))]
    return tuple(sorted(happened, key=lambda event: event.run_at, reverse=True))


def _alike(found: Sequence[Incident]) -> list[list[Incident]]:
    """Put incidents of one cause that began at one commit, on whatever branch, together."""
    groups: dict[Any, list[Incident]] = {}
    for incident in found:
        commit = incident.commits[1]
        key = (incident.cause, commit, incident.stream, incident.is_over, incident.is_outage)
        groups.setdefault(key if commit else incident.id, []).append(incident)
    return list(groups.values())


def _incident(
    group: list[Incident],
    labels: Mapping[str, str],
    moments: Mapping[str, pd.Timestamp],
    words: LineWords,
) -> Event:
    """Tell of the largest incident, and on which other branches it was."""
    largest = max(group, key=lambda incident: len(incident.cases))
    elsewhere = [
        f"since {incident.since}{words.where(incident.line)}"
        for incident in group
        if incident is not largest
    ]
    text = sentence(largest, labels, words.where(largest.line))
    text += f"; also {listed(elsewhere)}" if elsewhere else ""
    kind = "outage" if largest.is_outage else "incident"
    return Event(text, max(moments[incident.runs[-1]] for incident in group), largest, kind)


def _same_step(rows: list[Any]) -> list[list[Any]]:
    """Put changes of one name that came with one commit, on whatever branch, together."""
    groups: dict[Any, list[Any]] = {}
    for i, row in enumerate(rows):
        commit = known(row.commit)
        key = (row.what, row.name, commit, known(row.stream), row.after > row.before)
        groups.setdefault(key if commit else i, []).append(row)
    return list(groups.values())


def _single(changes: pd.DataFrame, broken: Collection[tuple[str, Line]]) -> list[Any]:
    """Return the changes to report, without those that another event reports.

    That are clusters that came with the failures of a test, and tests that are listed as broken.
    """
    rows = rows_of(changes[changes["is_last"]])
    failing = {(row.since, line_of(row)) for row in rows if row.what == "case fails"}
    return [
        row
        for row in rows
        if not (row.what == "cluster occurs" and (row.since, line_of(row)) in failing)
        and not (row.what == "case fails" and (row.name, line_of(row)) in broken)
    ]


def line_of(row: Any) -> Line:
    """Return the line that a row with branch and stream is of."""
    return Line(known(row.branch), known(row.stream))


def commits_before(runs: pd.DataFrame) -> dict[tuple[str, Line], str | None]:
    """Return the commit of the run before each run of its line, by label and line.

    `runs` is in the order of time, with label, commit, branch and stream.
    """
    last: dict[Line, str | None] = {}
    found: dict[tuple[str, Line], str | None] = {}
    for row in rows_of(with_streams(runs)):
        line = line_of(row)
        found[(row.label, line)] = last.get(line)
        last[line] = known(row.commit)
    return found


def _change(
    group: list[Any], words: LineWords, before: Mapping[tuple[str, Line], str | None]
) -> Event:
    places = [f"since {row.since}{words.where(line_of(row))}" for row in group]
    row = group[0]
    text = _change_text(row, listed(places)) + commits_of(
        before.get((row.since, line_of(row))), known(row.commit)
    )
    of_case = row.what.startswith("case ")
    return Event(
        text, max(change.run_at for change in group), None, _kind(row),
        row.name if of_case else "", row.title if of_case else "",
    )  # fmt: skip


def _kind(row: Any) -> str:
    is_more = row.after > row.before
    if row.what == "cluster occurs":
        return "cause" if is_more else "better"
    if row.what == "case fails":
        return "failing" if is_more else "better"
    return "slower" if is_more else "faster"


def _change_text(row: Any, where: str) -> str:
    if row.what == "all take":
        return f"All tests ×{_factor(row)} {where}: the machine or the whole suite"
    if row.what == "case takes":
        direction = "slower" if row.after > row.before else "faster"
        return f"{row.title} became {direction} {where}: {changed_duration(row.before, row.after)}"
    rates = f"{_whole(row.before)} → {_whole(row.after)} % of runs"
    if row.what == "cluster occurs":
        return f"“{row.title}” occurs {_more(row)} {where} ({rates})"
    if row.before == 0 and row.after == 1:
        return f"{row.title} fails {where}"
    if row.before == 1 and row.after == 0:
        return f"{row.title} works again {where}"
    return f"{row.title} fails {_more(row)} {where} ({rates})"


def _whole(rate: float) -> str:
    """Write a share (0–1) in whole percent; 0 and 100 only where it is exactly that."""
    share = 100 * rate
    return f"{share:.0f}" if share in (0, 100) else f"{min(max(share, 1), 99):.0f}"


def _factor(row: Any) -> str:
    return f"{row.after / row.before:.2g}"


def _more(row: Any) -> str:
    return "more often" if row.after > row.before else "less often"
