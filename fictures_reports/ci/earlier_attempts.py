"""Earlier attempts of a build, in the history that its runs are kept in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.ci.build import Build
    from fictures_reports.run import Run


def is_further(build: Build) -> bool:
    """Tell whether a build is a further attempt of an earlier one."""
    return (build.facts.attempt or 1) > 1


def attempts_before(runs: pd.DataFrame, build: Build) -> pd.DataFrame | None:
    """Return, of a history's runs, those of a build's earlier attempts; None without any.

    `runs` is a frame as `History.runs` gives it, and so is what is returned: oldest first.
    """
    from fictures_reports.history.builds import of_one_build

    of_build = of_one_build(runs, build.key, build.facts.branch, build.facts.commit)
    found = runs[runs["run_id"].isin(of_build) & (runs["build"] != build.key)]
    return None if found.empty else found


def _tries_before(runs: pd.DataFrame, build: Build, after: Run) -> pd.DataFrame | None:
    """Return those of a history's runs that are a build's earlier tries, of `after`'s stream.

    Where the system counts no attempts, such as GitLab, a job that is retried has the key of the
    first.
    """
    if build.facts.attempt is None:
        found: pd.DataFrame | None = runs[
            (runs["build"] == build.key) & (runs["run_id"] != after.run_id)
        ]
    else:
        found = attempts_before(runs, build)
    return (
        found if found is None else found[found["stream"].fillna("") == (after.info.stream or "")]
    )


def passed_again(path: str, build: Build, after: Run) -> list[dict[str, Any]]:
    """Return the cases that failed in an earlier attempt of the build and pass in `after`.

    The attempts are of one commit, so such a case is flaky. Each has title, project, variant, and
    why it failed.
    """
    from fictures_reports.analysis.reasons import reason
    from fictures_reports.frame_rows import rows_of
    from fictures_reports.history import History

    if build.key is None or build.facts.attempt == 1:
        return []
    history = History(path)
    attempts = _tries_before(history.runs(), build, after) if history.exists else None
    if attempts is None:
        return []
    passed = set(after.results.loc[after.results["status"] == "passed", "case_id"])
    found: dict[str, dict[str, Any]] = {}
    for run_id in attempts["run_id"]:
        rows = history.run(str(run_id)).results
        failed = rows[(rows["status"] == "failed") & rows["case_id"].isin(passed)]
        for row in rows_of(failed.fillna({"project": "", "variant": ""})):
            found[row.case_id] = {
                "case_id": row.case_id, "title": row.title, "project": row.project,
                "variant": row.variant, "after": {"reason": reason(row)}, "standing_words": "",
            }  # fmt: skip
    return list(found.values())
