"""A variant that is alone in its run has no name; the other side, which has several, tells it.

before/linux/junit.xml, before/windows/junit.xml   variants linux and windows
after/linux/junit.xml                              nothing beside it, so no variant by itself
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fictures_reports.analysis.result_summary import known
from fictures_reports.patterns import Pattern
from fictures_reports.readers.branch_names import variant_of
from fictures_reports.readers.rows import case_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fictures_reports.run import Run

_SIDES = tuple["Run", ...]


def with_variants_named(before: _SIDES, after: _SIDES) -> tuple[_SIDES, _SIDES]:
    """Name the variant of runs that lack one, after where the other side's variants lie."""
    ends = _ends_of_variants(before), _ends_of_variants(after)
    return (
        tuple(_named(run, ends[1]) for run in before) if not ends[0] else before,
        tuple(_named(run, ends[0]) for run in after) if not ends[1] else after,
    )


def _ends_of_variants(runs: _SIDES) -> dict[str, set[str]]:
    """Map variants to the ends of their files' paths, from where these are called so."""
    ends: dict[str, set[str]] = {}
    for run in runs:
        columns = (run.results[name].to_numpy(dtype="object") for name in ("variant", "source"))
        for variant, source in dict.fromkeys(zip(*columns, strict=True)):
            if known(variant) and known(source) is not None:
                ends.setdefault(variant, set()).update(_ends(source, variant))
    return ends


def _ends(source: str, variant: str) -> Iterable[str]:
    parts, first = _parts(source), variant_of(variant.split("/")[0], is_file=False)
    for start in range(len(parts)):
        if parts[start] == first:
            yield "/".join(parts[start:])


def _parts(source: str) -> list[str]:
    """Split a path into folders and file, without endings and the numbers of runs."""
    parts = source.replace("\\", "/").split("/")
    last = len(parts) - 1
    return [variant_of(part, is_file=place == last) for place, part in enumerate(parts)]


def _named(run: Run, ends: dict[str, set[str]]) -> Run:
    """Name the variant of a run whose files all lie where one of the other side's variants lay."""
    import pandas as pd

    rows = run.results
    if not ends or rows.empty or rows["variant"].fillna("").any() or rows["source"].isna().any():
        return run
    paths = ["/".join(_parts(source)) for source in rows["source"].unique()]
    fitting = [v for v, known in ends.items() if all(_ends_so(path, known) for path in paths)]
    if len(fitting) != 1:
        return run
    variant = fitting[0]
    columns = zip(*(rows[n].fillna("") for n in ("test_id", "project", "case_id")), strict=True)
    ids = [case_of(test, project, variant) + _number(case) for test, project, case in columns]
    results = rows.assign(
        variant=pd.Series(variant, index=rows.index, dtype="str"),
        case_id=pd.Series(ids, index=rows.index, dtype="str"),
    )
    return run if len(set(ids)) < len(ids) else replace(run, results=results)


def _ends_so(path: str, ends: Iterable[str]) -> bool:
    return any(path == end or path.endswith(f"/{end}") for end in ends)


_COPY = Pattern(r"(?P<number> #\d+)$", " #")


def _number(case: str) -> str:
    """Return the number of a copy, which its test's name has not: " #2"."""
    found = _COPY.search(case)
    return found["number"] if found else ""
