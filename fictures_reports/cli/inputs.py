"""What a command reads: runs, rule files, notes, settings, and the history to compare with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.cli.output import say
from fictures_reports.errors import ReadError, ReportsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fictures_reports.classification import Rule
    from fictures_reports.run import Run
    from fictures_reports.settings import Settings


def settings() -> Settings:
    """Return the settings of the project in the current folder."""
    from fictures_reports.settings import load

    return load()


def read(sources: Sequence[str], rules: str | None) -> list[Run]:
    """Read runs, classified with the rule file if there is one; say what could not be read."""
    loaded = load_rules(rules)
    runs = [read_one(source, loaded) for source in sources]
    for run in runs:
        say_losses(run)
    return runs


def expanded(names: Sequence[str]) -> list[str]:
    """Name each run of the ranges of a history that are among the names."""
    if not any(name.endswith("]") and "@" in name for name in names):
        return list(names)
    from fictures_reports.history.selectors import expanded as expand

    return [run for name in names for run in expand(name)]


def read_one(source: str, rules: Sequence[Rule] | None) -> Run:
    """Read a run; raises `ReadError` also for what the system says while a file is read."""
    from fictures_reports.progress import on_terminal
    from fictures_reports.reading import read_run

    try:
        return read_run(source, rules=rules, progress=on_terminal())
    except OSError as error:
        if error.filename is not None or error.strerror is None:
            raise
        # An open file does not say which one it is.
        raise ReadError(source, f"cannot be read ({error.strerror})") from error


def load_rules(path: str | None) -> Any:
    """Read a rule file; None if there is none."""
    if path is None:
        return None
    from fictures_reports.classification import load_rules as load

    return load(path)


def say_losses(run: Run) -> None:
    """Say on stderr which of a run's files could not be read, or not to their end."""
    for file, refused in zip(run.ledger["file"], run.ledger["refused"], strict=True):
        if isinstance(refused, str):
            say(f"{file}: not read – {refused}")
    for file, n in zip(run.ledger["file"], run.ledger["salvaged"], strict=True):
        if n:
            say(f"{file}: breaks off; {n} results were salvaged, the run is incomplete")
    for file, missing in zip(run.ledger["file"], run.ledger["missing"], strict=True):
        for text in missing:
            say(f"{file}: {text}; the run is incomplete")
    if run.results.empty and run.info.errors:
        say(f"{run.label}: no test ran – {run.info.errors[0].splitlines()[0]}")


def notes(path: Path | None) -> str:
    """Read a file with people's own words; "" if there is none."""
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReportsError(f"{path}: the notes cannot be read – {error}") from error


def history_of(given: str, sources: Iterable[str]) -> str:
    """Return the history to weigh changes by: the one given, or the one a run is taken from."""
    if given:
        if "://" not in given and not Path(given).is_dir():
            hint = "expected what `ingest` filled, or a folder with one run per subfolder"
            raise ReadError(given, "no such history", hint)
        return given
    named = [text for text in sources if "@" in text]
    if not named:
        return ""
    from fictures_reports.history.selectors import split

    found = [split(text) for text in named if not Path(text).exists()]
    return next((parts[0].path for parts in found if parts), "")
