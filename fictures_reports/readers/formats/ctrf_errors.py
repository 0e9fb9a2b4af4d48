"""Errors of a run in CTRF, which has no place of its own for them: they stand in `extra`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from fictures_reports.readers.rows import ErrorPlace
from fictures_reports.readers.text.clean import clean, with_slashes
from fictures_reports.readers.text.error_places import place_of

_LISTS: Final = ("errors", "globalErrors", "runErrors", "collectionErrors", "collection_errors")
_TEXTS: Final = ("message", "error", "trace", "stack")
_FILES: Final = ("file", "filePath", "nodeid")


def errors_in(*extras: Any, ran: bool) -> dict[str, ErrorPlace]:
    """Return what lists of errors in `extra` say, each with where it came from.

    An error is a text or an object with a message; `ran` says whether any test ran.
    """
    found: dict[str, ErrorPlace] = {}
    for name, error in _listed(extras):
        fields = error if isinstance(error, dict) else {"message": error}
        text = clean(_first(fields, _TEXTS)).strip()
        file = clean(with_slashes(_first(fields, _FILES)))
        if not text:
            continue
        if name.startswith("collection"):
            found[text] = ErrorPlace("collection", file)
        else:
            stack = with_slashes(_first(fields, ("stack", "trace")))
            found[text] = place_of(text, ran=ran, stack=stack, file=file)
    return found


def _listed(extras: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    for extra in extras:
        for name in _LISTS if isinstance(extra, dict) else ():
            errors = extra.get(name)
            for error in errors if isinstance(errors, list) else ():
                yield name, error


def _first(fields: dict[str, Any], names: tuple[str, ...]) -> str:
    texts = (fields.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text), "")
