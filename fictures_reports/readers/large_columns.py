"""Columns of results of which many are Arrow arrays already: gathered instead of listed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fictures_reports.readers.passes import Entry, Span
from fictures_reports.readers.pieces import DTYPES, array_of

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]


def gathered(
    entries: Sequence[Entry], told: Mapping[str, Sequence[Any]]
) -> tuple[list[int], dict[str, pa.Array[Any]]]:
    """Tell where the rows among entries stand, and put columns together, in the entries' order.

    `told` are these columns of the rows, in the order that `Passes` has them.
    """
    import numpy as np
    import pyarrow as pa

    n_rows = len(next(iter(told.values())))
    used = _used(entries)
    bases, n_pooled = {}, n_rows
    for passes, start, stop in used:
        bases[id(passes)] = n_pooled - start
        n_pooled += stop - start
    # which places of rows and passes, one behind the other, an entry takes: the first, how many
    rows = iter(range(n_rows))
    places = [
        (bases[id(entry.passes)] + entry.start, entry.stop - entry.start)
        if isinstance(entry, Span)
        else (next(rows), 1)
        for entry in entries
    ]
    starts, lengths = np.array(places, dtype="int64").T
    before = np.cumsum(lengths) - lengths
    taken = pa.array(np.repeat(starts - before, lengths) + np.arange(lengths.sum()))
    columns = {}
    for i, (name, own) in enumerate(told.items()):
        if i == 0 and len(sources := {*own, *(span.passes.source for span in used)}) == 1:
            columns[name] = pa.repeat(pa.scalar(sources.pop(), pa.large_string()), len(taken))
            continue
        pooled = [array_of(own, DTYPES[name]), *(_column(span, i, name) for span in used)]
        columns[name] = pa.concat_arrays(pooled).take(taken)
    return before[starts < n_rows].tolist(), columns


def _used(entries: Sequence[Entry]) -> list[Span]:
    """Tell which of their passes the entries lie in, one span for each."""
    spans: dict[int, list[Span]] = {}
    for entry in entries:
        if isinstance(entry, Span):
            spans.setdefault(id(entry.passes), []).append(entry)
    return [
        Span(own[0].passes, min(s.start for s in own), max(s.stop for s in own))
        for own in spans.values()
    ]


def _column(span: Span, i: int, name: str) -> pa.Array[Any]:
    import pyarrow as pa

    values: Any = span.passes[i]
    if isinstance(values, str):
        return pa.repeat(pa.scalar(values, pa.large_string()), span.stop - span.start)
    cut = values[span.start : span.stop]
    return cut if span.passes.is_large else array_of(cut, DTYPES[name])
