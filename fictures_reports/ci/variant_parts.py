"""Variants of one build that come apart, a job each: kept as one run."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import HistoryError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.history import History
    from fictures_reports.run import Run

#: Jobs that end at once may each put the parts together; they come to the same run in few rounds.
_ROUNDS: Final = 10
_ID_LENGTH: Final = 12


def put_together(history: History, facts: Mapping[str, Any]) -> str:
    """Make one run of the runs that a build has in a stream, and return its id.

    `facts` are the build's key, its label, commit, branch and stream. A part goes only after the
    whole is there, and the whole is the same whoever makes it: jobs need not wait for each other.
    """
    whole = ""
    for _ in range(_ROUNDS):
        parts = _parts(history, facts)
        if len(parts) < 2:
            whole = parts[0] if parts else whole
            break
        try:
            run = joined([history.run(part) for part in parts])
            history.append(run, **facts)
        except HistoryError:
            continue  # another job has just put it together
        whole = run.run_id
        for part in parts:
            _remove(history, part, whole)
    if whole:
        _call(history, whole, str(facts["label"]))
    return whole


def _parts(history: History, facts: Mapping[str, Any]) -> list[str]:
    runs = history.runs()
    is_of_build = (runs["build"] == facts["build"]) & (
        (runs["stream"] == facts["stream"]) | (runs["stream"].isna() & (facts["stream"] is None))
    )
    return [str(run_id) for run_id in runs.loc[is_of_build, "run_id"]]


def _remove(history: History, part: str, whole: str) -> None:
    if part == whole:
        return
    try:
        history.remove(part)
    except HistoryError:
        return  # another job was faster


def _call(history: History, run_id: str, label: str) -> None:
    """Give the whole the name that its first part had taken."""
    try:
        history.amend(run_id, label=label)
    except HistoryError:
        return  # a part still has it: whoever removes that names the whole


def joined(runs: Sequence[Run]) -> Run:
    """Put runs of different variants together; of one case in several the last counts."""
    import msgspec
    import pandas as pd

    rows = pd.concat([run.results for run in runs], ignore_index=True)
    rows = rows.drop_duplicates("case_id", keep="last").sort_values("case_id", ignore_index=True)
    run_id = _id_of(rows)
    infos = [run.info for run in runs]
    starts = [info.started_at for info in infos if info.started_at is not None]
    ends = [
        info.started_at + info.duration_s
        for info in infos
        if info.started_at is not None and info.duration_s is not None
    ]
    info = msgspec.structs.replace(
        infos[-1],
        run_id=run_id,
        started_at=min(starts, default=None),
        duration_s=max(ends) - min(starts) if len(ends) == len(runs) else None,
        n_workers=None,
        errors=list(dict.fromkeys(error for info in infos for error in info.errors)),
        error_places={name: place for info in infos for name, place in info.error_places.items()},
        incomplete=any(info.incomplete for info in infos),
    )
    ledger = pd.concat([run.ledger for run in runs], ignore_index=True)
    same = ledger.astype(str).duplicated()
    results = rows.assign(run_id=pd.Series([run_id] * len(rows), dtype="str"))
    return replace(runs[-1], results=results, info=info, ledger=ledger[~same], sources=())


def _id_of(rows: Any) -> str:
    facts = zip(rows["case_id"], rows["status"], rows["duration_s"], strict=True)
    whole = "\n".join(f"{case} {status} {seconds:.3f}" for case, status, seconds in facts)
    return sha256(whole.encode("utf-8", "replace")).hexdigest()[:_ID_LENGTH]
