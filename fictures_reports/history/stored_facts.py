"""A run's facts as one row of the table of runs, and that row as facts again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.history.tables import RUN_COLUMNS, RUNS, SCHEMA_VERSION, run_at
from fictures_reports.own_categories import OwnCategory, restored, stored
from fictures_reports.readers.rows import ErrorPlace, LedgerEntry, RunInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import pandas as pd

    from fictures_reports.run import Run

#: Own categories lie in the column `environment`, so that tables of older versions have room.
_CATEGORIES = "fictures-reports categories"


def run_row(run: Run, info: RunInfo, ingest_id: str, now: datetime) -> dict[str, Any]:
    """Lay a run's facts out as one row of the table of runs."""
    began = run_at(run.results, info.started_at, now)
    ledger = [dict(zip(run.ledger, cells, strict=True)) for cells in _cells(run.ledger)]
    facts = {name: getattr(info, name) for name in RUNS.names if hasattr(info, name)}
    return facts | {
        "run_id": run.run_id, "run_at": began, "ingested_at": now, "ingest_id": ingest_id,
        "n_results": len(run.results), "first_commit": info.commit,
        "environment": environment_of(info),
        "errors": msgspec.json.encode(_with_places(info)).decode(),
        "ledger": msgspec.json.encode(ledger).decode(), "schema_version": SCHEMA_VERSION,
    }  # fmt: skip


def environment_of(info: RunInfo) -> str:
    """Lay out what a run's environment was and which categories its rules added, as JSON."""
    categories = {_CATEGORIES: stored(info.own_categories)} if info.own_categories else {}
    return msgspec.json.encode(info.environment | categories).decode()


def _environment_from(text: str) -> dict[str, Any]:
    environment = msgspec.json.decode(text)
    categories = restored(environment.pop(_CATEGORIES, []))
    return {"environment": environment, "own_categories": categories}


def own_categories_of(rows: Iterable[dict[str, Any]]) -> tuple[OwnCategory, ...]:
    """Read the categories that the rules of some runs added; of one id the last run's."""
    texts = dict.fromkeys(row["environment"] for row in rows)
    found = (_environment_from(text)["own_categories"] for text in texts if _CATEGORIES in text)
    return each_once(found)


def each_once(groups: Iterable[tuple[OwnCategory, ...]]) -> tuple[OwnCategory, ...]:
    """Return the categories of several runs, of one id the last run's."""
    return tuple({category.id: category for group in groups for category in group}.values())


def _cells(ledger: pd.DataFrame) -> Iterable[list[Any]]:
    """Give the cells of each row; None for what is missing."""
    columns = [
        [None if missing else cell for cell, missing in zip(*cells, strict=True)]
        for cells in ((ledger[name].tolist(), ledger[name].isna().tolist()) for name in ledger)
    ]
    return (list(cells) for cells in zip(*columns, strict=True))


class _StoredError(ErrorPlace, frozen=True, omit_defaults=True):
    message: str = ""


def _with_places(info: RunInfo) -> list[str | _StoredError]:
    """Lay out the run's errors; one of which nothing is known but its words is just a text."""
    places = {text: place for text in info.errors if (place := info.error_places.get(text))}
    return [
        _StoredError(p.phase, p.file, p.died, text) if (p := places.get(text)) else text
        for text in info.errors
    ]


def _errors_from(stored: str) -> dict[str, Any]:
    errors = msgspec.json.decode(stored, type=list[str | _StoredError])
    known = [error for error in errors if not isinstance(error, str)]
    return {
        "errors": [error if isinstance(error, str) else error.message for error in errors],
        "error_places": {e.message: ErrorPlace(e.phase, e.file, e.died) for e in known},
    }


def info_from(row: dict[str, Any]) -> RunInfo:
    """Read a run's facts off its row."""
    texts = {**_environment_from(row["environment"]), **_errors_from(row["errors"])}
    given: dict[str, Any] = {
        name: row.get(name) for name in RunInfo.__struct_fields__ if name in RUNS.names
    }
    return RunInfo(**given | texts | {"incomplete": bool(row["incomplete"])})


def is_whole(row: dict[str, Any]) -> bool:
    """Return for a run's row what `Run.is_whole` is for the run."""
    ledger = msgspec.json.decode(row["ledger"], type=list[LedgerEntry])
    lost = any(entry.refused is not None or entry.salvaged or entry.missing for entry in ledger)
    return not (row["incomplete"] or not row["n_results"] or lost)


def without_results(row: dict[str, Any]) -> dict[str, Any]:
    """Tell of a run in which no test ran what stands beside results of others, and why none ran."""
    errors = _errors_from(row["errors"])["errors"]
    why = errors[0].splitlines()[0] if errors and errors[0] else ""
    return {name: row.get(name) for name in ("run_id", *RUN_COLUMNS)} | {"why": why}


def ledger_from(row: dict[str, Any]) -> pd.DataFrame:
    """Read a run's ledger off its row."""
    from fictures_reports.readers.read import ledger_frame

    return ledger_frame(msgspec.json.decode(row["ledger"], type=list[LedgerEntry]))
