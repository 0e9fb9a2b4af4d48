"""Processes of their own that begin with everything imported.

They are forked off a server that has imported the package and done nothing else. A new interpreter
needs half a second of CPU time before it gets to what it was started for.
"""

from __future__ import annotations

import multiprocessing
import os
import pkgutil
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import fictures_reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerContext, ForkServerProcess

# The new process imports this module by its name, with this one's path.
sys.path.insert(0, str(Path(__file__).parent))
#: What the commands that read, compare and keep runs are made of, and what that imports late.
_PACKAGES = ("analysis", "ci", "classification", "cli", "failures", "history", "history_analysis",
             "readers")  # fmt: skip
_LIBRARIES = ("pandas", "pyarrow.dataset", "pyarrow.parquet", "deltalake", "lxml.etree")


@dataclass(frozen=True)
class Started:
    """A process, and the pipe from which is read what it prints."""

    process: ForkServerProcess
    printed: IO[str]

    def end(self) -> str:
        """Wait until it ends; return what it printed and nobody read yet."""
        with self.printed:
            text = self.printed.read()
        self.process.join()
        return text


def start(
    function: Callable[..., Any], *arguments: Any, cwd: Path | None = None, **environment: str
) -> Started:
    """Call a function of a module in a process of its own, with more environment variables."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    variables = dict(os.environ) | environment
    given = (theirs, cwd or Path.cwd(), variables, function, arguments)
    process = _context().Process(target=_call, args=given)
    process.start()
    theirs.close()
    return Started(process, os.fdopen(os.dup(ours.fileno()), encoding="utf-8"))


def command(*words: str) -> None:
    """Be the command `fictures-reports`."""
    from fictures_reports.cli.commands import main

    sys.argv = ["fictures-reports", *words]
    main()


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    root = Path(fictures_reports.__file__).parent
    folders = [str(root / name) for name in _PACKAGES]
    own = [
        module.name
        for folder, name in zip(folders, _PACKAGES, strict=True)
        for module in pkgutil.walk_packages([folder], f"fictures_reports.{name}.")
    ]
    context.set_forkserver_preload([*_LIBRARIES, *own])
    return context


def _call(
    pipe: Connection,
    cwd: Path,
    variables: dict[str, str],
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
) -> None:
    """Print into the pipe whatever the function prints."""
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(cwd)
    for number, name in ((1, "stdout"), (2, "stderr")):
        os.dup2(pipe.fileno(), number)
        setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
    function(*arguments)
