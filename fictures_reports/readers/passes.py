"""Passes without a word: most results are such, so they stay tuples and become columns at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count, repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from fictures_reports.readers.columns import BATCH, Block, columns_of
from fictures_reports.readers.rows import Attempt, Row

if TYPE_CHECKING:
    from fictures_reports.readers.plain_cases import Cells

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
    cases: Sequence[Cells],
    place: Callable[[str, str | None], tuple[str, str, bool]],
    plain_title: Callable[[str], str],
) -> list[Pass] | None:
    """Read test cases without children; None where one is odd, so that each needs a look.

    What is done once for all of them takes a tenth of the time.
    """
    if not cases:
        return []
    classnames, files, numbers, titles, times = zip(*cases, strict=True)
    names = list(zip(classnames, files, strict=True))
    places = {name: place(*name) for name in set(names)}
    durations = _durations(times)
    if durations is None or not all(name[0] and places[name][2] for name in places):
        return None
    whole = "".join(titles)
    if not (whole.isascii() and whole.isprintable()) or "#x" in whole:
        titles = tuple(plain_title(title) for title in titles)
    told = {name: (file, suite, _above(file, suite)) for name, (file, suite, _) in places.items()}
    lines = map(line_of, numbers) if any(numbers) else repeat(None)
    return list(zip(titles, map(told.__getitem__, names), durations, lines, strict=False))


def line_of(text: str) -> int | None:
    """Read a line number, which pytest counts from 0."""
    return int(text) + 1 if text.isdigit() and len(text) < 9 else None


def _above(file: str, suite: str) -> str:
    """What stands before the title in a case's id; see `rows.case_id`."""
    return "".join(f"{part} › " for part in (file, suite) if part)


def _durations(times: Sequence[str]) -> list[float] | None:
    try:
        values = list(map(float, times))
    except ValueError:
        return None
    sound = min(values) >= 0 and max(values) < _LONGEST_S
    return values if sound and math.isfinite(math.fsum(values)) else None


def columns_of_entries(entries: Sequence[Entry], source: str) -> dict[str, Sequence[Any]]:
    """Derive the columns of results, one list each, in their order."""
    passes = [entry for entry in entries if type(entry) is tuple]
    rows = [entry for entry in entries if type(entry) is not tuple]
    if not passes:
        return columns_of(cast("list[Row]", rows))
    known, same = _columns_of(passes), {**_SAME, "source": source}
    n = len(entries)
    if not rows:
        return known | {name: [value] * n for name, value in same.items()} | _empty(n)
    told = columns_of(cast("list[Row]", rows))
    at_pass, at_row = count(), count(len(passes))
    order = [next(at_pass) if type(entry) is tuple else next(at_row) for entry in entries]
    in_order = itemgetter(*order)
    for name, value in same.items():
        if told[name].count(value) == len(rows):
            known[name] = told[name] = ()
        else:
            known[name] = [value] * len(passes)
    known |= _empty(len(passes))
    return {
        name: in_order([*known[name], *values]) if values else [same[name]] * n
        for name, values in told.items()
    }


#: What all passes without a word have in common.
_SAME: dict[str, Any] = {
    "project": "", "status": "passed", "expected_status": None, "shard": None,
    "skip_reason": None, "phase": None, "message": None, "error_type": None, "location": None,
    "snippet": None, "n_attempts": 1, "started_at": None, "worker": None, "stdout": None,
    "stderr": None,
}  # fmt: skip


def _empty(n: int) -> dict[str, Sequence[Any]]:
    """Lists for each row: somebody may add to one of them."""
    return {name: [[] for _ in range(n)] for name in ("tags", "annotations", "attachments")}


def _columns_of(passes: Sequence[Pass]) -> dict[str, Sequence[Any]]:
    titles, places, durations, lines = zip(*passes, strict=True)
    return {
        "file": [file for file, _, _ in places],
        "line": lines,
        "suite": [suite for _, suite, _ in places],
        "title": titles,
        "case_id": [above + title for (_, _, above), title in zip(places, titles, strict=True)],
        "duration_s": durations,
        "attempts": [[{"status": "passed", "duration_s": duration}] for duration in durations],
    }
