"""The commands over many runs: `ingest` and `history`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fictures_reports.ci.build import build_of
from fictures_reports.cli import format_options as cli_format
from fictures_reports.cli.inputs import (
    load_rules,
    read_one,
    say_losses,
    settings,
    stream_in,
    stream_of,
)
from fictures_reports.cli.notebook_commands import own_parameters, template
from fictures_reports.cli.notebook_commands import values as own_values
from fictures_reports.cli.output import say, write
from fictures_reports.cli.owners import owners_of_files
from fictures_reports.cli.upkeep_commands import WithCommands, broken_words
from fictures_reports.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.history import History
    from fictures_reports.run import Run


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--into", required=True, metavar="HISTORY", help="A folder, or s3://BUCKET/PATH.")
@click.option("--label", help="Name of the run; default: its folder's or file's. For one RUN only.")
@click.option("--commit", help="Commit that was tested; default: as the producer recorded it.")
@click.option("--branch", help="Branch that was tested; default: as the producer recorded it.")
@click.option(
    "--stream",
    metavar="NAME",
    help="Line of runs that it belongs to; default: settings, then the CI job.",
)
@click.option(
    "--rules", type=click.Path(path_type=Path), help="Rule file that comes before the built-in one."
)
@click.option(
    "--format", "form", type=click.Choice(["files", "delta"]),
    help="Form of a new history: a file for each run, or a Delta table. Default: files; in a "
    "bucket delta. What is there keeps its form.",
)  # fmt: skip
@click.option("--compact", is_flag=True, help="Put small files together afterwards.")
def ingest(runs: tuple[str, ...], into: str, **options: Any) -> int:
    """Put runs into a history, each once: the same run again adds nothing.

    Any number of jobs may do so at once. RUN is as for the other commands, or a whole history. In a
    CI job each attempt of a build is a run of its own.

    \b
    Example:
      fictures-reports ingest test-results --into history --label "$CI_RUN_ID" \\
          --commit "$(git rev-parse HEAD)" --branch main
    """
    if options["label"] is not None and len(runs) > 1:
        raise click.UsageError("--label names one run, but there are several")
    from fictures_reports.history import History

    history = History(into, format=options["form"])
    rules = load_rules(str(options["rules"]) if options["rules"] else None)
    given = {name: options[name] for name in ("label", "commit", "branch", "stream")}
    # The job's environment describes the one run that it made, not many that are caught up on.
    given["build"] = build_of(os.environ).key if len(runs) == 1 else None
    outcomes = [_ingest(history, source, rules, given) for source in runs]
    if options["compact"] and history.exists:
        history.compact()
    return int(not all(outcomes))


def _ingest(history: History, source: str, rules: Any, given: Mapping[str, Any]) -> bool:
    """Put a run, or all runs of a history, into a history; False if it could not be read."""
    from fictures_reports.history import History
    from fictures_reports.history.every_run import every_run

    try:
        source_history = None if "@" in source else History(source)
        if source_history is not None and source_history.exists:
            for run in every_run(source_history):
                _append(history, run, {**given, "build": None})
            for why in source_history.unreadable:
                say(why)
            return not source_history.unreadable
        run = read_one(source, rules)
        say_losses(run)
        _append(history, run, given)
    except ReadError as error:
        # What can be read is kept; the exit code says that something was not.
        say(str(error))
        return False
    return True


def _append(history: History, run: Run, given: Mapping[str, Any]) -> None:
    # A run that is taken from another history keeps its stream.
    stream = given["stream"] or run.info.stream or stream_of(None).name
    done = history.add(run, **{**given, "stream": stream})
    say(f"{'added' if done.is_new else 'was there:'} {done.label} ({run.run_id})")


@click.command(cls=WithCommands)
@click.argument("history", metavar="RUNS-OR-HISTORY")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write there.")
@cli_format.chosen
@click.option("--last", type=click.IntRange(1), default=100, show_default=True, help="Newest runs.")
@click.option("--since", metavar="DAY", help="Only runs from this day on, such as 2025-11-02.")
@click.option("--branch", help="Only runs of this branch.")
@click.option(
    "--stream",
    metavar="NAME",
    help="Only runs of this stream. Default: the settings' or the CI job's, where the history has "
    "it; else all, each judged by itself.",
)
@click.option(
    "--rules", type=click.Path(path_type=Path),
    help="Rule file that comes before the built-in one, for a folder of runs. Default: the "
    "settings'. A history was classified when it was filled.",
)  # fmt: skip
@click.option("--target", metavar="PERCENT", help="Pass rate to draw as a line, such as 85.7%.")
@click.option(
    "--phase", "phases", multiple=True, metavar="NAME=LABEL",
    help="Name the phase that begins with the run LABEL. Repeatable.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Exit with 1 if a run could not be read.")
@click.option("--show-code", is_flag=True, help="Keep the notebook's code in the HTML.")
@cli_format.static
@template
@own_parameters
def history(history: str, output: Path | None, **options: Any) -> int:
    """Report on many runs: trend, incidents, flaky and broken tests, ages, durations.

    RUNS-OR-HISTORY is a history that 'ingest' filled, or a folder with one run per subfolder.

    \b
    Example:
      fictures-reports history history --last 50 -o reports/history.html --target 90%
      fictures-reports history prune history --keep 200
    """
    kind = cli_format.kind_of({"output": output, **options})
    chosen = {name: options[name] for name in ("last", "since", "branch")}
    chosen["stream"] = stream_in(history, stream_of(options["stream"]))
    rules = _rules_for(history, options["rules"])
    target, phases = _share(options["target"]), _phases(options["phases"])
    from fictures_reports.report import history_report as report

    owners, causes = owners_of_files(history, chosen), settings().causes
    if kind in cli_format.RENDERED:
        parameters = {"history": history, **chosen, "target": target, "phases": phases,
                      "owners": owners, "causes": causes, "rules": rules or ""}  # fmt: skip
        how = {name: options[name] for name in ("show_code", "static", "template")}
        how["own_parameters"] = own_values(options["parameters"], options["template"])
        text = report.render(parameters, kind, output, **how)
        unreadable = report.unreadable(history)
    else:
        chosen |= {"target": target, "owners": owners, "causes": causes}
        found = report.findings(history, rules=load_rules(rules), **chosen)
        unreadable = list(found.unreadable)
        text = report.as_json(found) if kind == "json" else report.as_markdown(found)
        write(text, output)
    if output:
        say(f"wrote {output}")
    elif kind in cli_format.RENDERED:
        write(text, None)
    for why in [*unreadable, *broken_words(history)]:
        say(why)
    return int(bool(unreadable) and options["strict"])


def _rules_for(history: str, given: Path | None) -> str | None:
    """Return the rule file for a folder of runs; raise if it cannot be used.

    What is kept in a history was classified when it came there.
    """
    from fictures_reports.history import History

    store = History(history)
    if store.is_remote or store.exists:
        if given:
            command = f"fictures-reports history reclassify {history} --rules {given}"
            raise click.UsageError(f"--rules is for a folder of runs; for a history: {command}")
        return None
    path = str(given) if given else settings().rules
    load_rules(path)
    return path


def _share(percent: str | None) -> float | None:
    if percent is None:
        return None
    try:
        share = float(percent.rstrip("% ")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise click.UsageError(f"--target is {percent!r}, expected a percentage such as 85.7%")
    if "%" not in percent and 0 < share <= 0.01:
        # As for gates: who writes 0.9 means 90 %.
        hint = f"rates are in percent, write {100 * float(percent):g}%"
        raise click.UsageError(f"--target is {percent!r}: {hint}")
    return share


def _phases(given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, mark, label in pairs:
        if not (name and mark and label):
            raise click.UsageError(f"--phase is {name + mark + label!r}, expected NAME=LABEL")
    return {name: label for name, _, label in pairs}
