"""In which form a report is written: the options that decide, for every command that has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = ("html", "markdown", "json", "ipynb", "pdf")
#: The formats for which a notebook runs.
RENDERED: Final = ("html", "ipynb", "pdf")
_ENDINGS: Final = {
    ".html": "html", ".htm": "html", ".md": "markdown", ".json": "json", ".ipynb": "ipynb",
    ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip

chosen = click.option(
    "--format",
    "kind",
    type=click.Choice(FORMATS),
    help="Default: by the ending of FILE, or markdown. ipynb keeps the executed notebook; pdf "
    "is printed by a Chromium or Chrome in the PATH, or named in FICTURES_CHROMIUM.",
)
static = click.option(
    "--static",
    is_flag=True,
    help="HTML without any script, for mail and strict hosts: charts are SVG. Needs the extra "
    "fictures-reports[static].",
)


assets = click.option(
    "--assets",
    is_flag=True,
    help="Put the pictures as they were attached into the folder NAME-assets beside NAME.html; the "
    "smaller ones in the page lead to them.",
)

evidence = click.option(
    "--evidence",
    is_flag=True,
    help="End a PDF with an appendix: what each test that did not pass said, try by try. On a page "
    "the button for it is at the end of About the data.",
)


def kind_of(options: dict[str, Any]) -> str:
    """Tell the format from a command's options; raise `UsageError` if they do not go together."""
    output: Path | None = options["output"]
    kind: str | None = options["kind"] or _ENDINGS.get(output.suffix if output else ".md")
    if kind is None or (kind == "docx" and "document" not in options):
        raise click.UsageError(
            f"{output}: no format goes with this ending; use --format {'|'.join(FORMATS)}"
        )
    if kind == "docx" and not options.get("document"):
        raise click.UsageError(f"{output}: docx is a form of the phase document: add --document")
    if kind == "pdf" and output is None:
        raise click.UsageError("pdf is binary: name a file with -o")
    if options.get("static") and kind != "html":
        raise click.UsageError(f"--static is a kind of html, but the format is {kind}")
    if options.get("assets") and (kind != "html" or output is None or options.get("document")):
        raise click.UsageError("--assets puts pictures beside a page: name it with -o FILE.html")
    if options.get("evidence") and (kind != "pdf" or options.get("document")):
        raise click.UsageError("--evidence is the appendix of a report as PDF: use -o FILE.pdf")
    if (table := options.get("table")) and table.suffix != ".parquet":
        raise click.UsageError(f"{table}: --table writes Parquet, so its name ends in .parquet")
    if options.get("template") and kind not in RENDERED:
        raise click.UsageError(f"--template is a notebook, which {kind} does not run")
    return kind
