"""Several files, one run: shards are joined, the same run in a poorer format is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from fictures_reports.readers.branches import path_of
from fictures_reports.readers.formats import BY_NAME
from fictures_reports.readers.row_columns import duration_of
from fictures_reports.readers.rows import (
    ErrorPlace,
    LedgerEntry,
    Reading,
    Row,
    RunInfo,
    blank_info,
    case_id,
)
from fictures_reports.readers.variants import name_parts

#: Files that share more of their cases than this hold the same tests, not parts of a run.
_SAME_TESTS = 0.5
#: … and if so many of these ended alike, and of those that took time so many took the same, they
#: tell of the same run. (Formats round differently, and some leave set-up out.)
_SAME_RUN = 0.9
_SAME_TIMES = 0.3
Cases = dict[str, tuple[str, float | None]]
#: Statuses that poorer formats cannot tell apart.
_COARSE = {
    "flaky": "passed", "xpassed": "passed", "xfailed": "skipped", "not_run": "skipped",
    "interrupted": "skipped",
}  # fmt: skip


class _Part(msgspec.Struct):
    """Files that together hold one format's view of the run."""

    readings: list[Reading]
    cases: Cases

    @property
    def format(self) -> str:
        return self.readings[0].entry.format

    @property
    def name(self) -> str:
        return self.readings[0].entry.file


def merge(readings: Sequence[Reading]) -> list[Reading]:
    """Pick the readings that make up the run; the ledger says what was left out and why.

    Their order follows from their content, so that renamed files give the same run. Raises
    `SeveralRuns` where files of one format hold the same tests and are no parts of one run.
    """
    name_parts(readings)
    cases = {id(reading): _cases(reading) for reading in readings}
    return sorted(_taken(readings, cases), key=lambda reading: min(cases[id(reading)], default=""))


def _taken(readings: Sequence[Reading], cases: dict[int, Cases]) -> list[Reading]:
    """Leave out what another file says already, or is of another run."""
    parts: list[_Part] = []
    for part in _by_format(readings, cases):
        alike = (p for p in parts if _overlap(p.cases, part.cases) > _SAME_TESTS)
        richer = next(alike, None)
        if richer is None:
            parts.append(part)
        elif _leave_out(part, richer):
            _take_over(part.readings, richer.readings)
    return [reading for part in parts for reading in part.readings]


def _take_over(poorer: Sequence[Reading], richer: Sequence[Reading]) -> None:
    """Fill in what only the poorer format has: phases (a blob's steps) and run facts."""
    phases = {case_id(row): row for reading in poorer for row in _rows(reading)}
    for reading in richer:
        for row in _rows(reading):
            if richer_row := phases.get(case_id(row)):
                _take_phases(row, richer_row)
        reading.info = _joined([reading.info, *(reading.info for reading in poorer)], same=True)


def _take_phases(row: Row, richer_row: Row) -> None:
    for attempt, richer in zip(row.attempts, richer_row.attempts, strict=False):
        attempt.extra = attempt.extra or richer.extra
        for error, also in zip(attempt.errors, richer.errors, strict=False):
            error.phase = error.phase or also.phase


def note_shards(readings: Sequence[Reading]) -> None:
    """Note shards that are missing, of each variant.

    Where each variant has one shard only, they may be shards whose names were taken for variants.
    """
    by_variant: dict[str, list[Reading]] = {}
    for reading in readings:
        by_variant.setdefault(reading.variant, []).append(reading)
    shards = ({r.shard for r in parts if r.shard} for parts in by_variant.values())
    several = any(len(numbers) > 1 for numbers in shards)
    for variant, parts in by_variant.items() if several else [("", list(readings))]:
        _note_shards_of(variant, parts)


def _note_shards_of(variant: str, readings: Sequence[Reading]) -> None:
    totals = {r.info.n_shards for r in readings if r.shard is not None and r.info.n_shards}
    numbers = {reading.shard for reading in readings}
    of = f" of {variant}" if variant else ""
    for total in totals:
        missing = [str(number) for number in range(1, total + 1) if number not in numbers]
        if missing and total <= _MOST_SHARDS:
            text = f"shard {', '.join(missing)} of {total}{of} is not among the files"
            readings[0].entry.doubts.append(text)
            readings[0].info = msgspec.structs.replace(readings[0].info, incomplete=True)


_MOST_SHARDS = 1000


def joined_info(readings: Sequence[Reading]) -> RunInfo:
    """Join what the files of a run tell about it."""
    return _joined([reading.info for reading in readings], same=False)


def _by_format(readings: Sequence[Reading], known: dict[int, Cases]) -> list[_Part]:
    parts: list[_Part] = []
    ordered = sorted(readings, key=lambda r: (-_richness(r), -len(known[id(r)])))
    for reading in ordered:
        cases = known[id(reading)]
        same = [part for part in parts if part.format == reading.entry.format]
        if not cases and same:
            same[0].readings.append(reading)
            continue
        clash = next((part for part in same if _overlap(part.cases, cases) > _SAME_TESTS), None)
        if clash is not None and _is_a_file_of_its_folder(reading, clash):
            clash = None  # two tests of one id
        if clash is not None and not _is_at_the_same_time(reading, clash, cases):
            _leave_out(_Part([reading], dict(cases)), clash)
        elif same:
            same[0].readings.append(reading)
            same[0].cases.update(cases)
        else:
            parts.append(_Part([reading], dict(cases)))
    return parts


def _is_a_file_of_its_folder(reading: Reading, part: _Part) -> bool:
    """Tell a further result in a folder with a file for each from a copy of the folder."""
    form = BY_NAME.get(reading.entry.format)
    if form is None or not form.has_files_per_attempt:
        return False
    folder = path_of(reading)[:-1]
    return any(path_of(member)[:-1] == folder for member in part.readings)


