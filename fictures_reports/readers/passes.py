"""Passes without a word: most results are such, so they stay columns from the file to the frame."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from operator import eq
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from fictures_reports.readers.columns import Column, Few, as_list, columns_of, is_array
from fictures_reports.readers.rows import Attempt, Row, case_id

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

    from fictures_reports.readers.plain_cases import Columns

#: seconds; a longer duration is looked at by itself
LONGEST_S = 1e9


class Passes(NamedTuple):
    """Columns of passes, all of one length; `source` is the file of all of them.

    They are lists, or Arrow arrays of text, int64 and float64 if they come from a large file.
    """

    source: str
    files: Sequence[str] | pa.Array[Any]
    lines: Sequence[int | None] | pa.Array[Any]
    suites: Sequence[str] | pa.Array[Any]
    titles: Sequence[str] | pa.Array[Any]
    ids: Sequence[str] | pa.Array[Any]
    #: seconds
    durations: Sequence[float] | pa.Array[Any]
    #: the titles at the edges of runs, by their places: those are asked for most, and single
    #: ones take long to get out of an array
    known: Mapping[int, str] = MappingProxyType({})

    @property
    def is_large(self) -> bool:
        """Tell whether the columns are Arrow arrays."""
        return is_array(self.titles)

    def title(self, place: int) -> str:
        """Return one title."""
        known = self.known.get(place)
        return str(self.titles[place]) if known is None else known  # a scalar's text is its value


class Span(NamedTuple):
    """Some passes in a row."""

    passes: Passes
    start: int
    stop: int

    def rows(self) -> Iterator[Row]:
        """Go through them as rows."""
        source, *columns, _ = self.passes
        cut = (as_list(column[self.start : self.stop]) for column in columns)
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
            ids += as_list(entry.passes.ids[entry.start : entry.stop])
        else:
            ids.append(case_id(entry))
    return ids


class Names(NamedTuple):
    """The case ids that sort first and last in a file, and whether none of its ids occurs twice."""

    first: str
    last: str
    distinct: bool


def names_of(ids: Sequence[str]) -> Names:
    """Look over the case ids of a file."""
    in_order = sorted(ids) or [""]
    return Names(in_order[0], in_order[-1], len(set(ids)) == len(ids))


def names_of_each(ids: Sequence[str], counts: Sequence[int]) -> Iterator[Names]:
    """Look over the case ids of files, one behind the other, of so many results each."""
    return (
        names_of(ids[stop - n : stop]) for n, stop in zip(counts, accumulate(counts), strict=True)
    )


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
    paths = {name: above(file, suite) for name, (file, suite, _) in places.items()}
    return Passes(
        source,
        [places[name][0] for name in names],
        list(map(line_of, numbers)) if any(numbers) else [None] * len(titles),
        [places[name][1] for name in names],
        titles,
        [paths[name] + title for name, title in zip(names, titles, strict=True)],
        durations,
    )


def line_of(text: str) -> int | None:
    """Read a line number, which pytest counts from 0."""
    return int(text) + 1 if text.isdecimal() and len(text) < 9 else None


def above(file: str, suite: str) -> str:
    """What stands before the title in a case's id; see `rows.case_id`."""
    return "".join(f"{part} › " for part in (file, suite) if part)


def _durations(times: Sequence[str]) -> list[float] | None:
    try:
        values = list(map(float, times))
    except ValueError:
        return None
    sound = min(values, default=0.0) >= 0 and max(values, default=0.0) < LONGEST_S
    sound = sound and "_" not in "".join(times)  # Python reads 1_0 as 10
    return values if sound and math.isfinite(math.fsum(values)) else None


def repeats(values: Sequence[str] | pa.Array[Any]) -> list[int]:
    """Name the places at which the value before stands once more."""
    if not is_array(values):
        return [i for i, same in enumerate(map(eq, values, values[1:]), 1) if same]
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    places: list[int] = pc.add(pc.indices_nonzero(pc.equal(values[:-1], values[1:])), 1).to_pylist()
    return places


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
    at, own = _own_columns(entries, told)
    shared = {name: Few(same, at, told[name]) for name, same in _SAME.items()}
    return {**own, **shared}


def _own_columns(
    entries: Sequence[Entry], told: Mapping[str, Sequence[Any]]
) -> tuple[list[int], dict[str, Any]]:
    """Tell where the rows stand, and lay out the columns that have no value in common."""
    if any(isinstance(entry, Span) and entry.passes.is_large for entry in entries):
        from fictures_reports.readers.large_columns import gathered

        return gathered(entries, {name: told[name] for name in _OWN})
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
            for column, values in zip(others, passes[1:-1], strict=True):
                column += values[start:stop]
    return at, own


#: Columns in which each pass has a value of its own, as `Passes` has them.
_OWN = ("source", "file", "line", "suite", "title", "case_id", "duration_s")
