"""The collector of cycles, out of the way of a command; a library call never touches it."""

from __future__ import annotations

import atexit
import gc


def off() -> None:
    """Switch the collector off for a process that ends soon, and its last round, too."""
    gc.disable()
    atexit.register(gc.freeze)
