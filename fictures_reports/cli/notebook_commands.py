"""The command that writes a copy of a report's notebook to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from fictures_reports.analysis.wording import counted
from fictures_reports.cli.output import say, write
from fictures_reports.errors import RenderError

_NAMES = ("comparison", "run", "history", "document")

#: For every command that runs a notebook.
template = click.option(
    "--template", type=click.Path(path_type=Path), metavar="NOTEBOOK",
    help="Your copy of the report's notebook, from 'fictures-reports notebook'.",
)  # fmt: skip


own_parameters = click.option(
    "-p", "parameters", type=(str, str), multiple=True, metavar="NAME VALUE",
    help="Set a parameter of the --template: a name in its parameters cell; VALUE is JSON, or else "
    "a text. Repeatable.",
)  # fmt: skip


@click.command()
@click.argument("name", type=click.Choice(_NAMES))
@click.argument("sources", nargs=-1, metavar="[RUN]...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there instead of to stdout."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def notebook(name: str, sources: tuple[str, ...], output: Path | None, force: bool) -> int:  # noqa: FBT001
    """Write a copy of a report's notebook to edit; --template renders with it.

    RUN is what it is to read when it is opened in Jupyter: two runs for comparison, one for run, a
    history for history, two runs or one for document. Without it the copy says what to fill in.

    \b
    Example:
      fictures-reports notebook comparison BEFORE AFTER -o mine.ipynb
      fictures-reports compare BEFORE AFTER --template mine.ipynb -o report.html
    """
    from fictures_reports.report.rendering.notebook_copy import SOURCES, copy_of

    numbers = [len(parameters) for parameters in SOURCES[name]]
    if sources and len(sources) not in numbers:
        *some, last = numbers
        reads = "".join(f"{n} or " for n in some) + counted(last, "source")
        raise click.UsageError(f"{name} reads {reads}, not {len(sources)}")
    if output is not None and output.suffix != ".ipynb":
        raise click.UsageError(f"{output}: a notebook's name ends in .ipynb")
    if output is not None and output.exists() and not force:
        raise RenderError(f"{output} is there already; --force overwrites it")
    write(copy_of(name, sources, output.parent if output else Path()), output)
    if output is not None:
        say(f"wrote {output}")
    return 0


def values(given: tuple[tuple[str, str], ...], template: object) -> dict[str, Any]:
    """Return what `-p` sets, a value where it is JSON, else the text; refuse it without a template.

    >>> values((("team", "checkout"), ("limit", "3")), "mine.ipynb")
    {'team': 'checkout', 'limit': 3}
    """
    if given and not template:
        raise click.UsageError("-p sets a parameter of a --template, and none is given")
    return {name: _value(text) for name, text in given}


def _value(text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text
