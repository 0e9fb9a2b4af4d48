"""Plain cases of a large piece of a file at once, as Arrow columns.

As a rule all are written alike, which leaves a few questions to ask of all of them together. Those
written otherwise are for the parser, even if `plain_cases` would find them plain; values may be any
that stand in the bytes as they are meant, numbers or not.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from fictures_reports.readers.passes import LONGEST_S, Passes, above, line_of
from fictures_reports.readers.plain_cases import CASE, NAMES, Block

if TYPE_CHECKING:
    import pyarrow as pa  # type: ignore[import-untyped]

#: Cases that show how the others are written.
_SHOWN = 20
#: Attributes that may be there without a value.
_MAY_BE_EMPTY = ("classname", "name")


class Run(NamedTuple):
    """Plain cases with no more than blanks between them: bytes and cases, up to the next after."""

    start: int
    stop: int
    first: int
    last: int


def found_in(data: bytes) -> tuple[list[pa.Array[Any]], list[Run]]:
    """Find the plain cases of a piece that ends where a tag begins.

    Gives class names, files, lines, names and times, "" where a case has none, and the runs.
    """
    import numpy as np
    import pyarrow as pa

    # what stands around the quotes: '<testcase classname=', ' name=', … ' />'
    shown = Counter(tuple(case[0].split(b'"')[::2]) for case in islice(CASE.finditer(data), _SHOWN))
    if not shown:
        return [pa.array([], pa.large_string())] * len(NAMES), []
    (((head, *between, end), _),) = shown.most_common(1)
    names = [word[:-1].rpartition(b" ")[2].decode() for word in (head, *between)]

    read = np.frombuffer(data, "u1")
    quotes, tags = np.flatnonzero(read == ord('"')), np.flatnonzero(read == ord("<"))
    # all that is not printable ASCII: blanks that the parser would read otherwise, other alphabets
    foreign = np.flatnonzero((read - ord(" ") > ord("~") - ord(" ")) | (read == ord("&")))
    next_tags = np.append(tags[1:], len(data))
    alike = _stands(data, tags, head + b'"')
    starts, next_tags = tags[alike], next_tags[alike]
    first = np.searchsorted(quotes, starts)
    whole = first + 2 * len(names) <= len(quotes)
    starts, next_tags, first = starts[whole], next_tags[whole], first[whole]
    at = [quotes[first + i] for i in range(2 * len(names))]
    last = at[-1]
    plain = _stands(data, last, b'"' + end) & (last < next_tags)
    plain &= np.searchsorted(foreign, starts) == np.searchsorted(foreign, last)
    for i, word in enumerate(between):
        plain &= _stands(data, at[2 * i + 1], b'"' + word + b'"')
    for name, opening, closing in zip(names, at[::2], at[1::2], strict=True):
        if name not in _MAY_BE_EMPTY:
            plain &= closing - opening > 1

    starts, stops, first = starts[plain], last[plain] + 1 + len(end), first[plain]
    runs = _runs(data, starts, stops)
    # quotes and what stands between them: no byte is copied
    offsets = np.column_stack((quotes, quotes + 1)).ravel()
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(data)]
    words = pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
    told = {n: words.take(pa.array(2 * (first + 2 * i) + 1)) for i, n in enumerate(names)}
    none = pa.repeat(pa.scalar("", pa.large_string()), len(starts))
    return [told.get(name, none) for name in NAMES], runs


def _stands(data: bytes, places: Any, text: bytes) -> Any:
    """Tell of each place whether a text stands there."""
    import numpy as np

    n_places = len(data) - len(text) + 1
    if n_places <= 0:
        return np.zeros(len(places), dtype=bool)
    texts = np.ndarray((n_places,), f"S{len(text)}", data, strides=(1,))
    return (places < n_places) & (texts[np.minimum(places, n_places - 1)] == text)


def _runs(data: bytes, starts: Any, stops: Any) -> list[Run]:
    import numpy as np

    if not len(starts):
        return []
    gaps = starts[1:] - stops[:-1]
    joined = gaps == 0
    blank = data[stops[0] : starts[min(1, len(starts) - 1)]]
    if blank and not blank.strip(b"\t\n\r "):
        joined |= (gaps == len(blank)) & _stands(data, stops[:-1], blank)
    for i in np.flatnonzero(~joined).tolist():  # what is left: other cases, text, other blanks
        joined[i] = not data[stops[i] : starts[i + 1]].strip(b"\t\n\r ")
    cuts = np.flatnonzero(~joined) + 1
    firsts, lasts = [0, *cuts.tolist()], [*cuts.tolist(), len(starts)]
    bounds = starts[firsts].tolist(), stops[np.array(lasts) - 1].tolist()
    return list(map(Run, *bounds, firsts, lasts))


def large_passes_of(
    block: Block,
    source: str,
    place: Callable[[str, str | None], tuple[str, str, bool]],
    plain_title: Callable[[str], str],
) -> tuple[Passes, list[int]]:
    """Do what `passes.passes_of` does with lists; name the odd, each of which needs a look."""
    import numpy as np
    import pyarrow as pa

    classnames, files, numbers, titles, times = block.columns
    durations, odd = _durations(times)
    # no value holds a quote
    whole = _joined(classnames, files, '"') if _has_text(files) else classnames
    names = whole.dictionary_encode()
    pairs = [name.partition('"')[::2] for name in names.dictionary.to_pylist()]
    places = [place(*pair) for pair in pairs]
    unsure = [not pair[0] or not sure for pair, (_, _, sure) in zip(pairs, places, strict=True)]
    odd |= np.array(unsure)[names.indices]
    if b"#x" in titles.buffers()[2].to_pybytes():  # of one title, or where two meet
        titles = pa.array(list(map(plain_title, titles.to_pylist())), pa.large_string())

    def spread(values: list[str]) -> pa.Array[Any]:
        return pa.array(values, pa.large_string()).take(names.indices)

    paths = spread([above(file, suite) for file, suite, _ in places])
    passes = Passes(
        source,
        spread([file for file, _, _ in places]),
        _lines(numbers),
        spread([suite for _, suite, _ in places]),
        titles,
        _joined(paths, titles, ""),
        durations,
        dict(zip(block.edges, titles.take(pa.array(block.edges)).to_pylist(), strict=True)),
    )
    return passes, np.flatnonzero(odd).tolist()


def _joined(one: pa.Array[Any], other: pa.Array[Any], between: str) -> pa.Array[Any]:
    import pyarrow as pa
    import pyarrow.compute as pc  # type: ignore[import-untyped]

    return pc.binary_join_element_wise(one, other, pa.scalar(between, pa.large_string()))


def _durations(times: pa.Array[Any]) -> tuple[pa.Array[Any], Any]:
    """Read durations, and tell which are odd."""
    import pyarrow as pa

    try:
        values = times.cast(pa.float64())
    except pa.ArrowInvalid:
        values = pa.array(list(map(_duration, times.to_pylist())), pa.float64())
    read = values.to_numpy()
    return values, ~((read >= 0.0) & (read < LONGEST_S))  # what is no number is neither


def _duration(text: str) -> float:
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def _lines(numbers: pa.Array[Any]) -> pa.Array[Any]:
    """Read line numbers, as `passes.line_of` does."""
    import pyarrow as pa

    if not _has_text(numbers):
        return pa.nulls(len(numbers), pa.int64())
    return pa.array(list(map(line_of, numbers.to_pylist())), pa.int64())


def _has_text(texts: pa.Array[Any]) -> bool:
    """Tell whether any of the texts says anything."""
    import pyarrow.compute as pc

    return bool(pc.any(pc.not_equal(texts, "")).as_py())
