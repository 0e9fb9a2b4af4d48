"""What a command reads: runs, rule files, notes, settings, and the history to compare with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from fictures_reports.cli.output import say
from fictures_reports.errors import NoRuns, ReadError, ReportsError
from fictures_reports.readers.ledger_words import is_salvage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from fictures_reports.classification import Rule
    from fictures_reports.history import History
    from fictures_reports.run import Run
    from fictures_reports.settings import Settings

T = TypeVar("T")


def settings() -> Settings:
    """Return the settings of the project in the current folder."""
    from fictures_reports.settings import load

    return load()


@dataclass(frozen=True)
class Stream:
    """The stream to stay in, and whether it was given: then it has to be there."""

    name: str | None = None
    is_given: bool = False


def stream_of(given: str | None) -> Stream:
    """Return the stream that was given, else that of the settings, else that of the CI job."""
    from fictures_reports.history.ci_stream import stream_in_ci

    return Stream(given or settings().stream or stream_in_ci(os.environ), bool(given))


def read(
    sources: Sequence[str],
    rules: str | None,
    stream: Stream | None = None,
    own_sources: Collection[str] = (),
) -> list[Run]:
    """Read runs, classified with the rule file if there is one; say what could not be read.

    What is taken from a history is of `stream`, and so are the files among `own_sources`: the
    settings and the environment describe no others. Only one that was given describes all.
    """
    loaded, stream = load_rules(rules), stream or Stream()
    runs = [
        read_one(source, loaded, stream, is_own=source in own_sources or stream.is_given)
        for source in sources
    ]
    for run in runs:
        say_losses(run)
    _say_unreadable(sources)
    return runs


def _say_unreadable(sources: Sequence[str]) -> None:
    """Say which files of a history could not be read: the run that was meant may be among them."""
    found = {history.path: history for source in sources if (history := _split(source))}
    for why in dict.fromkeys(why for history in found.values() for why in history.unreadable):
        say(why)


def read_own(
    sources: Sequence[str], rules: str | None, stream: Stream | None = None, variant: str = ""
) -> Run:
    """Read the run of this job out of one source or several, as `read` reads runs."""
    if len(sources) == 1 and not variant:
        return read(sources, rules, stream, sources)[0]
    run = read_one(sources, load_rules(rules), stream, variant=variant)
    say_losses(run)
    return run


def expanded(names: Sequence[str], stream: Stream | None = None) -> list[str]:
    """Name each run of the ranges of a history that are among the names."""
    stream = stream or Stream()
    if not any(name.endswith("]") and "@" in name for name in names):
        return list(names)
    from fictures_reports.history.selectors import expanded as expand

    return [run for name in names for run in _in_stream(expand, name, stream)]


def _in_stream(choose: Callable[[str, str | None], T], source: str, stream: Stream) -> T:
    """Choose out of a history, within the stream if the history has it.

    One that was given has to be there, unless the history does not name any.
    """
    from fictures_reports.history.streams import named

    found = _split(source) if stream.name else None
    if found is None:
        return choose(source, stream.name)
    try:
        return choose(source, stream.name)
    except NoRuns:
        if stream.is_given and named(found.runs()["stream"]):
            raise
        return choose(source, None)


def _split(source: str) -> History | None:
    if "@" not in source or Path(source).exists():
        return None
    from fictures_reports.history.selectors import split

    found = split(source)
    return found[0] if found else None


def read_one(
    source: str | Sequence[str],
    rules: Sequence[Rule] | None,
    stream: Stream | None = None,
    *,
    is_own: bool = True,
    variant: str = "",
) -> Run:
    """Read a run; raises `ReadError` also for what the system says while a file is read.

    A file is of `stream` if it is the job's own. Several sources are one run.
    """
    from fictures_reports.progress import on_terminal
    from fictures_reports.reading import read_run

    def choose(name: str | Sequence[str], chosen: str | None) -> Run:
        described = chosen if is_own or "@" in name else None
        return read_run(
            name, stream=described, variant=variant, rules=rules, progress=on_terminal()
        )

    stream = stream or Stream()
    try:
        if not isinstance(source, str):
            return choose(source, stream.name)
        return _in_stream(choose, source, stream)
    except OSError as error:
        if error.filename is not None or error.strerror is None:
            raise
        # An open file does not say which one it is.
        shown = source if isinstance(source, str) else ", ".join(source)
        raise ReadError(shown, f"cannot be read ({error.strerror})") from error


def load_rules(path: str | None) -> Any:
    """Read a rule file; None if there is none."""
    if path is None:
        return None
    from fictures_reports.classification import load_rules as load

    return load(path)


#: lines about what happened to a run's files; more are counted
MOST_LOSSES: Final = 10


def say_losses(run: Run) -> None:
    """Say on stderr what could not be read or was read with an effort, and what the run died of."""
    from fictures_reports.analysis.run_error_words import error_lines

    lines = list(_losses(run))
    for line in lines[:MOST_LOSSES]:
        say(line)
    if more := len(lines) - MOST_LOSSES if len(lines) > MOST_LOSSES else 0:
        say(f"{run.label}: and {more} more such lines; the ledger has them all")
    for line in error_lines(run):
        say(f"{run.label}: {line}")


def _losses(run: Run) -> Iterator[str]:
    """Say what is lost first, then what was mended, a line for each file and kind."""
    entries: list[Any] = list(run.ledger.itertuples(index=False))
    for entry in entries:
        if isinstance(entry.refused, str):
            yield f"{entry.file}: not read – {entry.refused}"
    for entry in entries:
        if entry.salvaged:
            n = entry.salvaged
            yield f"{entry.file}: breaks off; {n} results were salvaged, the run is incomplete"
    for entry in entries:
        yield from (f"{entry.file}: {text}; the run is incomplete" for text in entry.missing)
    for entry in entries:
        mended = [d for d in entry.doubts if is_salvage(d) and d not in entry.missing]
        if mended and not entry.salvaged:
            yield f"{entry.file}: {'; '.join(mended)}"


def notes(path: Path | None) -> str:
    """Read a file with people's own words; "" if there is none."""
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReportsError(f"{path}: the notes cannot be read – {error}") from error


def groups_of_causes(notes: str) -> dict[str, list[str]]:
    """Return the groups of causes that the notes and the settings name, the notes' first."""
    from fictures_reports.report.document.author_notes import groups_in

    noted = groups_in(notes)
    causes = settings().causes
    return noted | {name: causes[name] for name in causes if name not in noted}


def stream_in(history: str, stream: Stream) -> str | None:
    """Return the stream if a history has it, else None: then all are judged, each by itself.

    Raises `NoRuns` for one that was given and is not there. The runs of a folder are of any.
    """
    from fictures_reports.history import History
    from fictures_reports.history.streams import named

    store = History(history)
    if stream.name is None or not (store.is_remote or store.exists):
        return stream.name
    if stream.is_given or stream.name in named(store.runs()["stream"]):
        store.runs(stream=stream.name, last=1)
        return stream.name
    return None


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
