"""Let one caller at a time do what touches the whole process."""

from __future__ import annotations

from functools import wraps
from threading import RLock
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

# IPython keeps one shell for a process, and its stdout, hooks and warnings are one for all
# threads. Re-entrant: a cell of a report may render another report.
_LOCK: Final = RLock()


def one_at_a_time(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a function: calls of all that are marked wait for each other, whatever their thread."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _LOCK:
            return function(*args, **kwargs)

    return alone
