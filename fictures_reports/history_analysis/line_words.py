"""The name of a line of runs in words, and the order in which lines are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fictures_reports.history_analysis.incidents import Line, lines_of

if TYPE_CHECKING:
    import pandas as pd

#: What a repository's default branch is called, the likeliest first.
_DEFAULTS: Final = ("main", "master", "trunk", "develop", "development")


@dataclass(frozen=True)
class LineWords:
    """Names of lines of runs, as long as they need to be to differ."""

    several_branches: bool
    several_streams: bool

    def where(self, line: Line) -> str:
        """Say where, such as " on main" or " on main in e2e"; "" where there is one line."""
        text = ""
        if self.several_branches:
            text += f" on {line.branch}" if line.branch else " where no branch is known"
        if self.several_streams:
            text += f" in {line.stream}" if line.stream else " in runs without a stream"
        return text

    def name(self, line: Line) -> str:
        """Name a line, such as "main" or "main, e2e"; "all runs" where there is one."""
        names = [line.branch or "no branch"] if self.several_branches else []
        names += [line.stream or "no stream"] if self.several_streams else []
        return ", ".join(names) or "all runs"


def words_for(runs: pd.DataFrame) -> LineWords:
    """Look which of branch and stream there are several of; `runs` may lack either column."""
    n = [runs[name].nunique(dropna=False) if name in runs else 1 for name in Line._fields]
    return LineWords(*(count > 1 for count in n))


def _by_rank(line_and_runs: tuple[Line, list[str]]) -> tuple[int, int, str]:
    line, runs = line_and_runs
    return _rank(line.branch), -len(runs), line.stream or ""


def in_order(runs: pd.DataFrame) -> list[tuple[Line, list[str]]]:
    """Return each line with the ids of its runs, oldest first; the default branch leads.

    That is the branch with a usual name, else the one with the most runs. `runs` has run_id, run_at
    and label, and may have branch and stream.
    """
    found = [(line, list(dict.fromkeys(rows["run_id"]))) for line, rows in lines_of(runs)]
    return sorted(found, key=_by_rank)


def _rank(branch: str | None) -> int:
    return _DEFAULTS.index(branch) if branch in _DEFAULTS else len(_DEFAULTS)
