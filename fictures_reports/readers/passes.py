"""Passes without a word: most results are such, so they stay tuples and become columns at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any, cast

from fictures_reports.readers.columns import BATCH, Block, columns_of
from fictures_reports.readers.rows import Attempt, Row

if TYPE_CHECKING:
    from fictures_reports.readers.plain_cases import Columns

#: File, suite, and what stands before the title in a case's id.
Place = tuple[str, str, str]
#: Title, place, duration, line.
Pass = tuple[str, Place, float, int | None]
Entry = Row | Pass
#: seconds; a longer duration is looked at by itself
_LONGEST_S = 1e9


class Entries:
    """The results of a file, batch by batch: as rows where one iterates, else as columns."""

    def __init__(self, batches: Iterator[list[Entry]], source: str) -> None:
        self.batches, self.source = batches, source

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows once."""
        for batch in self.batches:
            for entry in batch:
                yield row_of(entry, self.source) if type(entry) is tuple else cast("Row", entry)

    def columns(self) -> Iterator[dict[str, Sequence[Any]]]:
        """Go through the columns once, in batches of `BATCH`."""
        waiting: list[Entry] = []
        for batch in self.batches:
            waiting += batch
            while len(waiting) >= BATCH:
                yield columns_of_entries(waiting[:BATCH], self.source)
                waiting = waiting[BATCH:]
        if waiting:
            yield columns_of_entries(waiting, self.source)

    def block(self) -> Block | list[Row]:
        """Take everything at once."""
        entries = [entry for batch in self.batches for entry in batch]
        if not entries:
            return []
        return Block({k: list(v) for k, v in columns_of_entries(entries, self.source).items()})


def row_of(one: Entry, source: str) -> Row:
    """Make the row of a pass."""
    title, (file, suite, _), duration, line = cast("Pass", one)
    attempts = [Attempt("passed", None, duration)]
    return Row(file, title, "passed", "", line, suite, [], attempts, source=source)


def passes_of(
    cases: Columns,
    place: Callable[[str, str | None], tuple[str, str, bool]],
    plain_title: Callable[[str], str],
) -> list[Pass] | None:
    """Read test cases without children; None where one is odd, so that each needs a look.

    What is done once for all of them takes a tenth of the time.
    """
    classnames, files, numbers, titles, times = cases
    names = list(zip(classnames, files, strict=True))
    places = {name: place(*name) for name in set(names)}
    durations = _durations(times)
    if durations is None or not all(name[0] and places[name][2] for name in places):
        return None
    whole = "".join(titles)
    if not (whole.isascii() and whole.isprintable()) or "#x" in whole:
        titles = [plain_title(title) for title in titles]
    told = {name: (file, suite, _above(file, suite)) for name, (file, suite, _) in places.items()}
    lines = map(line_of, numbers) if any(numbers) else repeat(None)
    return list(zip(titles, map(told.__getitem__, names), durations, lines, strict=False))


def line_of(text: str) -> int | None:
    """Read a line number, which pytest counts from 0."""
    return int(text) + 1 if text.isdecimal() and len(text) < 9 else None


def _above(file: str, suite: str) -> str:
    """What stands before the title in a case's id; see `rows.case_id`."""
    return "".join(f"{part} › " for part in (file, suite) if part)


def _durations(times: Sequence[str]) -> list[float] | None:
    try:
        values = list(map(float, times))
    except ValueError:
        return None
    sound = min(values, default=0.0) >= 0 and max(values, default=0.0) < _LONGEST_S
    sound = sound and "_" not in "".join(times)  # Python reads 1_0 as 10
    return values if sound and math.isfinite(math.fsum(values)) else None


def columns_of_entries(entries: Sequence[Entry], source: str) -> dict[str, Sequence[Any]]:
    """Derive the columns of results, one list each, in their order."""
    at = [n for n, entry in enumerate(entries) if type(entry) is not tuple]
    rows = cast("list[Row]", [entries[n] for n in at])
    if len(rows) == len(entries):
        return columns_of(rows)
    passes = list(entries)
    for n in at:
        passes[n] = _PLACEHOLDER
    columns = _columns_of(cast("list[Pass]", passes), source)
    for name, values in columns_of(rows).items() if rows else ():
        column = columns[name]
        for n, value in zip(at, values, strict=True):
            column[n] = value
    return cast("dict[str, Sequence[Any]]", columns)


_PLACEHOLDER: Pass = ("", ("", "", ""), 0.0, None)
#: What all passes without a word have in common.
_SAME: dict[str, Any] = {
    "project": "", "status": "passed", "expected_status": None, "shard": None,
    "skip_reason": None, "phase": None, "message": None, "error_type": None, "location": None,
    "snippet": None, "n_attempts": 1, "started_at": None, "worker": None, "stdout": None,
    "stderr": None,
}  # fmt: skip


#: Lists for each row: somebody may add to one of them.
_EMPTY = ("tags", "annotations", "attachments")


def _columns_of(passes: Sequence[Pass], source: str) -> dict[str, list[Any]]:
    titles, places, durations, lines = zip(*passes, strict=True)
    n = len(passes)
    return {
        **{name: [value] * n for name, value in _SAME.items()},
        **{name: [[] for _ in range(n)] for name in _EMPTY},
        "source": [source] * n,
        "file": [file for file, _, _ in places],
        "line": list(lines),
        "suite": [suite for _, suite, _ in places],
        "title": list(titles),
        "case_id": [above + title for (_, _, above), title in zip(places, titles, strict=True)],
        "duration_s": list(durations),
        "attempts": [[{"status": "passed", "duration_s": duration}] for duration in durations],
    }
