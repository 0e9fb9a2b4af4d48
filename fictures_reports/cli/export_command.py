"""The command `export`: a run or comparison for other tools, or a history as pages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from fictures_reports.cli import inputs
from fictures_reports.cli.faults import OK
from fictures_reports.cli.output import say
from fictures_reports.errors import ReportsError
from fictures_reports.exports.formats import FILES, write_export

if TYPE_CHECKING:
    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

PAGES: Final = "pages"


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice([*FILES, PAGES]))
@click.argument("source", metavar="RUN")
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), metavar="FILE",
    help="The file to write; for pages a folder.",
)  # fmt: skip
@click.option("--before", metavar="RUN", help="Compare with this run: failures get a standing.")
@click.option(
    "--gate", "gates", multiple=True, metavar="EXPR",
    help="A condition that the export tells of; those of the settings hold, too. Repeatable.",
)  # fmt: skip
@click.option("--link", default="", metavar="URL", help="Where the report lies, for slack.")
@click.option("--title", default="", metavar="TEXT", help="A heading, for slack and pages.")
@click.option("--branch", metavar="NAME", help="For pages: only runs of this branch.")
@click.option("--stream", metavar="NAME", help="The line of runs to stay in, such as a suite's.")
def export(form: str, source: str, output: Path, **options: Any) -> int:
    """Write a run for other tools: junit, ctrf, slack, badge, or pages of a history.

    junit has the verdict: what fails newly and gates that were missed are failures, what is known
    is skipped with the reason. slack is a message in blocks, badge an endpoint of shields.io.
    Exit codes say whether it was written, not what the gates read.

    \b
    Examples:
      fictures-reports export ctrf results -o ctrf.json
      fictures-reports export junit results --before history@branch:main -o verdict.xml
      fictures-reports export pages history -o site --branch main
    """
    settings = inputs.settings()
    asked = [*settings.gates, *options["gates"]]
    if form == PAGES:
        return _pages(source, output, asked, options)
    subject = _subject(source, options["before"], options["stream"])
    known = () if options["before"] else settings.known_issues
    write_export(
        form, subject, output, gates=_about(asked, has_changes=bool(options["before"])),
        known_issues=known, areas=settings.areas, link=options["link"], title=options["title"],
    )  # fmt: skip
    say(f"wrote {output}")
    return OK


def _subject(source: str, before: str | None, given: str | None) -> Comparison | Run:
    from fictures_reports.cli.compared import compared

    stream = inputs.stream_of(given)
    rules = inputs.settings().rules
    if not before:
        return inputs.read([source], rules, stream, [source])[0]
    sources = inputs.expanded([before], stream)
    *earlier, after = inputs.read([*sources, source], rules, stream, [source])
    return compared(earlier, [after], inputs.history_of("", sources), stream)


def _about(gates: list[str], *, has_changes: bool) -> list[str]:
    """Leave out gates on changes where there are none to ask for."""
    from fictures_reports.analysis.gate_expressions import parsed

    if has_changes:
        return gates
    return [gate for gate in gates if not parsed(gate, has_changes=True).is_about_changes]


def _pages(source: str, output: Path, gates: list[str], options: dict[str, Any]) -> int:
    from fictures_reports.exports.pages_folder import pages_of
    from fictures_reports.history import History

    history = History(source)
    if not (history.is_remote or history.exists or history.is_raw):
        raise ReportsError(f"{source}: no such history – expected what `ingest` or `ci` filled")
    given = {"title": options["title"]} if options["title"] else {}
    paths = pages_of(
        history, output, branch=options["branch"], stream=options["stream"], gates=gates, **given
    )
    for path in paths:
        say(f"wrote {path}")
    return OK
