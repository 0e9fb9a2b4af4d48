"""A run as CTRF, the Common Test Report Format of ctrf.io, for the tools that read it.

Statuses are those of the format, `rawStatus` is ours; what the comparison knows of a failure stands
under `extra`.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from fictures_reports.exports.judged_run import judged
from fictures_reports.exports.printable_json import as_json
from fictures_reports.guards import path_of
from fictures_reports.readers.rows import PATH_SEPARATOR
from fictures_reports.safe_write import write

if TYPE_CHECKING:
    from pathlib import Path

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.exports.judged_run import JudgedRun
    from fictures_reports.run import Run

#: Version of the format that is written.
SPECIFICATION: Final = "0.0.0"
_STATUSES: Final = {
    "passed": "passed", "flaky": "passed", "failed": "failed", "xpassed": "failed",
    "skipped": "skipped", "not_run": "pending", "xfailed": "other", "interrupted": "other",
}  # fmt: skip


def ctrf_of(subject: Comparison | Run, path: str | Path, **options: Any) -> Path:
    """Write a run, or the side after of a comparison, as CTRF; return the path.

    Options are those of `exports.judged_run.judged`. A duration that is not known is 0, which the
    format asks for; so is a start.
    """
    target = path_of(path, "the path of the CTRF file")
    document = document_of(judged(subject, **options))
    write(as_json(document), target)
    return target


def document_of(judged_run: JudgedRun) -> dict[str, Any]:
    """Return the report as CTRF has it."""
    from importlib.metadata import version

    run = judged_run.run
    missing = run.results["line"].isna()
    lines = run.results["line"].astype(object).where(~missing, None)
    rows: list[Any] = list(run.results.assign(line=lines).itertuples(index=False))
    tests = [_test(row, judged_run) for row in rows]
    document = {
        "reportFormat": "CTRF",
        "specVersion": SPECIFICATION,
        "reportId": _identity(run.run_id),
        "timestamp": datetime.fromtimestamp(run.info.started_at or 0.0, UTC).isoformat(),
        "generatedBy": f"fictures-reports {version('fictures-reports')}",
        "results": {
            "tool": _known({"name": run.info.producer or "unknown",
                            "version": run.info.producer_version}),
            "summary": _summary(run, tests),
            "tests": tests,
            "environment": _known({"reportName": run.label, "commit": run.info.commit,
                                   "branchName": run.info.branch, "buildId": run.info.build}),
            "extra": _extra(judged_run),
        },
    }  # fmt: skip
    if judged_run.comparison is not None:
        before = judged_run.comparison.before
        document["baseline"] = {"reportId": _identity(before.run_id), "source": before.label}
    return document


def _identity(run_id: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"fictures-reports:{run_id}"))


def _summary(run: Run, tests: list[dict[str, Any]]) -> dict[str, Any]:
    counts = dict.fromkeys(("passed", "failed", "skipped", "pending", "other"), 0)
    for test in tests:
        counts[test["status"]] += 1
    start = _ms(run.info.started_at)
    return {
        "tests": len(tests), **counts, "flaky": run.totals["flaky"],
        "suites": len({tuple(test.get("suite", ())) for test in tests}),
        "start": start, "stop": start + _ms(run.info.duration_s),
    }  # fmt: skip


def _extra(judged_run: JudgedRun) -> dict[str, Any]:
    gates = [
        {"gate": gate.gate, "holds": gate.holds, "sentence": gate.sentence}
        for gate in judged_run.gates
    ]
    return {
        "verdict": judged_run.verdict,
        "gates": gates,
        "runErrors": list(judged_run.run.info.errors),
    }


def _test(row: Any, judged_run: JudgedRun) -> dict[str, Any]:
    message = _text(row.message) or _text(row.skip_reason)
    start = None if str(row.started_at) in ("NaT", "None") else row.started_at.timestamp()
    names = [name for name in (_text(row.file), *_text(row.suite).split(PATH_SEPARATOR)) if name]
    tried = [
        {"attempt": number, "status": _attempt(attempt["status"])}
        for number, attempt in enumerate(row.attempts[:-1], 1)
    ]
    return _known({
        "testId": row.case_id,
        "name": row.title,
        "status": _STATUSES[row.status],
        "duration": _ms(row.duration_s),
        "start": _ms(start) if start is not None else None,
        "suite": names or None,
        "message": message.partition("\n")[0] or None,
        "trace": message if "\n" in message else None,
        "line": None if row.line is None else int(row.line),
        "rawStatus": row.status,
        "tags": list(row.tags) or None,
        "filePath": _text(row.file) or None,
        "retries": len(tried) or None,
        "retryAttempts": tried or None,
        "flaky": True if row.status == "flaky" else None,
        "extra": _known({
            "project": _text(row.project) or None,
            "variant": _text(row.variant) or None,
            "category": _text(row.category) or None,
            "known": judged_run.known.get(row.case_id),
        }) or None,
    })  # fmt: skip


def _attempt(status: str) -> str:
    known = {"passed": "passed", "skipped": "skipped", "interrupted": "other"}
    return known.get(status, "failed")


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _ms(seconds: float | None) -> int:
    return 0 if seconds is None or math.isnan(seconds) else round(seconds * 1000)
