"""Words to calls: the only place that catches errors and sets exit codes.

0 fine · 1 could not do it · 2 a gate failed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.runs import Run
    from fictures_reports.settings import Settings

OK, FAILED, GATE_MISSED = 0, 1, 2
_FORMATS: Final = ("html", "markdown", "json", "ipynb")
_ENDINGS: Final = {
    ".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".ipynb": "ipynb",
}  # fmt: skip

_output = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there instead of to stdout."
)
_format = click.option(
    "--format",
    "kind",
    type=click.Choice(_FORMATS),
    help="Default: by the ending of FILE, or markdown. ipynb keeps the executed notebook.",
)
_gate = click.option(
    "--gate", "gates", multiple=True, metavar="EXPR",
    help="A condition such as 'passed >= 24', 'pass_rate >= 85.7%' or 'broken == 0'. Repeatable. "
    "If one is missed the exit code is 2.",
)  # fmt: skip
_rules = click.option(
    "--rules", type=click.Path(path_type=Path), help="Rule file that comes before the built-in one."
)
_incomplete = click.option(
    "--allow-incomplete",
    is_flag=True,
    help="Let gates hold although results are known to be missing.",
)
_code = click.option("--show-code", is_flag=True, help="Keep the notebook's code in the HTML.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fictures-reports")
def cli() -> None:
    """Tell what Playwright and pytest suites did, compared with last time, and why.

    A RUN is a result file, a folder or a zip of them, as the runners wrote them: Playwright JSON,
    JUnit or blob; pytest JUnit, json-report or reportlog.

    Exit codes: 0 fine, 1 could not do it, 2 a gate failed.
    """


@cli.command()
@click.argument("before")
@click.argument("after")
@_output
@_format
@_gate
@_rules
@_incomplete
@_code
def compare(before: str, after: str, **options: Any) -> int:
    r"""Compare two runs: what changed, by name, and why.

    \b
    Example:
      fictures-reports compare runs/phase2-initial runs/phase2-rerun \\
          -o reports/phase2.html --gate 'passed >= 24'
    """
    settings = _settings()
    rules = _load_rules(options["rules"], settings)
    runs = {"before": _read(before, rules), "after": _read(after, rules)}
    from fictures_reports.analysis.compare import compare as lay_side_by_side

    return _report("comparison", lay_side_by_side(**runs), runs, settings, options)


@cli.command()
@click.argument("run")
@_output
@_format
@_gate
@_rules
@_incomplete
@_code
def run(run: str, **options: Any) -> int:
    r"""Report on one run.

    \b
    Example:
      fictures-reports run runs/phase2-rerun --format markdown
    """
    settings = _settings()
    read = _read(run, _load_rules(options["rules"], settings))
    return _report("run", read, {"run": read}, settings, options)


@cli.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@_output
@click.option(
    "--format", "kind", type=click.Choice(["table", "csv", "json", "parquet"]), default="table",
    show_default=True, help="parquet needs -o.",
)  # fmt: skip
@_rules
def results(runs: tuple[str, ...], output: Path | None, kind: str, rules: Path | None) -> int:
    r"""Print the tidy rows of one or more runs: one row per case and run.

    \b
    Example:
      fictures-reports results runs/phase2-rerun --format csv -o rows.csv
    """
    from fictures_reports.report import rows

    loaded = _load_rules(rules, _settings())
    read = [_read(name, loaded) for name in runs]
    if kind == "parquet":
        if output is None:
            raise click.UsageError("parquet is binary: name a file with -o")
        rows.write_parquet(read, output)
    else:
        _write(rows.as_text(read, kind), output)
    return OK


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit; errors a user can mend are one line on stderr."""
    try:
        code = cli.main(args=arguments, standalone_mode=False)
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
    subject: Comparison | Run,
    runs: dict[str, Run],
    settings: Settings,
    options: dict[str, Any],
) -> int:
    from fictures_reports.analysis.gates import all_hold, check

    output: Path | None = options["output"]
    expressions = [*settings.gates, *options["gates"]]
    gates = check(subject, expressions, allow_incomplete=options["allow_incomplete"])
    kind = options["kind"] or _ENDINGS.get(output.suffix if output else ".md")
    if kind is None:
        raise click.UsageError(
            f"{output}: no format goes with this ending; use --format {'|'.join(_FORMATS)}"
        )
    if kind in ("html", "ipynb"):
        _render(notebook, kind, expressions, runs, settings, options)
    else:
        _write(_text(subject, gates, kind), output)
    for gate in gates:
        _say(f"gate {gate.sentence}")
    if output:
        _say(f"wrote {output}")
    return OK if all_hold(gates) else GATE_MISSED


def _text(subject: Comparison | Run, gates: list[Gate], kind: str) -> str:
    if kind == "json":
        import msgspec

        from fictures_reports.report.payload import payload

        return msgspec.json.format(msgspec.json.encode(payload(subject, gates))).decode() + "\n"
    from fictures_reports.report.markdown import markdown

    return markdown(subject, gates)


def _render(
    notebook: str,
    kind: Any,
    gates: list[str],
    runs: dict[str, Run],
    settings: Settings,
    options: dict[str, Any],
) -> None:
    from tempfile import TemporaryDirectory

    from fictures_reports.report.render import render

    shared: dict[str, Any] = {
        "gates": gates, "areas": settings.areas, "format": kind,
        "allow_incomplete": options["allow_incomplete"], "show_code": options["show_code"],
    }  # fmt: skip
    if options["output"]:
        render(notebook, output=options["output"], **shared, **runs)
        return
    with TemporaryDirectory() as folder:
        path = render(notebook, output=Path(folder) / "report", **shared, **runs)
        _write(path.read_text(encoding="utf-8"), None)


def _settings() -> Settings:
    from fictures_reports.settings import load

    return load()


def _load_rules(path: Path | None, settings: Settings) -> Any:
    chosen = path or settings.rules
    if chosen is None:
        return None
    from fictures_reports.classify import load_rules

    return load_rules(chosen)


def _read(source: str, rules: Any) -> Run:
    from fictures_reports.runs import read_run

    read = read_run(source, rules=rules)
    for file, refused in zip(read.ledger["file"], read.ledger["refused"], strict=True):
        if isinstance(refused, str):
            _say(f"{file}: not read – {refused}")
    return read


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
        return
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")


def _say(text: str) -> None:
    click.echo(f"fictures-reports: {text}", err=True)
