"""Words to calls: the only place that catches errors and sets exit codes.

0 fine · 1 could not do it · 2 a gate failed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

from fictures_reports import gc_pause as collector
from fictures_reports.cli import format_options as cli_format
from fictures_reports.cli.history_commands import history, ingest, say_losses
from fictures_reports.cli.notebook_commands import notebook, template
from fictures_reports.errors import ReadError, ReportsError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run
    from fictures_reports.settings import Settings

OK, FAILED, GATE_MISSED = 0, 1, 2
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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fictures-reports")
def cli() -> None:
    """Tell what Playwright and pytest suites did, compared with last time, and why.

    A RUN is a result file, a folder or a zip of them, as the runners wrote them: Playwright JSON,
    JUnit or blob; pytest JUnit, json-report or reportlog; CTRF, allure-results, other JUnit. Or
    HISTORY@latest, @latest~1, @label, @branch:NAME, @2025-11-02 out of a history.

    Exit codes: 0 fine, 1 could not do it, 2 a gate failed.
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
@_incomplete
@_code
@cli_format.static
@_table
@template
def compare(runs: tuple[str, ...], **options: Any) -> int:
    """Compare two runs: what changed, by name, and why.

    Further runs before these make a sequence of phases: the last two are compared, all are shown.
    With several runs a side, put -- between them: changes are then also weighed over all runs.

    \b
    Examples:
      fictures-reports compare runs/phase2-initial runs/phase2-rerun \\
          -o reports/phase2.html --gate 'passed >= 24'
      fictures-reports compare phase1 phase2 phase3 -o phase3.html
      fictures-reports compare mon tue wed -- thu fri sat -o week.html
    """
    sources = _sides(runs)

    def subject(read: list[Run]) -> Comparison:
        from fictures_reports.analysis.compare import compare

        n_after = len(sources["after"])
        return compare(read[-n_after - 1], read[-1], renames=_settings().renames)

    return _report("comparison", sources, subject, options)


def _sides(runs: tuple[str, ...]) -> dict[str, list[str]]:
    """Tell which runs are phases, before and after; the last of each side is compared."""
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
@_incomplete
@_code
@cli_format.static
@_table
@template
def run(run: str, **options: Any) -> int:
    """Report on one run.

    \b
    Example:
      fictures-reports run runs/phase2-rerun --format markdown
    """
    return _report("run", {"run": [run]}, lambda runs: runs[0], options)


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

    read = _read(runs, str(rules) if rules else _settings().rules)
    if kind == "parquet":
        if output is None:
            raise click.UsageError("parquet is binary: name a file with -o")
        rows.write_parquet(read, output)
    else:
        _write(rows.as_text(read, kind), output)
    return OK


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
    chosen = str(rules) if rules else _settings().rules
    if dry_run and not chosen:
        raise click.UsageError("--dry-run tries a rule file: name one with --rules")
    read = [_matching(run, pattern) for run in _read(runs, None if dry_run else chosen)]
    from fictures_reports.report import explanation

    if pattern != "*" and all(run.results.empty for run in read):
        _write(f"no case matches {pattern!r}\n", None)
    elif dry_run:
        from fictures_reports.classification import dry_run as try_rules

        loaded = _load_rules(chosen)
        _write("".join(explanation.tried(try_rules(run.results, loaded)) for run in read), None)
    elif explain:
        from fictures_reports.classification import explain as why

        loaded = _load_rules(chosen)
        texts = [explanation.explained(why(run.results, loaded), pattern) for run in read]
        _write("\n".join(texts), None)
    else:
        _write(explanation.table(read), None)
    return OK


def _matching(run: Run, pattern: str) -> Run:
    from dataclasses import replace
    from fnmatch import fnmatchcase

    if pattern == "*":
        return run
    chosen = [fnmatchcase(case, pattern) for case in run.results["case_id"]]
    return replace(run, results=run.results[chosen].reset_index(drop=True))


