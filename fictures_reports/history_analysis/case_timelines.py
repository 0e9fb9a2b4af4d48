"""What single cases did in the last runs of a history, run by run and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.wording import counted, listed
from fictures_reports.history_analysis.change_in_history import LAST
from fictures_reports.history_analysis.own_branch import of_own_branch

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from fictures_reports.run import Run

#: A strip is no longer than this.
MOST_RUNS: Final = 20
_FEWEST_RUNS: Final = 2
_LONGEST_LABEL: Final = 60
_PASSED: Final = ("passed", "flaky", "xpassed")
#: What else there is to say of some runs.
_ALSO: Final = {
    "passed only on a retry": ("flaky",),
    "was skipped or not run": ("skipped", "not_run"),
    "was interrupted": ("interrupted",),
    "failed as expected": ("xfailed",),
    "was not there": ("absent",),
}
#: Where a history puts runs that do not tell when they began.
_UNKNOWN: Final = datetime.fromtimestamp(0, UTC)
#: What is looked at of a history.
_COLUMNS: Final = ["run_id", "run_at", "label", "case_id", "status"]
#: Columns by which the lines of runs differ.
_LINE: Final = ["branch", "stream"]


@dataclass(frozen=True)
class Mark:
    """What a case did in one run; `day` is missing where the run does not tell when it began."""

    label: str
    day: str | None
    status: str

    @property
    def when(self) -> str:
        """Name the run and its day."""
        return f"{self.label} on {self.day}" if self.day else self.label


@dataclass(frozen=True)
class Timeline:
    """What a case did in the last runs, the oldest first; "absent" where a run lacks it."""

    marks: tuple[Mark, ...]

    @property
    def text(self) -> str:
        """Say it in a sentence: how often it failed, and when it last did otherwise."""
        return f"{self.often}; {self.last}."

    @property
    def often(self) -> str:
        """Tell how often it failed, and what else there is to say of some runs."""
        parts = [f"Failed in {self._n('failed')} of the last {counted(len(self.marks), 'run')}"]
        parts += [
            f"{words} in {n}" for words, statuses in _ALSO.items() if (n := self._n(*statuses))
        ]
        return listed(parts)

    def _n(self, *statuses: str) -> int:
        return sum(mark.status in statuses for mark in self.marks)

    @property
    def last(self) -> str:
        """Tell when it last passed; if that was in the newest run, when it last failed."""
        passes_now = bool(self.marks) and self.marks[-1].status in _PASSED
        word, statuses = ("failed", ("failed",)) if passes_now else ("passed", _PASSED)
        found = next((mark for mark in reversed(self.marks) if mark.status in statuses), None)
        return f"last {word} in run {found.when}" if found else f"never {word} in them"


def rows_in(source: str, last: int = LAST) -> pd.DataFrame:
    """Load no more than timelines need of a history, or of a folder of runs; `past` needs more.

    Raises `NoRuns` if there are no runs.
    """
    from fictures_reports.history import open_history

    return open_history(source, last=last, columns=[*_COLUMNS, *_LINE])


def until(history: pd.DataFrame, run: Run) -> pd.DataFrame:
    """Return the rows of its branch's runs that began before a run did, oldest first, then its own.

    `history` is a frame as `History.load` gives it; the columns are run_id, run_at, label, case_id
    and status. Branch and stream are chosen as `of_own_branch` does. Where the run does not tell
    when it began, all other runs did before.
    """
    import pandas as pd

    began = _began(history, run)
    now = pd.Timestamp(began or datetime.now(UTC))
    line = of_own_branch(history, run)
    earlier = line[(line["run_id"] != run.run_id) & (line["run_at"] < now)][_COLUMNS]
    ordered = earlier.sort_values(["run_at", "run_id"], kind="stable")
    of_run = run.results[["case_id", "status"]].assign(
        run_id=run.run_id, label=run.label, run_at=pd.Timestamp(began or _UNKNOWN).as_unit("us")
    )
    return pd.concat([ordered, of_run[_COLUMNS]], ignore_index=True)


def _began(history: pd.DataFrame, run: Run) -> datetime | None:
    """Tell when a run began: a history may know it of a run that does not tell."""
    from fictures_reports.history.tables import run_at

    known = history.loc[history["run_id"] == run.run_id, "run_at"]
    otherwise = known.iloc[0].to_pydatetime() if len(known) else _UNKNOWN
    began = run_at(run.results, run.info.started_at, otherwise)
    return None if began == _UNKNOWN else began


def timelines_of(
    rows: pd.DataFrame, cases: Iterable[str], most: int = MOST_RUNS
) -> dict[str, Timeline]:
    """Return the timeline of each of some cases over the last runs of a history.

    `rows` are those of whole runs in the order that they are to stand in, as `History.load` or
    `until` give them. A single run makes no strip.
    """
    runs = rows.drop_duplicates("run_id").tail(most)
    if len(runs) < _FEWEST_RUNS:
        return {}
    wanted = dict.fromkeys(cases)
    chosen = rows[rows["run_id"].isin(runs["run_id"]) & rows["case_id"].isin(list(wanted))]
    statuses_of: dict[str, dict[str, str]] = {case: {} for case in wanted}
    values = (chosen[name].tolist() for name in ("case_id", "run_id", "status"))
    for case, run_id, status in zip(*values, strict=True):
        statuses_of[case][run_id] = status
    facts = [
        (run_id, _shortened(label), None if began == _UNKNOWN else f"{began:%Y-%m-%d}")
        for run_id, label, began in zip(runs["run_id"], runs["label"], runs["run_at"], strict=True)
    ]
    sequences = {
        case: tuple(statuses.get(run_id, "absent") for run_id, _, _ in facts)
        for case, statuses in statuses_of.items()
    }
    # Most cases did what many others did: one strip serves them all.
    known = {sequence: _timeline(facts, sequence) for sequence in dict.fromkeys(sequences.values())}
    return {case: known[sequence] for case, sequence in sequences.items()}


def _timeline(facts: list[tuple[str, str, str | None]], sequence: tuple[str, ...]) -> Timeline:
    return Timeline(
        tuple(
            Mark(label, day, status)
            for (_, label, day), status in zip(facts, sequence, strict=True)
        )
    )


def _shortened(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
