"""Where a command's words go: answers to stdout or a file, all else to stderr."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from errno import EPIPE
from typing import TYPE_CHECKING, TextIO

from fictures_reports.errors import RenderError

if TYPE_CHECKING:
    from pathlib import Path


def use_utf8() -> None:
    """Print UTF-8 whatever the console's code page is; what is no character prints as `\\udcff`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def write(text: str, output: Path | None) -> None:
    """Write an answer to a file, or to stdout; raises `RenderError` if that is not possible."""
    if output is None:
        _to_stdout(text)
        return
    from fictures_reports import safe_write

    safe_write.write(text, output)


def print_text(text: str) -> None:
    """Print an answer that is for people, without what a terminal would take for a command."""
    from fictures_reports.report.terminal_text import printable

    _to_stdout(printable(text))


def say(text: str) -> None:
    """Say something on stderr, on one line; where nobody listens, nothing happens."""
    from fictures_reports.report.terminal_text import printable

    to_stderr(f"fictures-reports: {' '.join(printable(text).splitlines())}\n")


def to_stderr(text: str) -> None:
    """Print on stderr as it is; where nobody listens, nothing happens."""
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(text)
            sys.stderr.flush()


def flush() -> None:
    """Bring what was printed to its reader; raises `RenderError` if that is not possible."""
    _to_stdout("")


def give_up_broken() -> None:
    """Drop what a broken stream still holds: on its way out Python would complain about it."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            _lead_nowhere(stream)


def _to_stdout(text: str) -> None:
    if sys.stdout is None:
        if text:
            raise RenderError("standard output is closed: name a file with -o")
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        why = "its reader went away" if error.errno == EPIPE else error.strerror or error
        raise RenderError(f"standard output cannot be written: {why}") from error


def _lead_nowhere(stream: TextIO) -> None:
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