cli.add_command(history)
cli.add_command(ingest)
cli.add_command(notebook)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; errors a user can mend are one line on stderr."""
    # A command lives for seconds and makes few cycles; looking for them takes a sixth of the time
    # that importing pandas and altair takes, and visiting all on the way out half a second.
    collector.off()
    try:
        words = [_BETWEEN if word == "--" else word for word in arguments or sys.argv[1:]]
        code = cli.main(args=words, standalone_mode=False)
        sys.stdout.flush()
    except ReportsError as error:
        _say(str(error))
        code = FAILED
    except click.ClickException as error:
        # click would exit with 2 here, which is kept for missed gates.
        _say(error.format_message() + _usage(error))
        code = FAILED
    except click.Abort:
        code = 130
    except BrokenPipeError:
        # The reader of our output (`| head`) went away; nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FAILED
    sys.exit(code)


def _usage(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f" – see '{context.command_path} --help'" if context else ""


def _report(
    notebook: str,
    sources: dict[str, list[str]],
    subject_of: Callable[[list[Run]], Comparison | Run],
    options: dict[str, Any],
) -> int:
    settings, output, kind = _settings(), options["output"], cli_format.kind_of(options)
    rendered = kind in cli_format.RENDERED
    expressions = [*settings.gates, *options["gates"]]
    history = _history_of(sources, options)
    notes = _text_of(options["notes"])
    rules = str(options["rules"]) if options["rules"] else settings.rules
    runs = _read([s for side in sources.values() for s in side], rules, ahead=rendered)
    subject = subject_of(runs)
    if options["table"]:
        # Before the report: what keeps it from being written is said before the work.
        from fictures_reports.report.results_output import write_cases

        write_cases(subject, options["table"])
    shared: dict[str, Any] = {
        "areas": settings.areas,
        "known_issues": settings.known_issues,
        "allow_incomplete": options["allow_incomplete"],
    }
    from fictures_reports.analysis.gates import all_hold, check, needs_history

    past = None
    # A notebook looks into the history by itself.
    if history and "before" in sources and (not rendered or needs_history(expressions)):
        from fictures_reports.history_analysis.change_in_history import of_history

        past = of_history(cast("Comparison", subject), history)
    gates = check(subject, expressions, flaky=_flaky(past), **shared)
    given = shared | {"owners": settings.owners} | _by_side(sources, runs, settings)
    if rendered:
        given |= {"gates": expressions, "notes": notes, "history": history}
        given |= {name: options[name] for name in ("show_code", "static")}
        given["table"] = _seen_from(output, options["table"])
        _render(str(options["template"] or notebook), kind, output, given)
    else:
        _write(_text(subject, gates, kind, past, given), output)
    for gate in gates:
        _say(f"gate {gate.sentence}")
    for path in filter(None, (output, options["table"])):
        _say(f"wrote {path}")
    # What breaks off cannot be judged, whatever the gates say.
    if any(run.ledger["salvaged"].any() for run in runs) and not options["allow_incomplete"]:
        return FAILED
    return OK if all_hold(gates) else GATE_MISSED


def _seen_from(page: Path | None, table: Path | None) -> str:
    """Return the way from a page's folder, or from this one, to the table; "" if there is none."""
    if table is None:
        return ""
    try:
        way = os.path.relpath(table, page.parent if page else ".")
    except ValueError:  # Windows: on another drive
        return str(table)
    return way.replace(os.sep, "/")


def _history_of(sources: dict[str, list[str]], options: dict[str, Any]) -> str:
    """Return the history to weigh changes by: the one named, or the one a run is taken from."""
    if given := str(options.get("history") or ""):
        if "://" not in given and not Path(given).is_dir():
            hint = "expected what `ingest` filled, or a folder with one run per subfolder"
            raise ReadError(given, "no such history", hint)
        return given
    named = [text for side in sources.values() for text in side if "@" in text]
    if not named:
        return ""
    from fictures_reports.history.selectors import split

    found = [split(text) for text in named if not Path(text).exists()]
    return next((parts[0].path for parts in found if parts), "")


def _flaky(past: pd.DataFrame | None) -> Any:
    if past is None:
        return None
    from fictures_reports.history_analysis.change_in_history import known_as_flaky

    return known_as_flaky(past)


def _by_side(sources: dict[str, list[str]], runs: list[Run], settings: Settings) -> dict[str, Any]:
    """Name the runs as `render` wants them: the last of each side, and those before it."""
    left = list(runs)
    given: dict[str, Any] = {}
    for side, names in sources.items():
        own, left = left[: len(names)], left[len(names) :]
        if side == "phases":
            given[side] = own
            continue
        given[side] = own[-1]
        if len(sources) > 1:
            given[f"earlier_{side}"] = own[:-1]
    return given | ({"renames": settings.renames} if len(sources) > 1 else {})


def _text_of(path: Path | None) -> str:
    try:
        return path.read_text(encoding="utf-8") if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReportsError(f"{path}: the notes cannot be read – {error}") from error


def _text(
    subject: Comparison | Run,
    gates: list[Gate],
    kind: str,
    past: pd.DataFrame | None,
    given: dict[str, Any],
) -> str:
    if kind == "json":
        import msgspec

        from fictures_reports.report.json_report import payload

        beside = ("areas", "owners", "known_issues", "earlier_before", "earlier_after")
        known = {name: given[name] for name in beside if name in given}
        document = payload(subject, gates, past=past, **known)
        return msgspec.json.format(msgspec.json.encode(document)).decode() + "\n"
    from fictures_reports.report.markdown import markdown

    return markdown(subject, gates, past)


def _render(notebook: str, kind: Any, output: Path | None, given: dict[str, Any]) -> None:
    from tempfile import TemporaryDirectory

    from fictures_reports.report.rendering.render import render

    if output:
        render(notebook, output=output, format=kind, **given)
        return
    with TemporaryDirectory() as folder:
        path = render(notebook, output=Path(folder) / "report", format=kind, **given)
        _write(path.read_text(encoding="utf-8"), None)


def _settings() -> Settings:
    from fictures_reports.settings import load

    return load()


def _read(sources: Sequence[str], rules: str | None, *, ahead: bool = False) -> list[Run]:
    runs = _read_ahead(sources, rules) if ahead else None
    if runs is None:
        from fictures_reports.progress import on_terminal
        from fictures_reports.reading import read_run

        loaded, show = _load_rules(rules), on_terminal()
        runs = [read_run(source, rules=loaded, progress=show) for source in sources]
    for run in runs:
        say_losses(run)
    return runs


def _read_ahead(sources: Sequence[str], rules: str | None) -> list[Run] | None:
    from fictures_reports import ahead

    if not ahead.is_worthwhile():
        return None
    reader = ahead.start(sources, rules)
    from fictures_reports.report.rendering import engine, render  # noqa: F401

    return ahead.finish(reader)


def _load_rules(path: str | None) -> Any:
    if path is None:
        return None
    from fictures_reports.classification import load_rules

    return load_rules(path)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    from fictures_reports.safe_write import write

    write(text, output)


def _say(text: str) -> None:
    click.echo(f"fictures-reports: {text}", err=True)
