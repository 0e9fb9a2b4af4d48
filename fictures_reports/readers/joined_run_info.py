"""What several files tell about one run, as the facts of one `RunInfo`.

Parts of a run (shards, variants) are taken together: `info_of_parts` gives the earliest start, the
sum of workers, all errors. Of one run in several formats the first that knows a fact decides:
`first_known_info`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from fictures_reports.readers.rows import ErrorPlace, RunInfo, blank_info

Fact = TypeVar("Fact")


def info_of_parts(infos: Sequence[RunInfo]) -> RunInfo:
    """Join what the parts of a run tell; of one file it is what that tells."""
    if len(infos) == 1:
        return infos[0]
    environment = _environment(infos)
    if projects := [p for info in infos for p in info.environment.get("projects", ())]:
        environment["projects"] = [p for i, p in enumerate(projects) if p not in projects[:i]]
    return blank_info(
        started_at=min(_known(info.started_at for info in infos), default=None),
        duration_s=_duration(infos),
        producer=_listed(info.producer for info in infos),
        producer_version=_listed(info.producer_version for info in infos),
        n_workers=_sum(info.n_workers for info in infos),
        n_shards=max((info.n_shards for info in infos if info.n_shards), default=None),
        commit=_first(info.commit or None for info in infos),
        branch=_first(info.branch or None for info in infos),
        environment=environment,
        errors=list(dict.fromkeys(error for info in infos for error in info.errors)),
        error_places=_error_places(infos),
        incomplete=any(info.incomplete for info in infos),
    )


def first_known_info(infos: Sequence[RunInfo]) -> RunInfo:
    """Take every fact from the first that has it; errors and what is missing from the first."""
    facts: dict[str, Any] = {
        name: _first(value for info in infos if (value := getattr(info, name)) not in ("", [], {}))
        for name in RunInfo.__struct_fields__
        if name not in ("run_id", "label")
    }
    facts["environment"] = _environment(infos)
    facts["errors"], facts["incomplete"] = infos[0].errors, infos[0].incomplete
    facts["error_places"] = _error_places(infos)
    return blank_info(**facts)


def _environment(infos: Sequence[RunInfo]) -> dict[str, Any]:
    """Join what is known of the environment; what the first says of a name counts."""
    return {name: value for info in reversed(infos) for name, value in info.environment.items()}


def _error_places(infos: Sequence[RunInfo]) -> dict[str, ErrorPlace]:
    return {e: place for info in reversed(infos) for e, place in info.error_places.items()}


def _duration(infos: Sequence[RunInfo]) -> float | None:
    """From the earliest start to the latest end where all are known, else the longest part."""
    spans = [
        (info.started_at, info.started_at + info.duration_s)
        for info in infos
        if info.started_at is not None and info.duration_s is not None
    ]
    if spans and len(spans) == len(infos):
        return max(end for _, end in spans) - min(start for start, _ in spans)
    return max(_known(info.duration_s for info in infos), default=None)


def _known(values: Iterable[Fact | None]) -> list[Fact]:
    return [value for value in values if value is not None]


def _first(values: Iterable[Fact | None]) -> Fact | None:
    return next(iter(_known(values)), None)


def _sum(values: Iterable[int | None]) -> int | None:
    known = _known(values)
    return sum(known) if known else None


def _listed(values: Iterable[str | None]) -> str | None:
    return ", ".join(dict.fromkeys(value for value in values if value)) or None
