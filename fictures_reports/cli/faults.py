"""The boundary that every fault ends at: one line on stderr and an exit code.

0 fine · 1 could not do it · 2 a gate failed · 130 stopped by Ctrl-C. Tracebacks are for those who
ask for them, with `--debug` or FICTURES_DEBUG=1.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.cli import output
from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

OK, FAILED, GATE_MISSED, INTERRUPTED = 0, 1, 2, 130
_SWITCH, _VARIABLE = "--debug", "FICTURES_DEBUG"
#: Packages whose errors are about a file or table, not about our code; some know only their own.
_TABLE_PACKAGES: Final = frozenset({"pyarrow", "deltalake", "_internal", "duckdb", "_duckdb"})

debug = click.option(
    _SWITCH, is_flag=True, expose_value=False,
    help=f"Show the traceback of what went wrong; so does {_VARIABLE}=1.",
)  # fmt: skip
#: The same behind a command's name, where its help need not say so again.
debug_of_command = click.option(_SWITCH, is_flag=True, expose_value=False, hidden=True)


class Interrupted(Exception):
    """Ctrl-C inside a command: click, which would print an empty line, does not catch this."""


def is_debug(words: Sequence[str]) -> bool:
    """Tell whether somebody asks for tracebacks."""
    return _SWITCH in words or os.environ.get(_VARIABLE, "") not in ("", "0")


def guarded(command: Callable[[], int], *, debug: bool = False) -> int:
    """Run a command and return its exit code; whatever it raises is said on one line."""
    with _noted_interrupts() as interrupts:
        try:
            code = command()
            output.flush()
        except (KeyboardInterrupt, Interrupted, click.Abort):
            code = INTERRUPTED
        except Exception as error:
            # A library may have turned Ctrl-C into an error of its own.
            code = INTERRUPTED if interrupts else _report(error, debug=debug)
        output.give_up_broken()
    return INTERRUPTED if interrupts else code


@contextmanager
def _noted_interrupts() -> Iterator[list[int]]:
    """List the Ctrl-Cs that come meanwhile, which still raise `KeyboardInterrupt`."""
    came: list[int] = []

    def note(number: int, _: Any) -> None:
        came.append(number)
        raise KeyboardInterrupt

    is_ours = threading.current_thread() is threading.main_thread()
    if not is_ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield came
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _report(error: Exception, *, debug: bool) -> int:
    output.say(message(error))
    if debug:
        from fictures_reports.report.terminal_text import printable

        output.to_stderr(printable("".join(traceback.format_exception(error))))
    return FAILED


def message(error: Exception) -> str:
    """Say what went wrong, and what to do about it."""
    if isinstance(error, ReportsError):
        return _without_stack(str(error))
    if isinstance(error, click.ClickException):
        return error.format_message() + _usage(error)
    if isinstance(error, MemoryError):
        return "there is not enough memory: give it more, or take fewer files or runs at once"
    if _packages_of(error) & _TABLE_PACKAGES:
        return f"a table cannot be read or written: {_first_line(error)}"
    if isinstance(error, OSError):
        names = [os.fsdecode(n) for n in (error.filename, error.filename2) if n is not None]
        return ": ".join([*names, error.strerror or _first_line(error)])
    return (
        f"a bug in fictures-reports: {type(error).__name__}: {_first_line(error)}{_place(error)} "
        f"– run it again with {_SWITCH} and report the traceback"
    )


def _packages_of(error: Exception) -> set[str]:
    return {kind.__module__.partition(".")[0] for kind in type(error).__mro__}


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _without_stack(text: str) -> str:
    """Cut off the calls that a library written in Rust lists in its errors."""
    return text.partition(" 0: <unknown>")[0]


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f" – see '{context.command_path} --help'" if context else ""
