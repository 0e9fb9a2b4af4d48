"""By branch, project, variant and stream, as far as there are several: how its tests stand."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from fictures_reports.analysis.wording import counted, percent
from fictures_reports.frame_rows import rows_of
from fictures_reports.report.history_sections.tests_in_rows import places_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.report.history_findings import Findings

#: So many of a kind are on the first screen; the list of all tests can be filtered by each.
MOST: Final = 6
#: In the order in which `places_of` gives them.
KINDS: Final = ("project", "variant", "branch", "stream")
_GOOD: Final = ("passed", "flaky", "xpassed")


@dataclass(frozen=True)
class Place:
    """One project, branch or such: what its latest run passed, and how its tests stand."""

    name: str
    #: which tests of the list are its own: a filter and what stands behind it in the address
    tests: str
    latest: str
    failing: str
    others: str


@dataclass(frozen=True)
class Places:
    """All that there are of a kind, those with the most broken tests first."""

    kind: str
    shown: Sequence[Place]
    n_more: int


def where_tests_stand(findings: Findings) -> list[Places]:
    """Return a list for each kind of which there are several."""
    tables = []
    for k, kind in enumerate(KINDS):
        values = [places_of(test)[k] or "" for test in findings.tests]
        if len(set(values)) > 1:
            tables.append(_places(findings, kind, values))
    return tables


def _places(findings: Findings, kind: str, values: Sequence[str]) -> Places:
    n = Counter(values)
    standings = [test.standing for test in findings.tests]
    count = Counter(zip(values, standings, strict=True))
    broken = {value: count[value, "broken"] + count[value, "failing"] for value in n}
    order = sorted(n, key=lambda value: (-broken[value], -count[value, "flaky"], value))
    rates = _rates(findings, kind)
    shown = [
        _place(kind, value, rates.get(value, ""), broken[value], count[value, "flaky"], n[value])
        for value in order[:MOST]
    ]
    return Places(kind, shown, len(order) - len(shown))


def _place(kind: str, name: str, latest: str, broken: int, flaky: int, n: int) -> Place:
    which = "attention" if broken or flaky else "all"
    tests = f"{which}?{urlencode({kind: name})}"
    failing = f"{broken:,} failing" if broken else ""
    parts = [f"{flaky:,} flaky"] if flaky else []
    # A test is listed under the branch on which it stands worst: that branch has others, too.
    parts += [] if kind == "branch" else [counted(n, "test")]
    return Place(name, tests, latest, failing, " of ".join(parts))


def _rates(findings: Findings, kind: str) -> dict[str, str]:
    """Return the pass rate of each in the latest run that has it."""
    place = {run: i for i, run in enumerate(findings.totals["run_id"])}
    rows = findings.rows[["run_id", "status", kind]].assign(
        **{kind: findings.rows[kind].fillna("")}
    )
    at = rows["run_id"].map(place)
    last = rows[at == at.groupby(rows[kind]).transform("max")]
    good = last["status"].isin(_GOOD).groupby(last[kind]).agg(["sum", "size"]).reset_index()
    return {str(getattr(row, kind)): percent(row.sum, row.size) for row in rows_of(good)}
