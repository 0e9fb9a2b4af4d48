"""The command `fictures-reports`, which `python -m fictures_reports` is, too."""

from __future__ import annotations

import atexit
import os
from typing import NoReturn

from fictures_reports.cli import output
from fictures_reports.cli.commands import main


def run() -> NoReturn:
    """Run the command line and end its process.

    What was imported is left to the system: Python takes 0.07 s to take it apart, piece by piece.
    Whatever asked to be called at the end is called.
    """
    code: object = 0
    try:
        main()
    except SystemExit as stop:
        code = stop.code
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001 – there is no public name for it
        output.give_up_broken()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    run()
