"""What the runner was set to: retries and time limits, and what of them changed between runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.analysis.wording import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.run import Run

#: Keys of a run's environment that decide how a test ends, with the word and unit for each.
_SETTINGS: Final = {
    "retries": ("retries", ""),
    "timeout_s": ("time-out", " s"),
    "expect_timeout_s": ("time-out of expect", " s"),
    "global_timeout_s": ("time-out of the whole run", " s"),
}


class Setting(NamedTuple):
    """One setting that differs between two runs; `project` is "" where it is that of all."""

    name: str
    project: str
    before: float | None
    after: float | None

    @property
    def full_name(self) -> str:
        """Its name with the project, e.g. `retries of chromium`."""
        return f"{self.name} of {self.project}" if self.project else self.name

    @property
    def words(self) -> str:
        """Say what changed, e.g. `retries 2 → 0` or `time-out 30 → 5 s`; "none" for no limit."""
        word, unit = _SETTINGS[self.name]
        values = [_written(value, self.name) for value in (self.before, self.after)]
        of_project = f" of {self.project}" if self.project else ""
        return f"{word}{of_project} {' → '.join(values)}{unit if values[1] != 'none' else ''}"


def changed_settings(before: Run, after: Run) -> list[Setting]:
    """Return the settings that both runs recorded and that differ, project by project if need be.

    Projects that only one run has say nothing about a change.
    """
    found = []
    for name in _SETTINGS:
        sides = [_by_project(run.info.environment, name) for run in (before, after)]
        common = [project for project in sides[0] if project in sides[1]]
        pairs = {project: (sides[0][project], sides[1][project]) for project in common}
        if len(set(pairs.values())) == 1:
            pairs = {"": next(iter(pairs.values()))}
        found += [Setting(name, project, *pair) for project, pair in pairs.items()]
    return [setting for setting in found if setting.before != setting.after]


def retries_before_and_after(before: Run, after: Run, project: str) -> tuple[int, int] | None:
    """Return how many retries a project had in each run; None where a run does not say."""
    sides = [_by_project(run.info.environment, "retries") for run in (before, after)]
    values = [side.get(project, side.get("")) for side in sides]
    if any(value is None for value in values):
        return None
    return int(values[0] or 0), int(values[1] or 0)


def _by_project(environment: Mapping[str, Any], name: str) -> dict[str, float | None]:
    """Return a setting by project; by "" where the run has one for all and names no projects."""
    projects = environment.get("projects")
    named = (
        [project for project in projects if isinstance(project, dict)]
        if isinstance(projects, list)
        else []
    )
    if any(name in project for project in named):
        return {str(project.get("name") or ""): project.get(name) for project in named}
    return {"": environment[name]} if name in environment else {}


def _written(value: float | None, name: str) -> str:
    return "none" if value is None and name != "retries" else number(value)
