"""`HISTORY@latest~3` and its like: one run of a history, named where a run is expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import NoRuns
from fictures_reports.history.run_selectors import known, of_newest_stream
from fictures_reports.history.store import History

if TYPE_CHECKING:
    from fictures_reports.run import Run

_RANGE: Final = re.compile(r"(?P<line>latest|branch:.+?)\[(?P<first>-?\d*):(?P<last>-?\d*)\]")


def select(text: str, stream: str | None = None) -> Run | None:
    """Return the run that `HISTORY@WHAT` names; None if no history stands before an "@".

    WHAT is a label, a run id or its beginning, `latest`, `branch:NAME`, either with `~N` for the
    N-th before, or a day such as 2025-11-02 for its last run; `stream` as for `History.run`. Raises
    `NoRuns` if there is none, and `HistoryError` if the history is in a bucket that cannot be
    reached.
    """
    found = split(text)
    if found is None and "://" in text:  # nothing else is read out of a bucket: let it say why
        path, _, selector = text.partition("@")
        return History(path).run(selector, stream=stream)
    return found[0].run(found[1], stream=stream) if found else None


def split(text: str) -> tuple[History, str] | None:
    """Part `HISTORY@WHAT` into history and rest; None if no history stands before an "@"."""
    for at in (index for index, letter in enumerate(text) if letter == "@"):
        history = History(text[:at])
        if text[:at] and (history.exists or history.is_raw):
            return history, text[at + 1 :]
    return None


def refuse_selector(text: str) -> None:
    """Raise `NoRuns` for `HISTORY@WHAT` where a whole history is expected."""
    if found := split(text):
        raise NoRuns(
            f"{text}: names runs of a history, but a whole one is expected: give {found[0].path},"
            " and choose its runs by branch, by day (since) or as the last ones"
        )


def expanded(text: str, stream: str | None = None) -> list[str]:
    """Name each run of a range such as `HISTORY@branch:main[-20:]`, oldest first.

    `[a:b]` cuts the line of runs of one stream, the one given or that of the newest run, as Python
    cuts a list. What names no range is returned as it is.
    Raises `NoRuns` if the range holds no run.
    """
    found = split(text) if text.endswith("]") else None
    match = _RANGE.fullmatch(found[1]) if found else None
    if found is None or match is None:
        return [text]
    branch = match["line"].removeprefix("branch:")
    history = found[0]
    of_branch = history.runs(branch=None if branch == match["line"] else branch, stream=stream)
    pairs = zip(of_branch["run_id"], of_branch["stream"], strict=True)
    line = of_newest_stream([{"run_id": run, "stream": known(name)} for run, name in pairs])
    runs = [str(row["run_id"]) for row in line]
    first, last = (int(match[name]) if match[name] else None for name in ("first", "last"))
    if not runs[first:last]:
        raise NoRuns(f"{text}: holds no run; {match['line']} has {len(runs)}")
    return [f"{history.path}@{run_id}" for run_id in runs[first:last]]
