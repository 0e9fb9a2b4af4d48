"""The inputs of the CI step: FICTURES_* variables, as action.yml sets them, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fictures_reports.ci.build import build_of
from fictures_reports.ci.runner_outcome import has_failed
from fictures_reports.errors import ReportsError
from fictures_reports.exports.formats import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.ci.build import Build
    from fictures_reports.ci.history_branch import HistoryBranch

#: Every input: FICTURES_ + its name in upper case with _ for -, and its default.
INPUTS: Final = {
    "before": "", "after": "", "history": "", "store": "", "stream": "", "variant": "",
    "gates": "", "removed": "", "allow-missing": "", "outcome": "", "log": "", "partial": "false",
    "rules": "", "notes": "",
    "output": "fictures-report", "format": "html", "allow-incomplete": "false",
    "annotations": "9",  # of the ten errors that GitHub shows, one says which gates were missed
    "summary": "", "comment": "", "report-link": "", "exports": "",
}  # fmt: skip
FORMATS: Final = ("html", "ipynb", "none")
#: Where CI systems say that the repository lies.
_CHECKOUTS: Final = (
    "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "WORKSPACE", "BUILD_SOURCESDIRECTORY",
    "BITBUCKET_CLONE_DIR", "BUILDKITE_BUILD_CHECKOUT_PATH",
)  # fmt: skip
#: Judges where no gate is given: a test that this change broke or took away.
DEFAULT_GATE: Final = "regressions == 0"
#: Given as the only gate, it switches the default off.
NO_GATES: Final = "none"


@dataclass(frozen=True)
class Step:
    """What a job asks for, read and checked."""

    #: the run to compare with, as it was named; "" where the history has to give it
    before: str
    #: files, folders and patterns of one run; one that begins with "!" leaves files out
    after: tuple[str, ...]
    #: where to look up what the tests did before; "" leaves that to the run that is compared with
    history: str
    #: the history that the run is kept in, which also gives the run before; "" keeps nothing
    store: str
    stream: str
    #: where the run was made, for jobs of one build that each take the step; "" for a whole run
    variant: str
    gates: tuple[str, ...]
    #: tests that were removed on purpose, and variants and files that may be missing
    removed: tuple[str, ...]
    allow_missing: tuple[str, ...]
    #: whether the runner's own step failed; None where it was not said
    runner_failed: bool | None
    #: file with what the runner printed
    log: str
    partial: bool
    rules: str
    notes: str
    output: Path
    report: str
    allow_incomplete: bool
    most_annotations: int
    #: what is written beside the report for other tools
    exports: tuple[str, ...]
    #: files that summary and comment are written to, beside what the CI system reads
    summary: str
    comment: str
    build: Build
    #: the folder that the repository lies in
    checkout: Path
    #: the branch that the store's folder holds the files of; None for a folder or bucket
    branch: HistoryBranch | None


def step_of(environment: Mapping[str, str]) -> Step:
    """Read the inputs; raises `ReportsError` for what is missing or cannot be meant."""
    given = {name: given_in(environment, name) or default for name, default in INPUTS.items()}
    if not given["after"]:
        raise ReportsError("after is empty: name the run to look at – a file, a folder or a zip")
    if given["format"] not in FORMATS:
        raise ReportsError(f"format is {given['format']!r}, expected {' or '.join(FORMATS)}")
    if not given["annotations"].isdecimal():
        raise ReportsError(f"annotations is {given['annotations']!r}, expected a number from 0")
    history, before = given["history"], given["before"]
    if not before and "@" in history and not Path(history).exists():
        before, history = history, ""  # it names the run itself
    names = ("store", "stream", "variant", "log", "rules", "notes", "summary", "comment")
    return Step(
        **{name: given[name] for name in names},
        before=before,
        history=_without_selector(history),
        after=lines(given["after"]),
        gates=lines(given["gates"]),
        removed=lines(given["removed"]),
        allow_missing=lines(given["allow-missing"]),
        runner_failed=has_failed(given["outcome"]),
        partial=_switch(given, "partial"),
        output=Path(given["output"]),
        report=given["format"],
        exports=tuple(named(given["exports"])),
        allow_incomplete=_switch(given, "allow-incomplete"),
        most_annotations=int(given["annotations"]),
        build=build_of(environment),
        checkout=Path(next(filter(None, map(environment.get, _CHECKOUTS)), ".")),
        branch=None,
    )


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of an input that takes several, without empty ones."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def given_in(environment: Mapping[str, str], name: str) -> str:
    """Return an input as it was given; "" where it was not."""
    return environment.get(f"FICTURES_{name.upper().replace('-', '_')}", "").strip()


def _switch(given: Mapping[str, str], name: str) -> bool:
    value = given[name].lower()
    if value not in ("true", "false"):
        raise ReportsError(f"{name} is {given[name]!r}, expected true or false")
    return value == "true"


def _without_selector(history: str) -> str:
    if "@" not in history or Path(history).exists():
        return history
    from fictures_reports.history.selectors import split

    found = split(history)
    return found[0].path if found else history
