"""Passes without a word: most results are such, so they stay columns from the file to the frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fictures_reports.readers.columns import Column, Few, columns_of
from fictures_reports.readers.rows import Attempt, Row, case_id

if TYPE_CHECKING:
    from fictures_reports.readers.plain_cases import Columns

#: seconds; a longer duration is looked at by itself
_LONGEST_S = 1e9


class Passes(NamedTuple):
    """Columns of passes, all of one length; `source` is the file of all of them."""

    source: str
    files: Sequence[str]
    lines: Sequence[int | None]
    suites: Sequence[str]
    titles: Sequence[str]
    ids: Sequence[str]
    #: seconds
    durations: Sequence[float]


class Span(NamedTuple):
    """Some passes in a row."""

    passes: Passes
    start: int
    stop: int

    def rows(self) -> Iterator[Row]:
        """Go through them as rows."""
        source, *columns = self.passes
        cut = (column[self.start : self.stop] for column in columns)
        for file, line, suite, title, _, duration in zip(*cut, strict=True):
            attempts = [Attempt("passed", None, duration)]
            yield Row(file, title, "passed", "", line, suite, [], attempts, source=source)

    def divided(self) -> tuple[Span, Row]:
        """Part the last one from the others."""
        passes, start, stop = self
        (last,) = Span(passes, stop - 1, stop).rows()
        return Span(passes, start, stop - 1), last


#: One result, or several.
Entry = Row | Span


class Entries:
    """The results of a file, batch by batch; iterating makes all of them rows."""

    def __init__(self, batches: Iterable[list[Entry]]) -> None:
        self.batches = batches

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows; once only where the batches can be gone through once."""
        for batch in self.batches:
            yield from rows_of(batch)

    def held(self) -> Entries:
        """Take everything at once."""
        return Entries([entries_of(self)])


def rows_of(entries: Iterable[Entry]) -> Iterator[Row]:
    """Go through entries row by row."""
    for entry in entries:
        if isinstance(entry, Span):
            yield from entry.rows()
        else:
            yield entry


def entries_of(rows: Iterable[Row]) -> list[Entry]:
    """Take the results of a file, rows only where they must be."""
    if isinstance(rows, Entries):
        return [entry for batch in rows.batches for entry in batch]
    return list(rows)


def ids_of(entries: Iterable[Entry]) -> list[str]:
    """Name the cases of entries."""
    ids: list[str] = []
    for entry in entries:
        if isinstance(entry, Span):
            ids += entry.passes.ids[entry.start : entry.stop]
        else:
            ids.append(case_id(entry))
    return ids


def n_results(entries: Iterable[Entry]) -> int:
    """Count the results of entries."""
    return sum(e.stop - e.start if type(e) is Span else 1 for e in entries)


def passes_of(
    cases: Columns,
    source: str,
    place: Callable[[str, str | None], tuple[str, str, bool]],
    plain_title: Callable[[str], str],
) -> Passes | None:
    """Read test cases without children; None where one is odd, so that each needs a look.

    What is done once for all of them takes a tenth of the time.
    """
    classnames, files, numbers, titles, times = cases
    names = list(zip(classnames, files, strict=True)) if any(files) else classnames
    pairs = {name: (name, "") if isinstance(name, str) else name for name in set(names)}
    places = {name: place(*pair) for name, pair in pairs.items()}
    durations = _durations(times)
    if durations is None or not all(pairs[name][0] and places[name][2] for name in places):
        return None
    whole = "".join(titles)
    if not (whole.isascii() and whole.isprintable()) or "#x" in whole:
        titles = [plain_title(title) for title in titles]
    above = {name: _above(file, suite) for name, (file, suite, _) in places.items()}
    return Passes(
        source,
        [places[name][0] for name in names],
        list(map(line_of, numbers)) if any(numbers) else [None] * len(titles),
        [places[name][1] for name in names],
        titles,
        [above[name] + title for name, title in zip(names, titles, strict=True)],
        durations,
    )


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


#: What all passes without a word have in common; what is nothing here `pieces` fills in.
_SAME: dict[str, Any] = {
    "project": "", "status": "passed", "expected_status": None, "shard": None,
    "skip_reason": None, "phase": None, "message": None, "error_type": None, "location": None,
    "snippet": None, "n_attempts": 1, "started_at": None, "worker": None, "stdout": None,
    "stderr": None, "tags": [], "annotations": [], "attachments": [], "attempts": [],
}  # fmt: skip


def columns_of_entries(entries: Sequence[Entry]) -> dict[str, Column]:
    """Derive the columns of results, in their order."""
    rows = [entry for entry in entries if isinstance(entry, Row)]
    if len(rows) == len(entries):
        return dict(columns_of(rows))
    told = columns_of(rows) if rows else dict.fromkeys((*_SAME, *_OWN), ())
    at: list[int] = []
    own: dict[str, list[Any]] = {name: [] for name in _OWN}
    sources, *others = own.values()
    for entry in entries:
        if isinstance(entry, Row):
            for name, column in own.items():
                column.append(told[name][len(at)])
            at.append(len(sources) - 1)
        else:
            passes, start, stop = entry
            sources += [passes.source] * (stop - start)
            for column, values in zip(others, passes[1:], strict=True):
                column += values[start:stop]
    shared = {name: Few(same, at, told[name]) for name, same in _SAME.items()}
    return {**own, **shared}


#: Columns in which each pass has a value of its own, as `Passes` has them.
_OWN = ("source", "file", "line", "suite", "title", "case_id", "duration_s")
