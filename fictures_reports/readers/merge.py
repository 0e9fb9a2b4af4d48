"""Several files, one run: which of them make it up, and which say again what others say.

In go the readings of all files; out come those whose rows are the run, and the ledger's line of
every other says why it is not among them:

    blob-1.zip, blob-2.zip        shards hold different tests: both are taken
    results.json, junit.xml       one run in two formats: the JSON is taken, for it tells more
    junit.xml, copy-of-junit.xml  the same results: one is taken
    results.json, old.xml         another run of the same tests: refused

Files of one format are put together first, as that format's view of the run. Then the views are
held against each other, the richest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from fictures_reports.readers.attempts_across_files import rows_of
from fictures_reports.readers.branches import SAME_TESTS, has_file_per_attempt, path_of
from fictures_reports.readers.formats import BY_NAME
from fictures_reports.readers.joined_run_info import first_known_info
from fictures_reports.readers.row_columns import duration_of
from fictures_reports.readers.rows import Reading, Row, RunInfo, case_id
from fictures_reports.readers.variants import name_parts

#: Two views of the same tests are of one run if so many ended alike, and of those that took time
#: so many took the same. (Formats round differently, and some leave set-up out.)
_ENDED_ALIKE: Final = 0.9
_TOOK_THE_SAME: Final = 0.3
#: Two durations are the same if they are as close as this: seconds, or a share of one of them.
_CLOSE_S: Final = 0.002
_CLOSE_SHARE: Final = 0.01
#: How poorer formats write statuses that they do not know.
_COARSE: Final = {
    "flaky": "passed", "xpassed": "passed", "xfailed": "skipped", "not_run": "skipped",
    "interrupted": "skipped",
}  # fmt: skip
#: By case: its status, and its duration in seconds.
Cases = dict[str, tuple[str, float | None]]


class _View(msgspec.Struct):
    """What files of one format together tell of the run; at first it is that of one file."""

    readings: list[Reading]
    cases: Cases

    @property
    def format(self) -> str:
        return self.readings[0].entry.format

    @property
    def name(self) -> str:
        return self.readings[0].entry.file

    @property
    def richness(self) -> int:
        form = BY_NAME.get(self.format)
        return form.richness if form else 0


def merge(readings: Sequence[Reading]) -> list[Reading]:
    """Pick the readings that make up the run; the ledger says what was left out and why.

    Their order follows from their content, so that renamed files give the same run. Raises
    `SeveralRuns` where files of one format hold the same tests and are no parts of one run.
    """
    name_parts(readings)
    files = [_View([reading], _cases(reading)) for reading in readings]
    first_case = {id(file.readings[0]): min(file.cases, default="") for file in files}
    taken = [reading for view in _taken(_by_format(files)) for reading in view.readings]
    return sorted(taken, key=lambda reading: first_case[id(reading)])


def _cases(reading: Reading) -> Cases:
    return {case_id(row): (row.status, duration_of(row)) for row in rows_of(reading)}


def _by_format(files: Sequence[_View]) -> list[_View]:
    """Put the files of a format together, the richest format and the largest file first."""
    views: dict[str, _View] = {}
    for file in sorted(files, key=lambda file: (-file.richness, -len(file.cases))):
        view = views.get(file.format)
        if view is None:
            views[file.format] = _View(file.readings, dict(file.cases))
        elif _is_part(file, view):
            view.readings = [*view.readings, *file.readings]
            view.cases.update(file.cases)
        else:
            _leave_out(file, view, is_same_run=_are_of_one_run(file, view))
    return list(views.values())


def _is_part(file: _View, view: _View) -> bool:
    """Tell a further part of a run from a file that holds its tests once more.

    Another shard holds other tests, another browser or machine ran the same ones at the same time.
    """
    if not _hold_the_same_tests(file, view):
        return True
    return _is_one_of_a_folder(file, view) or _ran_beside(file, view)


def _hold_the_same_tests(view_a: _View, view_b: _View) -> bool:
    n_common = len(view_a.cases.keys() & view_b.cases.keys())
    smaller = min(len(view_a.cases), len(view_b.cases))
    return bool(smaller) and n_common / smaller > SAME_TESTS


def _is_one_of_a_folder(file: _View, view: _View) -> bool:
    """Tell a second test of one id, in a folder with a file for each test, from a copied folder."""
    if not has_file_per_attempt(file.readings[0]):
        return False
    folder = path_of(file.readings[0])[:-1]
    return any(path_of(member)[:-1] == folder for member in view.readings)


def _ran_beside(file: _View, view: _View) -> bool:
    """Tell whether a file's tests ran while those of the view did, and ended otherwise."""
    span, others = _span(file.readings[0].info), (_span(member.info) for member in view.readings)
    at_once = span is not None and any(
        other is not None and span[0] < other[1] and other[0] < span[1] for other in others
    )
    return at_once and not _are_of_one_run(file, view)


