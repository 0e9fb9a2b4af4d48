"""The commands that change a history: `history amend`, `history prune` and so on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fictures_reports.cli.inputs import load_rules, settings
from fictures_reports.cli.output import say
from fictures_reports.errors import HistoryError

if TYPE_CHECKING:
    from fictures_reports.history import History

_history = click.argument("history", metavar="HISTORY")


class WithCommands(click.Command):
    """A command with commands below it: the first word is one of these, or an argument.

    A folder that is called like one of them is named `./prune`.
    """

    @property
    def commands(self) -> dict[str, click.Command]:
        """The commands below, by name."""
        return _COMMANDS

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Return the context of the command that the first word names, else of this one."""
        if args and args[0] in _COMMANDS:
            name = f"{info_name} {args[0]}"
            return _COMMANDS[args[0]].make_context(name, args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Call the command that the context is of."""
        return super().invoke(ctx) if ctx.command is self else ctx.command.invoke(ctx)

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands below in the help."""
        rows = [(name, command.get_short_help_str(70)) for name, command in _COMMANDS.items()]
        with formatter.section("Commands that change a history"):
            formatter.write_dl(rows)


def broken_words(path: str) -> list[str]:
    """Say that files of a table are wrong, and what mends them; nothing if none is."""
    history = _opened(path)
    n = history.n_broken if history.exists else 0
    if not n:
        return []
    files = f"{n} file{'s' * (n != 1)}"
    hint = f"'fictures-reports history repair {path}' mends them"
    return [f"{path}: an earlier version wrote {files} with wrong column types – {hint}"]


def _opened(path: str) -> History:
    from fictures_reports.history import History

    return History(path)


def _parted(text: str) -> tuple[History, str]:
    """Part HISTORY@RUN; raises `HistoryError` for anything else."""
    from fictures_reports.history.selectors import split

    found = split(text)
    if found is None or not found[1]:
        hint = "expected HISTORY@RUN, such as history@latest or history@nightly-17"
        raise HistoryError(f"{text}: names no run of a history – {hint}")
    return found


@click.command()
@click.argument("run", metavar="HISTORY@RUN")
@click.option("--label", help="What the run is called from now on.")
@click.option("--commit", help="Commit that was tested.")
@click.option("--branch", help="Branch that was tested.")
@click.option("--stream", metavar="NAME", help="Line of runs that it belongs to.")
def amend(run: str, **facts: str | None) -> int:
    """Change what a run is called, or which commit, branch or stream it is of; its id stays.

    \b
    Example:
      fictures-reports history amend history@latest --commit 0f3a9c1 --branch main
    """
    given = {name: value for name, value in facts.items() if value is not None}
    if not given:
        raise click.UsageError("nothing to change: give --label, --commit, --branch or --stream")
    if empty := [name for name, value in given.items() if not value.strip()]:
        raise click.UsageError(f"--{empty[0]} is empty")
    history, selector = _parted(run)
    history.amend(selector, **given)
    say(f"amended {run}: {', '.join(f'{name} {value}' for name, value in given.items())}")
    return 0


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="HISTORY@RUN...")
def remove(runs: tuple[str, ...]) -> int:
    """Take runs out of a history for good: an older copy does not bring them back.

    \b
    Example:
      fictures-reports history remove history@nightly-17
    """
    chosen: dict[str, tuple[History, list[str]]] = {}
    for text in runs:
        history, selector = _parted(text)
        chosen.setdefault(history.path, (history, []))[1].append(selector)
    for history, selectors in chosen.values():
        for label in history.remove(*selectors):
            say(f"removed {label}")
    return 0


@click.command()
@_history
@click.option(
    "--keep", type=click.IntRange(0), required=True, metavar="N",
    help="Runs to keep of each stream and branch, the newest.",
)  # fmt: skip
@click.option("--branch", help="Only runs of this branch.")
@click.option("--stream", metavar="NAME", help="Only runs of this stream.")
@click.option("--dry-run", is_flag=True, help="Only say which runs would go.")
def prune(history: str, keep: int, **chosen: Any) -> int:
    """Drop all runs but the newest of each stream and branch.

    \b
    Example:
      fictures-reports history prune history --keep 200
      fictures-reports history prune history --keep 0 --branch feature/cart
    """
    if not keep and not (chosen["branch"] or chosen["stream"]):
        raise click.UsageError("--keep 0 drops every run: name a --branch or --stream")
    gone = _opened(history).prune(keep, **chosen)
    for label in gone:
        say(f"{'would drop' if chosen['dry_run'] else 'dropped'} {label}")
    say(f"{history}: {_runs(len(gone))} {'would be ' * chosen['dry_run']}dropped")
    return 0


@click.command()
@_history
@click.option(
    "--rules", type=click.Path(path_type=Path),
    help="Rule file that comes before the built-in one. Default: the settings'.",
)  # fmt: skip
def reclassify(history: str, rules: Path | None) -> int:
    """Classify the failures of all runs again, with the rules of today.

    \b
    Example:
      fictures-reports history reclassify history --rules studio.toml
    """
    n = _opened(history).reclassify(load_rules(str(rules) if rules else settings().rules))
    say(f"{history}: {_runs(n)} changed")
    return 0


@click.command()
@_history
def compact(history: str) -> int:
    """Put the small files of many runs together, a file for each month."""
    opened = _opened(history)
    before = len(opened.files())
    opened.compact()
    say(f"{history}: {before} file{'s' * (before != 1)} before, {len(opened.files())} now")
    return 0


@click.command()
@_history
@click.option(
    "--keep-days", type=click.FloatRange(0), default=7, show_default=True, metavar="DAYS",
    help="Keep replaced files of a table so long: a reader may still hold them.",
)  # fmt: skip
def vacuum(history: str, keep_days: float) -> int:
    """Delete the files that nobody reads any more."""
    gone = _opened(history).vacuum(keep=timedelta(days=keep_days))
    say(f"{history}: {len(gone)} file{'s' * (len(gone) != 1)} deleted")
    return 0


@click.command()
@_history
def repair(history: str) -> int:
    """Mend a table whose files an earlier version wrote with wrong column types."""
    n = _opened(history).repair()
    say(f"{history}: {n} file{'s' * (n != 1)} repaired" if n else f"{history}: nothing to repair")
    return 0


def _runs(n: int) -> str:
    return f"{n} run{'s' * (n != 1)}"


_COMMANDS = {
    str(command.name): command
    for command in (amend, remove, prune, reclassify, compact, vacuum, repair)
}
