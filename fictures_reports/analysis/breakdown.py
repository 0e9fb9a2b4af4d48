"""Counts by part of the suite: by file, by area, by project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, TypeAlias

from fictures_reports.errors import SchemaError
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.run import Run

#: Area name → its shell patterns, one pattern, or {patterns, owner} as settings have it.
Areas: TypeAlias = Mapping[str, Sequence[str] | Mapping[str, Any]]

#: Where a case belongs that no area's pattern matches.
ELSEWHERE = "(no area)"


def breakdown(
    runs: Mapping[str, Run],
    by: str = "file",
    areas: Areas | None = None,
) -> pd.DataFrame:
    """Count statuses within each group and run.

    `runs` maps a name such as "before" to a run; `by` is a column of the results, or "area" with
    `areas` as in `area_of`. One row per group, run and status that occurs: columns `by`, run,
    status, tests; groups in alphabetical order.
    """
    import pandas as pd

    parts = []
    for name, run in runs.items():
        group = area_of(run.results, areas or {}) if by == "area" else run.results[by]
        counts = run.results.groupby([group.rename(by), "status"]).size().rename("tests")
        parts.append(counts.reset_index().assign(run=name))
    rows = pd.concat(parts, ignore_index=True)[[by, "run", "status", "tests"]]
    order = {status: i for i, status in enumerate(STATUSES)}
    key = rows["status"].map(order)
    return rows.assign(key=key).sort_values([by, "key"], kind="stable").drop(columns="key")


def area_of(results: pd.DataFrame, areas: Areas) -> pd.Series[str]:
    """Name each result's area: the first whose patterns match its file or its case id.

    `areas` maps a name to shell patterns (`*`, `?`, `[…]`), such as `{"cache": ["cache-*"]}`, or to
    a table such as `{"patterns": ["cache-*"], "owner": "kim"}`. Raises `SchemaError` for others.
    """
    import pandas as pd

    known = patterns_of(areas)

    def area(file: str, case_id: str) -> str:
        for name, patterns in known.items():
            if any(fnmatchcase(file, p) or fnmatchcase(case_id, p) for p in patterns):
                return name
        return ELSEWHERE

    names = [area(*pair) for pair in zip(results["file"], results["case_id"], strict=True)]
    return pd.Series(names, index=results.index, dtype="str")


def patterns_of(areas: Areas) -> dict[str, list[str]]:
    """Return the patterns of each area, however they are given; `SchemaError` for other shapes."""
    if not isinstance(areas, Mapping):
        raise _no_areas(f"areas are {areas!r}")
    return {name: _patterns(name, area) for name, area in areas.items()}


def owners_of(areas: Areas) -> dict[str, str]:
    """Return who answers for the areas that are tables with an owner."""
    patterns_of(areas)
    tables = {name: area for name, area in areas.items() if isinstance(area, Mapping)}
    return {name: area["owner"] for name, area in tables.items() if "owner" in area}


def _patterns(name: str, area: Sequence[str] | Mapping[str, Any]) -> list[str]:
    given: Any = area
    if isinstance(area, Mapping) and area.keys() <= {"patterns", "owner"}:
        given = area.get("patterns") if isinstance(area.get("owner", ""), str) else None
    patterns = [given] if isinstance(given, str) else given
    if not (isinstance(patterns, Sequence) and all(isinstance(p, str) for p in patterns)):
        raise _no_areas(f"area {name!r} is {area!r}")
    return list(patterns)


def _no_areas(found: str) -> SchemaError:
    return SchemaError(
        f"{found}, expected patterns such as {{'cache': ['cache-*']}}, "
        "or {'cache': {'patterns': ['cache-*'], 'owner': '…'}}"
    )


def table(counts: pd.DataFrame) -> pd.DataFrame:
    """Lay `breakdown` counts out wide with a last row that sums up.

    Index: groups, then "all". Columns: (run, "tests" or a status that occurs), so that every
    group's statuses add up to its tests and every column to its sum.
    """
    import pandas as pd

    by, tests = str(counts.columns[0]), {}
    for group, run, status, n in zip(*(counts[name].tolist() for name in counts), strict=True):
        tests[group, run, status] = int(n)
    statuses = [s for s in STATUSES if any(key[2] == s for key in tests)]
    runs = list(dict.fromkeys(key[1] for key in tests))
    groups = sorted({key[0] for key in tests})
    cells = {
        (run, status): [tests.get((group, run, status), 0) for group in groups]
        for run in runs
        for status in statuses
    }
    columns = {}
    for run in runs:
        counts_of_run = [cells[run, status] for status in statuses]
        columns[run, "tests"] = [sum(values) for values in zip(*counts_of_run, strict=True)]
        columns |= {(run, status): cells[run, status] for status in statuses}
    sums = {key: [*values, sum(values)] for key, values in columns.items()}
    return pd.DataFrame(sums, index=pd.Index([*groups, "all"], name=by), dtype="int64")
