"""Read runs in a second process while this one imports what a report needs.

Importing altair, papermill and nbconvert takes longer than reading most runs, and neither needs
the other: on two cores both are done in the time of one.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

from fictures_reports import gc_pause as collector
from fictures_reports import progress
from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.run import Run


def is_worthwhile() -> bool:
    """Tell whether there is a second core to read on."""
    return (os.cpu_count() or 1) > 1


def start(sources: Sequence[str], rules: str | None) -> subprocess.Popen[bytes]:
    """Begin to read runs, classified by the rule file if there is one; see `finish`."""
    command = [sys.executable, "-m", "fictures_reports.ahead", rules or "", *sources]
    return subprocess.Popen(command, stdout=subprocess.PIPE)  # noqa: S603


def finish(reader: subprocess.Popen[bytes]) -> list[Run] | None:
    """Wait for the runs, in the order of their sources; None if the reader broke down.

    Raises `ReportsError` with the reader's words if a run could not be read.
    """
    answer, _ = reader.communicate()
    if reader.returncode:
        return None
    # Our own child wrote this a moment ago; nothing of the result files is unpickled as such.
    runs, error = pickle.loads(answer)  # noqa: S301
    if error:
        raise ReportsError(error)
    return list(runs)


def _main(rules: str, *sources: str) -> None:
    collector.off()  # as the command itself does
    from fictures_reports.reading import read_run

    try:
        loaded = None
        if rules:
            from fictures_reports.classification import load_rules

            loaded = load_rules(rules)
        show = progress.on_terminal()
        answer = ([read_run(one, rules=loaded, progress=show) for one in sources], "")
    except ReportsError as error:
        answer = ([], str(error))
    pickle.dump(answer, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    _main(*sys.argv[1:])