def _span(info: RunInfo) -> tuple[float, float] | None:
    """Return from when to when a run went, in epoch seconds."""
    if info.started_at is None or not info.duration_s:
        return None
    return info.started_at, info.started_at + info.duration_s


def _taken(views: Sequence[_View]) -> list[_View]:
    """Leave out the views whose tests a richer one has, which gets what only they tell."""
    taken: list[_View] = []
    for view in views:
        richer = next((other for other in taken if _hold_the_same_tests(other, view)), None)
        if richer is None:
            taken.append(view)
            continue
        is_same_run = _are_of_one_run(view, richer)
        _leave_out(view, richer, is_same_run=is_same_run)
        if is_same_run:
            _fill_in(richer.readings, view.readings)
    return taken


def _are_of_one_run(view_a: _View, view_b: _View) -> bool:
    """Tell whether two views of the same tests are of one run, by outcomes and durations."""
    names = view_a.cases.keys() & view_b.cases.keys()
    n_alike = n_timed = n_same = 0
    for name in names:
        (status_a, time_a), (status_b, time_b) = view_a.cases[name], view_b.cases[name]
        n_alike += _coarse(status_a) == _coarse(status_b)
        if time_a and time_b:
            n_timed += 1
            n_same += abs(time_a - time_b) <= max(_CLOSE_S, _CLOSE_SHARE * time_b)
    return n_alike >= _ENDED_ALIKE * len(names) and n_same >= _TOOK_THE_SAME * n_timed


def _coarse(status: str) -> str:
    return _COARSE.get(status, status)


def _leave_out(view: _View, richer: _View, *, is_same_run: bool) -> None:
    """Say in the ledger why the rows of a view are not in the run."""
    n_common = len(view.cases.keys() & richer.cases.keys())
    for reading in view.readings:
        entry, n_rows = reading.entry, reading.entry.read
        entry.read = entry.salvaged = 0
        if is_same_run:
            entry.repeated = n_rows
            entry.doubts = [_repetition(view, richer)]
        else:
            entry.refused = (
                f"holds another run of {n_common} tests that {richer.name} holds"
                " (outcomes or durations differ); read it on its own"
            )


def _repetition(view: _View, richer: _View) -> str:
    if view.format == richer.format:
        return f"same results as {richer.name}"
    return f"same run as {richer.name}, which tells more"


def _fill_in(richer: Sequence[Reading], poorer: Sequence[Reading]) -> None:
    """Take over what only the poorer format has: phases, a blob's steps, and run facts."""
    poorer_rows = {case_id(row): row for reading in poorer for row in rows_of(reading)}
    infos = [reading.info for reading in poorer]
    for reading in richer:
        for row in rows_of(reading):
            if poorer_row := poorer_rows.get(case_id(row)):
                _fill_in_row(row, poorer_row)
        reading.info = first_known_info([reading.info, *infos])


def _fill_in_row(richer: Row, poorer: Row) -> None:
    for attempt, its_poorer in zip(richer.attempts, poorer.attempts, strict=False):
        attempt.extra = attempt.extra or its_poorer.extra
        for error, also in zip(attempt.errors, its_poorer.errors, strict=False):
            error.phase = error.phase or also.phase
