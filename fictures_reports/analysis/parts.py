"""Parts of runs: the cases of a project, a variant, a file, a tag, an area or a status."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from shlex import quote
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.breakdown import area_of, patterns_of
from fictures_reports.analysis.name_patterns import matching
from fictures_reports.analysis.wording import counted
from fictures_reports.errors import SchemaError, did_you_mean
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.run import Run

#: By what a part is chosen.
FIELDS: Final = ("project", "variant", "file", "tag", "area", "case", "status")
#: Names of a message that lists what there is.
_MOST_LISTED: Final = 12


def narrowed(
    runs: Sequence[Run], where: Mapping[str, Any], areas: Areas | None = None
) -> list[Run]:
    """Return the part of each run that fits: of every field given one of its patterns.

    `where` maps a field of `FIELDS` to a name, a shell pattern or a list of these; None is not
    asked for. Areas are the settings' unless they are given. A part keeps the ledger and the run's
    errors; it has an id and a label of its own, and no wall time. Raises `SchemaError` for another
    field or type, and for a pattern that fits in none of the runs – but a status may be rare.
    """
    asked = {field: _patterns(field, given) for field, given in where.items() if given is not None}
    if not asked:
        return list(runs)
    areas = _areas(areas) if "area" in asked else {}
    masks = [[True] * len(run.results) for run in runs]
    for field, patterns in asked.items():
        names = [_names(run.results, field, areas) for run in runs]
        chosen = _chosen(field, patterns, {name for rows in names for row in rows for name in row})
        masks = [
            [fits and not chosen.isdisjoint(row) for fits, row in zip(mask, rows, strict=True)]
            for mask, rows in zip(masks, names, strict=True)
        ]
    facts: dict[str, Any] = {field: list(patterns) for field, patterns in asked.items()}
    facts |= {"areas": areas} if areas else {}
    return [_part(run, mask, facts, words(asked)) for run, mask in zip(runs, masks, strict=True)]


def _part(run: Run, mask: list[bool], facts: Mapping[str, Any], chosen_by: str) -> Run:
    import msgspec
    import pandas as pd

    run_id = sha256(f"{run.run_id} {sorted(facts.items())}".encode()).hexdigest()[:16]
    label = f"{run.label} · {chosen_by}"
    rows = run.results[mask].reset_index(drop=True)
    ids = pd.Series([run_id] * len(rows), index=rows.index, dtype="str")
    rows = rows.assign(run_id=ids)
    changed = {"run_id": run_id, "label": label, "duration_s": None}
    info = msgspec.structs.replace(run.info, **changed)
    return replace(run, results=rows, info=info, parts=(*run.parts, facts))


def words(where: Mapping[str, Sequence[str]]) -> str:
    """Write what a part was chosen by.

    >>> words({"project": ["chromium", "firefox"], "file": ["cart*"]})
    'project=chromium,firefox file=cart*'
    """
    return " ".join(f"{field}={','.join(patterns)}" for field, patterns in where.items())


def halves(run: Run, by: str) -> tuple[Run, Run]:
    """Return the two parts of a run by "project" or "variant", the first to be "before".

    They are in the order in which they were chosen by name, or else in that of the run.

    Raises `SchemaError` where it does not have exactly two.
    """
    names = list(dict.fromkeys(run.results[by].fillna("").tolist()))
    if len(names) != 2:
        there = ", ".join(name or '""' for name in names) or "none"
        raise SchemaError(
            f"{run.label} has tests of {counted(len(names), by)} ({there}), expected two to compare"
            + (f" – choose them, such as {_choosing(by, names)}" if names[2:] else "")
        )
    chosen = [part_name for part in run.parts for part_name in part.get(by, ())]
    if set(names) <= set(chosen):
        names.sort(key=chosen.index)
    before, after = (narrowed([run], {by: name})[0] for name in names)
    return before, after


def _choosing(by: str, names: Sequence[str]) -> str:
    return " ".join(f"--only {quote(f'{by}={name}')}" for name in names[:2])


def _areas(given: Areas | None) -> dict[str, list[str]]:
    if given is None:
        from fictures_reports.settings import load

        given = load().areas
    return patterns_of(given)


def _patterns(field: str, given: Any) -> list[str]:
    if field not in FIELDS:
        raise SchemaError(f"no part is chosen by {field!r}{did_you_mean(field, FIELDS)}")
    patterns = [given] if isinstance(given, str) else given
    if not isinstance(patterns, list | tuple | set | frozenset) or not patterns:
        raise SchemaError(f"{field} is {given!r}, expected a name, a pattern or a list of these")
    if wrong := [pattern for pattern in patterns if not isinstance(pattern, str)]:
        raise SchemaError(f"{field} holds {wrong[0]!r}, expected names or patterns")
    return list(patterns)


def _names(results: pd.DataFrame, field: str, areas: Areas) -> list[tuple[str, ...]]:
    """Return of each row the names that a pattern may mean."""
    if field == "tag":
        return [tuple(tags) if isinstance(tags, list) else () for tags in results["tags"]]
    if field == "area":
        return [(name,) for name in area_of(results, areas)]
    if field == "case":
        columns = [results[name].fillna("") for name in ("case_id", "test_id", "title")]
        return list(zip(*columns, strict=True))
    values = results[field].fillna("").tolist()
    if field == "file":
        return [(path, path.rpartition("/")[2]) for path in values]
    return [(value,) for value in values]


def _chosen(field: str, patterns: Sequence[str], names: set[str]) -> set[str]:
    """Return the names that the patterns mean; a pattern that means none is likely a typo."""
    chosen: set[str] = set()
    for given in patterns:
        pattern = given.removeprefix("@") if field == "tag" else given
        found = set(matching(pattern, names))
        if not found and not (field == "status" and matching(pattern, STATUSES)):
            known = STATUSES if field == "status" else sorted(filter(None, names))
            raise SchemaError(f"no test has the {field} {given!r}{_instead(given, known)}")
        chosen |= found
    return chosen


def _instead(given: str, known: Sequence[str]) -> str:
    if not known:
        return "; the results name none"
    hint = did_you_mean(given, known)
    if "did you mean" in hint or len(known) <= _MOST_LISTED:
        return hint
    return f"; there are {', '.join(known[:_MOST_LISTED])} and {len(known) - _MOST_LISTED} more"
