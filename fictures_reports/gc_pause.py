"""The collector of cycles, out of the way where millions of objects are made that have none."""

from __future__ import annotations

import atexit
import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: so many new objects that visiting them once more takes longer than it is worth
_MANY = 100_000
#: Python 3.12 freezes some hundred by itself when it starts; a program that freezes, many more
_FROZEN_AT_START = 1000


@contextmanager
def paused() -> Iterator[None]:
    """Switch the collector off meanwhile; of many objects made, none is visited afterwards."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            if gc.get_count()[0] >= _MANY and gc.get_freeze_count() < _FROZEN_AT_START:
                gc.freeze()  # there and back makes all of them old at once, without a visit
                gc.unfreeze()
            gc.enable()


def off() -> None:
    """Switch the collector off for a process that ends soon, and its last round, too."""
    gc.disable()
    atexit.register(gc.freeze)
