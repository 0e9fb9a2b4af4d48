"""The changes by name: every case, by what happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.reasons import reason
from fictures_reports.analysis.reasons.human_names import change_name
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.history_words import without_judged
from fictures_reports.report.json_rows import plain_rows, plain_values
from fictures_reports.report.markdown_entries import Listed, cause_names, entries
from fictures_reports.report.markdown_layout import blocks, listing
from fictures_reports.report.section import LeftOut, Section
from fictures_reports.report.sections import standing_lists
from fictures_reports.report.sections.named_cases import (
    MOST_NAMES,
    NamedCase,
    named_cases,
)
from fictures_reports.schema import CHANGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.report.report_input import ReportInput

#: Changes that Markdown counts without names.
_QUIET: Final = (
    "still_passing", "still_declared", "still_skipped", "left", "arrived", "arrived_skipped",
)  # fmt: skip
_CASE: Final = ("case_id", "file", "title", "project", "variant", "line")
_SIDE: Final = ("status", "category", "rule", "evidence", "message", "duration_s")
_JUDGED: Final = (
    "standing", "standing_words", "unsure", "runs_needed", "newly_flaky", "n_before",
    "failed_before", "n_after", "failed_after",
)  # fmt: skip
_PLACE: Final = ("location", "cluster", "reason")

#: side → case → where it failed, of which cluster it is, and why in words
Places = dict[str, dict[str, dict[str, Any]]]


@dataclass(frozen=True, eq=False)
class Changes:
    """A report whose changes are listed."""

    report: ReportInput

    @property
    def comparison(self) -> Comparison:
        """The comparison that the changes are of."""
        return self.report.comparison

    @cached_property
    def groups(self) -> dict[str, list[NamedCase]]:
        """The cases of each change that occurs and has names in Markdown, as `CHANGES` orders."""
        changes = [change for change in CHANGES if change not in _QUIET]
        cases = named_cases(self.comparison, changes)
        named = {change: [case for case in cases if case.change == change] for change in changes}
        return {change: rows for change, rows in named.items() if rows}

    @cached_property
    def places(self) -> Places:
        """Where the cases of each side failed, and of which cluster they are."""
        c, formed = self.comparison, self.report.causes
        return {
            "before": _places(c.before.results, formed.before),
            "after": _places(c.after.results, formed.after),
        }


def _places(rows: pd.DataFrame, clusters: pd.Series[Any]) -> dict[str, dict[str, Any]]:
    # what has no category passed, and has no reason: most of a run
    explained = rows[rows["category"].notna()]
    reasons = {row.case_id: reason(row) or None for row in rows_of(explained)}
    columns = (
        rows["case_id"].tolist(),
        plain_values(rows["location"]),
        plain_values(clusters.reindex(rows.index)),
    )
    return {
        case: {
            "location": location,
            "cluster": cluster,
            "reason": reasons.get(case),
        }
        for case, location, cluster in zip(*columns, strict=True)
    }


def markdown(v: Changes) -> str:
    """Name what changed or fails, with what a history knows of it, and count the rest.

    A change whose cases the lists of standings name, with what they did before, is not listed
    again; only what broke is, unless it is one of those lists as a whole.
    """
    weighed = without_judged(v.comparison, v.report.past)
    words = {} if weighed is None else {row.case_id: row.words for row in rows_of(weighed)}
    causes = cause_names(v.comparison.after)
    above = lists_above(v.report)
    named = set().union(*above)
    lists = [
        _named(name, [_listed(case, causes, words) for case in cases])
        for name, cases in v.groups.items()
        if words.keys() & (ids := {case.row.case_id for case in cases})
        or not (ids in above or (name != "broken" and ids <= named))
    ]
    counts = v.comparison.counts
    quiet = [f"{change_name(name)} {counts[name]}" for name in _QUIET if counts[name]]
    return blocks(*lists, f"Besides: {', '.join(quiet)}." if quiet else "")


def lists_above(report: ReportInput) -> list[set[str]]:
    """Return the case ids of each list that the standings write."""
    v = standing_lists.values(report)
    return [{row.case_id for row in rows} for rows in (*v.groups.values(), v.gone)]


def _named(change: str, cases: list[Listed]) -> str:
    title = f"{change_name(change).capitalize()}: {len(cases):,}"
    return listing(title, entries(cases, MOST_NAMES))


def _listed(case: NamedCase, causes: Mapping[str, str], words: Mapping[str, str]) -> Listed:
    """Put behind a case whose failure it is, and what a history knows of it."""
    history_words = words.get(case.row.case_id)
    parts = [case.excuse, f"in its history: {history_words}" if history_words else ""]
    return Listed(case.row, causes.get(case.row.case_id, ""), " – ".join(filter(None, parts)))


def json(v: Changes) -> dict[str, Any]:
    """Return every case below its change, with both sides."""
    rows = v.comparison.changes
    sides = [_sides(rows, side, v.places[side]) for side in ("before", "after")]
    found: dict[str, list[dict[str, Any]]] = {change: [] for change in CHANGES}
    facts, judged = plain_rows(rows[list(_CASE)]), plain_rows(rows[list(_JUDGED)])
    columns = (rows["change"].tolist(), facts, rows["flaky"].tolist(), judged, *sides)
    for change, fact, flaky, judgement, before, after in zip(*columns, strict=True):
        case = fact | {"flaky": bool(flaky)} | judgement | {"before": before, "after": after}
        found[change].append(case)
    return {"changes": found}


def _sides(rows: pd.DataFrame, side: str, places: dict[str, dict[str, Any]]) -> list[Any]:
    """Return how each case ended on a side, and where it failed; the case may be absent there."""
    values = rows[[f"{side}_{name}" for name in _SIDE]].set_axis(list(_SIDE), axis=1)
    given = zip(rows["case_id"], rows[f"{side}_outcome"], plain_rows(values), strict=True)
    return [
        dict(_ABSENT) if outcome == "absent" else result | places[case]
        for case, outcome, result in given
    ]


_ABSENT: Final = {"status": "absent"} | dict.fromkeys((*_SIDE[1:], *_PLACE))
changes: Final = Section(
    "changes", Changes, LeftOut("the list of all tests groups them by their change"), markdown, json
)
