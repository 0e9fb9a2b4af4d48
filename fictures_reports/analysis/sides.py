"""A side of a comparison: one run, or several that are looked at together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.schema import OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.run import Run

#: Outcomes that say how the test ended; the others say that it did not run to an end.
TRIED: Final = ("passed", "flaky", "failed")
#: Of several results of a case, the one that is shown: failures say most.
_RANK: Final = {"failed": 3, "flaky": 2, "passed": 1}


@dataclass(frozen=True, eq=False)
class Side:
    """One run or several, oldest first, and how often each case ended how.

    `counts` has one row per case, by case_id: `n` (runs that tried it: it passed, failed or was
    flaky), `passed`, `failed`, `flaky`, `xfailed`, `skipped` (skipped, not run or interrupted) and
    `outcome` (of its only result; of several "failed" if all that were tried failed, "flaky" if
    some did or it passed on a retry, "passed" if none did; else as the last run has it).
    """

    runs: tuple[Run, ...]
    counts: pd.DataFrame

    @property
    def n_runs(self) -> int:
        """How many runs the side has."""
        return len(self.runs)

    def as_run(self, outcomes: pd.Series[str]) -> Run:
        """Return the side as one run with a row per case; its only run as it is.

        Of several results of a case the row is the last that failed, else the last flaky one, else
        the last that passed, else the last. Where `outcomes` (by case_id) says "failed", "flaky"
        or "passed", that is the row's status.
        """
        if len(self.runs) == 1:
            return self.runs[0]
        rows = _representatives(self.runs)
        wanted = rows["case_id"].map(outcomes)
        counted = wanted.isin(TRIED) & (rows["status"].map(OUTCOME_OF) != wanted)
        status = rows["status"].where(~counted, wanted).astype("str")
        first = self.runs[0]
        info = joined_info(self.runs)
        return replace(
            first,
            results=rows.assign(status=status, run_id=info.run_id),
            info=info,
            ledger=_ledgers(self.runs),
            sources=tuple(source for run in self.runs for source in run.sources),
        )


def side_of(runs: Sequence[Run]) -> Side:
    """Count how often each case of some runs ended how; see `Side`."""
    import pandas as pd

    cases, statuses = (
        pd.concat([run.results[name] for run in runs], ignore_index=True)
        if len(runs) > 1
        else runs[0].results[name]
        for name in ("case_id", "status")
    )
    outcome = statuses.map(OUTCOME_OF).to_numpy(dtype="object")
    return Side(tuple(runs), (_single if len(runs) == 1 else _counted)(cases, outcome))


def _counted(cases: pd.Series[str], values: Any) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    place, index = pd.factorize(cases)
    kinds = {name: (name,) for name in (*TRIED, "xfailed")} | {"skipped": ("skipped", "not_run")}
    columns: dict[str, Any] = {
        name: np.bincount(place[np.isin(values, words)], minlength=len(index))
        for name, words in kinds.items()
    }
    columns = {"n": sum(columns[name] for name in TRIED)} | columns
    last = np.empty(len(index), dtype="object")
    last[place] = values  # of several values for one place, the last stays
    counts = pd.DataFrame(columns, index=pd.Index(index, name="case_id"))
    return counts.assign(outcome=_outcomes(counts, last))


def _single(cases: pd.Series[str], values: Any) -> pd.DataFrame:
    import pandas as pd

    index = pd.Index(cases, name="case_id")
    columns = {name: (values == name).astype("int64") for name in (*TRIED, "xfailed")}
    columns["skipped"] = ((values == "skipped") | (values == "not_run")).astype("int64")
    n = sum(columns[name] for name in TRIED)
    return pd.DataFrame({"n": n} | columns | {"outcome": values}, index=index)


def _outcomes(counts: pd.DataFrame, last: Any) -> Any:
    import numpy as np

    n, failed = counts["n"], counts["failed"]
    return np.select(
        [n == 0, failed == n, (failed > 0) | (counts["flaky"] > 0)],
        [last, "failed", "flaky"],
        "passed",
    )


def _representatives(runs: Sequence[Run]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    statuses = [status for run in runs for status in run.results["status"].tolist()]
    ranks = [_RANK.get(OUTCOME_OF.get(status, ""), 0) for status in statuses]
    order = np.argsort(ranks, kind="stable")
    place, cases = pd.factorize(
        pd.concat([run.results["case_id"] for run in runs], ignore_index=True)
    )
    worst = np.empty(len(cases), dtype="int64")
    worst[place[order]] = order  # of several rows for one case, the last stays
    return _picked([run.results for run in runs], np.sort(worst))


def _picked(frames: Sequence[pd.DataFrame], places: Any) -> pd.DataFrame:
    """Take rows of frames that lie one below the other; whole frames would be copied else."""
    import numpy as np
    import pandas as pd

    begins = np.cumsum([0, *(len(frame) for frame in frames)])
    cuts = np.searchsorted(places, begins)
    picked = [
        frame.take(places[cuts[i] : cuts[i + 1]] - begins[i])
        for i, frame in enumerate(frames)
        if cuts[i + 1] > cuts[i]
    ]
    if len(picked) > 1:
        return pd.concat(picked, ignore_index=True)
    return (picked or [frames[-1].head(0)])[0].reset_index(drop=True)


def joined_info(runs: Sequence[Run]) -> Any:
    """Join the facts of several runs: the first start, the longest duration, all errors."""
    import msgspec

    infos = [run.info for run in runs]
    starts = [info.started_at for info in infos if info.started_at is not None]
    times = [info.duration_s for info in infos if info.duration_s is not None]
    ids = "\n".join(info.run_id for info in infos)
    return msgspec.structs.replace(
        infos[-1],
        run_id=hashlib.sha256(ids.encode()).hexdigest()[:12],
        label=f"{infos[0].label} … {infos[-1].label} ({len(infos)} runs)",
        started_at=min(starts, default=None),
        duration_s=max(times, default=None),
        errors=list(dict.fromkeys(error for info in infos for error in info.errors)),
        incomplete=any(info.incomplete for info in infos),
    )


def _ledgers(runs: Sequence[Run]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([run.ledger for run in runs], ignore_index=True)
