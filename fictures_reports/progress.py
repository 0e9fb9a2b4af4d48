"""A line on a terminal that says how far reading has come; nothing anywhere else."""

from __future__ import annotations

import sys
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds before the first line: most runs are read before anybody wonders.
_PATIENCE_S: Final = 1.0


def on_terminal() -> Callable[[int, int, int], None] | None:
    """Return a function of files done, files in all and results so far; None if nobody watches."""
    stream = sys.stderr
    if stream is None or not stream.isatty():
        return None
    began = time.monotonic()

    def show(n_done: int, n_files: int, n_results: int) -> None:
        if time.monotonic() - began < _PATIENCE_S:
            return
        end = "\n" if n_done == n_files else ""
        text = f"\rread {n_done:,} of {n_files:,} files, {n_results:,} results"
        with suppress(OSError):  # a terminal that is gone watches nothing
            stream.write(text + end)
            stream.flush()

    return show
