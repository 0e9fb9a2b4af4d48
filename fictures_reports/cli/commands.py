"""Words to calls: every command with its arguments and options."""

from __future__ import annotations

import atexit
import gc
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.cli import document_step, faults, inputs
from fictures_reports.cli import format_options as cli_format
from fictures_reports.cli.ci_command import ci
from fictures_reports.cli.compared import compared
from fictures_reports.cli.export_command import export
from fictures_reports.cli.history_commands import history, ingest
from fictures_reports.cli.notebook_commands import notebook, own_parameters, template
from fictures_reports.cli.output import print_text, use_utf8, write
from fictures_reports.cli.part_options import only
from fictures_reports.cli.quarantine_commands import quarantine
from fictures_reports.cli.report_steps import report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: Stands for the -- between runs, which click would swallow.
_BETWEEN: Final = "\0"
_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there instead of to stdout."
)
_gate = click.option(
    "--gate", "gates", multiple=True, metavar="EXPR",
    help="A condition such as 'passed >= 24', 'pass_rate >= 85.7%' or 'broken == 0'. Repeatable. "
    "If one is missed the exit code is 2.",
)  # fmt: skip
_rules = click.option(
    "--rules", type=click.Path(path_type=Path), help="Rule file that comes before the built-in one."
)
_notes = click.option(
    "--notes", type=click.Path(path_type=Path), help="Markdown file with your own words."
)
_stream = click.option(
    "--stream", metavar="NAME",
    help="The line of runs to stay in, such as a suite's. Default: the settings', then that of the "
    "CI job's workflow and name.",
)  # fmt: skip
_incomplete = click.option(
    "--allow-incomplete",
    is_flag=True,
    help="Let gates hold although results are known to be missing.",
)
_code = click.option("--show-code", is_flag=True, help="Keep the notebook's code in the HTML.")
_table = click.option(
    "--table", type=click.Path(path_type=Path), metavar="FILE.parquet",
    help="Write all cases as Parquet too, a row for each; a page says where.",
)  # fmt: skip


class _Commands(click.Group):
    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except KeyboardInterrupt as error:
            raise faults.Interrupted from error

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from fictures_reports.readers.formats import titles

        self.help = (self.help or "").replace("FORMATS", titles())
        super().format_help_text(ctx, formatter)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fictures-reports")
@faults.debug
def cli() -> None:
    """Tell what Playwright and pytest suites did, compared with last time, and why.

    A RUN is a result file, a folder or a zip of them, as the runners wrote them: FORMATS. Or
    HISTORY@latest, @latest~1, @label, @branch:NAME, @2025-11-02 out of a history.

    Exit codes: 0 fine, 1 could not do it, 2 a gate failed, 130 stopped by Ctrl-C.
    """


@cli.command()
@click.argument("runs", nargs=-1, metavar="[PHASE...] BEFORE AFTER")
@_output
@cli_format.chosen
@_gate
@_rules
@_notes
@click.option(
    "--history", metavar="HISTORY",
    help="Weigh changes by what the tests did in these runs. Default: the history that BEFORE or "
    "AFTER is taken from.",
)  # fmt: skip
@click.option(
    "--removed", multiple=True, metavar="NAME",
    help="A test that is gone on purpose: its id, or a pattern; may be given again.",
)  # fmt: skip
@click.option(
    "--allow-missing", multiple=True, metavar="NAME",
    help="A variant or file of BEFORE of which nothing may come any more; may be given again.",
)  # fmt: skip
@click.option(
    "--partial", is_flag=True,
    help="AFTER is a selection on purpose: compare only the tests that it has.",
)  # fmt: skip
@only
@click.option(
    "--by", type=click.Choice(["project", "variant"]),
    help="Compare one project or variant with another: tests are matched without it.",
)  # fmt: skip
@_stream
@_incomplete
@_code
@cli_format.static
@cli_format.assets
@cli_format.evidence
@_table
@template
@own_parameters
@document_step.option
def compare(runs: tuple[str, ...], **options: Any) -> int:
    """Compare two runs: what changed, by name, and why.

    Further runs before these make a sequence of phases: the last two are compared, all are shown.
    With several runs a side, put -- between them: what a test did in all of them decides.

    HISTORY@branch:NAME as BEFORE is the last result of each test on that branch, outages left out;
    HISTORY@branch:NAME[-20:] are its last twenty runs.

    \b
    Examples:
      fictures-reports compare runs/phase2-initial runs/phase2-rerun \\
          -o reports/phase2.html --gate 'passed >= 24'
      fictures-reports compare phase1 phase2 phase3 -o phase3.html
      fictures-reports compare mon tue wed -- thu fri sat -o week.html
      fictures-reports compare phase1 phase2 -o PHASE2.md --document --notes notes.md
    """
    stream = inputs.stream_of(options["stream"])
    sources = {side: inputs.expanded(names, stream) for side, names in _sides(runs).items()}

    def subject(read: list[Run], history: str) -> Comparison:
        n_before, n_after = len(sources["before"]), len(sources["after"])
        before, after = read[-n_before - n_after : -n_after], read[-n_after:]
        return compared(
            before,
            after,
            history,
            stream,
            removed=options["removed"],
            allow_missing=options["allow_missing"],
            partial=options["partial"],
            by=options["by"],
        )

    return report("comparison", sources, subject, options)


