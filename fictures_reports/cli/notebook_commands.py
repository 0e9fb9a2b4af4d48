"""The command that writes a copy of a report's notebook to edit."""

from __future__ import annotations

from pathlib import Path

import click

from fictures_reports.cli.output import say, write
from fictures_reports.errors import RenderError

_NAMES = ("comparison", "run", "history")

#: For every command that runs a notebook.
template = click.option(
    "--template", type=click.Path(path_type=Path), metavar="NOTEBOOK",
    help="Your copy of the report's notebook, from 'fictures-reports notebook'.",
)  # fmt: skip


@click.command()
@click.argument("name", type=click.Choice(_NAMES))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Write there instead of to stdout."
)
@click.option("--force", is_flag=True, help="Overwrite FILE.")
def notebook(name: str, output: Path | None, force: bool) -> int:  # noqa: FBT001
    """Write a copy of a report's notebook to edit; --template renders with it.

    \b
    Example:
      fictures-reports notebook comparison -o mine.ipynb
      fictures-reports compare BEFORE AFTER --template mine.ipynb -o report.html
    """
    from fictures_reports.report.rendering.notebook_files import find

    text = find(name).read_text(encoding="utf-8")
    if output is not None and output.suffix != ".ipynb":
        raise click.UsageError(f"{output}: a notebook's name ends in .ipynb")
    if output is not None and output.exists() and not force:
        raise RenderError(f"{output} is there already; --force overwrites it")
    write(text, output)
    if output is not None:
        say(f"wrote {output}")
    return 0
