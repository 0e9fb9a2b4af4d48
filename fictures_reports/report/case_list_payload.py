"""Cases as columns of JSON: a value that many share stands once, what all lack is left out."""

from __future__ import annotations

import base64
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

#: What a reader can narrow the list by.
FACETS: Final = (
    "status", "before", "change", "category", "category_before", "file", "project", "variant",
    "standing",
)  # fmt: skip
#: Characters of JSON that stand in the page as they are; more are compressed.
MOST_PLAIN: Final = 200_000
#: Each value stands once and is referred to by its place.
_SHARED: Final = (*FACETS, "suite", "tags", "strip", "cause")
_NUMBERS: Final = (
    "line", "seconds", "seconds_before", "worker", "worker_before", "shard", "shard_before",
)  # fmt: skip
#: What few cases have: a place for each that has it.
_SPARSE: Final = {
    "whys": ("why", "why_before"), "tries": ("tries", "tries_before"),
    "excerpts": ("excerpt", "excerpt_before"),
}  # fmt: skip


def packed(rows: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> str:
    """Write rows as JSON that can stand in a page's script element, with what is said of them."""
    facets: dict[str, list[Any]] = {}
    columns: dict[str, Any] = {}
    for name in _SHARED:
        facets[name], places = _places([row[name] for row in rows])
        if len(facets[name]) > 1:
            columns[name] = places
    columns["title"] = [row["title"] for row in rows]
    columns["id"] = [row["id"][5:] for row in rows]
    tests, places = _places([row["test"] for row in rows])
    # which rows are one test in several projects or variants
    if len(tests) < len(rows):
        columns["test"] = places
    for name in _NUMBERS:
        values = [row[name] for row in rows]
        if any(value is not None for value in values):
            columns[name] = values
    shared: dict[str, list[Any]] = {}
    for values_name, names in _SPARSE.items():
        has = [(name, i, row[name]) for name in names for i, row in enumerate(rows) if row[name]]
        shared[values_name], places = _places([value for _, _, value in has])
        for name in names:
            columns[name] = {}
        for (name, i, _), place in zip(has, places, strict=True):
            columns[name][i] = place
    document = {"facets": facets, "shared": shared, "columns": columns, **facts}
    text = json.dumps(document, separators=(",", ":"))
    if len(text) > MOST_PLAIN:
        text = json.dumps(_deflated(text))
    return text.replace("<", "\\u003c")


def _deflated(text: str) -> str:
    """Compress a text as the browser's "deflate-raw" reads it, in base64."""
    # The default level makes it 1 % smaller and takes twice as long.
    compressor = zlib.compressobj(level=5, wbits=-zlib.MAX_WBITS)
    return base64.b64encode(compressor.compress(text.encode()) + compressor.flush()).decode()


def document_of(text: str) -> dict[str, Any]:
    """Return the JSON object that `packed` wrote, compressed or not."""
    found = json.loads(text)
    if isinstance(found, str):
        found = json.loads(zlib.decompress(base64.b64decode(found), wbits=-zlib.MAX_WBITS))
    return dict(found)


def unpacked(text: str, most: int) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the first `most` rows that `packed` wrote, and what it was to say of them."""
    document = document_of(text)
    facets, shared, columns = (document.pop(name) for name in ("facets", "shared", "columns"))
    rows = []
    for i in range(min(len(columns["title"]), most)):
        row = {name: columns[name][i] if name in columns else None for name in _NUMBERS}
        row |= {name: facets[name][columns[name][i] if name in columns else 0] for name in facets}
        for values_name, names in _SPARSE.items():
            places = {name: columns[name].get(str(i)) for name in names}
            row |= {n: "" if p is None else shared[values_name][p] for n, p in places.items()}
        rows.append(row | {"title": columns["title"][i], "id": f"case-{columns['id'][i]}"})
    return rows, document


def _places(values: Sequence[Hashable]) -> tuple[list[Any], list[int]]:
    """Return the distinct values, and for each value its place among them."""
    places = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return list(places), [places[value] for value in values]
