"""Where the report of a job can be opened: addresses that are known before it is kept."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def report_link(system: str, environment: Mapping[str, str], report: Path | None) -> str:
    """Return the address of the report, or of the page that lists it; "" where none is known.

    GitLab and Jenkins serve the file itself if the job keeps the folder; GitHub and Azure list it
    among the run's artifacts.
    """
    given = {name: value.strip() for name, value in environment.items() if value.strip()}
    if report is None:
        return ""
    if system == "github":
        return _github(given, is_kept=environment.get("FICTURES_ARTIFACT") != "")
    if system == "gitlab" and (job := given.get("CI_JOB_URL")):
        return f"{job}/artifacts/file/{_below(report, given.get('CI_PROJECT_DIR'))}"
    if system == "jenkins" and (build := given.get("BUILD_URL")):
        return f"{build.rstrip('/')}/artifact/{_below(report, given.get('WORKSPACE'))}"
    if system == "azure":
        return _azure(given)
    return ""


def _github(given: Mapping[str, str], *, is_kept: bool) -> str:
    parts = [given.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID")]
    if not all(parts) or not is_kept:
        return ""
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}#artifacts"


def _azure(given: Mapping[str, str]) -> str:
    names = ("SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID")
    parts = [given.get(name, "").rstrip("/") for name in names]
    if not all(parts):
        return ""
    view = "view=artifacts&pathAsName=false&type=publishedArtifacts"
    return f"{parts[0]}/{parts[1]}/_build/results?buildId={parts[2]}&{view}"


def _below(report: Path, folder: str | None) -> str:
    """Return the path from the job's folder to the report, with slashes."""
    return os.path.relpath(report, folder or ".").replace(os.sep, "/")