def _sides(runs: tuple[str, ...]) -> dict[str, list[str]]:
    """Tell which runs are phases, before and after."""
    earlier: list[str] = []
    if _BETWEEN in runs:
        at = runs.index(_BETWEEN)
        before, after = list(runs[:at]), list(runs[at + 1 :])
    else:
        *earlier, last_but_one, last = runs if len(runs) > 1 else (*runs, "", "")[:2]
        before, after = [last_but_one], [last]
    if not all(before) or not all(after) or not before or not after:
        raise click.UsageError(f"Missing argument {'AFTER' if runs else 'BEFORE'!r}")
    return {"phases": earlier, "before": before, "after": after}


@cli.command()
@click.argument("run")
@_output
@cli_format.chosen
@_gate
@_rules
@_notes
@only
@click.option(
    "--by", type=click.Choice(["project", "variant"]),
    help="Compare the two projects or variants of the run with each other.",
)  # fmt: skip
@_stream
@_incomplete
@_code
@cli_format.static
@cli_format.assets
@cli_format.evidence
@_table
@template
@own_parameters
@document_step.option
def run(run: str, **options: Any) -> int:
    """Report on one run.

    \b
    Examples:
      fictures-reports run runs/phase2-rerun --format markdown
      fictures-reports run RESULTS --by project --only project=chromium --only project=firefox
    """
    if options["by"]:
        from fictures_reports.analysis.compare import compare

        sides = {"before": [run], "after": [run]}
        options |= {"within": True}
        return report(
            "comparison", sides, lambda runs, _: compare(*runs, by=options["by"]), options
        )
    return report("run", {"run": [run]}, lambda runs, _: runs[0], options)


@cli.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@_output
@click.option(
    "--format", "kind", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
    show_default=True, help="parquet needs -o.",
)  # fmt: skip
@_rules
def results(runs: tuple[str, ...], output: Path | None, kind: str, rules: Path | None) -> int:
    """Print the tidy rows of one or more runs: one row per case and run.

    \b
    Example:
      fictures-reports results runs/phase2-rerun --format csv -o rows.csv
    """
    from fictures_reports.report import results_output as rows

    read = inputs.read(runs, str(rules) if rules else inputs.settings().rules)
    if kind == "parquet":
        if output is None:
            raise click.UsageError("parquet is binary: name a file with -o")
        rows.write_parquet(read, output)
    else:
        write(rows.as_text(read, kind), output)
    return faults.OK


@cli.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@_rules
@click.option("--explain", is_flag=True, help="Show rule, matched words, facts and runner-up.")
@click.option("--dry-run", is_flag=True, help="Show what the rule file would change; needs rules.")
@click.option("--case", "pattern", default="*", help="Only cases that match, such as '*login*'.")
def classify(
    runs: tuple[str, ...],
    rules: Path | None,
    explain: bool,  # noqa: FBT001
    dry_run: bool,  # noqa: FBT001
    pattern: str,
) -> int:
    """Say why each test failed or was skipped, and by which rule.

    \b
    Examples:
      fictures-reports classify runs/phase2-rerun --explain --case '*Page load*'
      fictures-reports classify runs/phase2-rerun --rules rules.toml --dry-run
    """
    chosen = str(rules) if rules else inputs.settings().rules
    if dry_run and not chosen:
        raise click.UsageError("--dry-run tries a rule file: name one with --rules")
    read = [_matching(run, pattern) for run in inputs.read(runs, None if dry_run else chosen)]
    from fictures_reports.report import explanation

    if pattern != "*" and all(run.results.empty for run in read):
        print_text(f"no case matches {pattern!r}\n")
    elif dry_run:
        from fictures_reports.classification import dry_run as try_rules

        loaded = inputs.load_rules(chosen)
        print_text("".join(explanation.tried(try_rules(run.results, loaded)) for run in read))
    elif explain:
        from fictures_reports.classification import explain as why

        loaded = inputs.load_rules(chosen)
        texts = [explanation.of_run(run, why(run.results, loaded), pattern) for run in read]
        print_text("\n".join(texts))
    else:
        print_text(explanation.table(read))
    return faults.OK


def _matching(run: Run, pattern: str) -> Run:
    from dataclasses import replace
    from fnmatch import fnmatchcase

    if pattern == "*":
        return run
    chosen = [fnmatchcase(case, pattern) for case in run.results["case_id"]]
    return replace(run, results=run.results[chosen].reset_index(drop=True))


cli.add_command(ci)
cli.add_command(export)
cli.add_command(history)
cli.add_command(ingest)
cli.add_command(notebook)
cli.add_command(quarantine)


_below = (*quarantine.commands.values(), *history.commands.values())
for command in (*cli.commands.values(), *_below):
    faults.debug_of_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; whatever goes wrong is one line on stderr."""
    # A command lives for seconds and makes few cycles; looking for them takes a sixth of the time
    # that importing pandas and altair takes.
    gc.disable()
    use_utf8()
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = [_BETWEEN if word == "--" else word for word in given]

    def command() -> int:
        return int(cli.main(args=words, standalone_mode=False) or 0)

    # Ctrl-C while Python cleans up behind a finished command has nothing left to stop.
    atexit.register(signal.signal, signal.SIGINT, signal.SIG_IGN)
    sys.exit(faults.guarded(command, debug=faults.is_debug(given)))
