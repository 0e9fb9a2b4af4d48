"""What Playwright writes about a run as a whole: its config, metadata and totals."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from fictures_reports.readers.rows import ErrorPlace, LedgerEntry, Row, RunInfo, blank_info
from fictures_reports.readers.text.clean import with_slashes
from fictures_reports.readers.text.times import span, timestamp

if TYPE_CHECKING:
    from fictures_reports.readers.formats.playwright_json import Stats

_OUTCOMES = {
    "passed": "expected", "xfailed": "expected", "failed": "unexpected", "flaky": "flaky",
    "skipped": "skipped", "not_run": "skipped", "interrupted": "skipped",
}  # fmt: skip
#: `playwright test --list` takes less than this and runs nothing.
_LISTING_MS = 2000.0


class Project(msgspec.Struct, rename="camel"):
    """A project of the config; `use` only in `filteredProjects`, since 1.6x."""

    name: str | None = None
    id: str | None = None
    retries: int | None = None
    #: milliseconds
    timeout: float | None = None
    use: dict[str, Any] | None = None


class Shard(msgspec.Struct):
    """One part of a run, counted from 1."""

    current: int | None = None
    total: int | None = None


class Config(msgspec.Struct, rename="camel"):
    """The config as the reporter saw it; only what a report can use."""

    root_dir: str | None = None
    config_file: str | None = None
    version: str | None = None
    workers: Any = None
    fully_parallel: bool | None = None
    global_timeout: float | None = None
    max_failures: int | None = None
    metadata: dict[str, Any] | None = None
    projects: list[Project] = []
    filtered_projects: list[Project] | None = None
    shard: Shard | None = None
    argv: list[str] | None = None
    global_setup: Any = None
    global_teardown: Any = None


def run_info(
    config: Config,
    started: str | None,
    duration_ms: float | None,
    errors: dict[str, ErrorPlace],
    rows: list[Row],
    *,
    cut: bool,
) -> RunInfo:
    """Gather the run's facts; what the producer did not tell stays None."""
    metadata = config.metadata or {}
    commit, branch = _revision(metadata)
    shard = config.shard or Shard()
    return blank_info(
        started_at=timestamp(started)[0] if started else _first_start(rows),
        duration_s=span(duration_ms / 1000) if duration_ms is not None else None,
        producer="Playwright",
        producer_version=config.version,
        n_workers=_whole(metadata.get("actualWorkers")) or _whole(config.workers),
        n_shards=shard.total,
        commit=commit,
        branch=branch,
        environment=_environment(config, metadata),
        errors=list(errors),
        error_places=errors,
        incomplete=cut or any(row.status == "interrupted" for row in rows),
    )


def _first_start(rows: list[Row]) -> float | None:
    starts = [a.started_at for row in rows for a in row.attempts if a.started_at is not None]
    return min(starts, default=None)


def _whole(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _revision(metadata: dict[str, Any]) -> tuple[str | None, str | None]:
    """Find commit and branch in `metadata.gitCommit` and `metadata.ci` (since 1.51)."""
    git, ci = metadata.get("gitCommit"), metadata.get("ci")
    git, ci = git if isinstance(git, dict) else {}, ci if isinstance(ci, dict) else {}
    commit = git.get("hash") or ci.get("commitHash") or metadata.get("revision.id")
    branch = git.get("branch") or ci.get("branch") or metadata.get("revision.branch")
    return (
        commit if isinstance(commit, str) else None,
        branch if isinstance(branch, str) else None,
    )


def _environment(config: Config, metadata: dict[str, Any]) -> dict[str, Any]:
    projects = [_project(p) for p in config.filtered_projects or config.projects]
    facts: dict[str, Any] = {
        "workers": _whole(metadata.get("actualWorkers")) or config.workers,
        "retries": _only([p.retries for p in config.projects]),
        "timeout_s": _only([_limit_s(p.timeout) for p in config.projects]),
        "global_timeout_s": _limit_s(config.global_timeout),
        "max_failures": config.max_failures or None,
        "fully_parallel": config.fully_parallel,
        "base_url": _only([p.get("base_url") for p in projects]) or metadata.get("baseURL"),
        "browser": _only([p.get("browser") for p in projects]),
        "config_file": with_slashes(config.config_file).rsplit("/", 1)[-1]
        if config.config_file
        else None,
        "projects": projects or None,
        "metadata": {k: v for k, v in metadata.items() if k not in _NOT_FACTS} or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


#: Told elsewhere, or too long for a fact (a whole diff).
_NOT_FACTS = frozenset({"actualWorkers", "gitDiff", "totalTime"})


def _project(project: Project) -> dict[str, Any]:
    use = project.use or {}
    device = use.get("browserName") or use.get("defaultBrowserType") or use.get("channel")
    facts = {
        "name": project.name,
        "retries": project.retries,
        "timeout_s": _limit_s(project.timeout),
        "base_url": use.get("baseURL"),
        "browser": device,
    }
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _limit_s(milliseconds: float | None) -> float | None:
    return milliseconds / 1000 if milliseconds else None


def _only(values: list[Any]) -> Any:
    """Return the value that all projects share, else None."""
    return values[0] if values and all(value == values[0] for value in values) else None


def looks_listed(
    rows: list[Row], duration_ms: float | None, entry: LedgerEntry, config: Config
) -> None:
    """Refuse the rows of `playwright test --list`, which overwrites the report and runs nothing."""
    untouched = not any(row.attempts for row in rows)
    asked = "--list" in (config.argv or ())
    short = duration_ms is not None and duration_ms < _LISTING_MS
    if untouched and (asked or short) and any(row.status == "not_run" for row in rows):
        entry.refused = (
            f"lists {len(rows)} tests and ran none (playwright test --list overwrites the report)"
        )
        entry.read = 0
        rows.clear()


def doubt_totals(rows: list[Row], stats: Stats, entry: LedgerEntry) -> None:
    """Note where the totals in the file differ from the rows counted."""
    if entry.refused or entry.salvaged or stats.expected is None:
        return
    counted = Counter(_OUTCOMES.get(row.status, "expected") for row in rows)
    for name in ("expected", "unexpected", "flaky", "skipped"):
        stated = getattr(stats, name)
        if stated is not None and stated != counted[name]:
            entry.doubts.append(f"stats say {stated} {name}, the rows are {counted[name]}")
    total = sum(
        getattr(stats, name) or 0 for name in ("expected", "unexpected", "flaky", "skipped")
    )
    if total > len(rows):
        entry.missing.append(f"stats say {total} tests, the file holds {len(rows)}")
