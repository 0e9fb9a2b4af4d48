"""What public functions refuse: wrong types, and frames without the columns that they need."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from fictures_reports.errors import SchemaError, did_you_mean

P = ParamSpec("P")
T = TypeVar("T")
_LONGEST = 60


def refuse(found: Any, name: str, expected: str) -> SchemaError:
    """Return the error about an argument that is not what it must be.

    >>> refuse(3, "before", "a run, such as read_run gives")
    SchemaError('before is 3, expected a run, such as read_run gives')
    """
    return SchemaError(f"{name} is {_shown(found)}, expected {expected}")


def path_of(found: Any, name: str) -> Path:
    """Return a path; raise `SchemaError` for what is none."""
    if not isinstance(found, str | Path) or str(found) == "":
        raise refuse(found, name, "a path, such as 'report.html'")
    return Path(found)


def texts(found: Any, name: str, example: str) -> list[str]:
    """Return one text or several as a list; raise `SchemaError` for anything else."""
    several = [found] if isinstance(found, str) else found
    if not isinstance(several, Sequence) or not all(isinstance(text, str) for text in several):
        raise refuse(found, name, f"a text such as {example!r}, or a list of these")
    return list(several)


def text_or_none(**given: Any) -> None:
    """Raise `SchemaError` for an argument that is neither a text nor None."""
    for name, found in given.items():
        if found is not None and not isinstance(found, str):
            raise refuse(found, name, "a text")


def share_or_none(found: Any, name: str) -> None:
    """Raise `SchemaError` for what is neither a share from 0 to 1 nor None."""
    number = isinstance(found, int | float) and not isinstance(found, bool)
    if found is not None and not (number and 0 <= found <= 1):
        raise refuse(found, name, "a share from 0 to 1, such as 0.857")


def one_of(found: Any, name: str, known: Collection[str]) -> None:
    """Raise `SchemaError` for what is none of the words that are known."""
    if found not in known:
        raise refuse(found, name, f"one of {', '.join(map(repr, known))}")


def need_options(given: Collection[str], known: Collection[str], of: str) -> None:
    """Raise `SchemaError` for an option that there is not; `of` says whose they are."""
    for name in given:
        if name not in known:
            raise SchemaError(f"{of} has no option {name!r}{did_you_mean(name, sorted(known))}")


def need_columns(frame: Any, needed: Iterable[str], name: str, source: str) -> None:
    """Raise `SchemaError` for what is no frame, or lacks columns; `source` says what has them."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise refuse(frame, name, f"a frame, such as {source} gives")
    if missing := [column for column in needed if column not in frame.columns]:
        raise SchemaError(
            f"{name} lacks the columns {', '.join(missing)}; {source} gives a frame that has them"
        )


def needs(source: str, *columns: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Refuse a first argument that is no frame with these columns; `source` says what gives one."""

    def guarded(function: Callable[P, T]) -> Callable[P, T]:
        name = function.__code__.co_varnames[0]

        @wraps(function)
        def call(*arguments: P.args, **named: P.kwargs) -> T:
            need_columns(arguments[0] if arguments else named.get(name), columns, name, source)
            return function(*arguments, **named)

        return call

    return guarded


def _shown(found: Any) -> str:
    kind = type(found).__name__
    if found is None or isinstance(found, str | int | float | list | tuple | dict):
        text = repr(found)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    return f"a {kind}"