def _cases(reading: Reading) -> Cases:
    """Map the cases of a reading to their statuses and durations."""
    return {case_id(row): (row.status, duration_of(row)) for row in _rows(reading)}


def _rows(reading: Reading) -> list[Row]:
    if not isinstance(reading.rows, list):
        reading.rows = list(reading.rows)
    return reading.rows


def _richness(reading: Reading) -> int:
    found = BY_NAME.get(reading.entry.format)
    return found.richness if found else 0


def _overlap(cases_a: Cases, cases_b: Cases) -> float:
    smaller = min(len(cases_a), len(cases_b))
    return len(cases_a.keys() & cases_b.keys()) / smaller if smaller else 0.0


def _is_at_the_same_time(reading: Reading, part: _Part, cases: Cases) -> bool:
    """Tell another browser's or machine's part of a run, on the same tests, from another run."""
    span, others = _span_of(reading.info), (_span_of(member.info) for member in part.readings)
    at_once = span is not None and any(
        other is not None and span[0] < other[1] and other[0] < span[1] for other in others
    )
    return at_once and not _is_same_run(cases, part.cases)


def _span_of(info: RunInfo) -> tuple[float, float] | None:
    if info.started_at is None or not info.duration_s:
        return None
    return info.started_at, info.started_at + info.duration_s


def _is_same_run(cases_a: Cases, cases_b: Cases) -> bool:
    """Tell whether two views of the same tests are of the same run, by outcomes and durations."""
    names = cases_a.keys() & cases_b.keys()
    n_alike = n_timed = n_same = 0
    for name in names:
        (status, time), (their_status, their_time) = cases_a[name], cases_b[name]
        n_alike += status == their_status or _coarse(status) == _coarse(their_status)
        if time and their_time:
            n_timed += 1
            apart = abs(time - their_time)
            n_same += apart <= 0.002 or apart <= 0.01 * their_time
    return n_alike >= _SAME_RUN * len(names) and n_same >= _SAME_TIMES * n_timed


def _leave_out(part: _Part, richer: _Part) -> bool:
    """Say in the ledger why a file's rows are not in the run, and whether it is the same run."""
    same_run = _is_same_run(part.cases, richer.cases)
    n_common = len(part.cases.keys() & richer.cases.keys())
    for reading in part.readings:
        entry, n_rows = reading.entry, reading.entry.read
        entry.read = entry.salvaged = 0
        if same_run:
            entry.repeated = n_rows
            entry.doubts = [_same_run(entry, richer)]
        else:
            entry.refused = (
                f"holds another run of {n_common} tests that {richer.name} holds"
                " (outcomes or durations differ); read it on its own"
            )
    return same_run


def _coarse(status: str) -> str:
    return _COARSE.get(status, status)


def _same_run(entry: LedgerEntry, richer: _Part) -> str:
    if entry.format == richer.format:
        return f"same results as {richer.name}"
    return f"same run as {richer.name}, which tells more"


def _joined(infos: Sequence[RunInfo], *, same: bool) -> RunInfo:
    """Join what several files tell: the first first, or (parts of a run) all together."""
    if len(infos) == 1:
        return infos[0]
    if same:
        return _first_known(infos)
    starts = [info.started_at for info in infos if info.started_at is not None]
    environment: dict[str, Any] = {}
    for info in reversed(infos):
        environment |= info.environment
    if projects := [p for info in infos for p in info.environment.get("projects", ())]:
        environment["projects"] = [p for i, p in enumerate(projects) if p not in projects[:i]]
    return blank_info(
        started_at=min(starts, default=None),
        duration_s=_span(infos),
        producer=_listed([info.producer for info in infos]),
        producer_version=_listed([info.producer_version for info in infos]),
        n_workers=_sum([info.n_workers for info in infos]),
        n_shards=max((info.n_shards for info in infos if info.n_shards), default=None),
        commit=_first([info.commit for info in infos]),
        branch=_first([info.branch for info in infos]),
        environment=environment,
        errors=list(dict.fromkeys(error for info in infos for error in info.errors)),
        error_places=_places(infos),
        incomplete=any(info.incomplete for info in infos),
    )


def _places(infos: Sequence[RunInfo]) -> dict[str, ErrorPlace]:
    return {e: place for info in reversed(infos) for e, place in info.error_places.items()}


def _first_known(infos: Sequence[RunInfo]) -> RunInfo:
    """Take every fact from the first that has it."""
    first = infos[0]
    facts: dict[str, Any] = {}
    for name in RunInfo.__struct_fields__:
        facts[name] = next(
            (v for i in infos if (v := getattr(i, name)) not in (None, "", [], {})), None
        )
    environment: dict[str, Any] = {}
    for info in reversed(infos):
        environment |= info.environment
    facts |= {"environment": environment, "errors": first.errors, "incomplete": first.incomplete}
    facts["error_places"] = _places(infos)
    return blank_info(**{k: v for k, v in facts.items() if k not in ("run_id", "label")})


def _span(infos: Sequence[RunInfo]) -> float | None:
    """From the earliest start to the latest end where all are known, else the longest part."""
    times = [
        (info.started_at, info.started_at + info.duration_s)
        for info in infos
        if info.started_at is not None and info.duration_s is not None
    ]
    if len(times) == len(infos) and times:
        return max(end for _, end in times) - min(start for start, _ in times)
    return max((info.duration_s for info in infos if info.duration_s is not None), default=None)


def _listed(values: Sequence[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(value for value in values if value)) or None


def _sum(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _first(values: Sequence[str | None]) -> str | None:
    return next((value for value in values if value), None)
